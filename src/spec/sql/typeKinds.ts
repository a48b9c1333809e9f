import type { SqlType } from "../model.ts";

export function isJson(type: SqlType): boolean {
  return type.name === "json" || type.name === "jsonb";
}

export function isText(type: SqlType): boolean {
  return textTypes.has(valueType(type).name);
}

export function isTimestamp(type: SqlType): boolean {
  return /^(?:timestamp|timestamptz|date)$/.test(valueType(type).name);
}

/**
 * The type of the values: of a domain the one it is over. JSON in a domain stays the text that the
 * database driver takes, because nobody turns the value of a domain into it.
 */
export function valueType(type: SqlType): SqlType {
  if (!type.domain || isJson(type.domain.base)) return type;
  return { ...type.domain.base, array: type.array || type.domain.base.array };
}

/** Types that serve the database's own search and mean nothing to the domain. */
export function isSearchType(type: SqlType): boolean {
  return type.name === "tsvector" || type.name === "tsquery";
}

const textTypes = new Set(["text", "varchar", "char", "bpchar", "citext", "name"]);
