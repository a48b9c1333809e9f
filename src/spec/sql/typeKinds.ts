import type { SqlType } from "../model.ts";

export function isJson(type: SqlType): boolean {
  return type.name === "json" || type.name === "jsonb";
}

export function isText(type: SqlType): boolean {
  return textTypes.has(type.name);
}

export function isTimestamp(type: SqlType): boolean {
  return type.name === "timestamp" || type.name === "timestamptz" || type.name === "date";
}

/** Types that serve the database's own search and mean nothing to the domain. */
export function isSearchType(type: SqlType): boolean {
  return type.name === "tsvector" || type.name === "tsquery";
}

const textTypes = new Set(["text", "varchar", "char", "bpchar", "citext", "name"]);
