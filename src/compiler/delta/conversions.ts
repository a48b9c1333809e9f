import type { Column, SqlType } from "../../spec/model.ts";
import { isText } from "../../spec/sql/typeKinds.ts";
import { quoted, quotedKey } from "../schemaText.ts";
import { isKnownType, sqlTypeText } from "../sqlTypes.ts";

/**
 * What becomes of a column's values under another type.
 *
 * `kept`: every value survives, or the migration fails and says which does not. `lossy`: PostgreSQL
 * would round or cut off without a word. `impossible`: there is no cast.
 */
export type Conversion = "same" | "kept" | "lossy" | "impossible";

export function conversionOf(from: SqlType, to: SqlType): Conversion {
  if (sqlTypeText(plain(from)) === sqlTypeText(plain(to))) return "same";
  if (from.array !== to.array) return "impossible";
  const [old, next] = [plain(from), plain(to)];
  if (old.name === next.name) return precisionChange(old, next);
  if (isText(next)) return "kept";
  if (isText(old) || !isKnownType(old) || !isKnownType(next)) return fromText(old, next);
  return casts[familyOf(old)]?.[familyOf(next)]?.(old, next) ?? "impossible";
}

/** Whether PostgreSQL itself builds checks, keys and indexes anew under the other type, as a new table would have them. */
export function rebuildsDependents(from: SqlType, to: SqlType): boolean {
  const [old, next] = [plain(from), plain(to)];
  return old.array === next.array && ((isKnownType(old) && old.name === next.name) || [old, next].every(isInteger));
}

/** The expression after `USING`; undefined where PostgreSQL's assignment cast does it, which refuses to cut off text. */
export function usingExpression({ name, type: from }: Column, { type: to }: Column): string | undefined {
  const column = quoted(name);
  const [old, next] = [plain(from), plain(to)];
  if (isMoment(old) && isMoment(next) && old.name !== next.name) return `${column} AT TIME ZONE 'UTC'`;
  const [wasKnown, isKnown] = [isKnownType(old) && !isText(old), isKnownType(next)];
  if (isText(next) || (wasKnown && isKnown && old.name !== "bool")) {
    return isText(next) && !isText(old) ? `${column}::text${next.array ? "[]" : ""}` : undefined;
  }
  const target = castTarget(next);
  return isKnownType(old) ? `${column}::${target}` : `${column}::text${old.array ? "[]" : ""}::${target}`;
}

function isInteger(type: SqlType): boolean {
  return familyOf(type) === "integer";
}

function isMoment({ name }: SqlType): boolean {
  return name === "timestamp" || name === "timestamptz";
}

/** What rows that stand get in a new column that must not be null; undefined where nothing neutral exists. */
export function neutralValue(
  { type: given }: Column,
  enums: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const type = plain(given);
  if (type.array) return "'{}'";
  if (isText(type)) return "''";
  const first = enums.get(type.name)?.[0];
  return first === undefined ? neutral[type.name] : `'${first.replaceAll("'", "''")}'`;
}

/** One name for a type, however the design spells it; a serial column is an integer one. */
function plain(type: SqlType): SqlType {
  return { ...type, name: aliases[type.name] ?? type.name };
}

const aliases: Readonly<Record<string, string>> = {
  smallserial: "int2",
  serial: "int4",
  bigserial: "int8",
  char: "bpchar",
};

function castTarget(type: SqlType): string {
  return isKnownType(type) ? sqlTypeText(type) : `${quotedKey(type.name)}${type.array ? "[]" : ""}`;
}

/** The same type with other arguments. A text that is too long makes the migration fail; a number is rounded. */
function precisionChange(from: SqlType, to: SqlType): Conversion {
  if (isText(from) || to.arguments.length === 0) return "kept";
  const detail = from.name === "numeric" ? 1 : 0;
  const [old, next] = [from.arguments[detail], to.arguments[detail]];
  if (from.arguments.length === 0) return "lossy";
  return (next ?? 0) < (old ?? 0) ? "lossy" : "kept";
}

/** Text, and enums by way of text: what cannot be read makes the migration fail, but for digits that are rounded away. */
function fromText(from: SqlType, to: SqlType): Conversion {
  if (!isText(from)) return isKnownType(from) || isKnownType(to) ? "impossible" : "kept";
  return to.name === "date" || to.name === "time" || (to.name === "numeric" && to.arguments.length > 0)
    ? "lossy"
    : "kept";
}

type Family = "integer" | "numeric" | "float" | "date" | "timestamp" | "json" | "bool" | "other";

function familyOf({ name }: SqlType): Family {
  return families[name] ?? "other";
}

const families: Readonly<Record<string, Family>> = {
  int2: "integer",
  int4: "integer",
  int8: "integer",
  numeric: "numeric",
  float4: "float",
  float8: "float",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamp",
  json: "json",
  jsonb: "json",
  bool: "bool",
};

type Judgement = (from: SqlType, to: SqlType) => Conversion;

const kept: Judgement = () => "kept";
const lossy: Judgement = () => "lossy";

const casts: Readonly<Partial<Record<Family, Readonly<Partial<Record<Family, Judgement>>>>>> = {
  integer: {
    integer: kept,
    numeric: kept,
    float: (from, to) => (from.name !== "int8" && to.name === "float8" ? "kept" : "lossy"),
    bool: lossy,
  },
  numeric: { integer: lossy, float: lossy },
  float: { integer: lossy, numeric: lossy, float: (_, to) => (to.name === "float8" ? "kept" : "lossy") },
  date: { timestamp: kept },
  timestamp: { timestamp: kept, date: lossy },
  json: { json: kept },
  bool: { integer: (_, to) => (to.name === "int4" ? "kept" : "impossible") },
};

const neutral: Readonly<Record<string, string>> = {
  int2: "0",
  int4: "0",
  int8: "0",
  numeric: "0",
  money: "0",
  float4: "0",
  float8: "0",
  bool: "false",
  date: "CURRENT_DATE",
  timestamp: "now()",
  timestamptz: "now()",
  interval: "'0'",
  uuid: "gen_random_uuid()",
  json: "'{}'",
  jsonb: "'{}'",
  bytea: "''",
};
