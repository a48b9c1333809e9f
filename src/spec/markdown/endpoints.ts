import type { SecurityRequirement } from "../model.ts";
import { bearerScheme, readAccess } from "./access.ts";
import {
  type Block,
  type Fence,
  headingPath,
  type Item,
  type ListBlock,
  type Paragraph,
  type Section,
  type TableBlock,
} from "./document.ts";
import {
  type DetailContext,
  type EndpointDraft,
  finishedEndpoint,
  labelKind,
  readDetail,
  readLabelLine,
  startDraft,
} from "./endpointDetails.ts";
import {
  basePathIn,
  type EndpointLine,
  endpointOf,
  endpointsAtStart,
  endpointsIn,
  withBasePath,
} from "./endpointLines.ts";
import { codesInCell, statusIn } from "./errorTables.ts";
import { readHeaders } from "./headers.ts";
import { type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { cellAt, plainText, withoutNumber } from "./text.ts";

/** Where the walk through the document stands. */
interface Walk {
  readonly reading: MarkdownReading;
  readonly basePath: string;
  readonly detailed: EndpointDraft[];
  readonly listed: EndpointDraft[];
  /** Endpoints that the blocks from here on describe, and the section that ends with them. */
  scope: { readonly drafts: readonly EndpointDraft[]; readonly section: Section } | undefined;
  label: string;
}

/**
 * Reads the endpoints of a document: headings and label lines that name one own the blocks behind
 * them; tables, lists and fences only list endpoints.
 */
export function readEndpoints(reading: MarkdownReading): void {
  const basePath = documentBasePath(reading);
  const walk: Walk = { reading, basePath, detailed: [], listed: [], scope: undefined, label: "" };
  for (const section of reading.document.sections) {
    enterSection(walk, section);
    for (const block of section.blocks) readBlock(walk, section, block);
  }
  const drafts = [...walk.detailed, ...walk.listed];
  if (drafts.length === 0) return;
  if (basePath !== "") reading.prose.basePaths.push(basePath);
  applyAccess(reading, drafts);
  reading.prose.endpoints.push(...walk.detailed.map(finishedEndpoint));
  reading.outline.endpoints.push(...walk.listed.map(finishedEndpoint));
}

function documentBasePath(reading: MarkdownReading): string {
  for (const section of reading.document.sections) {
    for (const block of section.blocks) {
      for (const line of linesOf(block)) {
        const basePath = basePathIn(line);
        if (basePath !== undefined) return basePath;
      }
    }
    const [fence] = /base (?:path|url)|ベース/i.test(section.title)
      ? section.blocks.filter((block) => block.type === "fence")
      : [];
    const inFence =
      fence && /(?:^|[a-z])(\/[\w\-./]+)\s*$/m.exec(fence.excerpt.text.replace(/https?:\/\/[^/\s]+/g, ""))?.[1];
    if (inFence !== undefined) return inFence.replace(/\/+$/, "");
  }
  return "";
}

function linesOf(block: Block): readonly string[] {
  if (block.type === "paragraph") return block.raw.split("\n");
  if (block.type === "list") return block.items.map((item) => item.raw);
  return block.type === "table" ? block.rows.map((row) => row.cells.join(" : ")) : [];
}

function enterSection(walk: Walk, section: Section): void {
  if (walk.scope && !headingPath(section).includes(walk.scope.section)) walk.scope = undefined;
  walk.label = walk.scope ? section.title : "";
  const lines = endpointsIn(section.raw);
  if (lines.length === 0 || (walk.scope && labelKind(section.title) === "errors")) return;
  openScope(walk, section, lines, section.line);
}

function openScope(walk: Walk, section: Section, lines: readonly EndpointLine[], line: number): void {
  const drafts = lines.map((item) => {
    const draft = draftOf(walk, item, line);
    const summary = item.rest.replace(/^[\s—–:\-)\]]+/, "");
    const heading = section.line === line ? "" : withoutNumber(section.title);
    draft.summary = summary === "" ? heading : summary;
    draft.tag = tagOf(section);
    return draft;
  });
  walk.detailed.push(...drafts);
  walk.scope = { drafts, section };
  walk.label = "";
}

function draftOf(walk: Walk, item: EndpointLine, line: number): EndpointDraft {
  return startDraft({ ...item, path: withBasePath(walk.basePath, item.path) }, spanOf(walk.reading, { line }));
}

function tagOf(section: Section): string {
  const parent = section.parent;
  return parent && parent.depth > 1 ? withoutNumber(parent.title) : "";
}

const exampleHeading =
  /example|sample|naming|convention|guideline|principle|versioning|anti-pattern|quick start|例|пример|beispiel/i;

/** Passages of style guides and error designs show endpoints that belong to no contract. */
function onlyIllustrates(walk: Walk, section: Section): boolean {
  const isErrorDocument = walk.reading.announced === "errors" && topicOf(walk.reading, section) !== "api";
  return (
    isErrorDocument || headingPath(section).some((heading) => heading.depth > 1 && exampleHeading.test(heading.title))
  );
}

function readBlock(walk: Walk, section: Section, block: Block): void {
  if (block.type === "paragraph") {
    readParagraph(walk, section, block);
    return;
  }
  if (block.type === "table" && readEndpointTable(walk, section, block)) return;
  if (block.type === "list" && readEndpointList(walk, section, block)) return;
  if (block.type === "fence" && readEndpointFence(walk, section, block)) return;
  if (!walk.scope || walk.reading.used.has(block)) return;
  for (const draft of walk.scope.drafts) {
    const context: DetailContext = { reading: walk.reading, section, draft, label: walk.label };
    if (readDetail(context, block)) walk.reading.used.add(block);
  }
}

function readParagraph(walk: Walk, section: Section, paragraph: Paragraph): void {
  const lines = paragraph.raw.split("\n");
  const endpoints = lines.map((line) => endpointsAtStart(line));
  if (endpoints.some((found) => found.length > 0) && !onlyIllustrates(walk, section)) {
    for (const [index, found] of endpoints.entries()) {
      if (found.length > 0) openScope(walk, section, found, paragraph.line + index);
    }
  }
  if (walk.scope) for (const draft of walk.scope.drafts) describe(walk, section, draft, lines);
  const last = lines.at(-1) ?? "";
  if (/^(?:\*\*|__)|[:：]\s*(?:\*\*|__)?\s*$/.test(last)) walk.label = plainText(last);
}

function describe(walk: Walk, section: Section, draft: EndpointDraft, lines: readonly string[]): void {
  const context: DetailContext = { reading: walk.reading, section, draft, label: walk.label };
  const plain = lines.filter((line) => endpointsAtStart(line).length === 0 && !readLabelLine(context, line));
  const text = plainText(plain.join(" "));
  if (text === "" || /[:：]$/.test(text)) return;
  if (labelKind(walk.label) === undefined) draft.description ??= text;
}

/** A table with a method and a path column, or one whose cells read `GET /orders`. */
function readEndpointTable(walk: Walk, section: Section, table: TableBlock): boolean {
  const headers = readHeaders(table.header);
  const method = headers.find("method");
  const path = headers.find("path");
  const combined = table.header.findIndex((_, index) => {
    const filled = table.rows.filter((row) => endpointsAtStart(cellAt(row.cells, index)).length > 0);
    return filled.length > 0 && filled.length >= table.rows.length / 2;
  });
  const separate = method !== undefined && path !== undefined && method !== path;
  if ((!separate && combined === -1) || onlyIllustrates(walk, section)) return false;
  const before = walk.listed.length;
  for (const row of table.rows) {
    const lines =
      combined === -1
        ? methodsOf(cellAt(row.cells, method)).flatMap((verb) =>
            endpointOf(verb, plainText(cellAt(row.cells, path)), ""),
          )
        : endpointsAtStart(cellAt(row.cells, combined));
    for (const line of lines) {
      const draft = draftOf(walk, line, row.line);
      draft.summary = plainText(cellAt(row.cells, headers.find("description", "field")));
      draft.tag = withoutNumber(
        headingPath(section).findLast((heading) => !/endpoint|一覧|overview|summary/i.test(heading.title))?.title ?? "",
      );
      readAccessCell(draft, cellAt(row.cells, headers.find("auth")));
      readErrorCell(draft, cellAt(row.cells, headers.find("errors")));
      walk.listed.push(draft);
    }
  }
  const found = walk.listed.length > before;
  if (found) walk.reading.used.add(table);
  return found;
}

function methodsOf(cell: string): string[] {
  return plainText(cell).split(/\s*[/,|]\s*/);
}

function readAccessCell(draft: EndpointDraft, cell: string): void {
  const access = readAccess(cell);
  if (access) draft.security = access;
}

function readErrorCell(draft: EndpointDraft, cell: string): void {
  for (const part of cell.split(/[,;]\s*/)) {
    for (const code of codesInCell(part)) draft.errorCodes.add(code);
    const status = statusIn(part);
    if (status !== undefined && status >= 400) draft.responses.set(status, { status });
  }
}

function readEndpointList(walk: Walk, section: Section, list: ListBlock): boolean {
  if (walk.scope || onlyIllustrates(walk, section)) return false;
  const found = flatItems(list.items).flatMap((item) => {
    const lines = endpointsAtStart(item.raw);
    for (const line of lines) {
      const draft = draftOf(walk, line, item.line);
      draft.summary = line.rest.replace(/^[\s—–:\-)\]]+/, "");
      draft.tag = withoutNumber(section.depth > 1 ? section.title : "");
      walk.listed.push(draft);
    }
    return lines;
  });
  if (found.length > 0) walk.reading.used.add(list);
  return found.length > 0;
}

function flatItems(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...flatItems(item.children)]);
}

const endpointFences = ["", "http", "https", "text", "plaintext", "txt", "rest", "api"];

/** A fence of request lines. With one line it opens a scope, because what follows describes that endpoint. */
function readEndpointFence(walk: Walk, section: Section, fence: Fence): boolean {
  if (
    !endpointFences.includes(fence.language) ||
    onlyIllustrates(walk, section) ||
    topicOf(walk.reading, section) === "errors"
  )
    return false;
  const isScoped =
    walk.scope !== undefined && walk.scope.section === section && section.line === walk.scope.drafts[0]?.source.line;
  if (isScoped || /^HTTP\//.test(fence.excerpt.text)) return false;
  const lines = fence.excerpt.text.split("\n").flatMap((text, index) =>
    /^\s*(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(?:https?:|\/)/.test(text)
      ? endpointsAtStart(text.replace(/\s+HTTP\/[\d.]+\s*$/, "")).map((line) => ({
          line,
          at: fence.excerpt.line + index,
        }))
      : [],
  );
  const [only] = lines;
  if (!only) return false;
  walk.reading.used.add(fence);
  if (lines.length === 1) {
    openScope(walk, section, [only.line], only.at);
    readRequestText(walk, section, fence);
  } else
    for (const { line, at } of lines)
      walk.listed.push({ ...draftOf(walk, line, at), summary: line.rest, tag: withoutNumber(section.title) });
  return true;
}

/** The body behind the request line of an HTTP example. */
function readRequestText(walk: Walk, section: Section, fence: Fence): void {
  if (!/\n\s*[[{]/.test(fence.excerpt.text)) return;
  for (const draft of walk.scope?.drafts ?? [])
    readDetail({ reading: walk.reading, section, draft, label: "request" }, fence);
}

/** What the document says of all endpoints together holds where an endpoint says nothing itself. */
function applyAccess(reading: MarkdownReading, drafts: readonly EndpointDraft[]): void {
  const general = generalAccess(reading);
  for (const draft of drafts) if (general) draft.security ??= general;
  const usesBearer = drafts.some((draft) => draft.security?.some((requirement) => requirement.scheme === bearerScheme));
  if (usesBearer) reading.outline.securitySchemes.push({ name: bearerScheme, type: "bearer" });
}

const generalLine =
  /^(?:[-*]\s+)?(?:\*\*)?(?:authentication|authorization|auth|認証|认证|аутентификация|autentica[çc][aã]o|autenticación)(?:\*\*)?\s*[:：]/i;

function generalAccess(reading: MarkdownReading): readonly SecurityRequirement[] | undefined {
  const sections = reading.document.sections;
  const firstEndpoint = sections.findIndex((section) => endpointsIn(section.raw).length > 0);
  const lines = sections
    .slice(0, firstEndpoint === -1 ? undefined : firstEndpoint)
    .flatMap((section) => section.blocks.flatMap(linesOf));
  const isGeneral = (line: string): boolean =>
    (generalLine.test(line) || /all (?:other )?(?:endpoints|routes)[^.]*(?:require|authenticat)/i.test(line)) &&
    /bearer|jwt|token/i.test(line);
  return lines.some(isGeneral) ? [{ scheme: bearerScheme, scopes: [] }] : undefined;
}
