import { snakeCase } from "../../support/words.ts";
import { schemaOfType } from "../markdown/typeText.ts";
import type { Column, DatabaseDesign, DesignSpec, Field, Schema, Table } from "../model.ts";
import { isJson, valueType } from "../sql/typeKinds.ts";
import {
  type ColumnFacts,
  columnFacts,
  isChangeable,
  isGivenOnCreation,
  isOptionalOnCreation,
  roleOfName,
} from "./columnFacts.ts";
import type { WireName } from "./derivedModels.ts";
import { listedValues } from "./listedValues.ts";
import type { Resource } from "./resources.ts";
import { withValueFields } from "./valueFields.ts";

/** A column or an entity's field as a property of a request or an answer. */
export interface ResourceField {
  /** As the table or the entity has it. */
  readonly name: string;
  readonly schema: Schema;
  /** Numbers of fixed precision are text in answers, so that none of their digits is lost. */
  readonly answer: Schema;
  readonly optional: boolean;
  /** It may be part of a request that creates, or that changes. */
  readonly creatable: boolean;
  readonly changeable: boolean;
  /** A new row needs it from the request. */
  readonly needed: boolean;
  /** It may be part of an answer. */
  readonly visible: boolean;
  /** The value object that the column is a part of, which has a property of its own. */
  readonly heldBy?: string;
}

/** The columns of the table that stores the resource; the entity's typed fields when none does. */
export function resourceFields(
  spec: DesignSpec,
  { table, entity }: Resource,
  { visible, wire }: { readonly visible: ReadonlySet<string>; readonly wire: WireName },
): readonly ResourceField[] {
  if (table) {
    const columns = columnFacts(spec, table, visible).map((facts) => ({
      facts,
      field: columnField(facts, table, spec.database),
    }));
    return withValueFields(columns, { spec, table, entity, wire });
  }
  const names = new Set(spec.api.schemas.map(({ name }) => name));
  return (entity?.fields ?? [])
    .filter((field) => !isCollectionOfOthers(field, spec))
    .map((field) => entityField(field, entity?.name ?? "", names));
}

/** The value of one column on the wire, without its nullability. */
export function columnSchema(column: Column, table: Table, { enums }: DatabaseDesign): Schema {
  const native = enums.find(({ name }) => name === column.type.name);
  const listed = table.constraints
    .filter(({ type }) => type === "check")
    .map((check) => listedValues(check, column.name))
    .find((values) => values !== undefined);
  const values = native?.values ?? listed;
  const scalar: Schema = values && values.length > 1 ? { type: "string", enum: values } : scalarSchema(column);
  return valueType(column.type).array ? { type: "array", items: scalar } : scalar;
}

function columnField(facts: ColumnFacts, table: Table, database: DatabaseDesign): ResourceField {
  const { column, optional, isKey, hasDefault, role } = facts;
  const schema = { ...columnSchema(column, table, database), ...(optional && { nullable: true }) };
  const isServerSide = role === "owner" || role === "tenant" || role === "secret" || column.fromCaller === true;
  const creatable = isGivenOnCreation(facts) && !(isKey && hasDefault) && !isServerSide;
  return {
    name: column.name,
    schema,
    answer: schema.format === "decimal" ? { ...schema, type: "string" } : schema,
    optional,
    creatable,
    changeable: isChangeable(facts) && !isServerSide,
    needed: creatable && !isOptionalOnCreation(facts),
    visible: role !== "secret" && role !== "deletedAt",
  };
}

function entityField({ name, type, required }: Field, entity: string, names: ReadonlySet<string>): ResourceField {
  const snake = snakeCase(name);
  const declared = schemaOfType(type);
  const schema = declared.ref !== undefined && !names.has(declared.ref) ? opaque(declared) : declared;
  const role = roleOfName(
    snake,
    schema.format === "date-time" || schema.format === "date" || /_(?:at|on)$/.test(snake),
  );
  const isKey = /^(?:id|uuid)$/.test(snake) || snake === `${snakeCase(entity)}_id`;
  const writable = !isKey && role === undefined;
  return {
    name,
    schema: required ? schema : { ...schema, nullable: true },
    answer: required ? schema : { ...schema, nullable: true },
    optional: !required,
    creatable: writable,
    changeable: writable,
    needed: writable && required,
    visible: role !== "secret" && role !== "deletedAt",
  };
}

/** A reference to something the contract has no schema of. */
function opaque({ ref: _, ...schema }: Schema): Schema {
  return { ...schema, type: "any" };
}

/** `orders: List[Order]` is answered by the path of the orders. */
function isCollectionOfOthers({ type }: Field, { domain }: DesignSpec): boolean {
  const item = /(\w+)\s*(?:\[\]|[>\])])\s*$/.exec(type)?.[1];
  const isList = /\[\]\s*$|^(?:list|set|array|collection|sequence)\b/i.test(type.trim());
  return isList && domain.entities.some(({ name }) => name === item);
}

const scalarSchemas: Readonly<Record<string, Schema>> = {
  uuid: { type: "string", format: "uuid" },
  int2: { type: "integer" },
  int4: { type: "integer" },
  smallserial: { type: "integer" },
  serial: { type: "integer" },
  int8: { type: "integer", format: "int64" },
  bigserial: { type: "integer", format: "int64" },
  numeric: { type: "number", format: "decimal" },
  float4: { type: "number" },
  float8: { type: "number" },
  bool: { type: "boolean" },
  date: { type: "string", format: "date" },
  time: { type: "string", format: "time" },
  timetz: { type: "string", format: "time" },
  timestamp: { type: "string", format: "date-time" },
  timestamptz: { type: "string", format: "date-time" },
  bytea: { type: "string", format: "binary" },
};

const textTypes = new Set([
  "text",
  "varchar",
  "char",
  "bpchar",
  "citext",
  "name",
  "interval",
  "inet",
  "cidr",
  "macaddr",
]);

function scalarSchema({ type: designed, default: fallback }: Column): Schema {
  const type = valueType(designed);
  const [size] = type.arguments;
  if (isJson(type)) {
    return /^'\s*\[/.test(fallback ?? "")
      ? { type: "array", items: { type: "any" } }
      : { type: "object", additional: { type: "any" } };
  }
  if (/char$/.test(type.name) && size !== undefined) return { type: "string", maxLength: size };
  return scalarSchemas[type.name] ?? (textTypes.has(type.name) ? { type: "string" } : { type: "any" });
}
