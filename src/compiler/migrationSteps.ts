import { policySql } from "../spec/join/callerColumns.ts";
import type { Policy, SqlStatement, Table } from "../spec/model.ts";
import { dropObject, executeSql, type MigrationSection, type MigrationStep } from "./migrationText.ts";
import type { AggregatePlan, BackendPlan } from "./plan.ts";
import { quoted, quotedKey, relationOf, splitName, tableKey } from "./schemaText.ts";
import { roleStatements, supabaseShim } from "./supabaseShim.ts";
import { circularKeySteps, tableSteps } from "./tableSteps.ts";
import { readsUndefinedRelation } from "./undefinedRelations.ts";

/**
 * The design's database in the order in which PostgreSQL takes it.
 *
 * Functions that a table's defaults or checks call come before the tables; all the others after
 * them, because they may name tables in their signatures. Policies come late: they may use anything.
 */
export function migrationSteps(plan: BackendPlan): readonly MigrationStep[] {
  const of = (kind: SqlStatement["kind"]) => plan.spec.database.statements.filter((item) => item.kind === kind);
  const early = of("function").filter((statement) => isCalledByTables(plan, statement));
  const late = of("function").filter((statement) => !early.includes(statement));
  const schemas = of("other").filter(({ sql }) => /^CREATE\s+SCHEMA\b/i.test(sql));
  const other = of("other").filter((statement) => !schemas.includes(statement));
  const prepare = [...schemaStatements(plan, schemas), ...of("extension").map(execute), ...of("role").map(execute)];
  const steps = [
    step("prepare_database", "types", [...prepare, ...roleStatements(plan)]),
    step("create_auth_shim", "types", supabaseShim(plan).map(executeSql)),
    enumStep(plan),
    statementStep("create_types", "types", of("type"), dropType),
    statementStep("create_sequences", "types", of("sequence"), ({ name }) => dropObject("SEQUENCE", name)),
    statementStep("create_table_functions", "types", early, dropFunction),
    ...plan.aggregates.flatMap((aggregate) => tableSteps(plan, aggregate)),
    ...circularKeySteps(plan),
    lateFunctionStep(plan, late),
    statementStep("create_views", "functions", of("view"), dropView),
    statementStep("create_triggers", "functions", of("trigger"), dropTrigger),
    statementStep("complete_schema", "functions", other),
    statementStep("comment_on_schema", "functions", of("comment")),
    ...plan.aggregates.map((aggregate) => securityStep(plan, aggregate)),
    statementStep("grant_privileges", "privileges", of("grant")),
    privilegeStep(plan),
  ];
  return steps.filter(({ up }) => up.length > 0);
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
  drop?: (statement: SqlStatement) => string,
): MigrationStep {
  const created = statements.filter(({ sql }) => !/^ALTER\b/i.test(sql));
  return step(name, section, statements.map(execute), drop ? [...new Set(created.map(drop))] : []);
}

/** A function in SQL over a table that is not designed can be created all the same; calling it fails until the table exists. */
function lateFunctionStep(plan: BackendPlan, functions: readonly SqlStatement[]): MigrationStep {
  const step = statementStep("create_functions", "functions", functions, dropFunction);
  const unchecked = functions.some((statement) => readsUndefinedRelation(plan.spec.database, statement));
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
  const missing = [...new Set(used)].filter((schema) => !created.has(schema));
  return [
    ...designed.map(createSchema),
    ...missing.map((schema) => executeSql(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`)),
  ];
}

/** Schemas outlive a downgrade, as extensions and roles do: others may use them. */
function createSchema({ sql }: SqlStatement): string {
  return executeSql(sql.replace(/^CREATE\s+SCHEMA\s+(?!IF\b)/i, "CREATE SCHEMA IF NOT EXISTS "));
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

export function dropType({ sql, name }: SqlStatement): string {
  return dropObject(/^CREATE\s+DOMAIN\b/i.test(sql) ? "DOMAIN" : "TYPE", name);
}

export function dropFunction({ sql, name }: SqlStatement): string {
  return dropObject(/^CREATE\s+(?:OR\s+REPLACE\s+)?PROCEDURE\b/i.test(sql) ? "PROCEDURE" : "FUNCTION", name, true);
}

export function dropView({ sql, name }: SqlStatement): string {
  if (/^CREATE\s+TABLE\b/i.test(sql)) return dropObject("TABLE", name);
  return dropObject(/^CREATE\s+MATERIALIZED\b/i.test(sql) ? "MATERIALIZED VIEW" : "VIEW", name, true);
}

export function dropTrigger({ sql, name }: SqlStatement): string {
  const table = /\bON\s+((?:"?\w+"?\.)?"?\w+"?)\s/i.exec(sql)?.[1];
  if (table === undefined) return executeSql(`DROP EVENT TRIGGER IF EXISTS ${quoted(name)}`);
  return executeSql(`DROP TRIGGER IF EXISTS ${quoted(name)} ON ${table}`);
}

export function isCalledByTables(plan: BackendPlan, { name }: SqlStatement): boolean {
  const call = new RegExp(`\\b${splitName(name).name}\\s*\\(`, "i");
  const { tables, indexes } = plan.spec.database;
  const expressions = [
    ...tables.flatMap(({ columns }) => columns.flatMap((column) => [column.default, column.generated])),
    ...tables.flatMap(({ constraints }) => constraints.map(({ expression }) => expression)),
    ...indexes.flatMap(({ parts, where }) => [where, ...parts.map(({ expression }) => expression)]),
  ];
  return expressions.some((expression) => call.test(expression ?? ""));
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
  const schemas = new Set(["public", ...plan.aggregates.flatMap(({ table }) => relationOf(table).schema ?? [])]);
  const up = [...schemas].flatMap((schema) => [
    executeSql(`GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${list}`),
    executeSql(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${quoted(schema)} TO ${list}`),
    executeSql(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${quoted(schema)} TO ${list}`),
  ]);
  return step("grant_to_policy_roles", "privileges", roles.length > 0 ? up : []);
}
