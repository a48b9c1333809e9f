import type { SqlStatement } from "../spec/model.ts";
import { executeSql } from "./migrationText.ts";
import { quoted, quotedKey } from "./schemaText.ts";

export function dropObject(kind: string, key: string, cascade = false): string {
  return executeSql(`DROP ${kind} IF EXISTS ${quotedKey(key)}${cascade ? " CASCADE" : ""}`);
}

export function dropType({ sql, name }: SqlStatement): string {
  return dropObject(/^CREATE\s+DOMAIN\b/i.test(sql) ? "DOMAIN" : "TYPE", name);
}

/** One of several functions of a name is told by its parameters. */
export function dropFunction({ sql, name }: SqlStatement, _index = 0, all: readonly SqlStatement[] = []): string {
  const kind = /^CREATE\s+(?:OR\s+REPLACE\s+)?PROCEDURE\b/i.test(sql) ? "PROCEDURE" : "FUNCTION";
  if (all.filter((other) => other.name === name).length < 2) return dropObject(kind, name, true);
  return executeSql(`DROP ${kind} IF EXISTS ${quotedKey(name)}(${parametersOf(sql)}) CASCADE`);
}

export function dropView({ sql, name }: SqlStatement): string {
  if (/^CREATE\s+(?:UNLOGGED\s+)?TABLE\b/i.test(sql)) return dropObject("TABLE", name);
  return dropObject(/^CREATE\s+MATERIALIZED\b/i.test(sql) ? "MATERIALIZED VIEW" : "VIEW", name, true);
}

export function dropTrigger({ sql, name }: SqlStatement): string {
  const table = new RegExp(`\\bON\\s+(${relation})\\s`, "i").exec(sql)?.[1];
  if (table === undefined) return executeSql(`DROP EVENT TRIGGER IF EXISTS ${quoted(name)}`);
  return executeSql(`DROP TRIGGER IF EXISTS ${quoted(name)} ON ${table}`);
}

/** What a statement of the rarer kinds creates and no table takes with it; undefined when there is nothing to drop. */
export function dropOther({ sql }: SqlStatement): string | undefined {
  const aggregate = new RegExp(`^CREATE\\s+(?:OR\\s+REPLACE\\s+)?AGGREGATE\\s+(${relation})\\s*\\(`, "i").exec(sql);
  if (aggregate) return executeSql(`DROP AGGREGATE IF EXISTS ${aggregate[1]}(${parametersOf(sql)}) CASCADE`);
  const created = new RegExp(`^CREATE\\s+(${freestanding})\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(${relation})`, "i").exec(
    sql,
  );
  return created ? executeSql(`DROP ${created[1]?.toUpperCase()} IF EXISTS ${created[2]}`) : undefined;
}

const relation = String.raw`(?:(?:"[^"]+"|[^\s."(;]+)\.)?(?:"[^"]+"|[^\s."(;]+)`;

const freestanding =
  "PUBLICATION|COLLATION|SERVER|FOREIGN\\s+DATA\\s+WRAPPER|TEXT\\s+SEARCH\\s+(?:CONFIGURATION|DICTIONARY|PARSER|TEMPLATE)";

/** The parameter list without defaults, which DROP does not take. */
function parametersOf(sql: string): string {
  const start = sql.indexOf("(") + 1;
  let depth = 1;
  let end = start;
  while (end < sql.length && depth > 0) {
    if (sql[end] === "(") depth += 1;
    if (sql[end] === ")") depth -= 1;
    end += 1;
  }
  return sql
    .slice(start, end - 1)
    .replace(/\s+(?:DEFAULT\s|=)[^,]*/gi, "")
    .replace(/\s+/g, " ")
    .trim();
}
