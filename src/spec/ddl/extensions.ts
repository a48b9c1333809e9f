/** Extensions that the embedded PostgreSQL has; of pgcrypto the functions as stand-ins, because it is large. */
export const bundledExtensions = [
  "uuid-ossp",
  "citext",
  "pg_trgm",
  "hstore",
  "ltree",
  "btree_gist",
  "btree_gin",
  "unaccent",
  "fuzzystrmatch",
  "tablefunc",
  "intarray",
  "cube",
  "earthdistance",
  "isn",
] as const;

interface KnownExtension {
  readonly name: string;
  /** Names of its types, functions, operator classes, access methods and schemas, as messages quote them. */
  readonly owns: RegExp;
}

/** Extensions that designs use, with what can be told from a message that lacks them. */
const knownExtensions: readonly KnownExtension[] = [
  { name: "uuid-ossp", owns: /^uuid_(?:generate_v\d\w*|nil|ns_\w+)$/ },
  { name: "pgcrypto", owns: /^(?:crypt|gen_salt|digest|hmac|gen_random_bytes|pgp_\w+|armor|dearmor)$/ },
  { name: "citext", owns: /^citext$/ },
  { name: "hstore", owns: /^hstore$/ },
  { name: "ltree", owns: /^(?:ltree|lquery|ltxtquery)$/ },
  { name: "pg_trgm", owns: /^(?:g(?:in|ist)_trgm_ops|(?:strict_)?(?:word_)?similarity|show_trgm)$/ },
  { name: "unaccent", owns: /^unaccent$/ },
  { name: "fuzzystrmatch", owns: /^(?:levenshtein\w*|soundex|difference|d?metaphone\w*)$/ },
  { name: "tablefunc", owns: /^(?:crosstab\w*|connectby|normal_rand)$/ },
  { name: "intarray", owns: /^(?:gin__int_ops|gist__int\w*_ops|query_int)$/ },
  { name: "cube", owns: /^cube$/ },
  { name: "earthdistance", owns: /^(?:earth|earth_distance|ll_to_earth|earth_box)$/ },
  { name: "isn", owns: /^(?:isbn(?:13)?|issn(?:13)?|ean13|upc)$/ },
  { name: "moddatetime", owns: /^moddatetime$/ },
  { name: "btree_gist", owns: /^access method "gist"$/ },
  { name: "btree_gin", owns: /^access method "gin"$/ },
  { name: "vector", owns: /^(?:vector|halfvec|sparsevec|\w*vec(?:tor)?_\w+_ops|hnsw|ivfflat)$/ },
  { name: "postgis", owns: /^(?:geometry|geography|box[23]d|raster|st_\w+)$/ },
  { name: "postgis_topology", owns: /^topology(?:\.\w+)?$/ },
  { name: "pg_cron", owns: /^cron(?:\.\w+)?$/ },
  { name: "pg_net", owns: /^net(?:\.\w+)?$/ },
  { name: "pg_partman", owns: /^(?:partman(?:\.\w+)?|create_parent)$/ },
  { name: "pgmq", owns: /^pgmq(?:\.\w+)?$/ },
  { name: "pgsodium", owns: /^pgsodium(?:\.\w+)?$/ },
  { name: "supabase_vault", owns: /^vault(?:\.\w+)?$/ },
  { name: "timescaledb", owns: /^(?:create_hypertable|add_\w+_policy|time_bucket\w*|timescaledb\w*)$/ },
  { name: "pgroonga", owns: /^pgroonga\w*$/ },
  { name: "pg_bigm", owns: /^gin_bigm_ops$/ },
  { name: "rum", owns: /^rum\w*$/ },
  { name: "age", owns: /^(?:agtype|ag_catalog(?:\.\w+)?)$/ },
  { name: "http", owns: /^http(?:_\w+)?$/ },
  { name: "pgjwt", owns: /^(?:sign|verify|url_(?:en|de)code)$/ },
];

/** Extensions of PostgreSQL and of hosted PostgreSQL from which nothing is used by name. */
const others =
  "plpgsql pg_stat_statements pg_graphql pgaudit pgtap pg_repack hypopg index_advisor pg_hashids wrappers postgres_fdw dblink file_fdw adminpack sslinfo pageinspect pgstattuple pg_buffercache pg_prewarm amcheck bloom seg lo tcn xml2 dict_int dict_xsyn insert_username autoinc refint plv8 plpython3u plperl pltcl plpgsql_check plls plcoffee rdkit address_standardizer postgis_raster postgis_sfcgal postgis_tiger_geocoder pgrouting pgvectorscale vectorscale ai pg_search pg_ivm pg_hint_plan pg_uuidv7 orafce timescaledb_toolkit citus columnar pgl_ddl_deploy auto_explain tsm_system_rows tsm_system_time".split(
    " ",
  );

/** The extension that a type, function, operator class, access method or schema comes from. */
export function extensionOwning(name: string): string | undefined {
  const bare = name.toLowerCase().replace(/^(?:public|extensions)\./, "");
  return knownExtensions.find(({ owns }) => owns.test(bare))?.name;
}

export function isKnownExtension(name: string): boolean {
  return others.includes(name) || knownExtensions.some((extension) => extension.name === name);
}

/** False when {@link extensionOwning} could not know what belongs to the extension. */
export function hasKnownNames(name: string): boolean {
  return isKnownExtension(name) && !/^(?:wrappers|citus|plv8|rdkit|orafce|refint)$/.test(name);
}

/** The extension that a name with the wrong spelling means: `uuid_ossp`, `pgvector`. */
export function meantExtension(name: string): string | undefined {
  const aliases: Readonly<Partial<Record<string, string>>> = { pgvector: "vector", uuid: "uuid-ossp", trgm: "pg_trgm" };
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  return aliases[name.toLowerCase()] ?? knownExtensions.find((known) => plain(known.name) === plain(name))?.name;
}
