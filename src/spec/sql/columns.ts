import type { ColumnDef, Constraint as ConstraintNode, Node } from "libpg-query";
import type { Column } from "../model.ts";
import type { IdentityOptions } from "../tableParts.ts";
import type { PlacedConstraint } from "./constraints.ts";
import { keyOfPath, sqlType, stringsOf } from "./nodes.ts";
import { bracketText, elementTokens, type StatementSource, textOf } from "./statementSource.ts";

export interface ColumnReading {
  readonly column: Column;
  readonly constraints: readonly PlacedConstraint[];
}

const serialTypes: Partial<Record<string, string>> = {
  smallserial: "int2",
  serial2: "int2",
  serial: "int4",
  serial4: "int4",
  bigserial: "int8",
  serial8: "int8",
};

/** A column definition of CREATE TABLE or ADD COLUMN, apart from the constraints that stand in it. */
export function readColumn(source: StatementSource, table: string, definition: ColumnDef): ColumnReading {
  const nodes = constraintNodes(definition.constraints);
  const name = definition.colname ?? "";
  const start = source.offsetOf(definition.location ?? 0);
  const type = sqlType(definition.typeName);
  const serial = serialTypes[type.name];
  const identity = serial === undefined ? identityOf(nodes) : "serial";
  const collation = definition.collClause && keyOfPath(stringsOf(definition.collClause.collname));
  const column: Column = {
    id: `column:${table}.${name}`,
    kind: "column",
    name,
    source: source.spanOf(start, elementTokens(source, start).at(-1)?.end ?? start),
    confidence: "declared",
    table,
    type: serial === undefined ? type : { ...type, name: serial },
    nullable: identity === undefined && !nodes.some(forbidsNull),
    ...defaultOf(source, definition, nodes),
    ...(identity && { identity, ...identityOptionsOf(nodes) }),
    ...generatedOf(source, nodes),
    ...(collation && { collation }),
  };
  return { column, constraints: placed(nodes, name) };
}

/** Attribute nodes (`DEFERRABLE`, `INITIALLY DEFERRED`) follow the constraint they belong to. */
function placed(nodes: readonly ConstraintNode[], column: string): PlacedConstraint[] {
  const result: { node: ConstraintNode; column: string }[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (last && node.contype === "CONSTR_ATTR_DEFERRABLE") last.node = { ...last.node, deferrable: true };
    else if (last && node.contype === "CONSTR_ATTR_DEFERRED") {
      last.node = { ...last.node, deferrable: true, initdeferred: true };
    } else result.push({ node, column });
  }
  return result;
}

export function constraintNodes(nodes: readonly Node[] | undefined): ConstraintNode[] {
  return (nodes ?? []).flatMap((node) => ("Constraint" in node ? [node.Constraint] : []));
}

function forbidsNull(node: ConstraintNode): boolean {
  return node.contype === "CONSTR_NOTNULL" || node.contype === "CONSTR_PRIMARY";
}

function identityOf(nodes: readonly ConstraintNode[]): "always" | "byDefault" | undefined {
  const node = nodes.find((candidate) => candidate.contype === "CONSTR_IDENTITY");
  if (!node) return undefined;
  return node.generated_when === "a" ? "always" : "byDefault";
}

const identityNumbers = new Set(["start", "increment", "minvalue", "maxvalue", "cache"]);

function identityOptionsOf(nodes: readonly ConstraintNode[]): { identityOptions?: IdentityOptions } {
  const node = nodes.find((candidate) => candidate.contype === "CONSTR_IDENTITY");
  const options = (node?.options ?? []).flatMap((option): [string, number | boolean][] => {
    if (!("DefElem" in option)) return [];
    const { defname = "", arg } = option.DefElem;
    if (defname === "cycle") return [[defname, arg !== undefined && "Boolean" in arg && arg.Boolean.boolval === true]];
    const value = numberOf(arg);
    return identityNumbers.has(defname) && value !== undefined ? [[defname, value]] : [];
  });
  return options.length > 0 ? { identityOptions: Object.fromEntries(options) } : {};
}

/** Whole numbers of 64 bits stand as the text of a float in the tree. */
function numberOf(node: Node | undefined): number | undefined {
  if (!node) return undefined;
  if ("Integer" in node) return node.Integer.ival ?? 0;
  return "Float" in node ? Number(node.Float.fval) : undefined;
}

function defaultOf(
  source: StatementSource,
  definition: ColumnDef,
  nodes: readonly ConstraintNode[],
): { default?: string } {
  const node = nodes.find((candidate) => candidate.contype === "CONSTR_DEFAULT");
  if (!node) return {};
  const stops = [...nodes.map((other) => other.location), definition.collClause?.location].flatMap((location) =>
    location === undefined ? [] : [source.offsetOf(location)],
  );
  const text = textOf(source, elementTokens(source, source.offsetOf(node.location ?? 0), stops).slice(1));
  return text.toUpperCase() === "NULL" ? {} : { default: text };
}

function generatedOf(source: StatementSource, nodes: readonly ConstraintNode[]): { generated?: string } {
  const node = nodes.find((candidate) => candidate.contype === "CONSTR_GENERATED");
  const text = node && bracketText(source, source.offsetOf(node.location ?? 0));
  return text === undefined ? {} : { generated: text };
}
