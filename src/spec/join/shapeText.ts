import { schemaOfType, splitTop } from "../markdown/typeText.ts";
import type { Property, Schema } from "../model.ts";

/**
 * A shape in one line, TypeScript-like because people and models read and write it best:
 * `{ name: string; note?: string | null; tags: string[] }`. Limits are left out.
 */
export function shapeText(schema: Schema, textOf: (inner: Schema) => string = shapeText): string {
  const text = bareText(schema, textOf);
  return schema.nullable ? `${text} | null` : text;
}

/** Reads what {@link shapeText} writes, and what people write by hand; undefined when it is neither. */
export function readShape(text: string): Schema | undefined {
  const trimmed = text.trim();
  const list = /^(\{.*\})\s*\[\]$/s.exec(trimmed)?.[1];
  if (list !== undefined) {
    const items = readShape(list);
    return items && { type: "array", items };
  }
  if (trimmed.startsWith("{")) return trimmed.endsWith("}") ? readObject(trimmed.slice(1, -1)) : undefined;
  const alternatives = splitTop(trimmed, "|");
  if (alternatives.length > 1 && alternatives.includes("null")) {
    const inner = readShape(alternatives.filter((item) => item !== "null").join(" | "));
    return inner && { ...inner, nullable: true };
  }
  const formatted = /^(string|integer|number)<([\w-]+)>(\[\])?$/.exec(trimmed);
  if (!formatted) return trimmed === "" ? undefined : schemaOfType(trimmed);
  const [, type, format = "", many] = formatted;
  const schema: Schema = { type: type as "string" | "integer" | "number", format };
  return many === undefined ? schema : { type: "array", items: schema };
}

function readObject(inner: string): Schema | undefined {
  const parts = splitTop(inner.replace(/\n/g, ";"), ";").flatMap((part) => splitTop(part, ","));
  const properties = parts.map(readProperty);
  return properties.every((property) => property !== undefined) ? { type: "object", properties } : undefined;
}

function readProperty(text: string): Property | undefined {
  const match = /^"?([\p{L}_$][\p{L}\p{N}_$.-]*)"?(\?)?\s*:\s*(.+)$/su.exec(text);
  const schema = readShape(match?.[3] ?? "");
  return match?.[1] !== undefined && schema ? { name: match[1], required: match[2] === undefined, schema } : undefined;
}

function bareText(schema: Schema, textOf: (inner: Schema) => string): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  switch (schema.type) {
    case "ref":
      return schema.ref ?? "unknown";
    case "array":
      return arrayText(schema.items ? textOf(schema.items) : "unknown");
    case "union":
      return (schema.variants ?? []).map(textOf).join(" | ");
    case "object": {
      const fields = (schema.properties ?? []).map(
        ({ name, required, schema: type }) => `${name}${required ? "" : "?"}: ${textOf(type)}`,
      );
      return fields.length > 0 ? `{ ${fields.join("; ")} }` : "{ }";
    }
    case "string":
    case "integer":
    case "number":
    case "boolean":
    case "any":
      return schema.format ? `${schema.type}<${schema.format}>` : schema.type;
  }
}

function arrayText(item: string): string {
  return item.includes(" | ") && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
}
