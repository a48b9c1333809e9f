import { isErrorCode } from "./errorCodes.ts";
import type { EnvelopeRole } from "./errorParts.ts";
import { isObject, jsonValue } from "./json.ts";
import type { EnvelopeField, ErrorEnvelope, SourceSpan } from "./model.ts";

const roles: readonly (readonly [EnvelopeRole, RegExp])[] = [
  ["code", /^(?:code|error_?code|biz_?code|error_?key)$/i],
  ["message", /^(?:message|msg|error_?message|detail|error_?description|title|description)$/i],
  ["status", /^(?:status|status_?code|http_?status(?:_?code)?)$/i],
  ["details", /^(?:details|errors|field_?errors|invalid_?params|violations|validation_?errors|issues|fields)$/i],
  ["correlationId", /^(?:(?:correlation|request|trace|transaction)_?id)$/i],
  ["timestamp", /^(?:timestamp|time|occurred_?at)$/i],
  ["path", /^(?:path|instance|request_?path)$/i],
  ["retryable", /^(?:retryable|is_?retryable|retriable)$/i],
  ["type", /^type$/i],
];

/**
 * The envelope that an example of an error body shows: its leaves in order, each with its role.
 * Undefined when the example has neither code nor message and so is no error body.
 */
export function readEnvelope(example: unknown, source: SourceSpan, contentType?: string): ErrorEnvelope | undefined {
  if (!isObject(example)) return undefined;
  const isProblem =
    typeof example["title"] === "string" && ("status" in example || "detail" in example) && "type" in example;
  const fields = leaves(example, []).map((leaf) => fieldOf(leaf, example));
  const has = (role: EnvelopeRole): boolean => fields.some((field) => field.role === role);
  const isError =
    (has("code") && has("message")) ||
    isProblem ||
    isDetailOnly(example) ||
    (has("message") && /error|exception/i.test(Object.keys(example).join(" ")));
  if (!isError || example["success"] === true || isSuccess(example)) return undefined;
  return {
    contentType: contentType ?? (isProblem ? "application/problem+json" : "application/json"),
    fields,
    source,
    confidence: "declared",
  };
}

/** FastAPI's own body: `{"detail": "Not found"}`. */
function isDetailOnly(example: { readonly [key: string]: unknown }): boolean {
  return Object.keys(example).length === 1 && typeof example["detail"] === "string";
}

function isSuccess(example: { readonly [key: string]: unknown }): boolean {
  return example["error"] === null || (isObject(example["data"]) && !("error" in example) && !("code" in example));
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Details are whatever the error brings along, so an object under that name is a leaf. */
function leaves(value: { readonly [key: string]: unknown }, path: readonly string[]): Leaf[] {
  return Object.entries(value).flatMap(([key, item]): Leaf[] => {
    const at = [...path, key];
    const isDetails = roles.find(([role]) => role === "details")?.[1].test(key) ?? false;
    return isObject(item) && !isDetails && at.length < 5 && Object.keys(item).length > 0
      ? leaves(item, at)
      : [{ path: at, value: item }];
  });
}

function fieldOf({ path, value }: Leaf, example: { readonly [key: string]: unknown }): EnvelopeField {
  const key = path.at(-1) ?? "";
  const role = roleByValue(key, value, example) ?? roles.find(([, words]) => words.test(key))?.[0];
  const constant = jsonValue(value);
  const isShape = (role === "details" || role === "type") && constant !== undefined && constant !== null;
  if (isShape) return { path, role, value: constant };
  if (role !== undefined && !(role === "status" && typeof value !== "number")) return { path, role };
  return { path, role: "constant", ...(constant !== undefined && { value: constant }) };
}

const codeNames = ["code", "errorCode", "error_code"];

/**
 * `{"error": "NOT_FOUND", "code": 404}`: a number is the status where a word is the code. A bare string under
 * `error` is the code, the phrase of the status beside a code, and the message where there is nothing else.
 */
function roleByValue(
  key: string,
  value: unknown,
  example: { readonly [key: string]: unknown },
): EnvelopeRole | undefined {
  if (key === "code" && isStatus(value) && isErrorCode(example["error"])) return "status";
  if (key !== "error" || typeof value !== "string") return undefined;
  const hasCode = codeNames.some((name) => name in example && !isStatus(example[name]));
  if (isErrorCode(value) && !hasCode) return "code";
  if (hasCode || reasons.has(value)) return "reason";
  return "message" in example ? "code" : "message";
}

function isStatus(value: unknown): boolean {
  return typeof value === "number" && value >= 400 && value < 600;
}

const reasons: ReadonlySet<string> = new Set(
  (
    "Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not Allowed|Conflict|Gone|" +
    "Precondition Failed|Unprocessable Entity|Unprocessable Content|Too Many Requests|Internal Server Error|" +
    "Bad Gateway|Service Unavailable|Gateway Timeout"
  ).split("|"),
);
