import type { Node, RangeVar, TypeName } from "libpg-query";
import type { SqlType } from "../model.ts";

const defaultSchemas = new Set(["public", "pg_catalog"]);

/** The text of `String` nodes: column lists, name paths, enum labels. */
export function stringsOf(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ("String" in node ? [node.String.sval ?? ""] : []));
}

/** `orders`, or `billing.orders` when the schema is not the default one. */
export function tableKey(relation: RangeVar | undefined): string {
  return qualified(relation?.schemaname, relation?.relname ?? "");
}

export function qualified(schema: string | undefined, name: string): string {
  return schema === undefined || defaultSchemas.has(schema) ? name : `${schema}.${name}`;
}

export function keyOfPath(path: readonly string[]): string {
  return qualified(path.at(-2), path.at(-1) ?? "");
}

export function sqlType(type: TypeName | undefined): SqlType {
  const names = stringsOf(type?.names);
  return {
    name: keyOfPath(names),
    // The first number of an interval says which fields it has.
    arguments: (type?.typmods ?? []).flatMap(integerOf).slice(names.at(-1) === "interval" ? 1 : 0),
    array: (type?.arrayBounds ?? []).length > 0,
  };
}

function integerOf(node: Node): number[] {
  return "A_Const" in node && node.A_Const.ival ? [node.A_Const.ival.ival ?? 0] : [];
}

/** Visits every object of a parse tree. Trees from the parser have no cycles. */
export function walk(tree: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(tree)) {
    for (const child of tree) walk(child, visit);
  } else if (typeof tree === "object" && tree !== null) {
    visit(tree as Record<string, unknown>);
    for (const child of Object.values(tree)) walk(child, visit);
  }
}

/** Columns that an expression names, each once, in the order of their appearance. */
export function columnsIn(expression: Node | undefined): string[] {
  const columns = new Set<string>();
  walk(expression, (node) => {
    const reference = node["ColumnRef"];
    if (typeof reference !== "object" || reference === null || !("fields" in reference)) return;
    const name = stringsOf(reference.fields as Node[]).at(-1);
    if (name !== undefined) columns.add(name);
  });
  return [...columns];
}
