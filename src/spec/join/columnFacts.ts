import { snakeCase } from "../../support/words.ts";
import type { Column, DesignSpec, Schema, Table } from "../model.ts";
import { isSearchType, isText, isTimestamp } from "../sql/typeKinds.ts";
import { type CallerColumn, callerColumns } from "./callerColumns.ts";
import { isFilledByTrigger } from "./triggers.ts";

/** What a column is to those who write and read rows through an API. */
export interface ColumnFacts {
  readonly column: Column;
  readonly isKey: boolean;
  /** The value may be null. */
  readonly optional: boolean;
  /** The database computes it: identity, generated column, or a creation or change timestamp. */
  readonly computed: boolean;
  /** It may be left out of a new row. */
  readonly hasDefault: boolean;
  readonly role?: ColumnRole;
}

/** `owner` is the column that row policies compare with the caller; `secret` never leaves in a response. */
export type ColumnRole = "createdAt" | "updatedAt" | "deletedAt" | "owner" | "tenant" | "secret";

/** The columns in their order; search vectors stay inside the database and are left out. */
export function columnFacts(
  spec: DesignSpec,
  table: Table,
  visible: ReadonlySet<string> = visibleProperties(spec),
): readonly ColumnFacts[] {
  const key = new Set(keyColumns(table));
  const reading = { callers: callerColumns(spec, table), visible };
  return table.columns
    .filter(({ type }) => !isSearchType(type))
    .map((column) => {
      const role = roleOf(column, reading);
      return {
        column,
        isKey: key.has(column.name),
        optional: column.nullable && !column.type.domain?.notNull && !key.has(column.name),
        computed: isComputed(column, role),
        hasDefault:
          column.default !== undefined ||
          column.type.domain?.hasDefault === true ||
          column.fromApplication === true ||
          column.copied !== undefined ||
          isFilledByTrigger(spec, table, column),
        ...(role && { role }),
      };
    });
}

/** A value that a new row needs or may have: everything the database does not compute by itself. */
export function isGivenOnCreation({ computed, role }: ColumnFacts): boolean {
  return !computed && role !== "deletedAt";
}

/** Whether a new value may be left out, so that the database's default holds. */
export function isOptionalOnCreation({ optional, hasDefault }: ColumnFacts): boolean {
  return optional || hasDefault;
}

/** A value that an update may change; keys, owners and computed values stay. */
export function isChangeable(facts: ColumnFacts): boolean {
  const { isKey, role } = facts;
  return isGivenOnCreation(facts) && !isKey && role !== "owner" && role !== "tenant" && role !== "createdAt";
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

/** Names of everything that some response shows: what the API shows on purpose is no secret. */
export function visibleProperties(spec: DesignSpec): ReadonlySet<string> {
  const known = visibleOf.get(spec.api) ?? shownNames(spec);
  visibleOf.set(spec.api, known);
  return known;
}

/** Asked for every table of a design. */
const visibleOf = new WeakMap<DesignSpec["api"], ReadonlySet<string>>();

function shownNames(spec: DesignSpec): ReadonlySet<string> {
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

/** The role that a name alone tells: of a column by its name and type, or of a field of an entity. */
export function roleOfName(name: string, isMoment: boolean): ColumnRole | undefined {
  if (isMoment && createdNames.has(name)) return "createdAt";
  if (isMoment && updatedNames.has(name)) return "updatedAt";
  if (isMoment && deletedNames.has(name)) return "deletedAt";
  return !isMoment && secretName.test(name) ? "secret" : undefined;
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

function roleOf(column: Column, { callers, visible }: RoleEvidence): ColumnRole | undefined {
  const name = snakeCase(column.name);
  const isMoment = isTimestamp(column.type);
  const role = isMoment || isText(column.type) ? roleOfName(name, isMoment) : undefined;
  if (isMoment && role && (role !== "deletedAt" || column.nullable)) return role;
  const caller = callers.get(column.name);
  if (caller) return caller;
  return role === "secret" && !visible.has(name) ? "secret" : undefined;
}

function isComputed(column: Column, role: ColumnRole | undefined): boolean {
  return (
    column.identity !== undefined ||
    column.generated !== undefined ||
    role === "createdAt" ||
    role === "updatedAt" ||
    /^nextval\(/i.test(column.default ?? "") ||
    column.type.name.endsWith("serial")
  );
}
