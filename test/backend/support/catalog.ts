import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "./cluster.ts";

/** The objects of a database by a key such as `column public.orders.status`, each with its definition. */
export type Catalog = ReadonlyMap<string, string>;

const query = readFileSync(join(import.meta.dirname, "catalog.sql"), "utf8");

export async function readCatalog(cluster: Cluster, database: string): Promise<Catalog> {
  const rows: readonly (readonly [string, string])[] = JSON.parse(await cluster.sql(database, query));
  return new Map(rows.map(([key, definition]) => [key, tidy(definition)]));
}

/** One line a difference: `-` only designed, `+` only there, `~` both and not the same. */
export function catalogDifferences(designed: Catalog, actual: Catalog): readonly string[] {
  const keys = [...new Set([...designed.keys(), ...actual.keys()])].sort();
  return keys.flatMap((key) => {
    const [wanted, found] = [designed.get(key), actual.get(key)];
    if (wanted === found) return [];
    if (found === undefined) return [`- ${key}: ${wanted}`];
    return wanted === undefined ? [`+ ${key}: ${found}`] : [`~ ${key}: ${wanted}\n     is ${found}`];
  });
}

/** The part of a database that a design in several forms says in SQL: its tables, and what hangs on them. */
export function withinTables(actual: Catalog, designed: Catalog): Catalog {
  const tables = [...designed.keys()]
    .filter((key) => key.startsWith("table "))
    .map((key) => key.slice("table ".length));
  const own = (key: string) => tables.some((table) => key.includes(` ${table}.`));
  return new Map([...actual].filter(([key]) => designed.has(key) || own(key)));
}

/** Blanks at the ends of lines are no part of a definition. */
function tidy(definition: string): string {
  return definition.replace(/[ \t]+$/gm, "").trim();
}
