import { keyOfTable } from "../merge/tableShapes.ts";
import type { DesignSpec, Policy, Table } from "../model.ts";

export type CallerColumn = "owner" | "tenant";

/**
 * The columns that the policies of a table compare directly with the caller or the caller's tenant.
 *
 * `customers.owner_id = …` inside a policy on `addresses` is about another table and does not count.
 */
export function callerColumns(spec: DesignSpec, table: Table): ReadonlyMap<string, CallerColumn> {
  const { policies } = spec.database;
  const known = found.get(policies) ?? new WeakMap<Table, ReadonlyMap<string, CallerColumn>>();
  found.set(policies, known);
  const columns = known.get(table) ?? comparedColumns(spec, table);
  known.set(table, columns);
  return columns;
}

/** Every endpoint of a table asks anew, and the expressions of all policies are looked through. */
const found = new WeakMap<readonly Policy[], WeakMap<Table, ReadonlyMap<string, CallerColumn>>>();

function comparedColumns(spec: DesignSpec, table: Table): ReadonlyMap<string, CallerColumn> {
  const columns = new Map<string, CallerColumn>();
  const policies = policiesOf(spec, table);
  for (const { name } of policies.length > 0 ? table.columns : []) {
    const caller = policies.map((sql) => comparedWith(sql, table.name, name)).find((source) => source !== undefined);
    if (caller === undefined) continue;
    const setting = /'([^']+)'/.exec(caller)?.[1];
    const isTenant = setting !== undefined && (claimOf(setting) === "tenant_id" || refersToGroup(spec, table, name));
    columns.set(name, isTenant ? "tenant" : "owner");
  }
  return columns;
}

function policiesOf({ database }: DesignSpec, table: Table): readonly string[] {
  return database.policies.filter((policy) => policy.table === keyOfTable(table)).map(policySql);
}

export function policySql(policy: Policy): string {
  return [policy.using, policy.withCheck].filter((part) => part !== undefined).join("\n") || (policy.sql ?? "");
}

/** A column that refers to rows which are no people, and to which people belong: `studio_id` of studios. */
function refersToGroup({ database }: DesignSpec, table: Table, column: string): boolean {
  const key = table.constraints.find(({ references, columns }) => references && columns.join() === column);
  const group = database.tables.find((other) => keyOfTable(other) === key?.references?.table);
  if (!group || holdsUsers(group)) return false;
  return database.tables.some(
    (people) =>
      holdsUsers(people) && people.constraints.some(({ references }) => references?.table === keyOfTable(group)),
  );
}

/** As {@link claimOf}, where the design has a column that says more than the name of the setting. */
export function claimOfSetting(spec: DesignSpec, setting: string): "user_id" | "tenant_id" | "role" {
  const feedsTenant = spec.database.tables.some((table) =>
    [...callerColumns(spec, table)].some(
      ([column, role]) =>
        role === "tenant" &&
        policiesOf(spec, table).some((sql) => comparedWith(sql, table.name, column)?.includes(`'${setting}'`)),
    ),
  );
  return feedsTenant ? "tenant_id" : claimOf(setting);
}

/** Which claim of the caller's token feeds a session setting, by its name. */
export function claimOf(name: string): "user_id" | "tenant_id" | "role" {
  if (/tenant|org|account|workspace|company/i.test(name)) return "tenant_id";
  return /role/i.test(name) ? "role" : "user_id";
}

/** The right-hand side of `column = …` when it reads the session; else undefined. */
function comparedWith(sql: string, table: string, column: string): string | undefined {
  const left = new RegExp(`(?:"?(\\w+)"?\\.)?"?\\b${column}\\b"?(?:\\s*::\\s*\\w+)?\\s*=\\s*([^=;]{0,160})`, "gi");
  for (const match of sql.matchAll(left)) {
    if (match[1] !== undefined && match[1] !== table) continue;
    const right = match[2] ?? "";
    const source =
      /^[\s(]*(?:select\s+)?(?:nullif\s*\(\s*)?(current_setting\([^)]*\)|auth\.(?:uid|jwt)\s*\(\s*\)(?:\s*->>\s*'\w+')?)/i.exec(
        right,
      );
    if (source) return source[1];
  }
  return undefined;
}

/** Whoever signs in has a row there: it is called so, or it keeps an address for each beside a role or a password. */
export function holdsUsers({ name, columns }: Table): boolean {
  const has = (wanted: RegExp): boolean => columns.some((column) => wanted.test(column.name));
  return /(?:^|_)users?$/i.test(name) || (has(/^e?_?mail(?:_address)?$/) && has(/^(?:role|password(?:_hash)?)$/));
}
