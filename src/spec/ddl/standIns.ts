/**
 * SQL that stands in for extensions that the embedded PostgreSQL lacks, as far as definitions need them: pgcrypto's library
 * is a tenth of our whole package, and the others come from elsewhere. Undefined when there is none.
 */
export function standInFor(createExtension: string): string | undefined {
  const [, name = "", schema = "public"] = statement.exec(createExtension) ?? [];
  const lines = standIns[name.toLowerCase()];
  return lines?.map((line) => line.replaceAll("@", `"${schema}".`)).join(";");
}

const statement = /^CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?"?([\w-]+)"?(?:\s+(?:WITH\s+)?SCHEMA\s+"?(\w+)"?)?/i;

/** `@` is where the schema goes. */
const standIns: Readonly<Partial<Record<string, readonly string[]>>> = {
  pgcrypto: [
    "gen_salt(text) RETURNS text",
    "gen_salt(text, integer) RETURNS text",
    "crypt(text, text) RETURNS text",
    "digest(text, text) RETURNS bytea",
    "digest(bytea, text) RETURNS bytea",
    "hmac(text, text, text) RETURNS bytea",
    "hmac(bytea, bytea, text) RETURNS bytea",
    "gen_random_bytes(integer) RETURNS bytea",
    "pgp_sym_encrypt(text, text) RETURNS bytea",
    "pgp_sym_encrypt(text, text, text) RETURNS bytea",
    "pgp_sym_decrypt(bytea, text) RETURNS text",
    "pgp_sym_decrypt(bytea, text, text) RETURNS text",
    "armor(bytea) RETURNS text",
    "dearmor(text) RETURNS bytea",
  ].map(constantFunction),
  vector: [
    "CREATE TYPE @vector",
    "CREATE FUNCTION @vector_in(cstring, oid, integer) RETURNS @vector LANGUAGE internal IMMUTABLE AS 'byteain'",
    "CREATE FUNCTION @vector_out(@vector) RETURNS cstring LANGUAGE internal IMMUTABLE AS 'byteaout'",
    "CREATE FUNCTION @vector_typmod_in(cstring[]) RETURNS integer LANGUAGE internal IMMUTABLE AS 'varchartypmodin'",
    "CREATE FUNCTION @vector_typmod_out(integer) RETURNS cstring LANGUAGE internal IMMUTABLE AS 'varchartypmodout'",
    "CREATE TYPE @vector (INPUT = @vector_in, OUTPUT = @vector_out, TYPMOD_IN = @vector_typmod_in, TYPMOD_OUT = @vector_typmod_out)",
    ...["l2_distance", "inner_product", "cosine_distance", "l1_distance"].map((name) =>
      constantFunction(`${name}(@vector, @vector) RETURNS float8`),
    ),
    ...[
      ["<->", "l2_distance"],
      ["<#>", "inner_product"],
      ["<=>", "cosine_distance"],
      ["<+>", "l1_distance"],
    ].map(([operator, name]) => {
      return `CREATE OPERATOR @${operator} (LEFTARG = @vector, RIGHTARG = @vector, FUNCTION = @${name})`;
    }),
  ],
  pg_cron: ["CREATE SCHEMA cron", "CREATE TABLE cron.job (jobid bigint, schedule text, command text, jobname text)"],
  pg_net: ["CREATE SCHEMA net"],
  pg_stat_statements: [],
  pg_graphql: [],
  pgaudit: [],
  hypopg: [],
  index_advisor: [],
};

function constantFunction(signature: string): string {
  const type = signature.slice(signature.lastIndexOf(" ") + 1);
  return `CREATE OR REPLACE FUNCTION @${signature} LANGUAGE sql IMMUTABLE AS 'SELECT NULL::${type}'`;
}
