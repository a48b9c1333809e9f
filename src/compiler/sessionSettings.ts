import { claimOfSetting, policySql } from "../spec/join/callerColumns.ts";
import type { DesignSpec } from "../spec/model.ts";
import type { SessionSettingPlan } from "./plan.ts";

/** What row policies and functions ask the session for, and the database roles they name. */
export function planSession(spec: DesignSpec): SessionSettingPlan {
  const sql = sessionSql(spec);
  const names = [...new Set([...sql.matchAll(/current_setting\(\s*'([^']+)'/gi)].map((match) => match[1] ?? ""))];
  const own = names.filter((name) => name.includes(".") && name !== claimsSetting);
  const supabase = names.includes(claimsSetting) || supabaseFunction.test(sql);
  return {
    settings: own.map((name) => ({ name, claim: claimOfSetting(spec, name) })),
    supabase,
    roles: missingRoles(spec),
  };
}

/** Supabase's setting that holds the claims of the caller's token as JSON. */
export const claimsSetting = "request.jwt.claims";

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

const supabaseFunction = /\bauth\.(?:uid|jwt|role)\s*\(/i;

function sessionSql(spec: DesignSpec): string {
  const { policies, statements, tables } = spec.database;
  return [
    ...policies.map(policySql),
    ...statements.filter(({ kind }) => kind === "function" || kind === "view").map(({ sql }) => sql),
    ...tables.flatMap(({ columns }) => columns.map((column) => column.default ?? "")),
  ].join("\n");
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
