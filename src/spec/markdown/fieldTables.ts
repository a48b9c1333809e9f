import type { Schema } from "../model.ts";
import type { Item, TableBlock } from "./document.ts";
import { yesOrNo } from "./errorTables.ts";
import { readHeaders } from "./headers.ts";
import { cellAt, codeSpans, isBlank, plainText } from "./text.ts";
import { type FlatProperty, limitsIn, schemaOfType, splitTop } from "./typeText.ts";

/** One described field: of an entity, a request, a response or a table. Texts are without Markdown. */
export interface FieldRow {
  readonly name: string;
  /** Empty when the document gives none. */
  readonly type: string;
  readonly required: boolean | undefined;
  readonly constraints: string;
  readonly description: string;
  readonly default: string;
  /** `path`, `query`, `header`, `body`: where a parameter table says the value goes. */
  readonly location: string;
  readonly line: number;
}

/** The fields of a table that has a column of names and says something about each; undefined for other tables. */
export function readFieldTable(table: TableBlock): FieldRow[] | undefined {
  const headers = readHeaders(table.header);
  const name = headers.find("column", "field");
  const type = headers.find("type");
  const required = headers.find("required");
  const description = headers.find("description", "message");
  const constraints = [headers.find("constraints"), headers.find("key")].find(
    (index) => index !== name && index !== undefined,
  );
  if (
    name === undefined ||
    name === type ||
    (type === undefined && required === undefined && constraints === undefined)
  )
    return undefined;
  const nullable = headers.find("nullable");
  return table.rows.flatMap((row) =>
    fieldNames(cellAt(row.cells, name)).map(
      (field): FieldRow => ({
        name: field,
        type: plainText(cellAt(row.cells, type)),
        required: requiredOf(cellAt(row.cells, required), cellAt(row.cells, nullable)),
        constraints: plainText(cellAt(row.cells, constraints)),
        description: description === name ? "" : plainText(cellAt(row.cells, description)),
        default: plainText(cellAt(row.cells, headers.find("default"))),
        location: plainText(cellAt(row.cells, headers.find("location"))).toLowerCase(),
        line: row.line,
      }),
    ),
  );
}

/**
 * The fields of a table that has a column for what they belong to, `Table | Column | Type`, by that name; an empty cell stands for
 * the one above. Undefined for other tables.
 */
export function readGroupedFields(
  table: TableBlock,
  owner: "table" | "entity",
): ReadonlyMap<string, FieldRow[]> | undefined {
  const headers = readHeaders(table.header);
  const column = headers.find(owner);
  const field = headers.find("column", "field");
  const isOfFields = headers.has("type") && !headers.has("index");
  if (column === undefined || field === undefined || column === field || !isOfFields) return undefined;
  const groups = new Map<string, FieldRow[]>();
  const owners = new Map<number, string>();
  let name = "";
  for (const row of table.rows) {
    const [said = name] = fieldNames(cellAt(row.cells, column));
    name = said;
    owners.set(row.line, name);
  }
  const rows = readFieldTable(table) ?? [];
  // Tables of indexes have a type as well.
  if (rows.filter(({ type }) => isTypeText(type)).length < rows.length / 2) return undefined;
  for (const row of rows) {
    const of = owners.get(row.line) ?? "";
    groups.set(of, [...(groups.get(of) ?? []), row]);
  }
  groups.delete("");
  return groups.size > 1 ? groups : undefined;
}

/** `created_at / updated_at` and `a`, `b` describe two fields in one row. */
export function fieldNames(cell: string): string[] {
  const spans = codeSpans(cell);
  const source = spans.length > 0 ? spans : [plainText(cell)];
  return source
    .flatMap((text) => text.split(/\s*(?:,|、|\s\/\s)\s*/))
    .map((text) => text.replace(/[?*]$|\s*\(.*\)$/g, "").trim())
    .filter((text) => /^[\p{L}_$@][\p{L}\p{N}_$.\-[\]]*$/u.test(text));
}

function requiredOf(required: string, nullable: string): boolean | undefined {
  const said = yesOrNo(required);
  if (said !== undefined) return said;
  if (/optional|任意|可选|опцион|conditional/i.test(required)) return false;
  if (/required|必須|必填|обяз/i.test(required)) return true;
  const empty = /not null/i.test(nullable) ? false : yesOrNo(nullable);
  return empty === undefined ? undefined : !empty;
}

const listedField =
  /^(?:\*\*|__)?`?([A-Za-z_$][\w$.[\]]*\??)`?(?:\*\*|__)?\s*(?:\(([^)]*)\)|\[([^\]]*)\])?\s*(?:[:：]|[—–-](?=\s))\s*(.*)$/;

/** `- full_name (string, max 120)`, without anything behind it. */
const bracketedField = /^(?:\*\*|__)?`?([A-Za-z_$][\w$.[\]]*\??)`?(?:\*\*|__)?\s*\(([^)]*)\)()\s*$/;

/** ``- `name`: type — text``, `- **name** (type): text`, `- name: text`; undefined for other list items. */
export function readFieldItem(item: Item): FieldRow | undefined {
  const match = listedField.exec(item.raw) ?? bracketedFieldIn(item.raw);
  if (!match) return undefined;
  const [, name = "", round, square, rest = ""] = match;
  const inBrackets = plainText(round ?? square ?? "");
  const [, first = "", remainder = ""] =
    /^((?:\([^()]*\)|.)*?)(?:\s+[—–-]\s+|\s*,\s+(?=[A-Za-z])|$)(.*)$/s.exec(rest) ?? [];
  const typeFirst = isTypeText(first);
  const type = isTypeText(inBrackets.split(",")[0] ?? "")
    ? (inBrackets.split(",")[0] ?? "")
    : typeFirst
      ? plainText(first)
      : "";
  const text = plainText(typeFirst ? remainder : rest);
  const hints = `${inBrackets} ${rest}`;
  return {
    name: name.replace(/\?$/, ""),
    type: type.replace(/\s*\([^)]*$/, ""),
    required:
      /\boptional\b|\bnullable\b|\bnull\b|任意|可选/i.test(hints) || name.endsWith("?")
        ? false
        : /\brequired\b|必須/i.test(hints)
          ? true
          : undefined,
    constraints: plainText(hints),
    description: text,
    default: "",
    location: "",
    line: item.line,
  };
}

const referringField =
  /^`?([a-z_]\w*)`?\s*(?:→|->)\s*`?([A-Z]\w*)`?\s*(?:\(([^)]*)\)|,\s*((?:optional|nullable|required)))?\s*$/;
const plainField = /^`?([a-z][A-Za-z\d]*(?:_[a-z\d]+)*\??)`?\s*(?:\(([^()]*)\))?$/;

/**
 * The fields of a list item: one as {@link readFieldItem} reads it, `workspace_id → Workspace`, or names with or without brackets,
 * `id, title (1-120), archived (bool)`. Empty for other items.
 */
export function readFieldItems(item: Item): readonly FieldRow[] {
  const own = readFieldItem(item);
  if (own) return [own];
  const [, name = "", target, hints = "", mark = hints] = referringField.exec(item.raw) ?? [];
  if (target !== undefined) return [plainRow(item, name, "", `references ${target} ${mark}`)];
  const parts = splitTop(item.raw, ",").map((part) => plainField.exec(part));
  return parts.flatMap((part) => {
    if (!part || parts.includes(null)) return [];
    const [, named = "", said = ""] = part;
    const [first = ""] = said.split(",");
    return [plainRow(item, named, isTypeText(first) ? first : "", said)];
  });
}

function plainRow({ line }: Item, name: string, type: string, constraints: string): FieldRow {
  const isOptional = name.endsWith("?") || /\boptional\b|\bnullable\b/i.test(constraints);
  const required = isOptional ? false : undefined;
  return {
    name: name.replace(/\?$/, ""),
    type,
    required,
    constraints,
    description: "",
    default: "",
    location: "",
    line,
  };
}

function bracketedFieldIn(raw: string): RegExpExecArray | undefined {
  const match = bracketedField.exec(raw);
  return match && isTypeText(match[2]?.split(",")[0] ?? "") ? match : undefined;
}

/** Whether a phrase is a type, not the beginning of a sentence. */
export function isTypeText(text: string): boolean {
  const plain = plainText(text);
  if (plain === "" || plain.length > 80) return false;
  const bare = plain.replace(/\s*\([^)]*\)\s*$/, "");
  const schema = schemaOfType(/^(?:enum|one of|literal)\b/i.test(plain) ? plain : bare);
  if (schema.type === "any") return /^(?:any|unknown)$/i.test(plain);
  if (schema.type === "ref" && schema.nullable) return true;
  if (schema.type !== "ref") return bare.split(" ").length <= 4 || schema.type === "union" || schema.enum !== undefined;
  return plain === "Money" || /^[A-Z][a-z]+(?:[A-Z][a-z0-9]*)+$/.test(plain);
}

/** Fields as properties of a request or response body. */
export function propertiesOf(rows: readonly FieldRow[]): FlatProperty[] {
  return rows.map((row) => {
    const said = `${row.constraints} ${row.type.includes("(") ? row.type : ""}`;
    const schema = limitsAtStart(row.description, limitsIn(said, schemaOfType(row.type)));
    const required = row.required ?? !/\boptional\b|任意|可选/i.test(`${row.constraints} ${row.description}`);
    return { name: row.name, required, schema: { ...schema, ...details(row) } };
  });
}

/** The type with the limits that a description opens with: `1 to 280 characters`, `Max 80`, `≥ 0`. */
export function limitsAtStart(description: string, schema: Schema): Schema {
  const limit =
    /^(?:between\s+)?(?:\d+\s*(?:to|and|–|-|\.\.)\s*\d+|(?:min|max|at least|at most|up to|one of)\b|[≥≤<>])[^.;]*/i.exec(
      description,
    );
  return limit ? limitsIn(limit[0], schema) : schema;
}

function details(row: FieldRow): Partial<Schema> {
  const fallback = isBlank(row.default)
    ? /\bdefaults?(?: to|:|\s)\s*["'`]?([\w.-]+)/i.exec(`${row.constraints} ${row.description}`)?.[1]
    : row.default;
  const nullable =
    /\bnull(?:able)?\b/i.test(`${row.constraints} ${row.description}`) &&
    !/\b(?:not|never|non)[ -]null/i.test(`${row.constraints} ${row.description}`);
  return {
    ...(row.description !== "" && { description: row.description }),
    ...(nullable && { nullable: true }),
    ...(fallback !== undefined && !/^(?:null|none)$/i.test(fallback) && { default: defaultValue(fallback) }),
  };
}

function defaultValue(text: string): string | number | boolean {
  const plain = text.replace(/^["']|["'.]$/g, "");
  if (/^-?\d+(?:\.\d+)?$/.test(plain)) return Number(plain);
  return plain === "true" || plain === "false" ? plain === "true" : plain;
}
