import type { SqlStatement } from "../spec/model.ts";
import { executeSql } from "./migrationText.ts";

/**
 * Refuses a server that lacks an extension before anything is created, naming all that are lacking; none for
 * extensions that PostgreSQL itself ships. PostgreSQL would stop at the first one and name a control file. The remedy
 * is part of the message, because SQLAlchemy shows no hints.
 */
export function extensionCheck(extensions: readonly SqlStatement[]): readonly string[] {
  const wanted = new Set(extensions.map(({ name }) => name).filter((name) => name !== "" && !shipped.has(name)));
  if (wanted.size === 0) return [];
  const names = [...wanted].map((name) => `'${name.replaceAll("'", "''")}'`).join(", ");
  return [
    executeSql(`DO $check$
DECLARE
  missing text;
BEGIN
  SELECT string_agg(wanted, ', ') INTO missing
  FROM unnest(ARRAY[${names}]) AS wanted
  WHERE wanted NOT IN (SELECT name FROM pg_available_extensions);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION
      'The PostgreSQL server lacks %; install the packages of these extensions on it and migrate again', missing
      USING ERRCODE = 'feature_not_supported';
  END IF;
END
$check$`),
  ];
}

/** The extensions of PostgreSQL's own `contrib`. */
const shipped: ReadonlySet<string> = new Set(
  "adminpack amcheck autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore insert_username intagg intarray isn lo ltree moddatetime old_snapshot pageinspect pg_buffercache pg_freespacemap pg_prewarm pg_stat_statements pg_surgery pg_trgm pg_visibility pg_walinspect pgcrypto pgrowlocks pgstattuple plpgsql postgres_fdw refint seg sslinfo tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp xml2".split(
    " ",
  ),
);
