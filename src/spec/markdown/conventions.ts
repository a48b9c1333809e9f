import { type ApiConventions, type PagingConvention, pagingRole } from "../apiConventions.ts";
import { isObject } from "../json.ts";
import type { Parameter, Schema } from "../model.ts";
import { type Block, headingPath, type Section } from "./document.ts";
import { endpointsIn } from "./endpointLines.ts";
import { statementsIn } from "./endpointStatements.ts";
import { readFieldTable } from "./fieldTables.ts";
import { parseJsonExample, shapeOf } from "./jsonShape.ts";
import { type MarkdownReading, spanOf, topicOf } from "./reading.ts";
import { codeSpans, plainText } from "./text.ts";
import { limitsIn } from "./typeText.ts";

/** Reads what an API document says of all endpoints together: how lists are paged, and how names are written. */
export function readConventions(reading: MarkdownReading): void {
  const sections = reading.document.sections.filter(
    (section) =>
      topicOf(reading, section) === "api" && headingPath(section).every(({ raw }) => endpointsIn(raw).length === 0),
  );
  const casing = sections.flatMap((section) => passagesOf(section).flatMap(({ text }) => casingIn(text) ?? []))[0];
  const paging = sections.flatMap((section) => pagingOf(reading, section) ?? [])[0];
  const conventions: ApiConventions = { ...(casing && { casing }), ...(paging && { paging }) };
  if (casing ?? paging) reading.prose.conventions.push(conventions);
}

interface Passage {
  readonly text: string;
  readonly line: number;
}

function passagesOf({ blocks }: Section): Passage[] {
  return blocks.flatMap((block): Passage[] => {
    if (block.type === "paragraph") return [{ text: block.raw.replaceAll("\n", " "), line: block.line }];
    return block.type === "list" ? block.items.map(({ raw, line }) => ({ text: raw, line })) : [];
  });
}

const namesOfJson = /\b(?:json|fields?|properties|property names|keys|bodies|payloads?|requests?|responses?)\b/i;
const namesOfOthers = /\b(?:columns?|tables?|database|paths?|urls?|query|enums?|headers?|classes)\b/i;

/** "JSON in camelCase", "All fields are `snake_case`." */
function casingIn(text: string): ApiConventions["casing"] {
  for (const statement of statementsIn(text)) {
    const plain = plainText(statement);
    if (!namesOfJson.test(plain) || namesOfOthers.test(plain)) continue;
    if (/\bcamel[ -]?case\b/i.test(plain)) return "camel";
    if (/\bsnake[_ -]?case\b/i.test(plain)) return "snake";
  }
  return undefined;
}

const pagingHeading = /\bpagination\b|\bpaging\b|ページ(?:ネーション|ング)|分页|пагинаци|paginaci[óo]n|paginação/i;
const ofLists =
  /\b(?:lists|collections|list(?:ing)? (?:endpoints?|responses?|routes?|requests?|operations?)|(?:every|each|any) (?:list|collection)|pagination|paging|paged|paginated)\b/i;

function pagingOf(reading: MarkdownReading, section: Section): PagingConvention | undefined {
  const passages = passagesOf(section);
  if (pagingHeading.test(section.title)) {
    const text = passages.map((passage) => passage.text).join(" ");
    const listed = section.blocks.flatMap(parametersOfTable);
    const parameters = listed.length > 0 ? listed : parametersIn(text);
    const envelope = section.blocks.flatMap((block) => envelopeOfFence(block) ?? [])[0] ?? envelopeIn(text);
    return conventionOf(parameters, envelope, () => spanOf(reading, section));
  }
  for (const { text, line } of passages) {
    if (!ofLists.test(plainText(text)) || endpointsIn(text).length > 0) continue;
    const convention = conventionOf(parametersIn(text), envelopeIn(text), () => spanOf(reading, { line }));
    if (convention) return convention;
  }
  return undefined;
}

function conventionOf(
  parameters: readonly Parameter[],
  envelope: Schema | undefined,
  source: () => PagingConvention["source"],
): PagingConvention | undefined {
  return parameters.length > 0 ? { parameters, ...(envelope && { envelope }), source: source() } : undefined;
}

function parametersOfTable(block: Block): Parameter[] {
  if (block.type !== "table") return [];
  return (readFieldTable(block) ?? []).flatMap(
    ({ name, constraints, description, default: fallback }) =>
      parameterOf(name, fallback, `${constraints} ${description}`) ?? [],
  );
}

const marked = /`([^`]+)`([^`;]*)/g;

/** ``?limit=` (1–100, default 25) `&cursor=` ``, `` `page` and `size` (max 50) ``; each once. */
function parametersIn(text: string): Parameter[] {
  const found = new Map<string, Parameter>();
  for (const [, span = "", behind = ""] of text.matchAll(marked)) {
    if (span.startsWith("{") || /^\s*[:=]\s*\{/.test(behind)) break;
    const isQuery = /^[?&]/.test(span);
    const query = span.replace(/^[^?]*\?/, "");
    for (const pair of query.split(/[&,]/)) {
      const [, name = "", value = ""] = /^\s*(\w+)(?:=(.*))?$/.exec(pair) ?? [];
      const parameter = parameterOf(name, isQuery ? value : "", noteIn(behind));
      if (parameter && !found.has(name)) found.set(name, parameter);
    }
  }
  return [...found.values()];
}

/** What a bracket or the rest of the clause says of the name in front of it. */
function noteIn(behind: string): string {
  return /^\s*\(([^()]*)\)/.exec(behind)?.[1] ?? behind.split(/\.\s|[:：]/)[0] ?? "";
}

function parameterOf(name: string, value: string, note: string): Parameter | undefined {
  const role = pagingRole(name);
  if (role === undefined || role === "sort") return undefined;
  if (role === "cursor") return { name, in: "query", required: false, schema: { type: "string" } };
  const said = /\bdefaults?(?: is| to|:)?\s*["'`]?(\d{1,9})\b/i.exec(note)?.[1] ?? value;
  const fallback = /^\d{1,9}$/.test(said) ? { default: Number(said) } : {};
  return { name, in: "query", required: false, schema: { ...limitsIn(note, { type: "integer" }), ...fallback } };
}

const rowNames = /^(?:items|data|results|rows|records|entries|content)$/;

function envelopeOfFence(block: Block): Schema | undefined {
  return block.type === "fence" ? envelopeOf(parseJsonExample(openValues(block.excerpt.text))) : undefined;
}

const answering = /\b(?:answers?|responses?|returns?|respond|body|envelope|wrapped|shape)\b/i;

/** `{ "items": […], "nextCursor": "…"|null }`, `{ data, total }`, or `items` and `total` behind the word for the answer. */
function envelopeIn(text: string): Schema | undefined {
  const example = /\{[^`]*\}/.exec(text)?.[0];
  if (example !== undefined)
    return envelopeOf(parseJsonExample(openValues(example))) ?? envelopeNaming(namesIn(example));
  const at = answering.exec(text)?.index;
  return at === undefined ? undefined : envelopeNaming(codeSpans(text.slice(at)));
}

/** `"…"|null` and `string?` stand for any value. */
function openValues(example: string): string {
  return example
    .replace(/"(?:…|\.{3})"/g, "null")
    .replace(/\bnull\s*\|\s*\w+|[\w"]+\s*\|\s*null\b/g, "null")
    .replace(/\[\s*(?:…|\.{3})\s*\]/g, "[]");
}

function namesIn(example: string): string[] {
  return example
    .slice(1, -1)
    .split(",")
    .flatMap((part) => /^\s*"?([A-Za-z_]\w*)"?\??\s*(?::.*)?$/.exec(part)?.[1] ?? []);
}

function envelopeOf(example: unknown): Schema | undefined {
  const hasRows =
    isObject(example) && Object.entries(example).some(([key, value]) => rowNames.test(key) && Array.isArray(value));
  return hasRows ? shapeOf(example) : undefined;
}

function envelopeNaming(names: readonly string[]): Schema | undefined {
  if (!names.some((name) => rowNames.test(name)) || names.some((name) => !/^[A-Za-z_]\w*$/.test(name)))
    return undefined;
  return {
    type: "object",
    properties: [...new Set(names)].map((name) => ({ name, required: true, schema: { type: "any" as const } })),
  };
}
