import type { Fragment } from "../fragment.ts";
import { sqlName } from "../markdown/generatedSql.ts";
import { keyOfTable } from "../merge/tableShapes.ts";
import type { DesignSpec, EnumType, SqlType, Table } from "../model.ts";
import type { DdlStatement } from "./statement.ts";

/**
 * The design's SQL in document order, followed by what it builds on and only other forms define: tables of diagrams, DBML
 * and Markdown tables, and their enumerations.
 */
export function ddlScript(fragments: readonly Fragment[], { database }: DesignSpec): readonly DdlStatement[] {
  const own = fragments.flatMap(({ ddl }) => ddl);
  if (own.length === 0) return [];
  const created = new Set(own.flatMap(({ creates }) => (creates ? [creates.name] : [])));
  const types = new Set([...created, ...database.enums.map(({ name }) => name)]);
  return [
    ...own,
    ...database.enums.filter(({ name }) => !created.has(name)).map(enumStatement),
    ...database.tables.filter((table) => !created.has(keyOfTable(table))).map((table) => tableStatement(table, types)),
  ];
}

function enumStatement({ name, values, source }: EnumType): DdlStatement {
  const list = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ");
  const sql = `CREATE TYPE ${sqlName(name)} AS ENUM (${list})`;
  return { sql, source, creates: { kind: "type", name }, derived: true };
}

/** Columns and keys, so that views, policies and foreign keys have something to refer to. */
function tableStatement(table: Table, types: ReadonlySet<string>): DdlStatement {
  const keys = table.constraints.filter(({ type }) => type === "primaryKey" || type === "unique");
  const parts = [
    ...table.columns.map(({ name, type }) => `${sqlName(name)} ${typeText(type, types)}`),
    ...keys.map(({ type, columns }) => {
      return `${type === "unique" ? "UNIQUE" : "PRIMARY KEY"} (${columns.map(sqlName).join(", ")})`;
    }),
  ];
  const name = keyOfTable(table);
  const sql = `CREATE TABLE ${sqlName(name)} (${parts.join(", ")})`;
  return { sql, source: table.source, creates: { kind: "relation", name }, derived: true };
}

/** A type that is neither PostgreSQL's nor the design's must not keep its table from being there. */
function typeText({ name, arguments: values, array }: SqlType, types: ReadonlySet<string>): string {
  if (!builtIn.has(name) && !types.has(name)) return "text";
  return `${sqlName(name)}${values.length > 0 ? `(${values.join(", ")})` : ""}${array ? "[]" : ""}`;
}

const builtIn: ReadonlySet<string> = new Set(
  "bit bool bpchar box bytea char cidr circle date daterange float4 float8 inet int2 int4 int4range int8 int8range interval json jsonb line lseg macaddr money name numeric numrange oid path point polygon regclass text time timestamp timestamptz timetz tsquery tsrange tstzrange tsvector uuid varbit varchar xml".split(
    " ",
  ),
);
