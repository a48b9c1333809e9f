import type { DesignDocument } from "../../src/spec/model.ts";

/** A design of any size: tables with keys, checks, indexes and policies, and five operations a resource. */
export function largeDesign(size: { readonly tables: number; readonly endpoints: number }): readonly DesignDocument[] {
  const names = Array.from({ length: size.tables }, (_, index) => `ledger_${words[index % words.length]}_${index}`);
  const resources = names.slice(0, Math.ceil(size.endpoints / operations.length));
  const endpoints = resources.flatMap((name) => operations.map((operation) => ({ name, operation })));
  return [
    { path: "docs/schema.sql", text: names.map((name, index) => tableSql(name, names[index - 1])).join("\n") },
    {
      path: "docs/openapi.json",
      text: JSON.stringify(contract(endpoints.slice(0, size.endpoints))),
    },
  ];
}

const words = ["account", "invoice", "payment", "receipt", "customer", "contract", "shipment", "product", "voucher"];

type Operation = "list" | "create" | "get" | "update" | "delete";

const operations: readonly Operation[] = ["list", "create", "get", "update", "delete"];

interface LargeEndpoint {
  readonly name: string;
  readonly operation: Operation;
}

function tableSql(name: string, parent: string | undefined): string {
  return `
CREATE TABLE ${name} (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL,
  ${parent === undefined ? "" : `parent_id uuid REFERENCES ${parent} (id) ON DELETE CASCADE,`}
  code varchar(40) NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed', 'void')),
  amount numeric(12, 2) NOT NULL DEFAULT 0 CHECK (amount >= 0),
  tags text[] NOT NULL DEFAULT '{}',
  details jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT ${name}_code_key UNIQUE (tenant_id, code)
);
CREATE INDEX ${name}_status_idx ON ${name} (status) WHERE status <> 'void';
ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${name} FORCE ROW LEVEL SECURITY;
CREATE POLICY ${name}_tenant ON ${name} USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);`;
}

const properties = {
  code: { type: "string", maxLength: 40 },
  status: { type: "string", enum: ["open", "closed", "void"] },
  amount: { type: "number", minimum: 0 },
  tags: { type: "array", items: { type: "string" } },
};

function contract(endpoints: readonly LargeEndpoint[]): object {
  const paths: Record<string, Record<string, object>> = {};
  const schemas: Record<string, object> = {};
  for (const { name, operation } of endpoints) {
    const onItem = operation !== "list" && operation !== "create";
    const path = `/${name.replaceAll("_", "-")}${onItem ? "/{id}" : ""}`;
    const schema = name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
    const id = { type: "string", format: "uuid" };
    schemas[schema] = { type: "object", required: ["id", "code"], properties: { id, ...properties } };
    schemas[`${schema}Input`] = { type: "object", required: ["code"], properties };
    const method = { list: "get", create: "post", get: "get", update: "patch", delete: "delete" }[operation];
    paths[path] = { ...paths[path], [method]: operationObject(operation, schema, onItem) };
  }
  return { openapi: "3.1.0", info: { title: "Ledgers", version: "1" }, paths, components: { schemas } };
}

function operationObject(operation: Operation, schema: string, onItem: boolean): object {
  const reference = (name: string) => ({ "application/json": { schema: { $ref: `#/components/schemas/${name}` } } });
  const list = { "application/json": { schema: { type: "array", items: { $ref: `#/components/schemas/${schema}` } } } };
  const parameter = { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } };
  const answers = {
    list: { 200: { description: "Some", content: list } },
    create: { 201: { description: "Made", content: reference(schema) } },
    get: { 200: { description: "One", content: reference(schema) } },
    update: { 200: { description: "Changed", content: reference(schema) } },
    delete: { 204: { description: "Gone" } },
  };
  const body = operation === "create" || operation === "update";
  return {
    operationId: `${operation}${schema}`,
    ...(onItem && { parameters: [parameter] }),
    ...(body && { requestBody: { required: true, content: reference(`${schema}Input`) } }),
    responses: answers[operation],
  };
}
