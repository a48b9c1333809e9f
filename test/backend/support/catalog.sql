-- What PostgreSQL's catalogs say of a database, one row an object: a key and a definition in words.
-- Objects of extensions and of the system, Alembic's own table and the schemas of a hosted database are left out; so are owners and grants.
WITH
space AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'auth', 'storage', 'realtime', 'cron', 'extensions')
),
foreigner AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
relation AS (
  SELECT c.*, format('%I.%I', s.nspname, c.relname) AS path
  FROM pg_class c JOIN space s ON s.oid = c.relnamespace
  WHERE c.relname !~ '^alembic_version' AND NOT EXISTS (
    SELECT FROM foreigner WHERE classid = 'pg_class'::regclass AND objid = c.oid)
),
object(key, definition) AS (
  SELECT 'schema ' || nspname, '' FROM space

  UNION ALL
  SELECT 'extension ' || extname, '' FROM pg_extension WHERE extname <> 'plpgsql'

  UNION ALL
  SELECT 'table ' || path, concat_ws(' ',
    CASE relkind WHEN 'p' THEN 'PARTITION BY ' || pg_get_partkeydef(oid) END,
    CASE relpersistence WHEN 'u' THEN 'UNLOGGED' END,
    (SELECT string_agg(inhparent::regclass::text, ',' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = relation.oid),
    pg_get_expr(relpartbound, oid), array_to_string(reloptions, ','),
    CASE WHEN relrowsecurity THEN 'ROW SECURITY' END, CASE WHEN relforcerowsecurity THEN 'FORCED' END)
  FROM relation WHERE relkind IN ('r', 'p', 'f')

  UNION ALL
  SELECT 'column ' || path || '.' || attname, concat_ws(' ',
    '#' || row_number() OVER (PARTITION BY attrelid ORDER BY attnum),
    format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'NOT NULL' END,
    CASE WHEN attcollation <> typcollation THEN 'COLLATE ' || attcollation::regcollation END,
    CASE attidentity WHEN 'a' THEN 'IDENTITY ALWAYS' WHEN 'd' THEN 'IDENTITY BY DEFAULT' END,
    CASE attgenerated WHEN 's' THEN 'GENERATED ' ELSE 'DEFAULT ' END || pg_get_expr(adbin, adrelid))
  FROM pg_attribute a JOIN relation ON relation.oid = attrelid JOIN pg_type t ON t.oid = atttypid
    LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
  WHERE relkind IN ('r', 'p', 'f', 'c') AND attnum > 0 AND NOT attisdropped

  UNION ALL
  SELECT 'constraint ' || path || '.' || conname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN relation ON relation.oid = conrelid WHERE contype <> 't'

  UNION ALL
  SELECT 'index ' || format('%I.%I', nspname, c.relname), pg_get_indexdef(indexrelid)
    || CASE WHEN indisclustered THEN ' CLUSTER' ELSE '' END || CASE WHEN indisreplident THEN ' REPLICA IDENTITY' ELSE '' END
  FROM pg_index JOIN relation ON relation.oid = indrelid JOIN pg_class c ON c.oid = indexrelid
    JOIN space s ON s.oid = c.relnamespace

  UNION ALL
  SELECT CASE relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || path,
    concat_ws(' ', array_to_string(reloptions, ','), pg_get_viewdef(oid))
  FROM relation WHERE relkind IN ('v', 'm')

  UNION ALL
  SELECT 'sequence ' || path, concat_ws(' ', format_type(seqtypid, NULL), 'START', seqstart, 'BY', seqincrement,
    seqmin, seqmax, 'CACHE', seqcache, CASE WHEN seqcycle THEN 'CYCLE' END,
    (SELECT 'OWNED BY ' || refobjid::regclass || '.' || attname FROM pg_depend
     JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
     WHERE classid = 'pg_class'::regclass AND objid = relation.oid AND deptype IN ('a', 'i')))
  FROM relation JOIN pg_sequence ON seqrelid = oid WHERE relkind = 'S'

  UNION ALL
  SELECT 'trigger ' || path || '.' || tgname, pg_get_triggerdef(t.oid) || CASE tgenabled WHEN 'O' THEN '' ELSE ' ' || tgenabled::text END
  FROM pg_trigger t JOIN relation ON relation.oid = tgrelid WHERE NOT tgisinternal

  UNION ALL
  SELECT 'rule ' || path || '.' || rulename, pg_get_ruledef(r.oid)
  FROM pg_rewrite r JOIN relation ON relation.oid = ev_class WHERE rulename <> '_RETURN'

  UNION ALL
  SELECT 'policy ' || path || '.' || polname, concat_ws(' ', CASE WHEN NOT polpermissive THEN 'RESTRICTIVE' END,
    CASE polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' ELSE 'DELETE' END,
    'TO ' || (SELECT string_agg(CASE role WHEN 0 THEN 'public' WHEN relowner THEN 'the owner' ELSE pg_get_userbyid(role) END, ',' ORDER BY 1)
              FROM unnest(polroles) role),
    'USING ' || pg_get_expr(polqual, polrelid), 'CHECK ' || pg_get_expr(polwithcheck, polrelid))
  FROM pg_policy JOIN relation ON relation.oid = polrelid

  UNION ALL
  SELECT 'function ' || oid::regprocedure, CASE prokind WHEN 'a' THEN 'aggregate' ELSE pg_get_functiondef(oid) END
  FROM pg_proc WHERE pronamespace IN (SELECT oid FROM space)
    AND NOT EXISTS (SELECT FROM foreigner WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid)

  UNION ALL
  SELECT 'type ' || format('%I.%I', nspname, typname), concat_ws(' ', CASE typtype WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum'
    WHEN 'r' THEN 'range' ELSE 'composite' END,
    CASE typtype WHEN 'd' THEN format_type(typbasetype, typtypmod) END, typdefault, CASE WHEN typnotnull THEN 'NOT NULL' END,
    (SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), ', ' ORDER BY conname) FROM pg_constraint WHERE contypid = t.oid),
    (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
    (SELECT format_type(rngsubtype, NULL) FROM pg_range WHERE rngtypid = t.oid))
  FROM pg_type t JOIN space s ON s.oid = typnamespace LEFT JOIN pg_class c ON c.oid = typrelid
  WHERE (typtype IN ('d', 'e', 'r') OR c.relkind = 'c')
    AND NOT EXISTS (SELECT FROM foreigner WHERE classid = 'pg_type'::regclass AND objid = t.oid)

  UNION ALL
  SELECT 'statistics ' || stxname, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext WHERE stxnamespace IN (SELECT oid FROM space)

  UNION ALL
  SELECT 'publication ' || pubname, concat_ws(' ', CASE WHEN puballtables THEN 'ALL TABLES' END,
    (SELECT string_agg(prrelid::regclass::text, ',' ORDER BY 1) FROM pg_publication_rel WHERE prpubid = p.oid))
  FROM pg_publication p

  UNION ALL
  SELECT 'event trigger ' || evtname, evtevent || ' ' || evtfoid::regproc FROM pg_event_trigger

  UNION ALL
  SELECT 'comment on ' || pg_describe_object(classoid, objoid, objsubid), description
  FROM pg_description d
  WHERE NOT EXISTS (SELECT FROM foreigner f WHERE f.classid = d.classoid AND f.objid = d.objoid)
    AND (classoid = 'pg_class'::regclass AND objoid IN (SELECT oid FROM relation)
      OR classoid = 'pg_type'::regclass AND objoid IN (SELECT oid FROM pg_type WHERE typnamespace IN (SELECT oid FROM space))
      OR classoid = 'pg_proc'::regclass AND objoid IN (SELECT oid FROM pg_proc WHERE pronamespace IN (SELECT oid FROM space))
      OR classoid = 'pg_constraint'::regclass AND objoid IN (SELECT k.oid FROM pg_constraint k WHERE connamespace IN (SELECT oid FROM space))
      OR classoid IN ('pg_trigger'::regclass, 'pg_policy'::regclass)
      OR classoid = 'pg_namespace'::regclass AND objoid IN (SELECT oid FROM space WHERE nspname <> 'public'))
)
SELECT coalesce(json_agg(json_build_array(key, definition) ORDER BY key, definition), '[]') FROM object
