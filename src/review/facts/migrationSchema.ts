import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { addColumn, deletionOf, indexFrom, type SchemaContext, spanOf } from "./columns.ts";
import { type CodeConstraint, type CodeSchema, type CodeTable, createTable } from "./database.ts";
import type { MigrationCall } from "./migrationCalls.ts";
import { addTableItems, qualified } from "./modelSchema.ts";
import { applySql } from "./rawSql.ts";
import { executedFile, sqlMigrations, yoyoSteps } from "./sqlMigrations.ts";
import { sqlAlchemyType } from "./sqlTypes.ts";
import { evaluateString, evaluateStrings } from "./staticValue.ts";
import { calledMethod, keywordArgument, positionalArguments } from "./syntax.ts";
import { dropColumn, dropConstraint, renameColumn, renameTable } from "./tableEdits.ts";

/** The tables that stand after all migrations have run, as far as the migrations show it without running. */
export function readMigrationSchema(project: Project, calls: readonly MigrationCall[]): CodeSchema {
  const schema: CodeSchema = { tables: new Map(), views: new Map(), enums: new Map() };
  for (const call of calls) {
    const context: SchemaContext = { project, file: call.file, scope: call.scope };
    operations[call.method]?.({ schema, context, call: call.node, batch: call.batch });
  }
  // Beside Alembic no other tool migrates; to look for one would have every edit read all revisions again.
  if (project.revisions.length > 0) return schema;
  for (const { path, text: sql } of sqlMigrations(project)) applySql(schema, sql, path);
  for (const { sql, span } of yoyoSteps(project)) applySql(schema, sql, span);
  return schema;
}

interface Step {
  readonly schema: CodeSchema;
  readonly context: SchemaContext;
  readonly call: PythonNode;
  /** What is changed in a batch is given without its table, which the batch has. */
  readonly batch: PythonNode | undefined;
}

const operations: Readonly<Record<string, (step: Step) => void>> = {
  create_table: createTableStep,
  drop_table: (step) => void step.schema.tables.delete(tableKey(step, 0, "table_name")),
  rename_table: renameTableStep,
  add_column: addColumnStep,
  drop_column: dropColumnStep,
  alter_column: alterColumn,
  create_index: createIndex,
  drop_index: dropIndex,
  create_primary_key: (step) => addConstraintStep(step, "primaryKey"),
  create_unique_constraint: (step) => addConstraintStep(step, "unique"),
  create_check_constraint: (step) => addConstraintStep(step, "check"),
  create_exclude_constraint: (step) => addConstraintStep(step, "exclude"),
  create_foreign_key: createForeignKey,
  drop_constraint: dropConstraintStep,
  execute: execute,
};

function argument(step: Step, index: number, keyword: string): PythonNode | undefined {
  const { call, batch } = step;
  if (!batch) return keywordArgument(call, keyword) ?? positionalArguments(call)[index];
  const table = tablePositions[calledMethod(call) ?? ""] ?? 0;
  if (index === table) return keywordArgument(batch, "table_name") ?? positionalArguments(batch)[0];
  return keywordArgument(call, keyword) ?? positionalArguments(call)[index > table ? index - 1 : index];
}

/** Where operations outside a batch take their table; first where it is not said. */
const tablePositions: Readonly<Record<string, number>> = {
  create_index: 1,
  drop_index: 1,
  create_primary_key: 1,
  create_unique_constraint: 1,
  create_check_constraint: 1,
  create_exclude_constraint: 1,
  create_foreign_key: 1,
  drop_constraint: 1,
};

function text(step: Step, index: number, keyword: string): string | undefined {
  return evaluateString(argument(step, index, keyword), step.context.scope);
}

function tableKey(step: Step, index: number, keyword: string): string {
  const schema = evaluateString(keywordArgument(step.batch ?? step.call, "schema"), step.context.scope);
  return qualified(schema, text(step, index, keyword) ?? "");
}

function tableAt(step: Step, index: number, keyword = "table_name"): CodeTable | undefined {
  return step.schema.tables.get(tableKey(step, index, keyword));
}

function createTableStep(step: Step): void {
  const key = tableKey(step, 0, "table_name");
  if (key === "") return;
  const table = createTable(key, spanOf(step.context.file, step.call));
  step.schema.tables.set(key, table);
  addTableItems(step.context, table, positionalArguments(step.call).slice(1));
}

function renameTableStep(step: Step): void {
  const name = text(step, 1, "new_table_name");
  if (name !== undefined) renameTable(step.schema.tables, tableKey(step, 0, "old_table_name"), name);
}

function dropColumnStep(step: Step): void {
  const table = tableAt(step, 0);
  const name = text(step, 1, "column_name");
  if (table && name !== undefined) dropColumn(table, name);
}

function addColumnStep(step: Step): void {
  const table = tableAt(step, 0);
  const column = argument(step, 1, "column");
  if (!table || !column) return;
  const defaults = { name: "", annotation: "", nullable: true, span: spanOf(step.context.file, column) };
  addColumn(step.context, table, column, defaults);
}

function alterColumn(step: Step): void {
  const table = tableAt(step, 0);
  const name = text(step, 1, "column_name") ?? "";
  const column = table?.columns.get(name);
  if (!table || !column) return;
  const { context, call } = step;
  const type = keywordArgument(call, "type_");
  const nullable = keywordArgument(call, "nullable")?.text;
  const renamed = evaluateString(keywordArgument(call, "new_column_name"), context.scope) ?? name;
  if (renamed !== name) renameColumn(table, name, renamed);
  table.columns.set(renamed, {
    name: renamed,
    span: spanOf(context.file, call),
    type: type ? sqlAlchemyType(context.project, context.file, type) : column.type,
    nullable: nullable === undefined ? column.nullable : nullable === "True",
  });
}

function createIndex(step: Step): void {
  const columns = argument(step, 2, "columns");
  const parts = columns?.type === "list" || columns?.type === "tuple" ? columns.children : [];
  const nodes = parts.filter((part) => part.type !== "comment");
  const name = text(step, 0, "index_name");
  tableAt(step, 1)?.indexes.push(indexFrom(step.context, step.call, { name, parts: nodes }));
}

function dropIndex(step: Step): void {
  const name = text(step, 0, "index_name");
  for (const { indexes } of step.schema.tables.values()) {
    const at = indexes.findIndex((index) => index.name === name);
    if (at >= 0) indexes.splice(at, 1);
  }
}

/** Older migrations name no table. */
function dropConstraintStep(step: Step): void {
  const name = text(step, 0, "constraint_name");
  const table = tableAt(step, 1);
  if (name === undefined) return;
  for (const one of table ? [table] : step.schema.tables.values()) dropConstraint(one, name);
}

function addConstraintStep(step: Step, type: CodeConstraint["type"]): void {
  const third = argument(step, 2, type === "check" ? "condition" : "columns");
  const { scope, file } = step.context;
  tableAt(step, 1)?.constraints.push({
    name: text(step, 0, "constraint_name"),
    type,
    columns: type === "check" || type === "exclude" ? [] : evaluateStrings(third, scope),
    expression: type === "check" ? evaluateString(third, scope) : undefined,
    span: spanOf(file, step.call),
  });
}

function createForeignKey(step: Step): void {
  const { scope, file } = step.context;
  const strings = (index: number, keyword: string) => evaluateStrings(argument(step, index, keyword), scope);
  tableAt(step, 1, "source_table")?.constraints.push({
    name: text(step, 0, "constraint_name"),
    type: "foreignKey",
    columns: strings(3, "local_cols"),
    references: {
      table: text(step, 2, "referent_table") ?? "",
      columns: strings(4, "remote_cols"),
      onDelete: deletionOf(step.context, step.call),
    },
    span: spanOf(file, step.call),
  });
}

function execute(step: Step): void {
  const sql = text(step, 0, "sqltext");
  const at = argument(step, 0, "sqltext");
  const read = sql === undefined ? executedFile(step.context.project, step.call) : undefined;
  if (read) applySql(step.schema, read.text, read.path);
  if (sql !== undefined && at) applySql(step.schema, sql, spanOf(step.context.file, at));
}
