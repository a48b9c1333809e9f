import { keyOfTable } from "../merge/tableShapes.ts";
import type { DesignSpec, Policy, Table } from "../model.ts";

export type CallerColumn = "owner" | "tenant";

/**
 * The columns that the policies of a table compare directly with the caller or the caller's tenant.
 *
 * `customers.owner_id = …` inside a policy on `addresses` is about another table and does not count.
 */
export function callerColumns(spec: DesignSpec, table: Table): ReadonlyMap<string, CallerColumn> {
  const columns = new Map<string, CallerColumn>();
  const policies = spec.database.policies.filter((policy) => policy.table === keyOfTable(table)).map(policySql);
  for (const { name } of policies.length > 0 ? table.columns : []) {
    const caller = policies.map((sql) => comparedWith(sql, table.name, name)).find((source) => source !== undefined);
    if (caller === undefined) continue;
    const setting = /'([^']+)'/.exec(caller)?.[1];
    columns.set(name, setting !== undefined && claimOf(setting) === "tenant_id" ? "tenant" : "owner");
  }
  return columns;
}

export function policySql(policy: Policy): string {
  return [policy.using, policy.withCheck].filter((part) => part !== undefined).join("\n") || (policy.sql ?? "");
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
