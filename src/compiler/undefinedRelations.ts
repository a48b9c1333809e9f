import type { DatabaseDesign, Policy, SqlStatement } from "../spec/model.ts";
import type { NeedsDetail } from "./compilation.ts";
import { splitName, tableKey } from "./schemaText.ts";

/** Whether a function in SQL uses a table or a hosted function that the design does not have; PostgreSQL would refuse to create it. */
export function readsUndefinedRelation(database: DatabaseDesign, { sql }: SqlStatement): boolean {
  if (!/\bLANGUAGE\s+'?sql\b/i.test(sql)) return false;
  const known = relationNames(database);
  const names = usedRelations(sql.replaceAll("$$", " "));
  if (/\b(?:storage|realtime|vault|cron|net)\.\w+\s*\(/i.test(sql)) return true;
  return names.some((name) => !known.has(splitName(name).name.toLowerCase()));
}

/** Policies, triggers and views without those on tables that the design does not have. */
export function withoutUndefinedRelations(
  database: DatabaseDesign,
  needsDetail: NeedsDetail[],
): Pick<DatabaseDesign, "policies" | "statements"> {
  const known = relationNames(database);
  const missingFrom = (sql: string) =>
    usedRelations(sql).find((name) => !known.has(splitName(name).name.toLowerCase()));
  const keep = (element: string, item: Policy | SqlStatement, sql: string): boolean => {
    const missing = missingFrom(sql);
    if (missing === undefined) return true;
    needsDetail.push({ element, reason: lackOf(missing), source: item.source });
    return false;
  };
  return {
    policies: database.policies.filter((policy) => keep(policy.id, policy, `ON ${policy.table} ${policyText(policy)}`)),
    statements: database.statements.filter(
      (item) => !checkedKinds.has(item.kind) || keep(`${item.kind}:${item.name}`, item, definition(item)),
    ),
  };
}

function lackOf(relation: string): string {
  return hosted.test(relation)
    ? `It needs ${relation}, which Supabase keeps and the database of this backend does not have; leave it to Supabase.`
    : `It needs the table ${relation}; add it to the design.`;
}

const hosted = /^(?:auth|storage|realtime|vault|cron|net|extensions)\./i;

/** Functions are left alone: PostgreSQL looks into most of them only when they are called. */
const checkedKinds: ReadonlySet<string> = new Set(["trigger", "view", "other"]);

/** Of a trigger or a change only its table; the condition of a trigger speaks of the row. */
function definition({ kind, sql }: SqlStatement): string {
  if (kind === "other") {
    const table = /^(?:ALTER\s+TABLE|INSERT\s+INTO)\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?([\w."]+)/i.exec(sql)?.[1];
    const reads = /^INSERT\b/i.test(sql) ? ` ${sql}` : "";
    return table === undefined ? "" : `FROM ${table}${reads}`;
  }
  return kind === "trigger" ? (/^[\s\S]*?\bON\s+[\w."]+/i.exec(sql)?.[0].replace(/^[\s\S]*\bON\b/i, "ON") ?? "") : sql;
}

function policyText({ using, withCheck }: Policy): string {
  return `${using ?? ""} ${withCheck ?? ""}`;
}

function relationNames({ tables, statements }: DatabaseDesign): ReadonlySet<string> {
  const created = statements
    .filter(({ kind, sql }) => kind === "view" || (kind === "other" && /^CREATE\b/i.test(sql)))
    .map(({ name }) => name);
  const names = [...tables.map(tableKey), ...created].map((name) => splitName(name).name.toLowerCase());
  return new Set(names);
}

/** `IS DISTINCT FROM x` and `extract(year FROM x)` name no relation, and neither does a function. */
const relation = /(?:\b(?:FROM|JOIN)|^ON)\s+(?:ONLY\s+)?((?:"?\w+"?\.)?"?\w+"?)(?!\s*\(|[\w."])/gi;

/** What stands after FROM, JOIN and a trigger's or policy's ON; not functions, catalogs and names a WITH gives. */
function usedRelations(sql: string): readonly string[] {
  const text = sql.replace(/--[^\n]*/g, "").replace(/'(?:[^']|'')*'/g, "''");
  const named = new Set(
    [...text.matchAll(/\b(\w+)\s+AS\s*(?:NOT\s+MATERIALIZED\s*|MATERIALIZED\s*)?\(/gi)].map((match) => match[1]),
  );
  const found = [...text.matchAll(relation)].filter(
    (match) => !/\b(?:DISTINCT|\(\s*\w+)\s*$/i.test(text.slice(0, match.index)),
  );
  return found
    .map((match) => (match[1] ?? "").replaceAll('"', ""))
    .filter(
      (name) =>
        !named.has(name) &&
        !/^(?:new\.|old\.|pg_|information_schema|auth\.users$|lateral$|unnest$|now$|current_)/i.test(name),
    );
}
