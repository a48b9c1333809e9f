import { codesIn, codesInText } from "../errorCodes.ts";
import { isObject } from "../json.ts";
import type { Endpoint, HttpMethod, NamedSchema, Parameter, ResponseShape, Schema, SourceSpan } from "../model.ts";
import type { SecurityRequirement } from "../security.ts";
import { readAccess } from "./access.ts";
import type { Block, Fence, Item, ListBlock, Section, TableBlock } from "./document.ts";
import { codesInCell, readErrorTable, statusIn } from "./errorTables.ts";
import { type FieldRow, propertiesOf, readFieldItem, readFieldTable } from "./fieldTables.ts";
import { readHeaders } from "./headers.ts";
import { jsonExamples, shapeOf } from "./jsonShape.ts";
import { type MarkdownReading, spanNaming } from "./reading.ts";
import { cellAt, plainText } from "./text.ts";
import { readTypeFence, schemaOfDeclaration } from "./typeFences.ts";
import { nestProperties, schemaOfType } from "./typeText.ts";

/** An endpoint while the blocks under it are read. */
export interface EndpointDraft {
  readonly method: HttpMethod;
  readonly path: string;
  readonly source: SourceSpan;
  summary?: string;
  description?: string;
  tag?: string;
  request?: Schema;
  readonly parameters: Parameter[];
  readonly responses: Map<number, ResponseShape>;
  security?: readonly SecurityRequirement[];
  readonly errorCodes: Set<string>;
}

export type LabelKind =
  | "errors"
  | "query"
  | "path"
  | "headers"
  | "parameters"
  | "request"
  | "response"
  | "example"
  | "access";

const labelKinds: readonly (readonly [LabelKind, RegExp])[] = [
  ["errors", /\berrors?\b|failures?|エラー|错误|異常|ошиб|fehler|erros?\b|errores|에러|\b[45]\d\d\b/i],
  ["query", /query|クエリ|查询参数|фильтр/i],
  ["path", /path param|url param|パスパラメータ|路径参数/i],
  ["headers", /headers?\b|ヘッダ|请求头|заголовк|cabeçalho/i],
  ["parameters", /\bparam(?:eter)?s?\b|パラメータ|参数|параметр|parâmetro|parámetro/i],
  ["request", /request|\bbody\b|payload|\binput\b|リクエスト|请求|запрос|요청|requisição|petición|anfrage|richiesta/i],
  [
    "response",
    /response|returns?\b|success|\boutput\b|\b2\d\d\b|レスポンス|响应|返回|ответ|응답|resposta|respuesta|antwort|risposta/i,
  ],
  ["access", /^(?:auth|access|roles?\b|permissions?|security|認証|権限|权限|认证|доступ|авторизац)/i],
  ["example", /example|sample|curl|例|пример|beispiel/i],
];

export function labelKind(label: string): LabelKind | undefined {
  return labelKinds.find(([, words]) => words.test(label))?.[0];
}

/** Success status a label names, as in `**Response** (201)`. */
export function successStatus(label: string): number | undefined {
  const found = /(?<!\d)(2\d\d)(?!\d)/.exec(label);
  return found ? Number(found[1]) : undefined;
}

export interface DetailContext {
  readonly reading: MarkdownReading;
  readonly section: Section;
  readonly draft: EndpointDraft;
  readonly label: string;
}

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

/** `PATCH /orders/{id}` changes what it is sent; `PATCH /orders/{id}/status` is sent what its path says. */
function changesRow({ method, path }: EndpointDraft): boolean {
  return method === "PATCH" && /(?:\}|\/me)\/?$/.test(path);
}

/** An example of a change shows values that may be sent, not values that must be. */
function partOf(shape: Schema): Schema {
  if (!shape.properties) return shape;
  return { ...shape, properties: shape.properties.map((property) => ({ ...property, required: false })) };
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

/** Puts a shape where its label says; unlabelled, a body goes to the request first and then to the response. */
function place({ draft, label }: DetailContext, schema: Schema, asked = schema): void {
  const kind = labelKind(label);
  const takesBody = ["POST", "PUT", "PATCH"].includes(draft.method);
  const isRequest =
    kind === "request" || (kind !== "response" && kind !== "errors" && takesBody && draft.request === undefined);
  if (kind === "errors") return;
  if (isRequest && takesBody) draft.request ??= asked;
  else if (!isRequest) addResponse(draft, successStatus(label) ?? defaultStatus(draft), { schema });
}

export function defaultStatus(draft: EndpointDraft): number {
  const known = [...draft.responses.keys()].find((status) => status >= 200 && status < 300);
  if (known !== undefined) return known;
  return draft.method === "POST" && !/\}\/[^/{}]+$/.test(draft.path) ? 201 : 200;
}

export function addResponse(
  draft: EndpointDraft,
  status: number,
  details: { readonly schema?: Schema; readonly description?: string },
): void {
  const known = draft.responses.get(status);
  draft.responses.set(status, {
    status,
    ...details,
    ...(details.schema && status !== 204 && { contentType: "application/json" }),
    ...known,
  });
}

function addErrorCode({ reading, section, draft }: DetailContext, code: string, status: number | undefined): void {
  draft.errorCodes.add(code);
  const next = reading.document.sections[reading.document.sections.indexOf(section) + 1];
  const details = { line: draft.source.line, endLine: (next?.line ?? Number.POSITIVE_INFINITY) - 1 };
  reading.prose.codeUses.push({
    code,
    ...(status !== undefined && { status }),
    source: spanNaming(reading, details, code),
  });
  if (status !== undefined && status >= 400) addResponse(draft, status, {});
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

function placeFields(context: DetailContext, rows: readonly FieldRow[]): void {
  const { draft } = context;
  const inBody: FieldRow[] = [];
  for (const row of rows) {
    const destination = parameterPlace(context, row);
    if (destination === undefined) inBody.push(row);
    else addParameter(draft, row, destination);
  }
  if (inBody.length > 0) place(context, { type: "object", properties: nestProperties(propertiesOf(inBody)) });
}

/** Where a described value goes; undefined for the body. */
function parameterPlace({ draft, label }: DetailContext, row: FieldRow): "path" | "query" | "header" | undefined {
  if (row.location !== "") {
    if (/body|本文/.test(row.location)) return undefined;
    return /path/.test(row.location) ? "path" : /header/.test(row.location) ? "header" : "query";
  }
  const kind = labelKind(label);
  if (kind === "query" || kind === "path") return kind;
  if (kind === "headers") return "header";
  const isParameter = kind === "parameters" || (kind === undefined && ["GET", "DELETE"].includes(draft.method));
  if (!isParameter) return undefined;
  return draft.path.includes(`{${row.name}}`) ? "path" : "query";
}

function addParameter(draft: EndpointDraft, row: FieldRow, place: "path" | "query" | "header"): void {
  if (place === "header" && /^(?:authorization|content-type|accept)$/i.test(row.name)) return;
  const index = draft.parameters.findIndex((parameter) => parameter.name === row.name && parameter.in === place);
  const [property] = propertiesOf([row]);
  if (!property) return;
  const parameter: Parameter = {
    name: row.name,
    in: place,
    required: place === "path" || row.required === true,
    schema: property.schema,
    ...(row.description !== "" && { description: row.description }),
  };
  if (index === -1) draft.parameters.push(parameter);
  else draft.parameters[index] = parameter;
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
  return list.items.filter((item) => readLabelLine(context, item.raw)).length > 0;
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

const labelLine = /^(?:[-*]\s+)?(?:\*\*|__)?([\p{L}][\p{L}\s/()\d-]{1,40}?)(?:\*\*|__)?\s*[:：](?:\*\*|__)?\s*(.*)$/su;

/** `**Auth**: Bearer`, `Errors: 400 VALIDATION_ERROR, 404`, `Returns: 204`, ``Request: `{ email, password }` ``. */
export function readLabelLine(context: DetailContext, raw: string): boolean {
  const match = labelLine.exec(raw);
  const label = match?.[1] ?? "";
  const text = match?.[2] ?? "";
  const kind = labelKind(label);
  if (kind === undefined || text.trim() === "") return false;
  if (kind === "access") {
    const access = readAccess(text);
    if (access) context.draft.security ??= access;
    return access !== undefined;
  }
  if (kind === "errors") return readErrorLine(context, text);
  const labelled = { ...context, label };
  const inline = inlineShape(text);
  if (kind === "response")
    addResponse(
      context.draft,
      successStatus(`${label} ${text}`) ?? defaultStatus(context.draft),
      inline ? { schema: inline } : {},
    );
  else if (inline) place(labelled, inline);
  return true;
}

function readErrorLine(context: DetailContext, text: string): boolean {
  const parts = text.split(/[,;、]\s*/);
  let found = false;
  for (const part of parts) {
    const status = statusIn(part);
    const bare = part.replace(/\(.*\)|\b\d{3}\b/g, "").trim();
    const codes = [...new Set([...codesInText(plainText(part)), ...(/\s/.test(bare) ? [] : codesInCell(bare))])];
    for (const code of codes) addErrorCode(context, code, status);
    if (codes.length === 0 && status !== undefined) addResponse(context.draft, status, {});
    found ||= codes.length > 0 || status !== undefined;
  }
  return found;
}

/** `{ email, password?, age: int }` and a named model in backticks. */
function inlineShape(text: string): Schema | undefined {
  const plain = text.replace(/`/g, "").trim();
  const body = /^(?:[^{]{0,20})\{([^{}]+)\}/.exec(plain)?.[1];
  if (body !== undefined) {
    const properties = body.split(",").flatMap((part) => {
      const match = /^\s*"?([A-Za-z_$][\w$]*)"?(\?)?\s*(?::\s*(.+))?$/.exec(part);
      if (!match?.[1]) return [];
      return [{ name: match[1], required: match[2] === undefined, schema: schemaOfType(match[3] ?? "") }];
    });
    return properties.length > 0 ? { type: "object", properties } : undefined;
  }
  const model = /^\s*(?:array of |list of )?([A-Z][A-Za-z0-9]+(?:\[\])?)\s*$/.exec(plain)?.[1];
  return model === undefined || /^(?:None|No|Empty|Array|List)$/.test(model)
    ? undefined
    : schemaOfType(/array|list/i.test(plain) ? `${model}[]` : model);
}

/** The draft as an endpoint of the design. */
export function finishedEndpoint(draft: EndpointDraft): Endpoint {
  const name = `${draft.method} ${draft.path}`;
  const known = new Set(
    draft.parameters.filter((parameter) => parameter.in === "path").map((parameter) => parameter.name),
  );
  const missing = [...draft.path.matchAll(/\{([^{}]+)\}/g)].flatMap(([, parameter = ""]) =>
    known.has(parameter) ? [] : [parameter],
  );
  const implied = missing.map(
    (parameter): Parameter => ({ name: parameter, in: "path", required: true, schema: { type: "string" } }),
  );
  return {
    id: `endpoint:${name}`,
    kind: "endpoint",
    name,
    source: draft.source,
    confidence: "declared",
    method: draft.method,
    path: draft.path,
    ...(draft.tag !== undefined && draft.tag !== "" && { tag: draft.tag }),
    ...(draft.summary !== undefined && draft.summary !== "" && { summary: draft.summary }),
    ...(draft.description !== undefined && draft.description !== "" && { description: draft.description }),
    parameters: [...implied, ...draft.parameters],
    ...(draft.request && { request: { contentType: "application/json", required: true, schema: draft.request } }),
    responses: [...draft.responses.values()].sort((left, right) => left.status - right.status),
    ...(draft.security && { security: draft.security }),
    errorCodes: [...draft.errorCodes],
  };
}

export function startDraft(
  line: { readonly method: HttpMethod; readonly path: string; readonly query: readonly Parameter[] },
  source: SourceSpan,
): EndpointDraft {
  return {
    method: line.method,
    path: line.path,
    source,
    parameters: [...line.query],
    responses: new Map(),
    errorCodes: new Set(),
  };
}
