import type { Endpoint, Property, Schema } from "../../../../src/spec/model.ts";
import { placeOf } from "./endpoints.ts";
import { type Backend, escaped, type Mutated, type Operator, pathOf, replaced, textOf } from "./operator.ts";

type Part = "body" | "answer";

interface FieldPlace {
  readonly property: Property;
  readonly path: string;
  /** The class as it stands, and the declaration of the field in it. */
  readonly model: string;
  readonly field: string;
  readonly pythonName: string;
}

/** Objects within the schema that a named model stands for. */
function objectOf({ spec }: Backend, schema: Schema | undefined, depth = 0): Schema | undefined {
  if (!schema || depth > 3) return undefined;
  const named = spec.api.schemas.find(({ name }) => name === schema.ref);
  if (named) return objectOf(undefinedFree(spec), named.schema, depth + 1);
  return schema.type === "object" && schema.properties && !schema.variants ? schema : undefined;
}

function undefinedFree(spec: Backend["spec"]): Backend {
  return { spec, files: [] };
}

function schemaOf(endpoint: Endpoint, part: Part): Schema | undefined {
  const { request, responses } = endpoint;
  if (part === "body")
    return request?.confidence === undefined && /json/.test(request?.contentType ?? "") ? request?.schema : undefined;
  const [answer, ...others] = responses.filter(({ status, schema }) => status >= 200 && status < 300 && schema);
  return answer && others.length === 0 && answer.confidence === undefined ? answer.schema : undefined;
}

/** What the handler takes as `body`, or answers. */
function modelName(backend: Backend, id: string, part: Part): string | undefined {
  const place = placeOf(backend, id);
  const text = textOf(backend.files, place?.path);
  const from = text.slice(text.indexOf(place?.declaration ?? "none") + (place?.declaration.length ?? 0));
  const signature = /^\s*async def \w+\(([\s\S]*?)\) -> ([^\n]*):\n/.exec(from);
  const name =
    part === "body" ? /\bbody: (\w+)/.exec(signature?.[1] ?? "")?.[1] : /^\w+$/.exec(signature?.[2] ?? "")?.[0];
  return place?.declaration.includes("response_model") ? undefined : name;
}

function fieldsOf(backend: Backend, id: string, part: Part): FieldPlace[] {
  const endpoint = backend.spec.api.endpoints.find((one) => one.id === id);
  const schema = endpoint && objectOf(backend, schemaOf(endpoint, part));
  const name = modelName(backend, id, part);
  const path = name && pathOf(backend.files, "api/schemas/", new RegExp(`\\nclass ${escaped(name)}\\(`));
  const model = new RegExp(`\\nclass ${escaped(name ?? "none")}\\([\\s\\S]*?(?=\\n\\n\\n|$(?![\\s\\S]))`).exec(
    textOf(backend.files, path),
  )?.[0];
  if (!schema || path === undefined || model === undefined) return [];
  const hidden = part === "body" ? "readOnly" : "writeOnly";
  return (schema.properties ?? []).flatMap((property) => {
    const pythonName = property.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const field = new RegExp(`\\n    ${escaped(pythonName)}: \\w[^\\n(]*[^\\n([](?=\\n)`).exec(model)?.[0];
    return field === undefined || property.schema[hidden] ? [] : [{ property, path, model, field, pythonName }];
  });
}

type Change = (place: FieldPlace) => { readonly field: string; readonly difference: string } | undefined;

function changing(part: Part, change: Change): Operator["apply"] {
  return (backend, id): Mutated | undefined => {
    for (const place of fieldsOf(backend, id, part)) {
      const changed = change(place);
      const model = changed && place.model.replace(place.field, () => changed.field);
      const files = model && replaced(backend.files, place.path, place.model, model);
      const path = placeOf(backend, id)?.path;
      if (changed && files && path !== undefined)
        return {
          files,
          expected: [{ id, status: "mismatched", difference: changed.difference, path, shows: "router." }],
        };
    }
    return undefined;
  };
}

const gone: Change = ({ property }) => ({ field: "", difference: ` has no ${property.name} (src/` });

const renamed: Change = ({ property, field, pythonName }) => ({
  field: field.replace(pythonName, `${pythonName}_other`),
  difference: ` has no ${property.name} (src/`,
});

const beyond: Change = ({ field }) => ({
  field: `${field}\n    leftover: str`,
  difference: "has leftover beyond the design (src/",
});

const otherType: Change = ({ property: { name, schema }, field }) => {
  if (schema.type === "ref" || schema.type === "any" || schema.type === "union" || schema.type === "boolean")
    return undefined;
  if (schema.type === "object" && !schema.properties?.length) return undefined;
  return { field: field.replace(/: [^=]*?(?= =|$)/, ": bool"), difference: `${name} of the ` };
};

const nullable: Change = ({ property: { name, required, schema }, field }) => {
  if (
    !required ||
    schema.nullable ||
    schema.type === "any" ||
    schema.type === "ref" ||
    field.includes("None") ||
    field.includes(" = ")
  )
    return undefined;
  return { field: `${field} | None`, difference: `${name} of the answer may be null` };
};

const optional: Change = ({ property: { name, required }, field }) =>
  required && !field.includes(" = ")
    ? { field: `${field} = None`, difference: `${name} of the body may be left out, the design requires it` }
    : undefined;

const demanded: Change = ({ property: { name, required }, field }) =>
  required || !field.includes(" = ")
    ? undefined
    : { field: field.replace(/ = .*/, ""), difference: `${name} of the body is required` };

const operators: readonly (readonly [string, Operator["apply"]])[] = [
  ["a field that the answer lacks", changing("answer", gone)],
  ["a field of the answer under another name", changing("answer", renamed)],
  ["a field beyond the answer", changing("answer", beyond)],
  ["a field of the answer with another type", changing("answer", otherType)],
  ["a field of the answer that may be null", changing("answer", nullable)],
  ["a field that the body lacks", changing("body", gone)],
  ["a field beyond the body", changing("body", beyond)],
  ["a field of the body with another type", changing("body", otherType)],
  ["a field of the body that may be left out", changing("body", optional)],
  ["a field of the body that must be sent", changing("body", demanded)],
];

export const bodyOperators: readonly Operator[] = operators.map(([what, apply]) => ({ what, kind: "endpoint", apply }));
