import type { NotUnderstood } from "../reading.ts";
import { type Block, headingPath, type Section } from "./document.ts";
import { type FieldRow, readFieldItem } from "./fieldTables.ts";
import { type MarkdownReading, topicOf } from "./reading.ts";

/** Languages in which designs are written; shell commands, samples and configuration are not design. */
const designLanguages = new Set(
  "sql postgresql postgres pgsql prisma dbml plantuml puml mermaid graphql gql proto protobuf typescript ts python py java kotlin go csharp cs rust swift ruby php yaml yml xml".split(
    " ",
  ),
);

const asideHeading =
  /example|sample|usage|test|migration|monitor|logging|alert|front[- ]?end|client[- ]side|ui\b|performance|backup|deployment|implementation|pattern|reference|related|next steps|revision|changelog|glossary|\bterms?\b|terminology|quer(?:y|ies)|convention|overview|summary|retention|principle|例|参考|用語|変更履歴/i;

/** What looks like design and was not read: tables and fences in the sections that matter. */
export function notUnderstood(reading: MarkdownReading): NotUnderstood[] {
  if (reading.announced === undefined && !hasFindings(reading)) return [];
  return reading.document.sections.flatMap((section) => {
    if (topicOf(reading, section) === undefined || isAside(section)) return [];
    return section.blocks
      .filter((block) => !reading.used.has(block) && isDesign(block))
      .map((block) => entryFor(reading, section, block));
  });
}

function hasFindings(reading: MarkdownReading): boolean {
  const { prose, sql, formal } = reading;
  return [
    prose.endpoints,
    prose.tables,
    prose.entities,
    prose.errorCodes,
    prose.violations,
    prose.envelopes,
    sql.tables,
    formal.endpoints,
  ].some((found) => found.length > 0);
}

function isAside(section: Section): boolean {
  return headingPath(section).some((heading) => heading.depth > 1 && asideHeading.test(heading.title));
}

function isDesign(block: Block): boolean {
  if (block.type === "table") return block.rows.length > 0;
  if (block.type === "list") return block.items.some((item) => isPlainlyTyped(readFieldItem(item)));
  if (block.type !== "fence" || !designLanguages.has(block.language)) return false;
  const { text } = block.excerpt;
  if (block.language === "mermaid") return /^\s*(?:erDiagram|classDiagram|stateDiagram)/.test(text);
  return /^\s*(?:[\w@ ]*\b(?:class|interface|type|model|enum|table|entity|message|struct|record|data class|create|alter)\b)/im.test(
    text,
  );
}

/** `name: string`, which hardly is a sentence; `note: text about it` may be one. */
function isPlainlyTyped(row: FieldRow | undefined): boolean {
  return (
    row !== undefined &&
    /^(?:string|uuid|int(?:eger)?|bool(?:ean)?|decimal|date(?:time)?|timestamp|float|number)\b/i.test(row.type)
  );
}

function entryFor(reading: MarkdownReading, section: Section, block: Block): NotUnderstood {
  const where = section.title === "" ? "" : ` under "${section.title}"`;
  const text =
    block.type === "table"
      ? `Table ${block.header.join(" | ")}${where}`
      : `${block.type === "fence" ? block.language || "code" : block.type} block${where}`;
  return { path: reading.document.excerpt.path, line: block.line, text };
}
