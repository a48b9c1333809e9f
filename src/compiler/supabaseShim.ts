import { policySql } from "../spec/join/callerColumns.ts";
import { externalTables } from "./externalTables.ts";
import type { BackendPlan } from "./plan.ts";
import { claimsSetting } from "./sessionSettings.ts";

/**
 * Supabase's `auth` functions for a plain PostgreSQL, each only where it is missing.
 *
 * They read the claims of the caller's token from the session, as Supabase's own do. A subject that
 * is no UUID gives null instead of an error.
 */
export function supabaseShim(plan: BackendPlan): readonly string[] {
  const { statements, policies } = plan.spec.database;
  const hasUsers =
    externalTables(plan.spec).some(({ schema, name }) => schema === "auth" && name === "users") ||
    [...statements.map(({ sql }) => sql), ...policies.map(policySql)].some((sql) => /\bauth\.users\b/i.test(sql));
  if (!plan.session.supabase && !hasUsers) return [];
  return [
    "CREATE SCHEMA IF NOT EXISTS auth",
    ...(plan.session.supabase ? functions : []),
    ...(hasUsers ? [usersTable] : []),
  ];
}

/** Roles that policies or grants name and no statement creates; the owner may take them on. */
export function roleStatements(plan: BackendPlan): readonly string[] {
  return plan.session.roles.map(
    (role) => `op.execute("""
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role.replaceAll("'", "''")}') THEN
    CREATE ROLE "${role.replaceAll('"', '""')}" NOLOGIN;
  END IF;
  GRANT "${role.replaceAll('"', '""')}" TO CURRENT_USER;
END
$$
""")`,
  );
}

const guarded = (name: string, returns: string, body: string): string => `DO $shim$
BEGIN
  IF to_regprocedure('${name}()') IS NULL THEN
    CREATE FUNCTION ${name}() RETURNS ${returns} LANGUAGE sql STABLE AS $$
      ${body}
    $$;
  END IF;
END
$shim$`;

const functions: readonly string[] = [
  guarded("auth.jwt", "jsonb", `SELECT coalesce(nullif(current_setting('${claimsSetting}', true), ''), '{}')::jsonb`),
  guarded(
    "auth.uid",
    "uuid",
    `SELECT CASE WHEN auth.jwt() ->> 'sub' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        THEN (auth.jwt() ->> 'sub')::uuid END`,
  ),
  guarded("auth.role", "text", "SELECT auth.jwt() ->> 'role'"),
];

/** With the columns that designs read; Supabase's own has many more. */
const usersTable = `CREATE TABLE IF NOT EXISTS auth.users (
  id uuid PRIMARY KEY,
  email text,
  phone text,
  raw_app_meta_data jsonb,
  raw_user_meta_data jsonb,
  created_at timestamptz,
  updated_at timestamptz
)`;
