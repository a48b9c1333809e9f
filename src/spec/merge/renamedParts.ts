import type { DomainDefinition, TableChange } from "../fragment.ts";
import type { Column, Constraint, EnumType, Policy, SqlStatement, SqlType, Table, TableIndex } from "../model.ts";
import { sequenceOf } from "../sql/names.ts";
import { bareName, type NewNames } from "./newNames.ts";
import { withWord } from "./sqlWords.ts";
import { keyOfTable } from "./tableShapes.ts";

export function renamedTable(table: Table, names: NewNames): Table {
  const own = keyOfTable(table);
  const key = names.tableKey(own);
  const { storage } = table;
  return {
    ...table,
    id: `table:${key}`,
    name: key === own ? table.name : bareName(key),
    columns: table.columns.map((column) => renamedColumn(column, names)),
    constraints: table.constraints.map((constraint) => renamedConstraint(constraint, names)),
    ...(storage && { storage: renamedStorage(own, storage, names) }),
  };
}

function renamedStorage(table: string, storage: NonNullable<Table["storage"]>, names: NewNames): Table["storage"] & {} {
  const { partitionBy, inherits, copies } = storage;
  return {
    ...storage,
    ...(partitionBy !== undefined && { partitionBy: names.expression(table, partitionBy) }),
    ...(inherits && { inherits: inherits.map(names.tableKey) }),
    ...(copies && { copies: copies.map((copy) => ({ ...copy, table: names.tableKey(copy.table) })) }),
  };
}

function renamedColumn(column: Column, names: NewNames): Column {
  const { default: fallback, generated } = column;
  const table = names.tableKey(column.table);
  const name = names.columnOf(column.table, column.name);
  const isMoved = table !== column.table || name !== column.name;
  return {
    ...column,
    id: `column:${table}.${name}`,
    table,
    name,
    type: renamedType(column.type, names),
    ...(fallback !== undefined && { default: names.expression(column.table, fallback) }),
    ...(generated !== undefined && { generated: names.expression(column.table, generated) }),
    ...(isMoved && column.identity === "serial" && { sequence: sequenceOf(column) }),
  };
}

function renamedType(type: SqlType, names: NewNames): SqlType {
  return { ...type, name: names.typeName(type.name) };
}

function renamedConstraint(constraint: Constraint, names: NewNames): Constraint {
  const { references, expression, definition } = constraint;
  const own = constraint.table;
  const table = names.tableKey(own);
  const name = names.partOf("constraint", own, constraint.name);
  return {
    ...constraint,
    id: `constraint:${table}.${name}`,
    table,
    name,
    columns: constraint.columns.map((column) => names.columnOf(own, column)),
    ...(references && {
      references: {
        ...references,
        table: names.tableKey(references.table),
        columns: references.columns.map((column) => names.columnOf(references.table, column)),
      },
    }),
    ...(expression !== undefined && { expression: names.expression(own, expression) }),
    ...(definition !== undefined && { definition: names.expression(own, definition) }),
  };
}

export function renamedChange({ table, source, change }: TableChange, names: NewNames): TableChange {
  return { table: names.tableKey(table), source, change: renamedPart(table, change, names) };
}

function renamedPart(table: string, change: TableChange["change"], names: NewNames): TableChange["change"] {
  switch (change.type) {
    case "addColumn": {
      const constraints = change.constraints.map((constraint) => renamedConstraint(constraint, names));
      return { ...change, column: renamedColumn(change.column, names), constraints };
    }
    case "addConstraint":
      return { ...change, constraint: renamedConstraint(change.constraint, names) };
    case "default": {
      const expression = change.expression && names.expression(table, change.expression);
      return { ...change, column: names.columnOf(table, change.column), expression };
    }
    case "columnType": {
      const columnType = renamedType(change.columnType, names);
      return { ...change, column: names.columnOf(table, change.column), columnType };
    }
    case "nullable":
    case "identity":
    case "dropColumn":
      return { ...change, column: names.columnOf(table, change.column) };
    case "comment":
      return change.column === undefined ? change : { ...change, column: names.columnOf(table, change.column) };
    case "dropConstraint":
      return { ...change, name: names.partOf("constraint", table, change.name) };
    case "partitionOf":
      return { ...change, parent: names.tableKey(change.parent) };
    case "rowSecurity":
      return change;
  }
}

export function renamedIndex(index: TableIndex, names: NewNames): TableIndex {
  const own = index.table;
  const name = names.partOf("index", own, index.name);
  const { where, sql } = index;
  const parts = index.parts.map((part) => ({
    ...part,
    ...(part.column !== undefined && { column: names.columnOf(own, part.column) }),
    ...(part.expression !== undefined && { expression: names.expression(own, part.expression) }),
  }));
  return {
    ...index,
    id: `index:${name}`,
    name,
    table: names.tableKey(own),
    parts,
    include: index.include.map((column) => names.columnOf(own, column)),
    ...(where !== undefined && { where: names.expression(own, where) }),
    ...(sql !== undefined && { sql: names.expression(own, called(sql, index.name, name)) }),
  };
}

export function renamedPolicy(policy: Policy, names: NewNames): Policy {
  const own = policy.table;
  const table = names.tableKey(own);
  const name = names.partOf("policy", own, policy.name);
  const { using, withCheck, sql } = policy;
  return {
    ...policy,
    id: `policy:${table}.${name}`,
    table,
    name,
    ...(using !== undefined && { using: names.expression(own, using) }),
    ...(withCheck !== undefined && { withCheck: names.expression(own, withCheck) }),
    ...(sql !== undefined && { sql: names.expression(own, called(sql, policy.name, name)) }),
  };
}

/** A statement with another name for what it creates, which stands behind one of these words. */
function called(sql: string, from: string, to: string): string {
  if (from === to) return sql;
  return withWord(sql, from, to, ({ before }) => /^(?:POLICY|INDEX|EXISTS|CONCURRENTLY)$/i.test(before));
}

export function renamedEnum(type: EnumType, names: NewNames): EnumType {
  return { ...type, name: names.typeName(type.name), values: names.values(type) };
}

export function renamedDomain(domain: DomainDefinition, names: NewNames): DomainDefinition {
  return { ...domain, name: names.typeName(domain.name), base: renamedType(domain.base, names) };
}

export function renamedStatement(statement: SqlStatement, names: NewNames): SqlStatement {
  const name = statement.kind === "type" ? names.typeName(statement.name) : statement.name;
  return { ...statement, name, sql: names.statement(statement) };
}
