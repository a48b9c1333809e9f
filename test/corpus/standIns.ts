import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GeneratedProject } from "../backend/support/backend.ts";
import type { Cluster } from "../backend/support/cluster.ts";

/**
 * The design's statements without the extensions that only other machines have, for which `standInSql` gives
 * types and access methods of the same names; the project's migrations are changed alike.
 */
export function withStandIns(project: GeneratedProject, statements: readonly string[]): readonly string[] {
  for (const file of globSync("migrations/versions/*.py", { cwd: project.folder })) {
    const path = join(project.folder, file);
    const text = readFileSync(path, "utf8");
    const neutral = withoutParameters(text).replace(executed, (call) =>
      new RegExp(` EXTENSION .*\\b(?:${absent})\\b|pg_available_extensions`, "s").test(call) ? "pass" : call,
    );
    if (neutral !== text) writeFileSync(path, neutral);
  }
  return statements
    .map((sql) => stored(withoutParameters(sql)))
    .filter((sql) => !new RegExp(`^(?:CREATE|COMMENT ON) EXTENSION\\b.*\\b(?:${absent})\\b`, "i").test(sql));
}

/** Extensions that Debian does not ship and `standInSql` stands in for. */
const absent = "vector|pg_cron|pg_net";

/** PostgreSQL 18 computes a column on reading unless it is told to store it; earlier versions, and our backends, store it. */
function stored(sql: string): string {
  return sql.replace(/(GENERATED ALWAYS AS \(.*\))(?: VIRTUAL)?(?=,?$)/gm, "$1 STORED");
}

const executed = /op\.execute\(\s*(?:(?:"[^"]*"|'[^']*')\s*)+\)/g;

/** The first extension that a design cannot do without and that is not there; undefined when all are. */
export function missingExtension(statements: readonly string[], available: ReadonlySet<string>): string | undefined {
  return statements
    .map((sql) => /^CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?"?([\w-]+)/i.exec(sql)?.[1])
    .find((name) => name !== undefined && !absent.split("|").includes(name) && !available.has(name));
}

/**
 * What the operator of a server does before: the extensions that only a superuser may create, and on Supabase
 * the schema in which every session looks for extensions.
 */
export async function operatorSql(cluster: Cluster, statements: readonly string[]): Promise<string> {
  const rows = await cluster.sql(
    "postgres",
    "SELECT DISTINCT name FROM pg_available_extension_versions WHERE NOT trusted",
  );
  const untrusted = new Set(rows.split("\n"));
  const own = statements
    .flatMap((sql) => /^CREATE\s+EXTENSION\s+IF\s+NOT\s+EXISTS\s+"?([\w-]+)/i.exec(sql)?.[1] ?? [])
    .filter((name) => untrusted.has(name));
  const isHosted = statements.some((sql) => /\bextensions\.vector\b/i.test(sql));
  return [...own.map((name) => `CREATE EXTENSION "${name}";`), ...(isHosted ? [extensionsSchema] : [])].join("\n");
}

const extensionsSchema = `
CREATE SCHEMA extensions; GRANT USAGE ON SCHEMA extensions TO PUBLIC; ALTER TYPE vector SET SCHEMA extensions;
DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET search_path TO "$user", public, extensions', current_database());
END $$;`;

/** The hash index stands in for pgvector's indexes and knows none of their parameters. */
function withoutParameters(text: string): string {
  return text.replace(/\s*WITH\s*\(\s*(?:lists|m|ef_construction)\s*=[^)]*\)/gi, "");
}

const classes = ["vector_l2_ops", "vector_ip_ops", "vector_cosine_ops"];

/** pgvector as text in disguise, pg_cron without a clock, and PostgreSQL 18's `uuidv7`. */
export const standInSql = `
CREATE TYPE vector;
CREATE FUNCTION vector_in(cstring, oid, int4) RETURNS vector LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
CREATE FUNCTION vector_out(vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
CREATE FUNCTION vector_typmod_in(cstring[]) RETURNS int4 LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE FUNCTION vector_typmod_out(int4) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout';
CREATE TYPE vector (INPUT = vector_in, OUTPUT = vector_out, TYPMOD_IN = vector_typmod_in,
  TYPMOD_OUT = vector_typmod_out, LIKE = varchar);
CREATE FUNCTION vector_eq(vector, vector) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'texteq';
CREATE OPERATOR = (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_eq);
CREATE FUNCTION vector_hash(vector) RETURNS int4 LANGUAGE internal IMMUTABLE STRICT AS 'hashtext';
${["hnsw", "ivfflat"].flatMap(accessMethod).join("\n")}
CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT gen_random_uuid()';
CREATE SCHEMA cron;
CREATE TABLE cron.job (jobid bigint, jobname text);
CREATE FUNCTION cron.schedule(text, text, text) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
`;

function accessMethod(name: string): readonly string[] {
  return [
    `CREATE ACCESS METHOD ${name} TYPE INDEX HANDLER hashhandler;`,
    ...classes.map(
      (operators) =>
        `CREATE OPERATOR CLASS ${operators} FOR TYPE vector USING ${name} AS OPERATOR 1 =, FUNCTION 1 vector_hash(vector);`,
    ),
  ];
}
