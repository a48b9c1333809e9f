import { randomUUID } from "node:crypto";
import { isNode, listAt, type Node, nodeAt, resolved, shapeOf } from "../../backend/contract/schemas.ts";

/** Finds a value that an earlier answer gave, by the name of a parameter or property. */
export type Known = (name: string) => unknown;

/**
 * A value that a schema allows: what is known, the schema's own example, or the simplest one. Of an
 * object only what is required, or everything where `all` is set or nothing is required.
 */
export function exampleValue(document: Node, schema: unknown, known: Known, all = false): unknown {
  const shape = shapeOf(document, schema);
  const own = resolved(document, schema);
  const [variant] = shape.variants;
  if (variant !== undefined && shape.variants.length > 1) return exampleValue(document, variant, known, all);
  if (shape.properties.size > 0) {
    const names = [...shape.properties.keys()].filter(
      (name) => resolved(document, shape.properties.get(name))["readOnly"] !== true,
    );
    const required = names.filter((name) => shape.required.includes(name));
    const chosen = all || required.length === 0 ? names : required;
    return Object.fromEntries(
      chosen.map((name) => [
        name,
        known(name) ?? exampleValue(document, shape.properties.get(name), (inner) => known(`${name}.${inner}`)),
      ]),
    );
  }
  const given = own["example"] ?? listAt(own, "examples")[0] ?? own["default"] ?? listAt(own, "enum")[0];
  if (given !== undefined && given !== null) return given;
  const listed = listAt(nodeAt({ keywords: shape.keywords }, "keywords"), "enum")[0];
  return listed ?? simplest(document, shape.types[0] ?? "object", own, shape.items);
}

function simplest(document: Node, type: string, schema: Node, items: unknown): unknown {
  const minimum = Number(schema["minimum"] ?? schema["exclusiveMinimum"] ?? 1);
  switch (type) {
    case "boolean":
      return true;
    case "integer":
      return schema["exclusiveMinimum"] === undefined ? minimum : minimum + 1;
    case "number":
      return minimum + 0.5;
    case "array":
      return Array.from({ length: Math.max(1, Number(schema["minItems"] ?? 1)) }, () =>
        exampleValue(document, items, () => undefined),
      );
    case "string":
      return simplestText(schema);
    default:
      return isNode(schema["additionalProperties"]) ? {} : { key: "value" };
  }
}

const textOfFormat: Readonly<Record<string, () => string>> = {
  uuid: () => randomUUID(),
  "date-time": () => "2030-01-31T12:00:00Z",
  date: () => "2030-01-31",
  time: () => "12:00:00",
  email: () => "ada@example.com",
  uri: () => "https://example.com/",
  binary: () => "bytes",
};

function simplestText(schema: Node): string {
  const byFormat = textOfFormat[String(schema["format"])];
  if (byFormat) return byFormat();
  const least = Number(schema["minLength"] ?? 0);
  return "text".padEnd(least, "x").slice(0, Number(schema["maxLength"] ?? Number.POSITIVE_INFINITY));
}
