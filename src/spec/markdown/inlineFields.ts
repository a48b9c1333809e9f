import type { FieldRow } from "./fieldTables.ts";
import { isTypeText } from "./fieldTables.ts";
import { plainText } from "./text.ts";
import { splitTop } from "./typeText.ts";

/**
 * The fields that a phrase enumerates: `` `name` (1..80), `species` (dog, cat), `born_on` (date, optional) ``. Undefined for a
 * phrase that says more than their names and, in brackets, what they are. Of `items (list of …)` the inner ones follow as
 * `items[].sku`, as in tables.
 */
export function inlineFields(phrase: string, line: number): FieldRow[] | undefined {
  const text = phrase
    .trim()
    .replace(/[.;]$/, "")
    .replace(/^(?:(?:a |an )?(?:JSON|object)\s+(?:with|of)|(?:the )?fields?:?|with)\s+/i, "");
  const rows: FieldRow[] = [];
  let at = 0;
  while (at < text.length) {
    const item = nextItem(text.slice(at));
    if (!item || isWhole(item.name)) return undefined;
    rows.push(...rowsOf(item, line));
    at += item.length;
  }
  return rows.length > 0 ? rows : undefined;
}

/** `OrderResponse`, `orderCreateSchema`, `null`: what is sent as a whole, not a field of it. */
function isWhole(name: string): boolean {
  return /^(?:[A-Z][a-z]|(?:null|none|true|false|void|string|integer|int|number|boolean|bool|object|array|json|uuid|binary|file|bytes)$|\w+(?:Schema|Dto|DTO|Response|Request|Model)$)/.test(
    name,
  );
}

/** One of the enumerated, `` `q`? (string, required) `` or `` `qty`: int ``, up to the next. */
interface Listed {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  /** Of `` `amount`: `{ "value": decimal }` ``, without the braces. */
  readonly parts: string;
  readonly brackets: string;
  readonly length: number;
}

const listed =
  /^`([A-Za-z_$][\w$.[\]]*)(\??)`(\??)(?:\s*:\s*(?:`?\{([^{}`]*)\}`?|([A-Za-z][\w[\]|<>? ]*?)))?\s*(?:\(((?:[^()]|\([^()]*\))*)\))?(?:\s*(?:,|;|、|·|\+|&|\band\b|\bor\b))*\s*(?=`|$)/;

function nextItem(text: string): Listed | undefined {
  const found = listed.exec(text);
  if (!found) return undefined;
  const [{ length }, name = "", inside, behind, parts = "", type = "", brackets = ""] = found;
  const optional = inside === "?" || behind === "?";
  return { name, optional, type: type.trim(), parts: parts.trim(), brackets: brackets.trim(), length };
}

function rowsOf({ name, optional, type, parts, brackets }: Listed, line: number): FieldRow[] {
  if (parts !== "") return objectRows({ name, optional, parts }, line);
  const inner = innerFields(name, brackets, line);
  const plain = plainText(brackets);
  const said = type || (inner ? "array" : typeIn(name, plain));
  const row: FieldRow = {
    name,
    type: said,
    required: optional || /\boptional\b|\bnullable\b/i.test(plain) ? false : isRequired(plain),
    constraints: plain,
    description:
      said === ""
        ? plain
            .split(/\s*[,;]\s*/)
            .filter((part) => !isMark(part))
            .join(", ")
        : "",
    default: "",
    location: "",
    line,
  };
  return [row, ...(inner ?? []).map((part) => ({ ...part, name: `${name}[].${part.name}` }))];
}

function objectRows({ name, optional, parts }: Pick<Listed, "name" | "optional" | "parts">, line: number): FieldRow[] {
  const row = { constraints: "", description: "", default: "", location: "", line };
  const inner = splitTop(parts, ",").flatMap((part) => {
    const [, field, mark, type = ""] = /^["']?([A-Za-z_$][\w$]*)["']?(\??)\s*(?::\s*(.+))?$/.exec(part) ?? [];
    return field === undefined
      ? []
      : [{ ...row, name: `${name}.${field}`, type, required: mark === "?" ? false : undefined }];
  });
  return [{ ...row, name, type: "object", required: optional ? false : undefined }, ...inner];
}

function isRequired(brackets: string): true | undefined {
  return /\brequired\b/i.test(brackets) ? true : undefined;
}

/** `medications` (list of `name`, `dose_mg`) */
function innerFields(name: string, brackets: string, line: number): FieldRow[] | undefined {
  const inner = /^(?:(?:list|array) of|each(?: with)?|objects? with)\s+(?:objects? (?:with|of)\s+|\{)?(`.*?)\}?$/i.exec(
    brackets,
  )?.[1];
  if (inner !== undefined) return inlineFields(inner, line);
  const words = /(?:^|_)(?:items|lines|rows|entries)$/i.test(name) ? brackets.split(/\s*,\s*/) : [];
  const areNames = words.length > 1 && words.every((word) => /^`?[a-z]\w*`?$/i.test(word) && !isQualifier(word));
  return areNames ? inlineFields(words.map((word) => `\`${plainText(word)}\``).join(", "), line) : undefined;
}

const numberNames = /^(?:limit|offset|page|size|per_?page|page_?size|skip|take|top|first|depth)$/i;

/** As a type in a table is written; empty when the brackets name none. */
function typeIn(name: string, brackets: string): string {
  const parts = brackets.split(/\s*[,;]\s*/).filter((part) => part !== "" && !isQualifier(part));
  const [first = ""] = parts;
  if (isTypeText(first)) return first;
  const values = parts
    .flatMap((part) => part.split(/\s*(?:\/|\||\bor\b)\s*/))
    .map((value) => value.replace(/["']/g, ""));
  if (values.length > 1 && values.every((value) => /^[A-Za-z][\w-]*$/.test(value) && !isTypeText(value))) {
    return `enum(${values.join(", ")})`;
  }
  const fallback = /\bdefaults?(?: to|:)?\s+["'`]?([\w.-]+)/i.exec(brackets)?.[1] ?? "";
  if (numberNames.test(name) || /^\d+$/.test(fallback)) return "integer";
  return /^(?:true|false)$/i.test(fallback) ? "boolean" : "";
}

function isQualifier(part: string): boolean {
  return isMark(part) || /^(?:min|max|up to|at (?:least|most)|[<>≤≥=]|\d)/i.test(part);
}

/** Said of a field besides what it holds. */
function isMark(part: string): boolean {
  return /^(?:optional|required|nullable|unique|mandatory|defaults?)\b/i.test(part);
}
