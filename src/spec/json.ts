import type { JsonValue } from "./model.ts";

export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectAt(value: unknown, ...keys: readonly string[]): JsonObject {
  let current = value;
  for (const key of keys) current = isObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  return isObject(current) ? current : {};
}

export function arrayAt(value: JsonObject, key: string): readonly unknown[] {
  const found = value[key];
  return Array.isArray(found) ? found : [];
}

export function stringAt(value: JsonObject, key: string): string | undefined {
  const found = value[key];
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: JsonObject, key: string): number | undefined {
  const found = value[key];
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

/** The value as JSON; undefined for what JSON cannot say. */
export function jsonValue(value: unknown, depth = 0): JsonValue | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (depth > 20) return undefined;
  if (Array.isArray(value)) return value.map((item) => jsonValue(item, depth + 1) ?? null);
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).flatMap(([key, item]): [string, JsonValue][] => {
    const json = jsonValue(item, depth + 1);
    return json === undefined ? [] : [[key, json]];
  });
  return Object.fromEntries(entries);
}
