import type { Endpoint, HttpMethod, Parameter, ResponseShape, Schema, SourceSpan } from "../model.ts";
import type { SecurityRequirement } from "../security.ts";
import type { Section } from "./document.ts";
import { type FieldRow, propertiesOf } from "./fieldTables.ts";
import { type MarkdownReading, spanNaming } from "./reading.ts";
import { nestProperties } from "./typeText.ts";

/** An endpoint while the blocks under it are read. */
export interface EndpointDraft {
  readonly method: HttpMethod;
  readonly path: string;
  readonly source: SourceSpan;
  summary?: string;
  description?: string;
  tag?: string;
  request?: Schema;
  /** The request is a form with a file. */
  isForm?: true;
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
    ...(draft.request && {
      request: {
        contentType: bodyType(draft),
        required: draft.request.properties?.length !== 0,
        schema: draft.request,
      },
    }),
    responses: [...draft.responses.values()].sort((left, right) => left.status - right.status),
    ...(draft.security && { security: draft.security }),
    errorCodes: [...draft.errorCodes],
  };
}

function bodyType({ isForm }: EndpointDraft): string {
  return isForm ? "multipart/form-data" : "application/json";
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

/** `PATCH /orders/{id}` changes what it is sent; `PATCH /orders/{id}/status` is sent what its path says. */
export function changesRow({ method, path }: EndpointDraft): boolean {
  return method === "PATCH" && /(?:\}|\/me)\/?$/.test(path);
}

/** An example of a change shows values that may be sent, not values that must be. */
export function partOf(shape: Schema): Schema {
  if (!shape.properties) return shape;
  return { ...shape, properties: shape.properties.map((property) => ({ ...property, required: false })) };
}

/** Puts a shape where its label says; unlabelled, a body goes to the request first and then to the response. */
export function place({ draft, label }: DetailContext, schema: Schema, asked = schema): void {
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
    // What is described at the endpoint is more than the name of it.
    ...(known?.schema?.type === "ref" && details.schema?.properties && { schema: details.schema }),
  });
}

export function addErrorCode(
  { reading, section, draft }: DetailContext,
  code: string,
  status: number | undefined,
): void {
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

export function placeFields(context: DetailContext, rows: readonly FieldRow[]): void {
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
