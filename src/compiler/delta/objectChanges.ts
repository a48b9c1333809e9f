import type { Policy, SqlStatement } from "../../spec/model.ts";
import { dropFunction, dropTrigger, dropView } from "../dropStatements.ts";
import { createPolicy, isCalledByTables, isSecured, writtenPolicies } from "../migrationSteps.ts";
import { executeSql } from "../migrationText.ts";
import type { BackendPlan } from "../plan.ts";
import { quoted, quotedKey, relationOf, splitName, tableKey } from "../schemaText.ts";
import { mentions, type TableChanges } from "./tableChanges.ts";

/** Statements about what stands beside the tables, by when they run. All are Python. */
export interface ObjectChanges {
  /** Before the tables change. */
  readonly before: readonly string[];
  /** After the tables have changed and the constraints stand. */
  readonly after: readonly string[];
  /** When nothing needs them any more. */
  readonly last: readonly string[];
}

/**
 * Functions, views, triggers, row policies, comments and privileges of one design made into those of
 * another. Views on a table whose columns change, and policies and triggers that name such a
 * column, are dropped before and created after, because PostgreSQL would refuse the change.
 */
export function objectChanges(from: BackendPlan, to: BackendPlan, tables: TableChanges): ObjectChanges {
  const functions = functionChanges(from, to);
  const reshaped = reshapedRelations(from, tables);
  const views = remadeStatements("view", from, to, ({ sql }) => mentions(sql, reshaped));
  const triggers = remadeStatements("trigger", from, to, (item) => usesRemade(item.sql, tables));
  const policies = policyChanges(from, to, tables);
  const gone = new Set(tables.removed.map(({ table }) => table.name));
  const onStanding = ({ sql }: SqlStatement): boolean => !mentions(/\bON\s+([\w."]+)/i.exec(sql)?.[1], gone);
  return {
    before: [
      ...triggers.removed.filter(onStanding).map(dropTrigger),
      ...policies.before,
      ...[...views.removed].reverse().map(plainDrop),
      ...functions.early,
    ],
    after: [
      ...functions.late,
      ...views.added.map(execute),
      ...triggers.added.map(execute),
      ...addedStatements("other", from, to).map(execute),
      ...commentChanges(from, to),
      ...policies.after,
      ...privilegeChanges(from, to),
    ],
    last: functions.last,
  };
}

/** The statements of a kind that only `to` has, by their text. */
export function addedStatements(
  kind: SqlStatement["kind"],
  from: BackendPlan,
  to: BackendPlan,
): readonly SqlStatement[] {
  const known = new Set(statements(kind, from).map(textOf));
  return statements(kind, to).filter((item) => !known.has(textOf(item)));
}

function statements(kind: SqlStatement["kind"], plan: BackendPlan): readonly SqlStatement[] {
  return plan.spec.database.statements.filter((item) => item.kind === kind);
}

function textOf({ sql }: SqlStatement): string {
  return sql.replace(/\s+/g, " ").trim();
}

function execute({ sql }: SqlStatement): string {
  return executeSql(sql);
}

/** A view that something else needs must not be dropped along: the migration would lose what it never names. */
function plainDrop(view: SqlStatement): string {
  return dropView(view).replace(/ CASCADE"\)$/, '")');
}

function isAlter({ sql }: SqlStatement): boolean {
  return /^ALTER\b/i.test(sql);
}

function remadeStatements(
  kind: "view" | "trigger",
  from: BackendPlan,
  to: BackendPlan,
  isRemade: (item: SqlStatement) => boolean,
): { readonly removed: readonly SqlStatement[]; readonly added: readonly SqlStatement[] } {
  const stays = new Set(statements(kind, to).map(textOf));
  const stood = new Set(statements(kind, from).map(textOf));
  return {
    removed: statements(kind, from).filter((item) => !isAlter(item) && (!stays.has(textOf(item)) || isRemade(item))),
    added: statements(kind, to).filter((item) => !stood.has(textOf(item)) || isRemade(item)),
  };
}

/** Names of tables whose columns change, and of the views that stand on them, directly or not. */
function reshapedRelations(from: BackendPlan, { reshaped }: TableChanges): ReadonlySet<string> {
  const names = new Set([...reshaped].map((key) => splitName(key).name));
  for (const { name, sql } of statements("view", from)) if (mentions(sql, names)) names.add(splitName(name).name);
  return names;
}

/** Whether the text names a table together with one of its columns that are made anew. */
function usesRemade(sql: string, { changed }: TableChanges): boolean {
  return changed.some(({ to, remade }) => mentions(sql, [relationOf(to.table).name]) && mentions(sql, remade));
}

/** A body is replaced in place; another signature is another function. */
function functionChanges(from: BackendPlan, to: BackendPlan) {
  const added = addedStatements("function", from, to);
  const removed = addedStatements("function", to, from).filter((item) => !isAlter(item));
  const replaces = (item: SqlStatement) => removed.some((old) => signatureOf(old) === signatureOf(item));
  const create = (item: SqlStatement) =>
    executeSql(replaces(item) ? item.sql.replace(/^CREATE\s+(?!OR\b)/i, "CREATE OR REPLACE ") : item.sql);
  const dropped = removed.filter((old) => !added.some((item) => signatureOf(item) === signatureOf(old)));
  const sameName = (old: SqlStatement) => added.some(({ name }) => name === old.name);
  return {
    early: [
      ...dropped.filter(sameName).map(dropWithoutDependents),
      ...added.filter((item) => isCalledByTables(to, item)).map(create),
    ],
    late: added.filter((item) => !isCalledByTables(to, item)).map(create),
    last: dropped.filter((old) => !sameName(old)).map(dropWithoutDependents),
  };
}

function signatureOf({ sql }: SqlStatement): string {
  const head = /^[\s\S]*?(?=\b(?:AS|LANGUAGE|BEGIN)\b)/i.exec(sql)?.[0] ?? sql;
  return head
    .replace(/^CREATE\s+(OR\s+REPLACE\s+)?/i, "")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

function dropWithoutDependents(item: SqlStatement): string {
  return dropFunction(item).replace(/ CASCADE"\)$/, '")');
}

function policyChanges(from: BackendPlan, to: BackendPlan, tables: TableChanges) {
  const standing = new Set(tables.changed.map((change) => tableKey(change.to.table)));
  const isStanding = ({ table }: Policy): boolean => standing.has(table);
  const keyOf = (policy: Policy): string => createPolicy(policy).replace(/\s+/g, " ");
  const isRemade = (policy: Policy): boolean => usesRemade(createPolicy(policy), tables);
  const olds = writtenPolicies(from);
  const news = writtenPolicies(to);
  const removed = [
    ...olds.filter(
      (item) => isStanding(item) && (isRemade(item) || !news.some((other) => keyOf(other) === keyOf(item))),
    ),
    ...policiesInTheWay(olds, tables),
  ];
  const added = news.filter(
    (item) => isStanding(item) && (isRemade(item) || !olds.some((other) => keyOf(other) === keyOf(item))),
  );
  const changed = tables.changed.filter(
    (change) => isSecured(from, change.from.table) !== isSecured(to, change.to.table),
  );
  const secure = changed.flatMap(({ to: { table } }) => {
    const actions = isSecured(to, table) ? ["ENABLE", "FORCE"] : ["NO FORCE", "DISABLE"];
    return actions.map((action) =>
      executeSql(`ALTER TABLE ${quotedKey(tableKey(table))} ${action} ROW LEVEL SECURITY`),
    );
  });
  return {
    before: removed.map(({ name, table }) =>
      executeSql(`DROP POLICY IF EXISTS ${quoted(name)} ON ${quotedKey(table)}`),
    ),
    after: [...secure, ...added.map((policy) => executeSql(createPolicy(policy)))],
  };
}

/** Policies of tables that go, and that keep columns, or other tables that go, from going before them. */
function policiesInTheWay(policies: readonly Policy[], tables: TableChanges): readonly Policy[] {
  const going = tables.removed.map(({ table }) => tableKey(table));
  return policies.filter((policy) => {
    const others = going.filter((key) => key !== policy.table).map((key) => splitName(key).name);
    const sql = createPolicy(policy);
    return going.includes(policy.table) && (usesRemade(sql, tables) || mentions(sql, others));
  });
}

function commentChanges(from: BackendPlan, to: BackendPlan): readonly string[] {
  const added = addedStatements("comment", from, to);
  const target = ({ sql }: SqlStatement): string =>
    /^[\s\S]*?\bIS\b/i.exec(sql)?.[0].replace(/\s+/g, " ").toLowerCase() ?? "";
  const renewed = new Set(added.map(target));
  const objects = new Set(to.spec.database.statements.map(({ name }) => name));
  const removed = addedStatements("comment", to, from).filter(
    (item) => !renewed.has(target(item)) && objects.has(item.name),
  );
  return [
    ...removed.map(({ sql }) => executeSql(`${/^[\s\S]*?\bIS\b/i.exec(sql)?.[0] ?? ""} NULL`)),
    ...added.map(execute),
  ];
}

function privilegeChanges(from: BackendPlan, to: BackendPlan): readonly string[] {
  const revoked = addedStatements("grant", to, from).flatMap(({ sql }) => {
    const parts = /^GRANT\s+([\s\S]+?\bON\b[\s\S]+?)\s+TO\s+([\w",\s]+?)(?:\s+WITH\b[\s\S]*)?$/i.exec(sql.trim());
    return parts ? [executeSql(`REVOKE ${parts[1]} FROM ${parts[2]}`)] : [];
  });
  return [...revoked, ...addedStatements("grant", from, to).map(execute)];
}
