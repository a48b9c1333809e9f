import { arrayAt, isObject, type JsonObject } from "./json.ts";

const upperCode = /^[A-Z][A-Z0-9]*(?:[_.-][A-Z0-9]+)*$/;
const lowerCode = /^[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)+$/;

const placeholder =
  /^(?:ERR(?:OR)?_?)?CODE$|_STABLE_CODE$|^(?:MACHINE|STRING|SOME|YOUR|MY|EXAMPLE)_|^(?:UPPER|LOWER)_?(?:SNAKE)?_?CASE$/i;

/** `ORDER_NOT_FOUND`, `AUTH.INVALID`, `ENRICH-TIMEOUT`, `validation_error`, `order.not_found`; not a bare lower-case word. */
export function isErrorCode(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value.length >= 3 &&
    value.length <= 80 &&
    (upperCode.test(value) || lowerCode.test(value)) &&
    !placeholder.test(value)
  );
}

const codeKeys = ["code", "errorCode", "error_code", "error", "biz_code"];

/** Codes in the example of an error body: `{error: {code}}`, `{code}`, `{errorCode}`, `{errors: [{code}]}`. */
export function codesIn(example: unknown): string[] {
  if (!isObject(example)) return [];
  const own = codesOf(example);
  if (own.length > 0) return own;
  const nested = [example["error"], example["data"], ...arrayAt(example, "errors")];
  return nested.flatMap((value) => (isObject(value) && !isFieldFault(value) ? codesOf(value) : []));
}

/** `{ field: "email", code: "too_short" }` tells what is wrong with a field; the answer's code stands above it. */
function isFieldFault(value: JsonObject): boolean {
  return ["field", "loc", "pointer", "property"].some((key) => key in value);
}

/** The most specific one: beside `code`, `error` is its category. */
function codesOf(value: JsonObject): string[] {
  return codeKeys.flatMap((key) => (isErrorCode(value[key]) ? [value[key]] : [])).slice(0, 1);
}

const codeInText = /(?<![\w/.-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w/-])/g;

/** Codes named in prose; only those with an underscore can be told from an abbreviation. */
export function codesInText(text: string): string[] {
  return [...new Set([...text.matchAll(codeInText)].map((match) => match[0]))];
}
