import type { DesignSpec, Policy, Table } from "../spec/model.ts";
import type { SessionSettingPlan } from "./plan.ts";
import { tableKey } from "./schemaText.ts";

/** What row policies and functions ask the session for, and the database roles they name. */
export function planSession(spec: DesignSpec): SessionSettingPlan {
  const sql = sessionSql(spec);
  const names = [...new Set([...sql.matchAll(/current_setting\(\s*'([^']+)'/gi)].map((match) => match[1] ?? ""))];
  const own = names.filter((name) => name.includes(".") && name !== claimsSetting);
  const supabase = names.includes(claimsSetting) || supabaseFunction.test(sql);
  return { settings: own.map((name) => ({ name, claim: claimOf(name) })), supabase, roles: missingRoles(spec) };
}

/** Supabase's setting that holds the claims of the caller's token as JSON. */
export const claimsSetting = "request.jwt.claims";

export type CallerColumn = "owner" | "tenant";

/**
 * The columns that the policies of a table compare directly with the caller or the caller's tenant.
 *
 * `customers.owner_id = …` inside a policy on `addresses` is about another table and does not count.
 */
export function callerColumns(spec: DesignSpec, table: Table): ReadonlyMap<string, CallerColumn> {
  const columns = new Map<string, CallerColumn>();
  const policies = spec.database.policies.filter((policy) => policy.table === tableKey(table)).map(policySql);
  for (const { name } of policies.length > 0 ? table.columns : []) {
    const caller = policies.map((sql) => comparedWith(sql, table.name, name)).find((source) => source !== undefined);
    if (caller === undefined) continue;
    const setting = /'([^']+)'/.exec(caller)?.[1];
    columns.set(name, setting !== undefined && claimOf(setting) === "tenant_id" ? "tenant" : "owner");
  }
  return columns;
}

/** How policies read a setting: text they cast to `uuid` must not be given anything else. */
export function isReadAsUuid(spec: DesignSpec, setting: string): boolean {
  const name = setting.replaceAll(".", "\\.");
  return new RegExp(`current_setting\\(\\s*'${name}'[^)]*\\)(?:\\s*,\\s*''\\s*\\))?\\s*\\)*\\s*::\\s*uuid`, "i").test(
    sessionSql(spec),
  );
}

/** Whether some policy casts the setting without `nullif(…, '')`, so that an empty one would be an error. */
export function needsValue(spec: DesignSpec, setting: string): boolean {
  const name = setting.replaceAll(".", "\\.");
  return new RegExp(`(?<!nullif\\(\\s*)current_setting\\(\\s*'${name}'[^)]*\\)\\s*\\)*\\s*::`, "i").test(
    sessionSql(spec),
  );
}

export function policySql(policy: Policy): string {
  return [policy.using, policy.withCheck].filter((part) => part !== undefined).join("\n") || (policy.sql ?? "");
}

const supabaseFunction = /\bauth\.(?:uid|jwt|role)\s*\(/i;

function sessionSql(spec: DesignSpec): string {
  const { policies, statements, tables } = spec.database;
  return [
    ...policies.map(policySql),
    ...statements.filter(({ kind }) => kind === "function" || kind === "view").map(({ sql }) => sql),
    ...tables.flatMap(({ columns }) => columns.map((column) => column.default ?? "")),
  ].join("\n");
}

function claimOf(name: string): "user_id" | "tenant_id" | "role" {
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

/** `public` and the session's own pseudo-roles exist everywhere. */
const builtinRoles = new Set(["public", "current_user", "current_role", "session_user", "postgres"]);

function missingRoles(spec: DesignSpec): readonly string[] {
  const { policies, statements } = spec.database;
  const created = new Set(statements.filter(({ kind }) => kind === "role").map(({ name }) => name));
  const granted = statements.filter(({ kind }) => kind === "grant").flatMap(({ sql }) => granteesOf(sql));
  const named = [...policies.flatMap(({ roles }) => roles), ...granted];
  return [...new Set(named)].filter((role) => !builtinRoles.has(role.toLowerCase()) && !created.has(role));
}

function granteesOf(sql: string): readonly string[] {
  const list = /\b(?:TO|FROM)\s+([\w",\s]+?)(?:\s+WITH\b[\s\S]*|\s+CASCADE|\s+RESTRICT)?\s*$/i.exec(sql)?.[1] ?? "";
  return list
    .split(",")
    .map((role) => role.trim().replaceAll('"', ""))
    .filter((role) => /^\w+$/.test(role));
}
