import { isObject } from "../json.ts";
import type { Property, Schema } from "../model.ts";
import { parsePlainYaml } from "../plainYaml.ts";
import { limitsIn, schemaOfType } from "./typeText.ts";

/**
 * The value of a JSON example. Examples in documents have comments, trailing commas, `...` for what
 * is left out, and bare type words; undefined when it is not JSON even so.
 */
export function parseJsonExample(text: string): unknown {
  for (const candidate of [text, tidied(text)]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The next form is tried.
    }
  }
  if (!/^\s*[[{]/.test(text) || text.length > 20_000) return undefined;
  try {
    return parsePlainYaml(tidied(text));
  } catch {
    return undefined;
  }
}

function tidied(text: string): string {
  return text
    .replace(
      /("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n"]*$/gm,
      (_, quoted: string | undefined) => quoted ?? "",
    )
    .replace(/("(?:[^"\\\n]|\\.)*")|,?\s*(?:\.\.\.|…)(?=\s*[,}\]])/g, (_, quoted: string | undefined) => quoted ?? "")
    .replace(/("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])/g, (_, quoted: string | undefined) => quoted ?? "");
}

/** The first of several JSON values in one fence, each behind a comment; examples often stand so. */
export function jsonExamples(text: string): unknown[] {
  const whole = parseJsonExample(text);
  if (whole !== undefined) return [whole];
  const pieces = text.split(/\n(?=\s*(?:\/\/|#))|\n\s*\n/).map(parseJsonExample);
  return pieces.filter((value) => value !== undefined && value !== null);
}

/** The shape that an example shows; every key it has is required unless the example says otherwise. */
export function shapeOf(value: unknown, depth = 0): Schema {
  if (depth > 20) return { type: "any" };
  if (Array.isArray(value))
    return { type: "array", items: value.length > 0 ? shapeOf(value[0], depth + 1) : { type: "any" } };
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([key]) => /^[\w@$.\-[\]?*]+$/.test(key) && !/^\.+$/.test(key));
    const isTyped = saysTypes(entries);
    return {
      type: "object",
      properties: entries.map(([key, item]) => {
        const property = propertyOf(key, item, depth);
        return isTyped && isModelName(item) ? { ...property, schema: schemaOfType(item) } : property;
      }),
    };
  }
  if (typeof value === "string") return textShape(value);
  if (typeof value === "number") return { type: Number.isInteger(value) ? "integer" : "number" };
  return typeof value === "boolean" ? { type: "boolean" } : { type: "any", nullable: true };
}

/** `{ roomId: uuid, stay: DateRange, deposit?: Money }`: types stand where an example has values, so a name is one as well. */
function saysTypes(entries: readonly (readonly [string, unknown])[]): boolean {
  const texts = entries.flatMap(([, value]) => (typeof value === "string" ? [value] : []));
  const isSaid = (text: string): boolean => typeWord.test(text) || /\|\s*null$/.test(text);
  return (
    texts.every((text) => isSaid(text) || isModelName(text)) &&
    (texts.some(isSaid) || entries.some(([key]) => key.endsWith("?")))
  );
}

function isModelName(value: unknown): value is string {
  return typeof value === "string" && /^[A-Z][a-z][A-Za-z0-9]*(?:\[\])?(?:\s*\|\s*null)?$/.test(value);
}

function propertyOf(key: string, value: unknown, depth: number): Property {
  const optional = key.endsWith("?") || (typeof value === "string" && /\boptional\b|任意|необязат/i.test(value));
  return { name: key.replace(/[?*]$/, ""), required: !optional, schema: shapeOf(value, depth + 1) };
}

const samples: readonly (readonly [RegExp, Schema])[] = [
  [/^[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{8,12}$/i, { type: "string", format: "uuid" }],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d/, { type: "string", format: "date-time" }],
  [/^\d{4}-\d\d-\d\d$/, { type: "string", format: "date" }],
  [/^[^\s@"]+@[^\s@"]+\.[a-z]{2,}$/i, { type: "string", format: "email" }],
  [/^https?:\/\/\S+$/, { type: "string", format: "uri" }],
];

const typeWord =
  /^<?(?:string|str|text|uuid|int|integer|number|float|decimal|bool|boolean|date|datetime|timestamp|iso-?8601|email|url|uri|object|array)\b/i;

/** A sample value, or a type word where the value would stand: `"uuid"`, `"string (required, min 1)"`. */
function textShape(value: string): Schema {
  const sample = samples.find(([pattern]) => pattern.test(value));
  if (sample) return sample[1];
  if (!typeWord.test(value) || value.length > 120) return { type: "string" };
  const type = value.replace(/^<|>$/g, "").replace(/\s*[(,;—–].*$/, "");
  const schema = schemaOfType(type);
  return limitsIn(
    value.slice(type.length),
    schema.type === "ref" || schema.type === "any" ? { type: "string" } : schema,
  );
}
