import type { Column, Table } from "../../spec/model.ts";
import { sequenceOf } from "../../spec/sql/names.ts";
import { executeSql } from "../migrationText.ts";
import type { AggregatePlan } from "../plan.ts";
import { longString, stringLiteral } from "../python.ts";
import { fieldType, quoted, quotedKey, serverValue, sqlText, tableKey } from "../schemaText.ts";
import { columnArguments, schemaOf, sequenceStatements, serialSequence } from "../tableSteps.ts";
import { conversionOf, neutralValue, usingExpression } from "./conversions.ts";

/** A column with the table that has it. */
export interface PlacedColumn {
  readonly aggregate: AggregatePlan;
  readonly column: Column;
}

/**
 * Adds a column to a table that may have rows. One that must not be null, and for which neither the
 * design nor {@link backfillOf} has a value, is added all the same and makes the migration fail on rows.
 */
export function addColumn(placed: PlacedColumn, enums: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const { table } = placed.aggregate;
  const [sequence, owner] = serialSequence(placed.aggregate, placed.column);
  const args = columnArguments(placed.aggregate, placed.column);
  const add = (list: readonly string[]) =>
    `op.add_column(${stringLiteral(table.name)}, sa.Column(${list.join(", ")})${schemaOf(table)})`;
  if (sequence !== undefined && owner !== undefined) return [sequence, add(args), owner];
  if (!needsBackfill(placed.column)) return [add(args)];
  const value = backfillOf(placed, enums);
  if (value === undefined) {
    return [add(args.filter((item) => item !== "nullable=False")), alter(placed, ["nullable=False"])];
  }
  return [add([...args, `server_default=sa.text(${sqlText(value)})`]), alter(placed, ["server_default=None"])];
}

/** Whether rows that stand would have no value although they must. */
export function needsBackfill({ nullable, default: value, identity, generated }: Column): boolean {
  return !nullable && value === undefined && identity === undefined && generated === undefined;
}

/** The value that rows get; undefined where the value refers to another row, or must differ from row to row. */
export function backfillOf(
  { aggregate: { table }, column }: PlacedColumn,
  enums: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const binding = table.constraints.filter(({ type, columns }) => type !== "check" && columns.includes(column.name));
  const value = neutralValue(column, enums);
  if (binding.length === 0) return value;
  return value === "gen_random_uuid()" && binding.every(({ type }) => type !== "foreignKey") ? value : undefined;
}

export function dropColumn(table: Table, column: Column): string {
  return `op.drop_column(${stringLiteral(table.name)}, ${stringLiteral(column.name)}${schemaOf(table)})`;
}

/** Whether the column can only be made anew: no cast leads to its type, or its values are computed in another way. */
export function isReplaced(from: Column, to: Column): boolean {
  const conversion = conversionOf(from.type, to.type);
  if (to.generated !== undefined) return from.generated !== to.generated || conversion !== "same";
  return conversion === "impossible";
}

/** What `from` needs to become `to`; the two must not be {@link isReplaced}. */
export function alterColumn(from: PlacedColumn, to: PlacedColumn): readonly string[] {
  const retyped = conversionOf(from.column.type, to.column.type) !== "same";
  const wasDefault = defaultOf(from);
  const isDefault = defaultOf(to);
  const isRecast = from.column.type.name !== to.column.type.name;
  const clearsDefault = wasDefault !== undefined && (isRecast || isDefault === undefined);
  return [
    ...(from.column.generated !== undefined && to.column.generated === undefined ? [sql(to, "DROP EXPRESSION")] : []),
    ...(clearsDefault ? [alter(to, ["server_default=None"])] : []),
    ...(retyped ? [retype(from, to)] : []),
    ...(isDefault !== undefined && (clearsDefault || isDefault !== wasDefault) ? [alter(to, [isDefault])] : []),
    ...identityChange(from, to),
    ...nullability(from, to),
    ...(from.column.comment === to.column.comment ? [] : [alter(to, [`comment=${commentOf(to.column)}`])]),
  ];
}

function commentOf({ comment }: Column): string {
  return comment === undefined ? "None" : longString(comment);
}

function defaultOf({ column, aggregate }: PlacedColumn): string | undefined {
  if (column.identity === "serial") return undefined;
  return serverValue(aggregate, column).keyword.find((item) => item.startsWith("server_default="));
}

function retype(from: PlacedColumn, to: PlacedColumn): string {
  const field = to.aggregate.fields.find(({ column }) => column === to.column);
  const using = usingExpression(from.column, to.column);
  const type = `type_=${fieldType(to.column, field)}`;
  return alter(to, [type, ...(using === undefined ? [] : [`postgresql_using=${stringLiteral(using)}`])]);
}

function identityChange(from: PlacedColumn, to: PlacedColumn): readonly string[] {
  const [old, next] = [from.column.identity, to.column.identity];
  if (old === next) return [];
  if (old === "serial") {
    return [
      sql(to, "DROP DEFAULT"),
      ...(next === undefined ? [] : [sql(to, `ADD GENERATED ${kindOf(next)} AS IDENTITY`)]),
    ];
  }
  if (next === "serial") {
    const [create, own] = sequenceStatements(to.column);
    const take = sql(to, `SET DEFAULT nextval('${quotedKey(sequenceOf(to.column))}')`);
    return [...(old === undefined ? [] : [sql(to, "DROP IDENTITY IF EXISTS")]), create, take, own];
  }
  if (next === undefined) return [sql(to, "DROP IDENTITY IF EXISTS")];
  return [sql(to, old === undefined ? `ADD GENERATED ${kindOf(next)} AS IDENTITY` : `SET GENERATED ${kindOf(next)}`)];
}

function kindOf(identity: Column["identity"]): string {
  return identity === "always" ? "ALWAYS" : "BY DEFAULT";
}

function nullability(from: PlacedColumn, to: PlacedColumn): readonly string[] {
  if (from.column.nullable === to.column.nullable) return [];
  if (to.column.nullable) return [alter(to, ["nullable=True"])];
  const name = quoted(to.column.name);
  const fill = `UPDATE ${quotedKey(tableKey(to.aggregate.table))} SET ${name} = ${to.column.default} WHERE ${name} IS NULL`;
  return [...(isFilled(from.column, to.column) ? [executeSql(fill)] : []), alter(to, ["nullable=False"])];
}

/** Whether rows without a value get the default. */
export function isFilled(from: Column, to: Column): boolean {
  return from.nullable && !to.nullable && to.default !== undefined;
}

function alter({ aggregate: { table }, column }: PlacedColumn, args: readonly string[]): string {
  const named = [stringLiteral(table.name), stringLiteral(column.name), ...args].join(", ");
  return `op.alter_column(${named}${schemaOf(table)})`;
}

function sql({ aggregate: { table }, column }: PlacedColumn, action: string): string {
  return executeSql(`ALTER TABLE ${quotedKey(tableKey(table))} ALTER COLUMN ${quoted(column.name)} ${action}`);
}
