import { isObject } from "../json.ts";
import type { DomainEvent, Field, SourceSpan } from "../model.ts";
import {
  type Block,
  type Fence,
  headingPath,
  type Item,
  type ListBlock,
  type Section,
  type TableBlock,
} from "./document.ts";
import { eventNameIn, type PayloadField, payloadIn, readEventText } from "./eventText.ts";
import { readFieldItem, readFieldTable } from "./fieldTables.ts";
import { readHeaders } from "./headers.ts";
import { parseJsonExample, shapeOf } from "./jsonShape.ts";
import { type MarkdownReading, spanNaming, spanOf, topicOf } from "./reading.ts";
import { entityNameIn, isPartHeading } from "./subjects.ts";
import { cellAt, isBlank, plainText } from "./text.ts";
import { readTypeFence, type TypeDeclaration } from "./typeFences.ts";

/** Reads domain events: their tables, lists, classes, examples, and sections of their own. */
export function readDomainEvents(reading: MarkdownReading): void {
  for (const section of reading.document.sections) {
    readEventHeading(reading, section);
    let label = "";
    for (const block of section.blocks) {
      if (block.type === "paragraph") {
        label = plainText(block.raw.split("\n").at(-1) ?? "");
        readNamedEvents(reading, section, block.raw, block.line);
      } else if (!reading.used.has(block) && readEventBlock(reading, section, block, label)) reading.used.add(block);
    }
  }
}

const domainEvents =
  /\b(?:domain|integration) events?\b|ドメイン・?イベント|领域事件|領域事件|도메인 ?이벤트|доменн\S+ событи|событи\S+ (?:домена|предметн)|eventos? (?:de|del) dom[ií]nio|événements? (?:de|du|métier)|domänenereignis|domain-events/i;
const bareEvents =
  /^(?:\d[\d.]*\s+)?(?:(?:key|main|core|business|emitted|raised|published|outgoing|event catalog(?:ue)?:?)\s+)*(?:events?(?:\s+(?:catalog(?:ue)?|list|raised|emitted|published|definitions?|produced))?|イベント(?:一覧|定義)?|事件(?:列表|定义)?|события|eventos|événements|이벤트(?: 목록)?|ereignisse)\s*[:：]?$/i;
const otherSide = /subscri|consum|handler|listener|handling|storage|store\b|購読|订阅|подпис/i;

function isAboutEvents(reading: MarkdownReading, section: Section, title: string): boolean {
  if (otherSide.test(title)) return false;
  return domainEvents.test(title) || (bareEvents.test(title) && topicOf(reading, section) === "domain");
}

/** The heading at or above the section that says that events follow. */
function eventHeading(reading: MarkdownReading, section: Section): Section | undefined {
  if (otherSide.test(section.title)) return undefined;
  return headingPath(section).findLast((heading) => isAboutEvents(reading, heading, heading.title));
}

/** `### OrderPlaced` below "Domain Events"; the blocks under it are its payload. */
function readEventHeading(reading: MarkdownReading, section: Section): void {
  const described = describedEvent(reading, section);
  if (described === undefined) return;
  const paragraph = section.blocks.find((block) => block.type === "paragraph");
  const text = paragraph?.type === "paragraph" ? plainText(paragraph.raw.split("\n")[0] ?? "") : "";
  const said = readEventText(`${described}: ${text}`);
  addEvent(reading, section, spanOf(reading, section), { ...said, name: described });
}

function describedEvent(reading: MarkdownReading, section: Section): string | undefined {
  if (section.depth < 2 || isPartHeading(section.title) || isAboutEvents(reading, section, section.title))
    return undefined;
  const isLabelled = /^(?:\d[\d.]*\s+)?(?:domain )?event\s*[:：]/i.test(section.title);
  return isLabelled || eventHeading(reading, section) ? eventNameIn(section.raw) : undefined;
}

/** `**Domain events**: OrderPlaced, OrderCancelled`. */
function readNamedEvents(reading: MarkdownReading, section: Section, raw: string, line: number): void {
  for (const [index, text] of raw.split("\n").entries()) {
    const [, label = "", names = ""] = /^([^:：]{4,40})[:：]\s*(?:\*\*|__)?\s*(\S.*)$/.exec(text) ?? [];
    if (!isAboutEvents(reading, section, plainText(label))) continue;
    for (const part of plainText(names).split(/\s*[,、，;]\s*/)) {
      const name = eventNameIn(part.replace(/\.$/, ""));
      if (name !== undefined) addEvent(reading, section, spanOf(reading, { line: line + index }), { name });
    }
  }
}

function readEventBlock(reading: MarkdownReading, section: Section, block: Block, label: string): boolean {
  const isLabelled = /[:：]$/.test(label) && isAboutEvents(reading, section, label.replace(/[:：]$/, ""));
  const isListed = isLabelled || eventHeading(reading, section) !== undefined;
  const described = describedEvent(reading, section);
  if (block.type === "table") {
    if (readEventTable(reading, section, block, isListed)) return true;
    return described !== undefined && readPayloadTable(reading, section, block, described);
  }
  if (block.type === "list") {
    if (described !== undefined) return readPayloadList(reading, section, block, described);
    return isListed ? readEventList(reading, section, block) : readEventItems(reading, section, block);
  }
  return block.type === "fence" && readEventFence(reading, section, block, { isListed, described });
}

function readEventTable(reading: MarkdownReading, section: Section, table: TableBlock, isListed: boolean): boolean {
  const headers = readHeaders(table.header);
  const column = headers.find("event");
  const payload = headers.all("payload").find((index) => index !== column);
  if (column === undefined || headers.has("method") || headers.has("path") || headers.has("type")) return false;
  const isCatalogue = /event|イベント|事件/i.test(table.header[column] ?? "") && payload !== undefined;
  if (!isListed && !(isCatalogue && topicOf(reading, section) === "domain")) return false;
  const other = (...found: readonly (number | undefined)[]): number | undefined =>
    found.find((index) => index !== undefined && index !== column && index !== payload);
  const cause = other(...headers.all("trigger"));
  const producer = other(...headers.all("producer"));
  const description = other(...headers.all("description"));
  let found = false;
  for (const row of table.rows) {
    const said = (index: number | undefined): string | undefined => {
      const text = plainText(cellAt(row.cells, index));
      return isBlank(text) ? undefined : text;
    };
    const name = eventNameIn(cellAt(row.cells, column));
    if (name === undefined) continue;
    found = true;
    addEvent(reading, section, spanOf(reading, row), {
      name,
      payload: payloadIn(cellAt(row.cells, payload)),
      description: said(description),
      trigger: said(cause),
      aggregate: said(producer),
    });
  }
  return found;
}

function readPayloadTable(reading: MarkdownReading, section: Section, table: TableBlock, name: string): boolean {
  const rows = readFieldTable(table);
  if (!rows || rows.length === 0) return false;
  const payload = rows.map((row) => ({ ...row, required: row.required ?? true }));
  addEvent(reading, section, spanOf(reading, section), { name, payload });
  return true;
}

/** The fields of an event, or `Trigger: …`, `Aggregate: …`, `Payload: a, b`. */
function readPayloadList(reading: MarkdownReading, section: Section, list: ListBlock, name: string): boolean {
  const described = describedBy(list.items);
  if (described.isEmpty) return false;
  addEvent(reading, section, spanOf(reading, section), { ...described, name });
  return true;
}

const itemLabels: readonly (readonly ["trigger" | "aggregate" | "payload", RegExp])[] = [
  [
    "trigger",
    /^(?:trigger(?:ed (?:by|when))?|raised when|emitted when|when|触发(?:条件|时机)?|トリガー|発生条件|契機)$/i,
  ],
  [
    "aggregate",
    /^(?:aggregate(?: root)?|producer|publisher|source|(?:emitted|raised|published) by|集約|聚合|发布者)$/i,
  ],
  ["payload", /^(?:payload|data|fields|attributes|properties|ペイロード|データ|载荷|数据|字段)$/i],
];

interface Described {
  readonly payload: readonly PlacedField[];
  readonly trigger?: string;
  readonly aggregate?: string;
  readonly isEmpty: boolean;
}

function describedBy(items: readonly Item[]): Described {
  const payload: PlacedField[] = [];
  const said = new Map<string, string>();
  const addField = (item: Item): void => {
    const row =
      readFieldItem(item) ??
      /^`?([a-z_]\w*)`?$/
        .exec(item.raw.trim())
        ?.slice(1)
        .map((name) => ({ name, type: "", required: true }))[0];
    if (row) payload.push({ ...row, required: row.required ?? true, line: item.line });
  };
  for (const item of items) {
    const [, label = "", rest = ""] = /^\W*([\p{L} ]+?)\W{0,2}[:：]\W{0,2}(?:\s+|$)(.*)$/su.exec(item.raw) ?? [];
    const kind = itemLabels.find(([, words]) => words.test(label.trim()))?.[0];
    if (kind === undefined) addField(item);
    else if (kind !== "payload") said.set(kind, plainText(rest));
    else {
      payload.push(...payloadIn(rest).map((field) => ({ ...field, line: item.line })));
      item.children.forEach(addField);
    }
  }
  return { payload, ...Object.fromEntries(said), isEmpty: payload.length === 0 && said.size === 0 };
}

function readEventList(reading: MarkdownReading, section: Section, list: ListBlock): boolean {
  let found = false;
  for (const item of list.items) {
    const event = readEventText(item.raw);
    if (!event) continue;
    found = true;
    const { isEmpty: _, ...below } = describedBy(item.children);
    const payload = below.payload.length > 0 ? below.payload : event.payload;
    addEvent(reading, section, spanOf(reading, item), { ...event, ...below, payload });
  }
  return found;
}

/** `- **Domain events**: OrderPlaced` among what else is said of an aggregate; the list is read further. */
function readEventItems(reading: MarkdownReading, section: Section, list: ListBlock): false {
  for (const item of list.items) {
    readNamedEvents(reading, section, item.raw, item.line);
    if (!isAboutEvents(reading, section, plainText(item.raw).replace(/[:：]$/, ""))) continue;
    for (const child of item.children) {
      const event = readEventText(child.raw);
      if (event) addEvent(reading, section, spanOf(reading, child), event);
    }
  }
  return false;
}

interface FenceContext {
  readonly isListed: boolean;
  readonly described: string | undefined;
}

const baseEvent = /^(?:Base|Abstract)?(?:Domain|Integration)?Event(?:Base|Envelope|Metadata)?$/;

/** Classes that are events by their heading or base class; an example or a sketch under the event's own heading. */
function readEventFence(reading: MarkdownReading, section: Section, fence: Fence, context: FenceContext): boolean {
  const declarations = readTypeFence(fence).filter(({ kind }) => kind === "record");
  const events = declarations.filter(({ name, bases }) => {
    return !baseEvent.test(name) && (context.isListed || bases.some((base) => baseEvent.test(base)));
  });
  for (const event of events) addDeclaredEvent(reading, section, event);
  if (declarations.length > 0)
    return events.length + declarations.filter(({ name }) => baseEvent.test(name)).length === declarations.length;
  if (!context.isListed) return false;
  if (["json", "jsonc", "json5"].includes(fence.language))
    return readEventExample(reading, section, fence, context.described);
  return ["", "text", "txt", "plaintext"].includes(fence.language) && readEventSketches(reading, section, fence);
}

function addDeclaredEvent(reading: MarkdownReading, section: Section, { name, fields, source }: TypeDeclaration): void {
  const payload = fields
    .filter((field) => !/^(["'])[^"'|]*\1$|^Literal\[[^,]*\]$/.test(field.type))
    .map((field) => ({
      ...field,
      required: !field.optional && !/\|\s*(?:null|undefined|None)\b|^Optional\[/.test(field.type),
    }));
  addEvent(reading, section, source, { name, payload });
}

/** `{"event": "order.placed", "data": {…}}`, or the payload alone below the event's heading. */
function readEventExample(
  reading: MarkdownReading,
  section: Section,
  fence: Fence,
  described: string | undefined,
): boolean {
  const example = parseJsonExample(fence.excerpt.text);
  if (!isObject(example)) return false;
  const named = ["event", "eventType", "event_type", "type", "eventName", "name"]
    .map((key) => example[key])
    .find((value) => typeof value === "string" && eventNameIn(`\`${value}\``) !== undefined);
  const name = described ?? (typeof named === "string" ? named : undefined);
  if (name === undefined) return false;
  const inner = [example["data"], example["payload"]].find(isObject) ?? example;
  const payload = (shapeOf(inner).properties ?? []).map(({ name: field, required, schema }): PlacedField => {
    const { line } = spanNaming(reading, fence, field);
    return { name: field, required, type: schema.format ?? schema.type, line };
  });
  addEvent(reading, section, spanOf(reading, described === undefined ? fence : section), { name, payload });
  return true;
}

/** `OrderPlaced { orderId, total: Money }`, one or more in a fence. */
function readEventSketches(reading: MarkdownReading, section: Section, fence: Fence): boolean {
  const { text, line } = fence.excerpt;
  const found = [...text.matchAll(/^[ \t]*(?:[-*][ \t]+)?([A-Z]\w+)[ \t]*[({]([^(){}]*)[)}]/gm)];
  for (const match of found) {
    const at = line + text.slice(0, match.index).split("\n").length - 1;
    const payload = payloadIn(
      (match[2] ?? "")
        .trim()
        .replace(/\s*\n\s*/g, ",")
        .replace(/,+/g, ",")
        .replace(/,$/, ""),
    );
    addEvent(reading, section, spanOf(reading, { line: at }), { name: match[1] ?? "", payload });
  }
  return found.length > 0;
}

type PlacedField = PayloadField & { readonly line?: number; readonly description?: string };

interface FoundEvent {
  readonly name: string;
  readonly payload?: readonly PlacedField[];
  readonly description?: string | undefined;
  readonly trigger?: string | undefined;
  readonly aggregate?: string | undefined;
}

/** An event that is only named counts less than one that is described, wherever the two stand. */
function addEvent(reading: MarkdownReading, section: Section, source: SourceSpan, found: FoundEvent): void {
  const { name, payload = [], description, trigger } = found;
  const fields = payload.map((field): Field => {
    const { line = source.line, type, required, description: text = "" } = field;
    return {
      id: `field:${name}.${field.name}`,
      kind: "field",
      name: field.name,
      source: { path: source.path, line, endLine: line },
      confidence: "declared",
      owner: name,
      type,
      required,
      ...(text !== "" && { description: text }),
    };
  });
  const aggregate = found.aggregate ?? ownerOf(section, name);
  const event: DomainEvent = {
    id: `event:${name}`,
    kind: "event",
    name,
    source,
    confidence: "declared",
    ...(description !== undefined && description !== "" && { description }),
    fields: fields.filter((field, index) => fields.findIndex((other) => other.name === field.name) === index),
    ...(aggregate !== undefined && { aggregate }),
    ...(trigger !== undefined && { trigger }),
  };
  (fields.length > 0 ? reading.prose : reading.outline).events.push(event);
}

/** The aggregate in whose chapter the event stands, if a heading is one; joining the documents decides that. */
function ownerOf(section: Section, event: string): string | undefined {
  return headingPath(section)
    .toReversed()
    .filter(({ title, depth }) => depth > 1 && !domainEvents.test(title) && !bareEvents.test(title))
    .flatMap((heading) => entityNameIn(heading) ?? [])
    .find((name) => name !== event);
}
