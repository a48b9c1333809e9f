import { readFileSync } from "node:fs";
import { splitStatements, withoutClientLines } from "../../../src/spec/sql/statements.ts";
import type { Cluster } from "./cluster.ts";

/** A statement of the design that PostgreSQL refuses whatever ran before it, and why. */
export interface Refusal {
  readonly sql: string;
  readonly reason: string;
}

/** The statements that stand as SQL in the documents: whole scripts, and the SQL fences of Markdown. */
export function designStatements(paths: readonly string[]): readonly string[] {
  return paths
    .flatMap((path) => scriptsOf(path, readFileSync(path, "utf8").replaceAll("\r\n", "\n")))
    .flatMap((script) => keepingPath(splitStatements(withoutClientLines(script)).map(({ sql }) => sql)))
    .filter((sql) => !says(sql, "BEGIN", "START TRANSACTION", "COMMIT", "ROLLBACK", "COPY"));
}

/** A function whose body names things without their schema works for every caller only with the path it was written under. */
function keepingPath(script: readonly string[]): readonly string[] {
  let isSet = false;
  return script.map((sql) => {
    isSet = /^SET\s+search_path\b/i.test(sql) || (isSet && !/^RESET\s+search_path\b/i.test(sql));
    const isFunction = /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\b/i.test(sql);
    const keeps = isSet && isFunction && !/\bSET\s+search_path\b|\bBEGIN\s+ATOMIC\b/i.test(sql);
    return keeps ? `${sql} SET search_path FROM CURRENT` : sql;
  });
}

/**
 * Runs a design by itself, without anything of ours: statement by statement, and again what failed as
 * long as some of it succeeds, because a design may name things before it defines them.
 */
export async function buildDesign(
  cluster: Cluster,
  database: string,
  statements: readonly string[],
): Promise<readonly Refusal[]> {
  await cluster.sql(database, supabase);
  let waiting = statements;
  for (let bodies = "on"; ; ) {
    const refusals = await runStatements(cluster, database, [`SET check_function_bodies = ${bodies}`, ...waiting]);
    const roles = refusals.flatMap(({ reason }) => /role "([^"]+)" does not exist/.exec(reason)?.[1] ?? []);
    for (const role of new Set(roles)) await cluster.sql(database, `CREATE ROLE "${role}" NOLOGIN`);
    if (refusals.length === 0) return [];
    if (refusals.length === waiting.length && roles.length === 0) {
      // A function over a table that is not designed may stand all the same; only calling it fails.
      if (bodies === "off") return refusals;
      bodies = "off";
    }
    waiting = refusals.map(({ sql }) => sql);
  }
}

/** Row security counts for the owner, too, in every backend we write; designs say so less often. */
export async function forceRowSecurity(cluster: Cluster, database: string): Promise<void> {
  await cluster.sql(
    database,
    `DO $$ DECLARE path regclass; BEGIN
      FOR path IN SELECT oid FROM pg_class WHERE relrowsecurity LOOP
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', path);
      END LOOP;
    END $$`,
  );
}

function scriptsOf(path: string, text: string): readonly string[] {
  if (path.endsWith(".sql")) return [text];
  const fences = path.endsWith(".md")
    ? [...text.matchAll(/^[ \t]*```(?:sql|postgres\w*|pgsql|ddl)\s*\n([\s\S]*?)^[ \t]*```/gim)]
    : [];
  return fences.map((fence) => definitions(fence[1] ?? ""));
}

/** In prose, queries and data are examples. */
function definitions(script: string): string {
  const statements = splitStatements(script).filter(
    ({ sql }) => !says(sql, "SELECT", "WITH", "INSERT", "UPDATE", "DELETE"),
  );
  return statements.map(({ sql }) => `${sql};\n`).join("");
}

function says(sql: string, ...words: readonly string[]): boolean {
  return new RegExp(`^(?:${words.join("|")})\\b`, "i").test(sql);
}

async function runStatements(
  cluster: Cluster,
  database: string,
  statements: readonly string[],
): Promise<readonly Refusal[]> {
  const script = statements.map(
    (sql, index) => `${sql}\n;\n\\if :ERROR\n\\echo refused ${index} :LAST_ERROR_MESSAGE\n\\endif\n`,
  );
  const output = await cluster.script(database, script.join(""));
  return [...output.matchAll(/^refused (\d+) (.*)$/gm)].map(([, index, reason = ""]) => ({
    sql: statements[Number(index)] ?? "",
    reason,
  }));
}

/** What every Supabase project has before its own schema. */
const supabase = `
DO $$ BEGIN
  CREATE ROLE anon NOLOGIN; CREATE ROLE authenticated NOLOGIN; CREATE ROLE service_role NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE SCHEMA auth;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text, raw_user_meta_data jsonb);
CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT NULL::jsonb';
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text';
CREATE SCHEMA storage;
CREATE TABLE storage.buckets (id text PRIMARY KEY, name text, public boolean, file_size_limit bigint,
  allowed_mime_types text[], avif_autodetection boolean);
CREATE TABLE storage.objects (id uuid PRIMARY KEY, bucket_id text, name text, owner uuid, owner_id text, metadata jsonb);
CREATE FUNCTION storage.foldername(text) RETURNS text[] LANGUAGE sql AS 'SELECT NULL::text[]';
CREATE SCHEMA realtime;
CREATE TABLE realtime.messages (id uuid, topic text, extension text, payload jsonb);
CREATE FUNCTION realtime.topic() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text'`;
