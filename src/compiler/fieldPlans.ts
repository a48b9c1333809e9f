import type { Column, DesignSpec, Schema, Table } from "../spec/model.ts";
import { snakeCase, uniqueName } from "../support/words.ts";
import { isFilledByTrigger } from "./changeTriggers.ts";
import type { EnumsByColumn } from "./enumPlans.ts";
import { pythonName } from "./names.ts";
import type { FieldPlan, FieldRole } from "./plan.ts";
import { tableKey } from "./schemaText.ts";
import { type CallerColumn, callerColumns } from "./sessionSettings.ts";
import { isJson, isSearchType, isText, isTimestamp, type JsonShape, pythonTypeOf } from "./sqlTypes.ts";

/** The columns as the domain sees them; search vectors stay inside the database. */
export function fieldPlans(spec: DesignSpec, table: Table, enums: EnumsByColumn): readonly FieldPlan[] {
  const key = new Set(keyColumns(table));
  const reading = { callers: callerColumns(spec, table), visible: visibleProperties(spec) };
  const taken = new Set<string>();
  return table.columns
    .filter(({ type }) => !isSearchType(type))
    .map((column) => {
      const name = uniqueName(pythonName(column.name), taken);
      taken.add(name);
      const role = roleOf(column, reading);
      const enumPlan = enums.get(`${tableKey(table)}.${column.name}`);
      return {
        column,
        name,
        type: pythonTypeOf(column, enumPlan, jsonShapeOf(spec, table, column)),
        optional: column.nullable && !key.has(column.name),
        isKey: key.has(column.name),
        computed: isComputed(column, role),
        hasDefault: column.default !== undefined || isFilledByTrigger(spec, table, column),
        ...(role && { role }),
        ...(enumPlan && { enum: enumPlan }),
      };
    });
}

/** The primary key; failing that a unique key that cannot be null; failing that every column that has to have a value. */
export function keyColumns(table: Table): readonly string[] {
  const primary = table.constraints.find(({ type }) => type === "primaryKey");
  if (primary) return primary.columns;
  const required = new Set(table.columns.filter(({ nullable }) => !nullable).map(({ name }) => name));
  const unique = table.constraints.find(
    ({ type, columns }) => type === "unique" && columns.every((column) => required.has(column)),
  );
  return unique?.columns ?? (required.size > 0 ? [...required] : table.columns.map(({ name }) => name));
}

const createdNames = new Set(["created_at", "created_on", "creation_date", "created", "inserted_at", "date_created"]);
const updatedNames = new Set([
  "updated_at",
  "updated_on",
  "modified_at",
  "last_modified",
  "last_updated_at",
  "updated",
]);
const deletedNames = new Set(["deleted_at", "deleted_on", "removed_at"]);
const secretName =
  /password|passwd|secret|private_key|api_key|refresh_token|access_token|ciphertext|(?:token|key|pin|otp|code)_hash$|_digest$/;

interface RoleEvidence {
  readonly callers: ReadonlyMap<string, CallerColumn>;
  readonly visible: ReadonlySet<string>;
}

function roleOf(column: Column, { callers, visible }: RoleEvidence): FieldRole | undefined {
  const name = snakeCase(column.name);
  if (isTimestamp(column.type)) {
    if (createdNames.has(name)) return "createdAt";
    if (updatedNames.has(name)) return "updatedAt";
    if (deletedNames.has(name) && column.nullable) return "deletedAt";
  }
  const caller = callers.get(column.name);
  if (caller) return caller;
  return isText(column.type) && secretName.test(name) && !visible.has(name) ? "secret" : undefined;
}

function isComputed(column: Column, role: FieldRole | undefined): boolean {
  return (
    column.identity !== undefined ||
    column.generated !== undefined ||
    role === "createdAt" ||
    role === "updatedAt" ||
    /^nextval\(/i.test(column.default ?? "") ||
    column.type.name.endsWith("serial")
  );
}

function jsonShapeOf(spec: DesignSpec, table: Table, column: Column): JsonShape {
  if (!isJson(column.type)) return "object";
  if (/^'\s*\[/.test(column.default ?? "")) return "array";
  if (/^'\s*\{/.test(column.default ?? "")) return "object";
  const typeCheck = new RegExp(`jsonb?_typeof\\(\\s*"?${column.name}"?\\s*\\)\\s*=\\s*'array'`, "i");
  if (table.constraints.some(({ expression }) => typeCheck.test(expression ?? ""))) return "array";
  const properties = spec.api.schemas.flatMap(({ schema }) => schema.properties ?? []);
  return properties.some((property) => snakeCase(property.name) === column.name && property.schema.type === "array")
    ? "array"
    : "object";
}

/** Names of everything that some response shows: what the API shows on purpose is no secret. */
function visibleProperties(spec: DesignSpec): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<Schema>();
  const schemas = new Map(spec.api.schemas.map(({ name, schema }) => [name, schema]));
  const visit = (schema: Schema | undefined): void => {
    if (!schema || seen.has(schema)) return;
    seen.add(schema);
    for (const property of schema.properties ?? []) {
      if (property.schema.writeOnly) continue;
      names.add(snakeCase(property.name));
      visit(property.schema);
    }
    for (const part of [schema.items, schema.additional || undefined, ...(schema.variants ?? [])]) visit(part);
    if (schema.ref !== undefined) visit(schemas.get(schema.ref));
  };
  for (const { responses } of spec.api.endpoints) for (const { schema } of responses) visit(schema);
  return names;
}
