import type { ApiDesign, Property, Schema } from "../model.ts";
import type { ResourceField } from "./resourceFields.ts";

/** How names are written on the wire. */
export type WireName = (name: string) => string;

/** In the convention of the contract's other names. */
export function wireNaming(api: ApiDesign): WireName {
  return usesCamelCase(api)
    ? (name) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    : (name) => name;
}

export function usesCamelCase({ schemas, endpoints, casing }: ApiDesign): boolean {
  if (casing) return casing === "camel";
  const inline = endpoints.flatMap(({ request, responses }) => [
    request?.schema,
    ...responses.filter(({ status }) => status < 300).map(({ schema }) => schema),
  ]);
  const names = [...schemas.map(({ schema }) => schema), ...inline].flatMap((schema) =>
    [...(schema?.properties ?? []), ...(schema?.items?.properties ?? [])].map(({ name }) => name),
  );
  const camel = names.filter((name) => /[a-z][A-Z]/.test(name)).length;
  const snake = names.filter((name) => name.includes("_")).length;
  return camel > snake;
}

/** Body of a creation: what a new row needs or may have, without what path, token and database give. */
export function creationModel(fields: readonly ResourceField[], wire: WireName, given: ReadonlySet<string>): Schema {
  const properties = fields
    .filter(({ creatable, name, heldBy }) => creatable && heldBy === undefined && !given.has(name))
    .map(({ name, schema, needed }): Property => ({ name: wire(name), required: needed, schema }));
  return { type: "object", properties };
}

/** Body of a change: everything that may change, all of it optional. */
export function changeModel(fields: readonly ResourceField[], wire: WireName): Schema {
  const properties = fields
    .filter(({ changeable, heldBy }) => changeable && heldBy === undefined)
    .map(({ name, schema }): Property => ({ name: wire(name), required: false, schema }));
  return { type: "object", properties };
}

/** What an answer shows: everything but secrets and marks of deletion. */
export function answerModel(fields: readonly ResourceField[], wire: WireName): Schema {
  const properties = fields
    .filter(({ visible, heldBy }) => visible && heldBy === undefined)
    .map(({ name, answer }): Property => ({ name: wire(name), required: true, schema: answer }));
  return { type: "object", properties };
}
