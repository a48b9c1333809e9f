import type { IndexElem, IndexStmt, Node } from "libpg-query";
import type { TableIndex } from "../model.ts";
import type { IndexPart } from "../tableParts.ts";
import { chooseName, type NameRegistry } from "./names.ts";
import { stringsOf, tableKey } from "./nodes.ts";
import { afterKeyword, bracketText, elementTokens, type StatementSource, textOf } from "./statementSource.ts";
import type { Token } from "./tokens.ts";

export function readIndex(source: StatementSource, node: IndexStmt, names: NameRegistry): TableIndex {
  const table = tableKey(node.relation);
  const elements = (node.indexParams ?? []).flatMap(elementOf);
  const name = node.idxname ?? chooseName(names, [node.relation?.relname ?? "", nameAddition(elements)], "idx");
  names.taken.add(name);
  const open = source.offsetOf(node.relation?.location ?? 0);
  const whereAt = node.whereClause ? afterKeyword(source, ["WHERE"]) : undefined;
  return {
    id: `index:${name}`,
    kind: "index",
    name,
    source: source.span,
    confidence: "declared",
    table,
    unique: node.unique ?? false,
    method: node.accessMethod ?? "btree",
    parts: readParts(source, elements, open),
    include: (node.indexIncludingParams ?? []).flatMap(elementOf).flatMap((element) => element.name ?? []),
    ...(whereAt !== undefined && { where: withoutBrackets(source, whereAt) }),
    ...(node.nulls_not_distinct && { nullsNotDistinct: true }),
    sql: source.statement.sql,
    ...(isVerbatim(node, elements) && { verbatim: true }),
  };
}

function isVerbatim(node: IndexStmt, elements: readonly IndexElem[]): boolean {
  const special = elements.some(({ collation, opclassopts }) => collation !== undefined || opclassopts !== undefined);
  return special || (node.options ?? []).length > 0 || node.relation?.inh !== true;
}

function elementOf(node: Node): IndexElem[] {
  return "IndexElem" in node ? [node.IndexElem] : [];
}

function readParts(source: StatementSource, elements: readonly IndexElem[], from: number): IndexPart[] {
  const { tokens } = source.statement;
  const open = tokens.find(
    (token) => token.start >= from && source.statement.sql[token.start - source.statement.start] === "(",
  );
  let at = open?.end ?? from;
  return elements.map((element): IndexPart => {
    const own = elementTokens(source, at);
    at = (own.at(-1)?.end ?? at) + 1;
    return {
      ...(element.name === undefined ? { expression: expressionText(source, own) } : { column: element.name }),
      descending: element.ordering === "SORTBY_DESC",
      ...nullsOf(element),
      ...(element.opclass && { operatorClass: stringsOf(element.opclass).join(".") }),
    };
  });
}

function nullsOf(element: IndexElem): { nulls?: "first" | "last" } {
  if (element.nulls_ordering === "SORTBY_NULLS_FIRST") return { nulls: "first" };
  return element.nulls_ordering === "SORTBY_NULLS_LAST" ? { nulls: "last" } : {};
}

/** `(expression)` or `function(arguments)`: what stands up to the closing bracket. */
function expressionText(source: StatementSource, tokens: readonly Token[]): string {
  let last = 0;
  let depth = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    const text = token && textOf(source, [token]);
    if (text === "(") depth++;
    if (text === ")" && --depth === 0) {
      last = index;
      break;
    }
  }
  const own = tokens.slice(0, last + 1);
  const first = own[0];
  return first && textOf(source, [first]) === "(" ? textOf(source, own.slice(1, -1)) : textOf(source, own);
}

function withoutBrackets(source: StatementSource, at: number): string {
  const tokens = source.statement.tokens.filter((token) => token.start >= at);
  const whole = textOf(source, tokens);
  const inner = bracketText(source, at);
  return inner !== undefined && `(${inner})` === whole ? inner : whole;
}

/** Columns of an unnamed index as PostgreSQL joins them, a second `expr` numbered (`ChooseIndexColumnNames`). */
function nameAddition(elements: readonly IndexElem[]): string {
  const names: string[] = [];
  for (const element of elements) {
    const base = element.name ?? expressionName(element.expr) ?? "expr";
    let name = base;
    for (let pass = 1; names.includes(name); pass++) name = `${base}${pass}`;
    names.push(name);
  }
  return names.join("_");
}

/** What PostgreSQL calls an expression (`FigureColname`); undefined for operators and the like. */
function expressionName(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if ("FuncCall" in node) return stringsOf(node.FuncCall.funcname).at(-1);
  if ("ColumnRef" in node) return stringsOf(node.ColumnRef.fields).at(-1);
  if ("CollateClause" in node) return expressionName(node.CollateClause.arg);
  if ("TypeCast" in node) return expressionName(node.TypeCast.arg) ?? stringsOf(node.TypeCast.typeName?.names).at(-1);
  if ("CaseExpr" in node) return expressionName(node.CaseExpr.defresult) ?? "case";
  if ("CoalesceExpr" in node) return "coalesce";
  return "MinMaxExpr" in node ? (node.MinMaxExpr.op === "IS_GREATEST" ? "greatest" : "least") : undefined;
}
