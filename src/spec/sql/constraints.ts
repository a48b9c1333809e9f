import type { Constraint as ConstraintNode } from "libpg-query";
import type { Constraint } from "../model.ts";
import type { ForeignKeyTarget, ReferentialAction } from "../tableParts.ts";
import { chooseName, type NameRegistry } from "./names.ts";
import { columnsIn, stringsOf, tableKey } from "./nodes.ts";
import { bracketText, elementTokens, type StatementSource, textOf } from "./statementSource.ts";

/** A constraint as the parser gives it; `column` is set when it stands in that column's definition. */
export interface PlacedConstraint {
  readonly node: ConstraintNode;
  readonly column?: string;
}

const types: Partial<Record<string, Constraint["type"]>> = {
  CONSTR_PRIMARY: "primaryKey",
  CONSTR_FOREIGN: "foreignKey",
  CONSTR_UNIQUE: "unique",
  CONSTR_CHECK: "check",
  CONSTR_EXCLUSION: "exclude",
};

/** Naming order of PostgreSQL: checks with the table, then the indexes with the key first, then foreign keys. */
const namingOrder: readonly Constraint["type"][] = ["check", "primaryKey", "unique", "exclude", "foreignKey"];

/** The constraints of one statement in document order, unnamed ones with the name PostgreSQL would choose. */
export function readConstraints(
  source: StatementSource,
  table: string,
  placed: readonly PlacedConstraint[],
  registry: NameRegistry,
): Constraint[] {
  for (const { node } of placed) if (node.conname !== undefined) registry.taken.add(node.conname);
  const typed = placed.flatMap((item) => {
    const type = types[item.node.contype ?? ""];
    return type ? [{ ...item, type }] : [];
  });
  const names = new Map<PlacedConstraint, string>();
  for (const type of namingOrder) {
    for (const item of typed.filter((candidate) => candidate.type === type)) {
      names.set(item, item.node.conname ?? defaultName(table, item, type, registry));
    }
  }
  return typed.map((item) => readConstraint(source, table, item, names.get(item) ?? ""));
}

function readConstraint(
  source: StatementSource,
  table: string,
  item: PlacedConstraint & { readonly type: Constraint["type"] },
  name: string,
): Constraint {
  const { node, type } = item;
  const start = source.offsetOf(node.location ?? 0);
  const tokens = elementTokens(source, start);
  const expression = expressionOf(source, item, start);
  const references = type === "foreignKey" ? targetOf(node) : undefined;
  return {
    id: `constraint:${table}.${name}`,
    kind: "constraint",
    name,
    source: source.spanOf(start, tokens.at(-1)?.end ?? start),
    confidence: "declared",
    table,
    type,
    named: node.conname !== undefined,
    columns: constrainedColumns(item, type),
    ...(references && { references }),
    ...(expression !== undefined && { expression }),
    ...(node.deferrable && { deferrable: node.initdeferred ? ("deferred" as const) : ("immediate" as const) }),
    ...(node.nulls_not_distinct && { nullsNotDistinct: true }),
    // A column's own check ends where the next of its attributes begins, so its words are put together.
    ...(item.column !== undefined && node.is_no_inherit && { definition: `CHECK (${expression ?? ""}) NO INHERIT` }),
    ...(saysMore(item) && { definition: withoutName(source, item, start) }),
  };
}

/** Whether the fields of a {@link Constraint} leave something out. A column's own constraint has no such forms but MATCH FULL. */
function saysMore({ node, column }: PlacedConstraint): boolean {
  const lists = [node.including, node.options];
  const special = node.fk_matchtype === "f" || node.skip_validation || node.is_no_inherit || node.indexspace;
  return column === undefined && (Boolean(special) || lists.some((list) => (list ?? []).length > 0));
}

/** Without `CONSTRAINT name`. */
function withoutName(source: StatementSource, { node }: PlacedConstraint, start: number): string {
  const tokens = elementTokens(source, start);
  return textOf(source, node.conname === undefined ? tokens : tokens.slice(2));
}

function constrainedColumns(item: PlacedConstraint, type: Constraint["type"]): string[] {
  if (type === "check") return columnsIn(item.node.raw_expr);
  if (type === "exclude") return exclusionColumns(item.node);
  const listed = stringsOf(type === "foreignKey" ? item.node.fk_attrs : item.node.keys);
  return listed.length === 0 && item.column !== undefined ? [item.column] : listed;
}

function exclusionColumns(node: ConstraintNode): string[] {
  return (node.exclusions ?? []).flatMap((exclusion) => {
    const element = "List" in exclusion ? exclusion.List.items?.[0] : undefined;
    if (!element || !("IndexElem" in element)) return [];
    return element.IndexElem.name === undefined ? columnsIn(element.IndexElem.expr) : [element.IndexElem.name];
  });
}

function expressionOf(
  source: StatementSource,
  item: PlacedConstraint & { readonly type: Constraint["type"] },
  start: number,
): string | undefined {
  if (item.type === "check") return bracketText(source, start);
  if (item.type !== "exclude") return undefined;
  return withoutName(source, item, start);
}

function defaultName(table: string, item: PlacedConstraint, type: Constraint["type"], registry: NameRegistry): string {
  const relation = table.slice(table.lastIndexOf(".") + 1);
  const columns = constrainedColumns(item, type);
  if (type === "primaryKey") return chooseName(registry, [relation, undefined], "pkey");
  // A column's own check, too, has its name from the columns that it reads.
  if (type === "check") return chooseName(registry, [relation, columns.length === 1 ? columns[0] : undefined], "check");
  const label = { unique: "key", exclude: "excl", foreignKey: "fkey" }[type];
  return chooseName(registry, [relation, columns.join("_")], label);
}

function targetOf(node: ConstraintNode): ForeignKeyTarget {
  return {
    table: tableKey(node.pktable),
    columns: stringsOf(node.pk_attrs),
    onDelete: actionOf(node.fk_del_action),
    ...(node.fk_del_set_cols && { onDeleteColumns: stringsOf(node.fk_del_set_cols) }),
    onUpdate: actionOf(node.fk_upd_action),
  };
}

const actions: Partial<Record<string, ReferentialAction>> = {
  r: "restrict",
  c: "cascade",
  n: "setNull",
  d: "setDefault",
};

function actionOf(letter: string | undefined): ReferentialAction {
  return actions[letter ?? "a"] ?? "noAction";
}
