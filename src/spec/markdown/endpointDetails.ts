import { codesIn, codesInText } from "../errorCodes.ts";
import { isObject } from "../json.ts";
import type { NamedSchema, Schema, SourceSpan } from "../model.ts";
import type { Block, Fence, Item, ListBlock, TableBlock } from "./document.ts";
import {
  addErrorCode,
  addResponse,
  changesRow,
  type DetailContext,
  type EndpointDraft,
  labelKind,
  partOf,
  place,
  placeFields,
} from "./endpointDraft.ts";
import { readStatements, statementsIn } from "./endpointStatements.ts";
import { codesInCell, readErrorTable, statusIn } from "./errorTables.ts";
import { readFieldItem, readFieldTable } from "./fieldTables.ts";
import { readHeaders } from "./headers.ts";
import { jsonExamples, shapeOf } from "./jsonShape.ts";
import { cellAt, plainText } from "./text.ts";
import { readTypeFence, schemaOfDeclaration } from "./typeFences.ts";

/** Takes from one block what it says of the endpoint; false when it says nothing that is understood. */
export function readDetail(context: DetailContext, block: Block): boolean {
  if (block.type === "fence") return readFenceDetail(context, block);
  if (block.type === "table") return readTableDetail(context, block);
  return block.type === "list" ? readListDetail(context, block) : false;
}

function readFenceDetail(context: DetailContext, fence: Fence): boolean {
  const declarations = readTypeFence(fence);
  if (declarations.length > 0) {
    for (const declaration of declarations) {
      context.reading.prose.schemas.push(
        namedSchema(declaration.name, schemaOfDeclaration(declaration), declaration.source),
      );
    }
    const [first] = declarations;
    if (first && declarations.length === 1) place(context, { type: "ref", ref: first.name });
    return true;
  }
  if (!["", "json", "jsonc", "json5", "js", "javascript", "text", "http", "typescript", "ts"].includes(fence.language))
    return false;
  const examples = jsonExamples(bodyOf(fence));
  if (examples.length === 0) return false;
  for (const example of examples) placeExample(context, example);
  return true;
}

/** An HTTP fence has its body behind an empty line. */
function bodyOf(fence: Fence): string {
  const text = fence.excerpt.text;
  const start = /^(?:HTTP\/|GET |POST |PUT |PATCH |DELETE )/.test(text) ? text.search(/\n\s*[[{]/) : 0;
  return start === -1 ? "" : text.slice(start);
}

function namedSchema(name: string, schema: Schema, source: SourceSpan): NamedSchema {
  return { name, schema, source };
}

function placeExample(context: DetailContext, example: unknown): void {
  const isLabelled = labelKind(context.label) === "errors";
  const codes = isLabelled || looksLikeError(example) ? codesIn(example) : [];
  const isError = codes.length > 0 && (isLabelled || !isPositive(example));
  if (!isError) {
    const shape = shapeOf(example);
    place(context, shape, changesRow(context.draft) ? partOf(shape) : shape);
    return;
  }
  for (const code of codes) addErrorCode(context, code, statusIn(context.label));
}

/** A resource may have a `code` too; an error body says more of the fault. */
function looksLikeError(example: unknown): boolean {
  if (!isObject(example)) return false;
  const hasCode = "code" in example || "errorCode" in example || "error_code" in example;
  return (
    "error" in example ||
    "errors" in example ||
    (hasCode && ["message", "detail", "title", "status", "details"].some((key) => key in example))
  );
}

function isPositive(example: unknown): boolean {
  return (
    isObject(example) && (example["success"] === true || (example["error"] === null && example["data"] !== undefined))
  );
}

function readTableDetail(context: DetailContext, table: TableBlock): boolean {
  const codes = readErrorTable(context.reading, context.section, table);
  const kind = labelKind(context.label);
  if (codes && codes.length > 0) {
    for (const code of codes) addErrorCode(context, code.name, code.status);
    return true;
  }
  const rows = readFieldTable(table);
  if (rows && kind !== "errors") {
    if (rows.length > 0) placeFields(context, rows);
    return true;
  }
  return readStatusTable(context.draft, table);
}

/** `Status | Meaning` without codes. */
function readStatusTable(draft: EndpointDraft, table: TableBlock): boolean {
  const headers = readHeaders(table.header);
  const column = headers.find("status", "code");
  if (column === undefined) return false;
  let found = false;
  for (const row of table.rows) {
    const status = statusIn(cellAt(row.cells, column));
    if (status === undefined) continue;
    found = true;
    addResponse(draft, status, { description: plainText(cellAt(row.cells, headers.find("description", "message"))) });
  }
  return found;
}

function readListDetail(context: DetailContext, list: ListBlock): boolean {
  const kind = labelKind(context.label);
  if (kind === "errors") return list.items.filter((item) => readErrorItem(context, item)).length > 0;
  const rows = list.items.flatMap((item) => readFieldItem(item) ?? []);
  const areFields = rows.length === list.items.length && rows.some((row) => row.type !== "");
  if (areFields && kind !== undefined && kind !== "example" && kind !== "access") {
    placeFields(context, rows);
    return true;
  }
  return list.items.filter((item) => readsAny(context, item.raw)).length > 0;
}

function readsAny(context: DetailContext, raw: string): boolean {
  return readStatements(context, raw).length < statementsIn(raw).length;
}

/** `400 VALIDATION_ERROR — …`, ``- `ORDER_NOT_FOUND` (404)``, `404: not found`. */
function readErrorItem(context: DetailContext, item: Item): boolean {
  const status = statusIn(item.raw);
  const head = item.raw.split(/\s[—–-]\s|:\s/)[0] ?? "";
  const codes = [...new Set([...codesInCell(head), ...codesInText(plainText(item.raw))])];
  for (const code of codes) addErrorCode(context, code, status);
  if (codes.length === 0 && status !== undefined) {
    addResponse(context.draft, status, { description: plainText(item.raw).replace(/^\D*\d{3}\s*[:—–-]?\s*/, "") });
  }
  return codes.length > 0 || status !== undefined;
}
