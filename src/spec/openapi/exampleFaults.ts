import { arrayAt, isObject, type JsonObject, numberAt, stringAt } from "../json.ts";
import type { Problem } from "../reading.ts";
import type { YamlSource } from "./yamlSource.ts";

/**
 * Examples that contradict the schema they stand in: such an example, copied, is a request that is refused.
 *
 * Only what one schema says of itself is held against its own `example` and `examples`, without following references.
 */
export function exampleFaults(source: YamlSource): Problem[] {
  return faultsBelow(source.root, [], source);
}

function faultsBelow(value: unknown, keys: readonly string[], source: YamlSource): Problem[] {
  if (keys.length > deepest) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => faultsBelow(item, [...keys, String(index)], source));
  }
  if (!isObject(value)) return [];
  const areNames = keys.at(-1) === "properties";
  const children = Object.entries(value).filter(([key]) => areNames || !notSchemas.has(key));
  return [
    ...(areNames ? [] : faultsOf(value, keys, source)),
    ...children.flatMap(([key, child]) => faultsBelow(child, [...keys, key], source)),
  ];
}

const deepest = 60;

const notSchemas: ReadonlySet<string> = new Set(["example", "examples", "default", "enum", "const"]);

function faultsOf(schema: JsonObject, keys: readonly string[], source: YamlSource): Problem[] {
  const examples = [...("example" in schema ? [schema["example"]] : []), ...arrayAt(schema, "examples")];
  const place = keys.includes("paths") || keys.includes("components") ? keys : [];
  return examples.flatMap((example): Problem[] => {
    const fault = faultOf(example, schema);
    if (fault === undefined || place.length === 0) return [];
    const { path, line } = source.spanOf([...keys, "example" in schema ? "example" : "examples"]);
    const shown = JSON.stringify(example)?.slice(0, 60) ?? "";
    const message = `The example ${shown} of ${keys.at(-1)} ${fault}; correct the example or the schema.`;
    return [{ path, line, severity: "warning", code: "SPEC-EXAMPLE", message }];
  });
}

function faultOf(example: unknown, schema: JsonObject): string | undefined {
  if (example === null || example === undefined) return undefined;
  const types = [schema["type"]].flat().filter((type) => typeof type === "string");
  if (types.length > 0 && !types.some((type) => hasType(example, type))) {
    return `is no ${types.filter((type) => type !== "null").join(" or ")}`;
  }
  const values = arrayAt(schema, "enum");
  if (values.length > 0 && !Array.isArray(example) && !values.some((value) => value === example)) {
    return `is none of ${values.slice(0, 8).join(", ")}`;
  }
  return typeof example === "string" ? lengthFault(example, schema) : rangeFault(example, schema);
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "number":
    case "string":
    case "boolean":
      return typeof value === type;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    default:
      return true;
  }
}

function lengthFault(example: string, schema: JsonObject): string | undefined {
  const length = [...example].length;
  const [shortest, longest] = [numberAt(schema, "minLength"), numberAt(schema, "maxLength")];
  if (longest !== undefined && length > longest) return `is longer than ${longest} characters`;
  if (shortest !== undefined && length < shortest) return `is shorter than ${shortest} characters`;
  const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(example);
  return stringAt(schema, "format") === "uuid" && !isUuid ? "is no UUID" : undefined;
}

function rangeFault(example: unknown, schema: JsonObject): string | undefined {
  if (typeof example !== "number") return undefined;
  const [least, most] = [numberAt(schema, "minimum"), numberAt(schema, "maximum")];
  if (least !== undefined && example < least) return `is less than ${least}`;
  return most !== undefined && example > most ? `is more than ${most}` : undefined;
}
