import type { Constraint, Table } from "../../spec/model.ts";
import { dropObject, dropType } from "../dropStatements.ts";
import { extensionCheck } from "../extensionCheck.ts";
import { migratedTables } from "../migratedTables.ts";
import { isSecured, privilegeStep, securityStep } from "../migrationSteps.ts";
import { executeSql, type MigrationSection, type MigrationStep } from "../migrationText.ts";
import type { AggregatePlan, BackendPlan } from "../plan.ts";
import { longString, stringLiteral } from "../python.ts";
import { quoted, quotedKey, splitName, tableKey } from "../schemaText.ts";
import { roleStatements, supabaseShim } from "../supabaseShim.ts";
import { addConstraint, circularKeySteps, createIndex, schemaOf, tableSteps } from "../tableSteps.ts";
import { addColumn, alterColumn, dropColumn, isFilled } from "./columnChanges.ts";
import { enumChanges } from "./enumChanges.ts";
import { addedStatements, objectChanges } from "./objectChanges.ts";
import { type ColumnRename, renameColumn, withRenames } from "./renames.ts";
import { type TableChange, type TableChanges, tableChanges } from "./tableChanges.ts";

/**
 * What a database of the design `from` needs to become one of the design `to`, in an order that
 * PostgreSQL takes, with the way back. Both ways are the same function with its arguments swapped.
 * Empty when the designs mean the same database. `renames` are in terms of `from`.
 */
export function databaseDelta(
  from: BackendPlan,
  to: BackendPlan,
  renames: readonly ColumnRename[] = [],
): readonly MigrationStep[] {
  const steps = groupsOf(from, to, renames).filter(({ statements }) => statements.length > 0);
  const back = renames.map((rename) => ({ ...rename, from: rename.to, to: rename.from }));
  const undo = groupsOf(to, from, back).flatMap(({ statements }) => statements);
  return steps.map(({ name, section, statements }, index) => ({
    name,
    section,
    up: statements,
    down: index === 0 ? undo.toReversed() : [],
  }));
}

interface Group {
  readonly name: string;
  readonly section: MigrationSection;
  readonly statements: readonly string[];
}

function groupsOf(old: BackendPlan, to: BackendPlan, renames: readonly ColumnRename[]): readonly Group[] {
  const from = withRenames(old, renames);
  const tables = tableChanges(from, to, renames);
  const objects = objectChanges(from, to, tables);
  const enums = enumChanges(from, to);
  const { changed } = tables;
  return [
    group("extend_enums", "types", enums.extended),
    group("drop_dependents", "functions", objects.before),
    group("rename_columns", "tables", renames.map(renameColumn)),
    group("release_tables", "tables", [
      ...keysInTheWay(tables),
      ...changed.flatMap((change) => dropConstraints(change, true)),
      ...changed.flatMap(dropIndexes),
      ...changed.flatMap((change) => dropConstraints(change, false)),
    ]),
    group("prepare_types", "types", [...preparations(from, to), ...enums.created, ...enums.remade]),
    ...tableGroups(from, to, tables),
    group("renew_dependents", "functions", objects.after),
    ...tables.added.map((aggregate) =>
      group(`secure_${aggregate.module}`, "row_security", securityStep(to, aggregate).up),
    ),
    group("grant_to_policy_roles", "privileges", grants(from, to, tables)),
    group("remove", "tables", [
      ...removedTables(from, tables),
      ...objects.last,
      ...removedTypes(from, to),
      ...enums.dropped,
    ]),
  ];
}

/** Columns, then what new tables may refer to, then the new tables, then what refers to them. */
function tableGroups(from: BackendPlan, to: BackendPlan, tables: TableChanges): readonly Group[] {
  const { changed } = tables;
  const forced = hidden(from, to, tables);
  const restored = to.aggregates
    .filter(({ table }) => forced.includes(tableKey(table)) && isSecured(to, table))
    .map(({ table }) => forceSecurity(tableKey(table), "FORCE"));
  const lifted = forced.map((key) => forceSecurity(key, "NO FORCE"));
  const keys = changed.flatMap((change) => addConstraints(change, false));
  const foreignKeys = changed.flatMap((change) => addConstraints(change, true));
  const indexes = changed.flatMap(({ to: { table }, addedIndexes }) =>
    addedIndexes.map((index) => createIndex(table, index)),
  );
  return [
    group("lift_row_security", "tables", lifted),
    ...changed.map((change) => group(`change_${change.to.module}`, "tables", columnStatements(change, to))),
    group("constrain", "tables", keys),
    ...newTables(to, tables),
    group("refer", "tables", foreignKeys),
    group("restore_row_security", "tables", restored),
    group("index", "tables", indexes),
  ];
}

/** Tables whose rows the owner must see for a while, to fill columns and to check new foreign keys. */
function hidden(from: BackendPlan, to: BackendPlan, { changed }: TableChanges): readonly string[] {
  const read = changed.flatMap(({ to: { table }, addedConstraints, alteredColumns }) => {
    const targets = addedConstraints.flatMap(({ references }) =>
      references ? [references.table, tableKey(table)] : [],
    );
    const fills = alteredColumns.some((pair) => isFilled(pair.from.column, pair.to.column));
    return fills ? [...targets, tableKey(table)] : targets;
  });
  const standing = new Set(to.aggregates.map(({ table }) => tableKey(table)));
  return from.aggregates
    .filter(({ table }) => read.includes(tableKey(table)) && standing.has(tableKey(table)) && isSecured(from, table))
    .map(({ table }) => tableKey(table));
}

function forceSecurity(key: string, action: "FORCE" | "NO FORCE"): string {
  return executeSql(`ALTER TABLE ${quotedKey(key)} ${action} ROW LEVEL SECURITY`);
}

function group(name: string, section: MigrationSection, statements: readonly string[]): Group {
  return { name, section, statements };
}

/** Roles, extensions and schemas outlive their design, because others may use them. */
function preparations(from: BackendPlan, to: BackendPlan): readonly string[] {
  const schemas = (plan: BackendPlan) =>
    [
      ...migratedTables(plan).map(({ table }) => tableKey(table)),
      ...plan.spec.database.enums.map(({ name }) => name),
    ].flatMap((key) => splitName(key).schema ?? []);
  const known = new Set([...schemas(from), ...supabaseShim(from), ...roleStatements(from)]);
  return [
    ...extensionCheck(addedStatements("extension", from, to)),
    ...[...new Set(schemas(to))]
      .filter((name) => !known.has(name))
      .map((name) => executeSql(`CREATE SCHEMA IF NOT EXISTS ${quoted(name)}`)),
    ...(["extension", "role"] as const).flatMap((kind) =>
      addedStatements(kind, from, to).map(({ sql }) => executeSql(sql)),
    ),
    ...roleStatements(to).filter((statement) => !known.has(statement)),
    ...supabaseShim(to)
      .filter((sql) => !known.has(sql))
      .map(executeSql),
    ...(["type", "sequence"] as const).flatMap((kind) =>
      addedStatements(kind, from, to).map(({ sql }) => executeSql(sql)),
    ),
  ];
}

/** A table that is new takes all that a first migration would give it. */
function newTables(to: BackendPlan, { added, changed }: TableChanges): readonly Group[] {
  const modules = new Set(added.map(({ module }) => module));
  const standing = changed.map((change) => change.to);
  const isNew = ({ module }: AggregatePlan): boolean => modules.has(module);
  const order = {
    ...to,
    aggregates: [...standing, ...to.aggregates.filter(isNew)],
    partitions: to.partitions.filter(isNew),
  };
  const steps = added.flatMap((aggregate) => tableSteps(order, aggregate));
  const circular = circularKeySteps(order).filter(({ name }) =>
    added.some(({ module }) => name === `refer_from_${module}`),
  );
  return [...steps, ...circular].map(({ name, section, up }) => group(name, section, up));
}

function columnStatements(
  { from, to, addedColumns, removedColumns, alteredColumns }: TableChange,
  plan: BackendPlan,
): readonly string[] {
  const plain = addedColumns.filter(({ column }) => column.generated === undefined);
  const computed = addedColumns.filter(({ column }) => column.generated !== undefined);
  const values = new Map(plan.spec.database.enums.map((type) => [type.name, type.values]));
  return [
    ...removedColumns.map((column) => dropColumn(from.table, column)),
    ...plain.flatMap((column) => addColumn(column, values)),
    ...alteredColumns.flatMap((pair) => alterColumn(pair.from, pair.to)),
    ...computed.flatMap((column) => addColumn(column, values)),
    ...tableComment(from.table.comment, to),
  ];
}

function tableComment(before: string | undefined, { table }: TableChange["to"]): readonly string[] {
  if (table.comment === before) return [];
  const name = stringLiteral(table.name);
  if (table.comment === undefined) return [`op.drop_table_comment(${name}${schemaOf(table)})`];
  return [`op.create_table_comment(${name}, ${longString(table.comment)}${schemaOf(table)})`];
}

function dropConstraints({ from: { table }, removedConstraints }: TableChange, foreign: boolean): readonly string[] {
  return removedConstraints
    .filter(({ type }) => (type === "foreignKey") === foreign)
    .map((constraint) => dropConstraint(table, constraint));
}

function addConstraints({ to: { table }, addedConstraints }: TableChange, foreign: boolean): readonly string[] {
  return addedConstraints
    .filter(({ type }) => (type === "foreignKey") === foreign)
    .flatMap((constraint) => addConstraint(table, constraint));
}

/** Keys of tables that go, to keys that go before them. */
function keysInTheWay({ removed, changed }: TableChanges): readonly string[] {
  const gone = new Set(
    changed.flatMap(({ from: { table }, removedConstraints }) =>
      removedConstraints
        .filter(({ type }) => type === "unique" || type === "primaryKey")
        .map(({ columns }) => `${tableKey(table)} ${[...columns].sort()}`),
    ),
  );
  const isInTheWay = ({ references }: Constraint): boolean =>
    references !== undefined && gone.has(`${references.table} ${[...references.columns].sort()}`);
  return removed.flatMap(({ table }) =>
    table.constraints.filter(isInTheWay).map((item) => dropConstraint(table, item)),
  );
}

function dropConstraint(table: Table, { name }: Constraint): string {
  return `op.drop_constraint(${stringLiteral(name)}, ${stringLiteral(table.name)}${schemaOf(table)})`;
}

function dropIndexes({ from: { table }, removedIndexes }: TableChange): readonly string[] {
  return removedIndexes.map(
    ({ name }) => `op.drop_index(${stringLiteral(name)}, table_name=${stringLiteral(table.name)}${schemaOf(table)})`,
  );
}

/** `ALL TABLES` means those of the moment, so new ones need the grant again. */
function grants(from: BackendPlan, to: BackendPlan, { added }: TableChanges): readonly string[] {
  const before = privilegeStep(from).up.join("\n");
  const after = privilegeStep(to).up;
  return added.length > 0 || after.join("\n") !== before ? after : [];
}

/** Last things first, and their keys before them, so that circles come apart. */
function removedTables(from: BackendPlan, tables: TableChanges): readonly string[] {
  const { removed } = tables;
  const gone = new Set(keysInTheWay(tables));
  const circular = circularKeySteps(from).filter(({ name }) =>
    removed.some(({ module }) => name === `refer_from_${module}`),
  );
  return [
    ...circular.flatMap(({ down }) => down).filter((statement) => !gone.has(statement)),
    ...removed.toReversed().map(({ table }) => `op.drop_table(${stringLiteral(table.name)}${schemaOf(table)})`),
  ];
}

function removedTypes(from: BackendPlan, to: BackendPlan): readonly string[] {
  const names = (plan: BackendPlan) =>
    new Set(
      plan.spec.database.statements
        .filter(({ kind }) => kind === "type" || kind === "sequence")
        .map(({ name }) => name),
    );
  const stay = names(to);
  return [
    ...addedStatements("type", to, from)
      .filter(({ name }) => !stay.has(name))
      .map(dropType),
    ...addedStatements("sequence", to, from)
      .filter(({ name }) => !stay.has(name))
      .map(({ name }) => dropObject("SEQUENCE", quotedKey(name))),
  ];
}
