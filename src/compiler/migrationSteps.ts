import { policySql } from "../spec/join/callerColumns.ts";
import type { Policy, SqlStatement, Table } from "../spec/model.ts";
import { dropFunction, dropObject, dropOther, dropTrigger, dropType, dropView } from "./dropStatements.ts";
import { extensionCheck } from "./extensionCheck.ts";
import { migratedTables } from "./migratedTables.ts";
import { executeSql, type MigrationSection, type MigrationStep } from "./migrationText.ts";
import type { AggregatePlan, BackendPlan } from "./plan.ts";
import { quoted, quotedKey, relationOf, splitName, tableKey } from "./schemaText.ts";
import { roleStatements, supabaseShim } from "./supabaseShim.ts";
import { circularKeySteps, seededTable, tableSteps } from "./tableSteps.ts";
import { readsUndefinedRelation } from "./undefinedRelations.ts";

/**
 * The design's database in the order in which PostgreSQL takes it.
 *
 * Functions that a table's defaults or checks call come before the tables; all the others after
 * them, because they may name tables in their signatures. Data come before the keys of circles, which
 * no order of the rows would satisfy. Policies come late: they may use anything.
 */
export function migrationSteps(plan: BackendPlan): readonly MigrationStep[] {
  const of = (kind: SqlStatement["kind"]) => plan.spec.database.statements.filter((item) => item.kind === kind);
  const early = of("function").filter((statement) => isCalledByTables(plan, statement));
  const late = of("function").filter((statement) => !early.includes(statement));
  const [sequences, owners] = parted(of("sequence"), ({ sql }) => /^CREATE\b/i.test(sql));
  const [schemas, notSchemas] = parted(of("other"), ({ sql }) => /^CREATE\s+SCHEMA\b/i.test(sql));
  const [tools, notTools] = parted(notSchemas, ({ sql }) => /^CREATE\s+(?:COLLATION|TEXT\s+SEARCH)\b/i.test(sql));
  const [partitions, notTables] = parted(notTools, ({ sql }) => /^CREATE\s+(?:UNLOGGED\s+)?TABLE\b/i.test(sql));
  const [operators, notOperators] = parted(notTables, ({ sql }) =>
    /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:AGGREGATE|OPERATOR|CAST)\b/i.test(sql),
  );
  const [data, other] = parted(notOperators, ({ sql }) => /^(?:INSERT|MERGE|WITH)\b/i.test(sql));
  const prepare = [...schemaStatements(plan, schemas), ...of("extension").map(execute), ...of("role").map(createRole)];
  const steps = [
    step("check_extensions", "types", extensionCheck(of("extension"))),
    step("prepare_database", "types", [...prepare, ...roleStatements(plan)]),
    step("create_auth_shim", "types", supabaseShim(plan).map(executeSql)),
    enumStep(plan),
    statementStep("create_types", "types", of("type"), dropType),
    statementStep("create_search_tools", "types", tools, dropOther),
    statementStep("create_sequences", "types", sequences, ({ name }) => dropObject("SEQUENCE", name)),
    statementStep("create_table_functions", "types", early, dropFunction),
    ...migratedTables(plan).flatMap((aggregate) => tableSteps(plan, aggregate)),
    statementStep("create_partitions", "tables", partitions),
    statementStep("own_sequences", "tables", owners),
    lateFunctionStep(plan, late),
    statementStep("create_operators", "functions", operators, dropOther),
    statementStep("create_views", "functions", of("view"), dropView),
    statementStep("create_triggers", "functions", of("trigger"), dropTrigger),
    statementStep("complete_schema", "functions", other, dropOther),
    statementStep("insert_data", "data", inDependencyOrder(plan, data)),
    ...circularKeySteps(plan),
    statementStep("comment_on_schema", "functions", of("comment")),
    ...migratedTables(plan).map((aggregate) => securityStep(plan, aggregate)),
    statementStep("grant_privileges", "privileges", of("grant")),
    privilegeStep(plan),
  ];
  return steps.filter(({ up }) => up.length > 0);
}

function parted<T>(items: readonly T[], belongs: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

/** Rows that others refer to first; within a table as the design has them. */
function inDependencyOrder(plan: BackendPlan, data: readonly SqlStatement[]): readonly SqlStatement[] {
  const tables = migratedTables(plan).map(({ table }) => tableKey(table));
  const position = ({ sql }: SqlStatement): number => {
    const table = seededTable(sql);
    return table === undefined ? tables.length : tables.indexOf(table);
  };
  return data
    .map((statement) => ({ statement, at: position(statement) }))
    .sort((left, right) => left.at - right.at)
    .map(({ statement }) => statement);
}

function step(
  name: string,
  section: MigrationSection,
  up: readonly string[],
  down: readonly string[] = [],
): MigrationStep {
  return { name, section, up, down };
}

/** Statements as they are; `ALTER …` and what has no `drop` goes with the object it belongs to. */
function statementStep(
  name: string,
  section: MigrationSection,
  statements: readonly SqlStatement[],
  drop?: (statement: SqlStatement, index: number, all: readonly SqlStatement[]) => string | undefined,
): MigrationStep {
  const created = statements.filter(({ sql }) => !/^ALTER\b/i.test(sql));
  const drops = drop ? created.flatMap((statement, index) => drop(statement, index, created) ?? []) : [];
  return step(name, section, statements.map(execute), [...new Set(drops)]);
}

/** A function in SQL over a table that is not designed, or calling a later one, can be created all the same. */
function lateFunctionStep(plan: BackendPlan, functions: readonly SqlStatement[]): MigrationStep {
  const step = statementStep("create_functions", "functions", functions, dropFunction);
  const unchecked = functions.some(
    (statement, index) =>
      readsUndefinedRelation(plan.spec.database, statement) ||
      functions.slice(index + 1).some((later) => calls(statement.sql, later)),
  );
  return unchecked ? { ...step, up: [executeSql("SET LOCAL check_function_bodies = off"), ...step.up] } : step;
}

function execute({ sql }: SqlStatement): string {
  return executeSql(sql);
}

function schemaStatements(plan: BackendPlan, designed: readonly SqlStatement[]): readonly string[] {
  const { tables, enums } = plan.spec.database;
  const created = new Set(designed.map(({ name }) => name));
  const used = [...tables.map(tableKey), ...enums.map(({ name }) => name)].flatMap(
    (key) => splitName(key).schema ?? [],
  );
  const homes = plan.spec.database.statements.flatMap(({ kind, sql }) =>
    kind === "extension" ? (/\bSCHEMA\s+"?(\w+)"?/i.exec(sql)?.[1] ?? []) : [],
  );
  const missing = [...new Set([...used, ...homes])].filter((schema) => !created.has(schema));
  return [
    ...designed.map(createSchema),
    ...missing.map((schema) => executeSql(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`)),
  ];
}

/** Schemas outlive a downgrade, as extensions and roles do: others may use them. */
function createSchema({ sql }: SqlStatement): string {
  return executeSql(sql.replace(/^CREATE\s+SCHEMA\s+(?!IF\b)/i, "CREATE SCHEMA IF NOT EXISTS "));
}

/** A role belongs to the whole cluster: another database, or an earlier run, may have it already. */
function createRole({ sql, name }: SqlStatement): string {
  if (!/^CREATE\b/i.test(sql)) return executeSql(sql);
  const literal = name.replaceAll("'", "''");
  return executeSql(
    `DO $role$\nBEGIN\n  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${literal}') THEN\n    ${sql};\n  END IF;\nEND\n$role$`,
  );
}

function enumStep(plan: BackendPlan): MigrationStep {
  const { enums } = plan.spec.database;
  const create = enums.map(({ name, values }) => {
    const list = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ");
    return executeSql(`CREATE TYPE ${quotedKey(name)} AS ENUM (${list})`);
  });
  return step(
    "create_enums",
    "types",
    create,
    enums.map(({ name }) => dropObject("TYPE", name)),
  );
}

export function isCalledByTables(plan: BackendPlan, statement: SqlStatement): boolean {
  const { tables, indexes } = plan.spec.database;
  const expressions = [
    ...tables.flatMap(({ columns }) => columns.flatMap((column) => [column.default, column.generated])),
    ...tables.flatMap(({ constraints }) => constraints.map(({ expression }) => expression)),
    ...indexes.flatMap(({ parts, where }) => [where, ...parts.map(({ expression }) => expression)]),
  ];
  return expressions.some((expression) => calls(expression ?? "", statement));
}

function calls(sql: string, { name }: SqlStatement): boolean {
  return new RegExp(`\\b${splitName(name).name}\\s*\\(`, "i").test(sql);
}

/** Forced, because the application may well own the tables and must obey the policies all the same. */
export function securityStep(plan: BackendPlan, { table, module }: AggregatePlan): MigrationStep {
  const key = quotedKey(tableKey(table));
  const policies = writtenPolicies(plan).filter((policy) => policy.table === tableKey(table));
  const secured = isSecured(plan, table);
  const alter = (...actions: readonly string[]) =>
    actions.map((action) => executeSql(`ALTER TABLE ${key} ${action} ROW LEVEL SECURITY`));
  const up = [...alter("ENABLE", "FORCE"), ...policies.map((policy) => executeSql(createPolicy(policy)))];
  const down = [
    ...alter("DISABLE", "NO FORCE").reverse(),
    ...policies.map(({ name }) => executeSql(`DROP POLICY IF EXISTS ${quoted(name)} ON ${key}`)),
  ];
  return step(`secure_${module}`, "row_security", secured ? up : [], down);
}

export function isSecured(plan: BackendPlan, table: Table): boolean {
  return table.rowSecurity !== "off" || writtenPolicies(plan).some((policy) => policy.table === tableKey(table));
}

/** The policies that say anything. */
export function writtenPolicies(plan: BackendPlan): readonly Policy[] {
  return plan.spec.database.policies.filter((policy) => (policy.sql ?? policySql(policy)) !== "");
}

export function createPolicy(policy: Policy): string {
  if (policy.sql !== undefined) return policy.sql;
  const parts = [
    `CREATE POLICY ${quoted(policy.name)} ON ${quotedKey(policy.table)}`,
    `  AS ${policy.permissive ? "PERMISSIVE" : "RESTRICTIVE"} FOR ${policy.command.toUpperCase()}`,
    ...(policy.roles.length > 0 ? [`  TO ${policy.roles.map(quoted).join(", ")}`] : []),
    ...(policy.using === undefined ? [] : [`  USING (${policy.using})`]),
    ...(policy.withCheck === undefined ? [] : [`  WITH CHECK (${policy.withCheck})`]),
  ];
  return parts.join("\n");
}

/** Roles that only policies name get the rights that row security then narrows. */
export function privilegeStep(plan: BackendPlan): MigrationStep {
  const grants = plan.spec.database.statements.filter(({ kind }) => kind === "grant").map(({ sql }) => sql);
  const roles = plan.session.roles.filter((role) => !grants.some((sql) => new RegExp(`\\b${role}\\b`).test(sql)));
  const list = roles.map(quoted).join(", ");
  const schemas = new Set(["public", ...migratedTables(plan).flatMap(({ table }) => relationOf(table).schema ?? [])]);
  const up = [...schemas].flatMap((schema) => [
    executeSql(`GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${list}`),
    executeSql(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${quoted(schema)} TO ${list}`),
    executeSql(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${quoted(schema)} TO ${list}`),
  ]);
  return step("grant_to_policy_roles", "privileges", roles.length > 0 ? up : []);
}
