import { loadModule, parseSync } from "libpg-query";
import { createExcerpt } from "../../spec/excerpt.ts";
import { createFragment, ranks, type TableChange } from "../../spec/fragment.ts";
import type { Column, Constraint, EnumType, SourceSpan, Table, TableIndex } from "../../spec/model.ts";
import { createNameRegistry } from "../../spec/sql/names.ts";
import { readSql } from "../../spec/sql/readSql.ts";
import { memoized } from "../../support/memoized.ts";
import {
  type CodeColumn,
  type CodeConstraint,
  type CodeIndex,
  type CodeSchema,
  type CodeTable,
  createTable,
} from "./database.ts";
import { designType } from "./sqlTypes.ts";
import { dropColumn, dropConstraint, renameColumn, renameTable } from "./tableEdits.ts";

/** PostgreSQL's grammar; {@link applySql} and {@link sameSql} need it loaded. */
export async function loadSqlGrammar(): Promise<void> {
  await loadModule();
}

/**
 * Brings a schema to the state after the statements, read by the same grammar as the design's own SQL. What stands in code is
 * at the place of the whole text, what stands in a file of SQL, given by its path, on its own lines.
 */
export function applySql(schema: CodeSchema, sql: string, place: SourceSpan | string): void {
  const path = typeof place === "string" ? place : place.path;
  const spanOf = ({ source }: { readonly source: SourceSpan }): SourceSpan =>
    typeof place === "string" ? source : place;
  const into = createFragment(path, ranks.formal);
  readSql({ excerpt: createExcerpt(path, sql), names: createNameRegistry(), into, keepsData: false });
  applyDrops(schema, sql);
  for (const type of into.enums) schema.enums.set(type.name, type);
  renameTypes(schema, sql);
  const read: Read = { enums: [...schema.enums.values()], spanOf };
  for (const table of into.tables) schema.tables.set(nameOf(table), tableFrom(table, read));
  for (const { kind, owner, from, to } of into.renames) {
    const table = schema.tables.get(owner);
    if (kind === "table") renameTable(schema.tables, owner, to);
    else if (kind === "column" && table) renameColumn(table, from, to);
  }
  for (const change of into.tableChanges) applyChange(schema.tables.get(change.table), change, read);
  for (const index of into.indexes)
    indexedRelation(schema, index, spanOf(index)).indexes.push(indexFrom(index, spanOf(index)));
  for (const policy of into.policies)
    schema.tables.get(policy.table)?.policies.push({ ...policy, span: spanOf(policy) });
}

function indexedRelation({ tables, views }: CodeSchema, { table: key }: TableIndex, span: SourceSpan): CodeTable {
  const relation = tables.get(key) ?? views.get(key) ?? createTable(key, span);
  if (!tables.has(key)) views.set(key, relation);
  return relation;
}

/** Whether two SQL expressions are the same but for layout, letter case and needless brackets. */
export function sameSql(left: string, right: string): boolean {
  return normalForm(left) === normalForm(right);
}

const normalForm = memoized((expression: string): string => {
  try {
    const tree = parseSync(`SELECT (${expression})`);
    return JSON.stringify(tree, (key, value: unknown) =>
      key === "location" || key === "stmt_len" ? undefined : value,
    );
  } catch {
    // Not an expression on its own (an exclusion's operator list, say): compare the text.
    return expression.toLowerCase().replace(/\s+/g, " ").trim();
  }
});

function nameOf(table: Table): string {
  return table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
}

/** What a text says of the types that its columns may have, and where it stands. */
interface Read {
  readonly enums: readonly EnumType[];
  readonly spanOf: (part: { readonly source: SourceSpan }) => SourceSpan;
}

function tableFrom(table: Table, into: Read): CodeTable {
  const { spanOf } = into;
  const read = createTable(nameOf(table), spanOf(table));
  for (const column of table.columns) read.columns.set(column.name, columnFrom(column, into));
  read.constraints.push(...table.constraints.map((constraint) => constraintFrom(constraint, spanOf(constraint))));
  return read;
}

function columnFrom(column: Column, { enums, spanOf }: Read): CodeColumn {
  return { name: column.name, span: spanOf(column), type: designType(column.type, enums), nullable: column.nullable };
}

function constraintFrom(constraint: Constraint, span: SourceSpan): CodeConstraint {
  const { name, type, columns, references, expression } = constraint;
  return { name, type, columns, ...(references && { references }), expression, span };
}

function indexFrom(index: TableIndex, span: SourceSpan): CodeIndex {
  const { name, unique, method, parts, where } = index;
  return { name, unique, method, parts, where, span };
}

function applyChange(table: CodeTable | undefined, { change, source }: TableChange, into: Read): void {
  const span = into.spanOf({ source });
  if (!table) return;
  switch (change.type) {
    case "addColumn":
      table.columns.set(change.column.name, columnFrom(change.column, into));
      table.constraints.push(...change.constraints.map((constraint) => constraintFrom(constraint, span)));
      break;
    case "addConstraint":
      table.constraints.push(constraintFrom(change.constraint, span));
      break;
    case "rowSecurity":
      applySecurity(table, change.rowSecurity);
      table.securitySpan = span;
      break;
    case "dropColumn":
      dropColumn(table, change.column);
      break;
    case "dropConstraint":
      dropConstraint(table, change.name);
      break;
    case "columnType": {
      const column = table.columns.get(change.column);
      const type = designType(change.columnType, into.enums);
      if (column) table.columns.set(change.column, { ...column, type, span });
      break;
    }
    case "nullable": {
      const column = table.columns.get(change.column);
      if (column) table.columns.set(change.column, { ...column, nullable: change.nullable, span });
      break;
    }
    default:
      break;
  }
}

/** What is enabled already and is said to be no more than that is no longer forced: `NO FORCE`. */
function applySecurity(table: CodeTable, change: CodeTable["rowSecurity"]): void {
  const wasEnabled = table.rowSecurity !== "off";
  table.isForced = change === "forced" || (table.isForced && !(wasEnabled && change === "enabled"));
  const isEnabled = change === "enabled" || (wasEnabled && change !== "off");
  if (isEnabled) table.rowSecurity = table.isForced ? "forced" : "enabled";
  else table.rowSecurity = "off";
}

const drop =
  /\bDROP\s+(TABLE|INDEX|POLICY)\s+(?:CONCURRENTLY\s+)?(?:IF\s+EXISTS\s+)?"?([\w.]+)"?(?:\s+ON\s+"?([\w.]+)"?)?/gi;

/** Dropped first: a text that drops and creates the same thing means to replace it. */
function applyDrops(schema: CodeSchema, sql: string): void {
  for (const [, kind = "", name = "", owner = ""] of sql.matchAll(drop)) {
    if (kind.toUpperCase() === "TABLE") schema.tables.delete(name);
    for (const table of schema.tables.values()) {
      if (kind.toUpperCase() === "INDEX") removeNamed(table.indexes, name);
      if (kind.toUpperCase() === "POLICY" && table.name === owner) removeNamed(table.policies, name);
    }
  }
}

/** A column whose type is known by its name only has it under the new one. */
function renameTypes({ tables, enums }: CodeSchema, sql: string): void {
  for (const [, from = "", to = ""] of sql.matchAll(/\bALTER\s+TYPE\s+"?([\w.]+)"?\s+RENAME\s+TO\s+"?(\w+)"?/gi)) {
    const type = enums.get(from);
    enums.delete(from);
    if (type) enums.set(to, { ...type, name: to });
    for (const { columns } of tables.values())
      for (const [name, column] of columns)
        if (column.type?.family === from) columns.set(name, { ...column, type: { ...column.type, family: to } });
  }
}

function removeNamed(items: { readonly name: string | undefined }[], name: string): void {
  const at = items.findIndex((item) => item.name === name);
  if (at >= 0) items.splice(at, 1);
}
