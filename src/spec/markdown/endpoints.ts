import { fileName } from "../../support/fileName.ts";
import { capitalize } from "../../support/words.ts";
import { readAccess } from "./access.ts";
import { readConventions } from "./conventions.ts";
import {
  type Block,
  type Fence,
  headingPath,
  type Item,
  type ListBlock,
  type Paragraph,
  type Row,
  type Section,
  type TableBlock,
} from "./document.ts";
import { readDetail } from "./endpointDetails.ts";
import { type DetailContext, type EndpointDraft, finishedEndpoint, labelKind, startDraft } from "./endpointDraft.ts";
import { listsEndpoints, requestLines } from "./endpointFences.ts";
import {
  continuedPath,
  type EndpointLine,
  endpointOf,
  endpointsAtStart,
  endpointsIn,
  endpointsListed,
  withBasePath,
} from "./endpointLines.ts";
import { endpointMachines } from "./endpointMachines.ts";
import { readStatements } from "./endpointStatements.ts";
import { codesInCell, statusIn } from "./errorTables.ts";
import { readBareFields } from "./fieldPhrases.ts";
import { applyAccess, documentBasePath, repeatsBasePath } from "./generalTerms.ts";
import { type Headers, readHeaders } from "./headers.ts";
import { labelledEndpoint } from "./labelledEndpoint.ts";
import { type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { cellAt, isBlank, plainText, withoutNumber } from "./text.ts";

/** Where the walk through the document stands. */
interface Walk {
  readonly reading: MarkdownReading;
  readonly basePath: string;
  readonly detailed: EndpointDraft[];
  readonly listed: EndpointDraft[];
  /** Endpoints that the blocks from here on describe, and the section that ends with them. */
  scope: { readonly drafts: readonly EndpointDraft[]; readonly section: Section } | undefined;
  label: string;
  /** Path of the last endpoint as the document writes it, for `…/suffix`. */
  previous: string;
  /** Line of the first endpoint that a guideline shows. */
  illustrated: number | undefined;
}

/**
 * Reads the endpoints of a document: headings and label lines that name one own the blocks behind
 * them; tables, lists and fences only list endpoints.
 */
export function readEndpoints(reading: MarkdownReading): void {
  const declared = documentBasePath(reading);
  const basePath = repeatsBasePath(reading, declared) ? "" : declared;
  const walk: Walk = {
    reading,
    basePath,
    detailed: [],
    listed: [],
    scope: undefined,
    label: "",
    previous: "",
    illustrated: undefined,
  };
  for (const section of reading.document.sections) {
    enterSection(walk, section);
    for (const block of section.blocks) readBlock(walk, section, block);
  }
  reportGuide(walk);
  readConventions(reading);
  const drafts = [...walk.detailed, ...walk.listed];
  if (drafts.length === 0) return;
  if (declared !== "") reading.prose.basePaths.push(declared);
  applyAccess(reading, drafts);
  reading.outline.stateMachines.push(...endpointMachines(drafts));
  reading.prose.endpoints.push(...walk.detailed.map(finishedEndpoint));
  reading.outline.endpoints.push(...walk.listed.map(finishedEndpoint));
}

function enterSection(walk: Walk, section: Section): void {
  if (walk.scope && !headingPath(section).includes(walk.scope.section)) walk.scope = undefined;
  walk.label = walk.scope ? section.title : "";
  const lines = endpointsIn(section.raw, walk.previous);
  if (lines.length > 0 && isGuide(walk, section.line)) return;
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
  walk.previous = item.path;
  return startDraft({ ...item, path: withBasePath(walk.basePath, item.path) }, spanOf(walk.reading, { line }));
}

function tagOf(section: Section): string {
  const parent = section.parent;
  const title = parent && parent.depth > 1 ? withoutNumber(parent.title) : "";
  return namesNoGroup.test(title) ? "" : title;
}

const namesNoGroup =
  /^(?:(?:rest|http|api)[ -]?)*(?:endpoints?|apis?|routes?|operations|resources|reference|contracts?|list)$|^エンドポイント/i;

const exampleHeading =
  /example|sample|naming|convention|guideline|principle|versioning|anti-pattern|quick start|例|пример|beispiel/i;

/** Passages of style guides and error designs show endpoints that belong to no contract. */
function onlyIllustrates(walk: Walk, section: Section, line: number): boolean {
  if (isGuide(walk, line)) return true;
  const isErrorDocument = walk.reading.announced === "errors" && topicOf(walk.reading, section) !== "api";
  return (
    isErrorDocument || headingPath(section).some((heading) => heading.depth > 1 && exampleHeading.test(heading.title))
  );
}

const guideWords = /\b(?:principles|standards|guidelines?|conventions|style ?guide)\b|規約|规范|руководств/i;

/** A style guide shows endpoints as a contract does; what it shows is no contract. */
function isGuide(walk: Walk, line: number): boolean {
  const { document, path } = walk.reading;
  const title = document.sections.find((section) => section.depth === 1)?.title ?? "";
  const words = fileName(path).replace(/[-_.]/g, " ");
  if (!guideWords.test(`${title} ${words}`)) return false;
  walk.illustrated ??= line;
  return true;
}

function reportGuide(walk: Walk): void {
  if (walk.illustrated === undefined) return;
  walk.reading.prose.problems.push({
    path: walk.reading.path,
    line: walk.illustrated,
    severity: "info",
    code: "SPEC-GUIDE",
    message:
      "The endpoints from here on are taken for examples, because the document calls itself a guideline; if they are the contract, name it so in title and file name.",
  });
}

function readBlock(walk: Walk, section: Section, block: Block): void {
  const labelled = labelledEndpoint(block);
  if (labelled && !onlyIllustrates(walk, section, labelled.at)) {
    openScope(walk, section, [labelled.line], labelled.at);
    walk.reading.used.add(block);
    return;
  }
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
  const endpoints = lines.map((line) => endpointsListed(line, walk.previous));
  const at = endpoints.findIndex((found) => found.length > 0);
  if (at !== -1 && !onlyIllustrates(walk, section, paragraph.line + at)) {
    for (const [index, found] of endpoints.entries()) {
      if (found.length > 0) openScope(walk, section, found, paragraph.line + index);
    }
  }
  if (walk.scope) for (const draft of walk.scope.drafts) describe(walk, section, draft, lines);
  const last = lines.at(-1) ?? "";
  const isLabel =
    /^(?:\*\*|__)|[:：]\s*(?:\*\*|__)?\s*$/.test(last) || (last.length < 30 && labelKind(last) !== undefined);
  if (isLabel) walk.label = plainText(last);
}

function describe(walk: Walk, section: Section, draft: EndpointDraft, lines: readonly string[]): void {
  const context: DetailContext = { reading: walk.reading, section, draft, label: walk.label };
  const plain = unbroken(lines)
    .filter((line) => endpointsAtStart(line).length === 0)
    .flatMap((line) => readStatements(context, line));
  const text = plainText(plain.join(" "));
  if (text === "" || /[:：]$/.test(text)) return;
  if (labelKind(walk.label) === undefined) draft.description ??= text;
}

/** An enumeration that a line ends in the middle of goes on in the next. */
function unbroken(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (const line of lines) {
    const before = joined.at(-1);
    if (before !== undefined && /(?:[,(]|\b(?:and|or|of|with|by))\s*$/.test(before))
      joined[joined.length - 1] = `${before} ${line.trim()}`;
    else joined.push(line);
  }
  return joined;
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
  if ((!separate && combined === -1) || onlyIllustrates(walk, section, table.line)) return false;
  const before = walk.listed.length;
  for (const row of table.rows) {
    const lines =
      combined === -1
        ? methodsOf(cellAt(row.cells, method)).flatMap((verb) =>
            endpointOf(verb, pathIn(cellAt(row.cells, path), walk.previous), ""),
          )
        : endpointsListed(cellAt(row.cells, combined), walk.previous);
    for (const line of lines) {
      const draft = draftOf(walk, line, row.line);
      draft.summary = readCells({ reading: walk.reading, section, draft, label: "" }, headers, row);
      draft.tag = withoutNumber(
        headingPath(section).findLast(({ title }) => {
          return !namesNoGroup.test(withoutNumber(title)) && !/endpoint|一覧|overview|summary/i.test(title);
        })?.title ?? "",
      );
      readErrorCell(draft, cellAt(row.cells, headers.find("errors")));
      walk.listed.push(draft);
    }
  }
  const found = walk.listed.length > before;
  // Endpoints that trigger transitions are named beside the states, which are still to be read.
  const moves = headers.find("from") !== undefined && headers.find("to") !== undefined;
  if (found && !moves) walk.reading.used.add(table);
  return found;
}

/** Takes from a row what its cells say besides method and path; returns what is left of the description. */
function readCells(context: DetailContext, headers: Headers, { cells }: Row): string {
  readAccessCell(context.draft, cellAt(cells, headers.find("auth")));
  for (const [role, label] of [
    ["request", "Request"],
    ["response", "Response"],
  ] as const) {
    const cell = cellAt(cells, headers.find(role));
    if (!isBlank(cell)) readStatements(context, `${label}: ${cell}`);
  }
  const said = clausesIn(cellAt(cells, headers.find("description", "field")));
  const left = said.map((clause) => readStatements(context, clause).join(" ")).filter((clause) => clause !== "");
  const rest = plainText(readBareFields(context, left.join("; ")));
  // What is left of more begins a sentence of its own; names of states stay as they are.
  const summary = left.length < said.length && !/→|->/.test(rest) ? capitalize(rest) : rest;
  if (/[,;(–—]\s*public\)?\.?$/i.test(summary)) context.draft.security ??= [];
  return summary;
}

/** ``Filter by `status`; requesters see only their own``: each says something of its own. */
function clausesIn(cell: string): string[] {
  const masked = cell.replace(/`[^`]*`|\([^()]*\)/g, (part) => "X".repeat(part.length));
  const ends = [...masked.matchAll(/;\s+(?=[a-z])/g)];
  const starts = [0, ...ends.map(({ index, 0: end }) => index + end.length)];
  return starts.map((start, at) => cell.slice(start, ends[at]?.index));
}

/** The path without the tags behind it: `` `/reports` `[P2]` ``. */
function pathIn(cell: string, previous: string): string {
  const [path = ""] = plainText(cell).split(/\s+(?=[[(`—–*-])/);
  return continuedPath(previous, path) ?? "";
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
  if (walk.scope || !flatItems(list.items).some((item) => endpointsAtStart(item.raw, walk.previous).length > 0))
    return false;
  if (onlyIllustrates(walk, section, list.line)) return false;
  const found = flatItems(list.items).flatMap((item) => {
    const lines = endpointsListed(item.raw, walk.previous);
    for (const line of lines) {
      const draft = draftOf(walk, line, item.line);
      draft.summary = readTail({ reading: walk.reading, section, draft, label: "" }, item.raw, line);
      draft.tag = withoutNumber(section.depth > 1 ? section.title : "");
      walk.listed.push(draft);
    }
    return lines;
  });
  if (found.length > 0) walk.reading.used.add(list);
  return found.length > 0;
}

/** Takes what stands behind the endpoint in its line, `(admin) → 200 Order; 404 ORDER_NOT_FOUND`; returns the rest of it. */
function readTail(context: DetailContext, raw: string, { rest }: EndpointLine): string {
  const [, tail = rest] = /^[^`]*`[^`]+`(?:\s*[:—–-])?\s*(.*)$/s.exec(raw) ?? [];
  const said = tail.replace(/[\s,;]*(?:→|->|=>)\s*(?=`?2\d\d)/g, ". Response: ");
  const [, roles = "", others = said] = /^(\([^()]*\))(?:\s*[—–:-])?(.*)$/s.exec(said) ?? [];
  const left = [...readStatements(context, roles), ...readStatements(context, others.trim())];
  return plainText(readBareFields(context, left.join(" "))).replace(/^[\s—–:\-)\].]+/, "");
}

function flatItems(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...flatItems(item.children)]);
}

/** A fence of request lines. With one line it opens a scope, because what follows describes that endpoint. */
function readEndpointFence(walk: Walk, section: Section, fence: Fence): boolean {
  const isScoped =
    walk.scope !== undefined && walk.scope.section === section && section.line === walk.scope.drafts[0]?.source.line;
  if (isScoped || /^HTTP\//.test(fence.excerpt.text) || topicOf(walk.reading, section) === "errors") return false;
  const lines = requestLines(fence);
  if (lines.length === 0 || !listsEndpoints(fence, lines.length, walk.reading.announced)) return false;
  if (onlyIllustrates(walk, section, fence.line)) return false;
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
