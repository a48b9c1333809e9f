import { fileName } from "../../support/fileName.ts";
import type { SecurityRequirement } from "../security.ts";
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
  continuedPath,
  type EndpointLine,
  endpointOf,
  endpointsAtStart,
  endpointsIn,
  endpointsListed,
  withBasePath,
} from "./endpointLines.ts";
import { codesInCell, statusIn } from "./errorTables.ts";
import { readHeaders } from "./headers.ts";
import { labelledEndpoint } from "./labelledEndpoint.ts";
import { type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { controllerPath, routeIn } from "./routeCode.ts";
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
  const drafts = [...walk.detailed, ...walk.listed];
  if (drafts.length === 0) return;
  if (declared !== "") reading.prose.basePaths.push(declared);
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

/** Where the endpoints are written with the base path, the few without it lie beside it: `/health`. */
function repeatsBasePath(reading: MarkdownReading, basePath: string): boolean {
  if (basePath === "") return false;
  const paths = [...reading.document.excerpt.text.matchAll(/\b(?:GET|POST|PUT|PATCH|DELETE)\b[`*|\s]+(\/[^\s`|]*)/g)];
  const repeated = paths.filter(([, path = ""]) => path === basePath || path.startsWith(`${basePath}/`));
  return repeated.length > 2 && repeated.length > paths.length / 2;
}

function linesOf(block: Block): readonly string[] {
  if (block.type === "paragraph") return block.raw.split("\n");
  if (block.type === "list") return block.items.map((item) => item.raw);
  return block.type === "table" ? block.rows.map((row) => row.cells.join(" : ")) : [];
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
  return parent && parent.depth > 1 ? withoutNumber(parent.title) : "";
}

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
  // Endpoints that trigger transitions are named beside the states, which are still to be read.
  const moves = headers.find("from") !== undefined && headers.find("to") !== undefined;
  if (found && !moves) walk.reading.used.add(table);
  return found;
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

/** Controllers are sketched as the endpoints they have. */
const codeFences = ["java", "kotlin", "typescript", "ts", "javascript", "js", "python", "py", "go", "csharp"];

function requestLines(fence: Fence): { readonly line: EndpointLine; readonly at: number }[] {
  const { text, line: first } = fence.excerpt;
  const isCode = codeFences.includes(fence.language);
  const base = isCode ? controllerPath(text) : "";
  return text.split("\n").flatMap((row, index) => {
    const request = isCode ? (routeIn(row) ?? row) : row;
    if (!/^\s*(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(?:https?:|\/)/.test(request)) return [];
    const found = endpointsAtStart(request.replace(/\s+HTTP\/[\d.]+\s*$/, ""));
    return found.map((line) => ({ line: { ...line, path: withBasePath(base, line.path) }, at: first + index }));
  });
}

/** A fence of request lines. With one line it opens a scope, because what follows describes that endpoint. */
function readEndpointFence(walk: Walk, section: Section, fence: Fence): boolean {
  const isScoped =
    walk.scope !== undefined && walk.scope.section === section && section.line === walk.scope.drafts[0]?.source.line;
  if (isScoped || /^HTTP\//.test(fence.excerpt.text) || topicOf(walk.reading, section) === "errors") return false;
  const lines = requestLines(fence);
  if (lines.length === 0 || !listsEndpoints(walk, fence, lines.length)) return false;
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

/** One route in code is a sketch of the endpoint; one request line in code is more likely a call. */
function listsEndpoints({ reading }: Walk, { language, excerpt }: Fence, count: number): boolean {
  if (endpointFences.includes(language)) return true;
  const isRoute = count > 1 || routeIn(excerpt.text) !== undefined;
  return codeFences.includes(language) && isRoute && reading.announced !== "errors";
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
