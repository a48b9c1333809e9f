import type { List, ListItem, Nodes, Root, Table } from "mdast";
import { createExcerpt, type Excerpt } from "../excerpt.ts";
import type { Recall } from "../recall.ts";
import { htmlParts } from "./htmlBlocks.ts";
import { type MarkdownPart, markdownParts } from "./markdownParts.ts";
import { plainText, splitRow } from "./text.ts";

/** A document as headings with the blocks under each, every block with its lines. */
export interface MarkdownDocument {
  readonly excerpt: Excerpt;
  /** Where the text itself hides a part of the document from every reader. */
  readonly obstacles: readonly Obstacle[];
  readonly sections: readonly Section[];
}

/** A line too long or too nested to be design, which was passed over; or a fence or comment that never ends. */
export interface Obstacle {
  readonly line: number;
  readonly what: "long line" | "open fence" | "open comment";
}

export interface Section {
  /** Heading as text; empty for what stands before the first one. */
  readonly title: string;
  /** Heading as written. */
  readonly raw: string;
  /** 1–6 for headings, 7 for a paragraph that is one bold phrase, also with `(aggregate root)` behind it, 0 before the first heading. */
  readonly depth: number;
  readonly line: number;
  readonly parent?: Section;
  readonly blocks: Block[];
}

interface Placed {
  readonly line: number;
  readonly endLine: number;
}

export interface Paragraph extends Placed {
  readonly type: "paragraph";
  readonly raw: string;
}

export interface ListBlock extends Placed {
  readonly type: "list";
  readonly items: readonly Item[];
}

export interface Item extends Placed {
  /** First paragraph of the item as written. */
  readonly raw: string;
  readonly children: readonly Item[];
}

export interface Fence extends Placed {
  readonly type: "fence";
  readonly language: string;
  readonly excerpt: Excerpt;
}

export interface TableBlock extends Placed {
  readonly type: "table";
  /** Cells as text, without Markdown. */
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

export interface Row {
  /** Cells as written, trimmed; a `|` between backticks does not end a cell. */
  readonly cells: readonly string[];
  readonly line: number;
}

export type Block = Paragraph | ListBlock | Fence | TableBlock;

/** Unclosed brackets and emphasis take CommonMark quadratic time, so the length of one paragraph must be bounded. */
const longestLine = 10_000;
const deeplyNested = /^(?:\s*(?:>|[-*+]\s|\d+[.)]\s)){100}/;

/** Reads Markdown as CommonMark with tables. Any text is Markdown, so this cannot fail. */
export function parseMarkdown(excerpt: Excerpt, recall: Recall): MarkdownDocument {
  const obstacles: Obstacle[] = [];
  const lines = withoutFrontMatter(excerpt.text).split("\n");
  const text = lines
    .map((line, index) => {
      if (line.length <= longestLine && !deeplyNested.test(line)) return line;
      obstacles.push({ line: index + 1, what: "long line" });
      return "";
    })
    .join("\n");
  const sections: Section[] = [{ title: "", raw: "", depth: 0, line: 1, blocks: [] }];
  for (const part of markdownParts(text, recall)) {
    addChildren({ ...part, path: excerpt.path, obstacles, sections }, part.tree);
  }
  return { excerpt, obstacles, sections };
}

export function headingPath(section: Section): readonly Section[] {
  const path: Section[] = [];
  for (let current: Section | undefined = section; current; current = current.parent) path.unshift(current);
  return path;
}

interface Builder extends MarkdownPart {
  readonly path: string;
  readonly obstacles: Obstacle[];
  readonly sections: Section[];
}

function withoutFrontMatter(text: string): string {
  return text.replace(/^---\n[\s\S]*?\n---(?=\n|$)/, (matter) => matter.replace(/[^\n]/g, ""));
}

function addChildren(builder: Builder, parent: Root | Extract<Nodes, { type: "blockquote" | "listItem" }>): void {
  for (const node of parent.children) addNode(builder, node);
}

function addNode(builder: Builder, node: Nodes): void {
  const lines = linesOf(builder, node);
  noteOpenEnd(builder, node, lines.line);
  const blocks = builder.sections.at(-1)?.blocks ?? [];
  if (node.type === "heading") {
    const raw = rawOf(builder, node).replace(/^#+\s*|\s*#+$|\n[=-]+$/g, "");
    openSection(builder, raw, node.depth, lines.line);
  } else if (node.type === "paragraph") addParagraph(builder, rawOf(builder, node), lines);
  else if (node.type === "blockquote") addChildren(builder, node);
  else if (node.type === "table") blocks.push({ type: "table", ...tableOf(builder, node), ...lines });
  else if (node.type === "code") {
    blocks.push({ type: "fence", language: languageOf(node.lang), excerpt: fenceText(builder, node), ...lines });
  } else if (node.type === "html") addHtml(builder, rawOf(builder, node), lines.line);
  else if (node.type === "list") {
    blocks.push({ type: "list", items: itemsOf(builder, node), ...lines });
    addNested(builder, node);
  }
}

/** What swallows the headings behind it up to the end of the document. */
function noteOpenEnd(builder: Builder, node: Nodes, line: number): void {
  if (!builder.isLast || (node.type !== "code" && node.type !== "html")) return;
  if (node.position?.end.offset !== builder.text.trimEnd().length && node.position?.end.offset !== builder.text.length)
    return;
  const raw = rawOf(builder, node);
  const mark = /^(?:`{3,}|~{3,})/.exec(raw)?.[0];
  const hidesHeadings = /\n#{1,6} /.test(raw);
  const isOpen =
    node.type === "html"
      ? raw.startsWith("<!--") && !raw.includes("-->")
      : mark !== undefined && !raw.trimEnd().endsWith(`\n${mark}`);
  if (isOpen && hidesHeadings)
    builder.obstacles.push({ line, what: node.type === "html" ? "open comment" : "open fence" });
}

function addHtml(builder: Builder, raw: string, line: number): void {
  for (const part of htmlParts(raw, line)) {
    if (part.type === "heading") openSection(builder, part.text, part.depth, part.line);
    else builder.sections.at(-1)?.blocks.push(part);
  }
}

const boldLine =
  /^(?:\*\*|__)((?:(?!\*\*|__).)+?)(?:\*\*|__)(\s*\([^()\n]*\b(?:aggregate|entity|root|value object)\b[^()\n]*\))?$/i;

function addParagraph(builder: Builder, raw: string, lines: Placed): void {
  const [, bold, what = ""] = boldLine.exec(raw) ?? [];
  if (bold !== undefined && !/[:：.]$/.test(bold)) openSection(builder, `${bold}${what}`, 7, lines.line);
  else builder.sections.at(-1)?.blocks.push({ type: "paragraph", raw, ...lines });
}

function openSection(builder: Builder, raw: string, depth: number, line: number): void {
  let parent = builder.sections.at(-1);
  while (parent && parent.depth >= depth) parent = parent.parent;
  builder.sections.push({ title: plainText(raw), raw, depth, line, ...(parent && { parent }), blocks: [] });
}

function linesOf({ linesBefore }: Builder, { position }: Nodes): Placed {
  return { line: linesBefore + (position?.start.line ?? 1), endLine: linesBefore + (position?.end.line ?? 1) };
}

function rawOf(builder: Builder, node: Nodes): string {
  return builder.text.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
}

function itemsOf(builder: Builder, list: List): Item[] {
  return list.children.map((item) => ({
    raw: firstParagraph(builder, item),
    ...linesOf(builder, item),
    children: item.children.flatMap((child) => (child.type === "list" ? itemsOf(builder, child) : [])),
  }));
}

function firstParagraph(builder: Builder, item: ListItem): string {
  const paragraph = item.children.find((child) => child.type === "paragraph");
  return paragraph
    ? rawOf(builder, paragraph)
        .replace(/\n[ \t]*/g, " ")
        .replace(/^\[[ xX]\]\s+/, "")
    : "";
}

/** Fences and tables inside a list belong to the section like those outside. */
function addNested(builder: Builder, list: List): void {
  for (const item of list.children) {
    for (const child of item.children) {
      if (child.type === "code" || child.type === "table") addNode(builder, child);
      else if (child.type === "list") addNested(builder, child);
    }
  }
}

function languageOf(language: string | null | undefined): string {
  return (language ?? "").toLowerCase().replace(/[{}]/g, "");
}

function fenceText(builder: Builder, node: Extract<Nodes, { type: "code" }>): Excerpt {
  const { line } = linesOf(builder, node);
  const isFenced = /^(?:`{3}|~{3})/.test(rawOf(builder, node));
  return createExcerpt(builder.path, node.value, isFenced ? line + 1 : line);
}

function tableOf(builder: Builder, node: Table): { header: string[]; rows: Row[] } {
  const rows = node.children.map(
    (row): Row => ({ cells: splitRow(rawOf(builder, row)), line: linesOf(builder, row).line }),
  );
  const [header, ...body] = rows;
  return { header: (header?.cells ?? []).map(plainText), rows: body };
}
