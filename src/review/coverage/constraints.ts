import type { Constraint } from "../../spec/model.ts";
import type { CodeConstraint, CodeTable } from "../facts/database.ts";
import { sameSql } from "../facts/rawSql.ts";
import type { CoverageElement } from "../model.ts";
import { found, missing } from "./element.ts";

/**
 * A constraint of the same type by name, else by what it does: columns, target, expression. A unique
 * index stands for a unique constraint. Names that SQLAlchemy's naming convention completes are recognised by their ending.
 */
export function coverConstraint(constraint: Constraint, twins: readonly CodeTable[]): CoverageElement {
  const candidates = twins.flatMap((twin) => [...twin.constraints, ...uniqueIndexes(twin)]);
  const sameType = candidates.filter((candidate) => candidate.type === constraint.type);
  const named = sameType.filter((candidate) => isTwin(constraint, candidate));
  const differing = named
    .map((candidate) => ({ candidate, texts: differences(constraint, candidate) }))
    .find(({ texts }) => texts.length > 0);
  if (differing) return found(constraint, differing.candidate.span, differing.texts);
  const match = named[0] ?? sameType.find((candidate) => doesTheSame(constraint, candidate));
  if (match) return found(constraint, match.span, []);
  const key = constraint.type === "primaryKey" ? sameType[0] : undefined;
  return key ? found(constraint, key.span, differences(constraint, key)) : missing(constraint);
}

function uniqueIndexes(table: CodeTable): CodeConstraint[] {
  return table.indexes
    .filter((index) => index.unique && index.where === undefined)
    .map(({ name, parts, span }) => ({ name, type: "unique", columns: parts.map((part) => part?.column ?? ""), span }));
}

/** Of the same name, or a foreign key on the same columns: code rarely names those. */
function isTwin(constraint: Constraint, candidate: CodeConstraint): boolean {
  const sameKey = constraint.type === "foreignKey" && sameColumns(constraint.columns, candidate.columns);
  return sameKey || sameName(constraint, candidate);
}

/** `CheckConstraint(..., name="total")` becomes `ck_orders_total` or `orders_total_check` in the database. */
function sameName(constraint: Constraint, { name, type }: CodeConstraint): boolean {
  if (name === undefined || name === "") return false;
  const short = type === "check" && constraint.name.endsWith(`_${name}`);
  return name === constraint.name || short || name.endsWith(`_${constraint.name}`);
}

function doesTheSame(constraint: Constraint, candidate: CodeConstraint): boolean {
  return isTelling(constraint, candidate) && differences(constraint, candidate).length === 0;
}

/** There is something to compare; otherwise any two checks would look alike. */
function isTelling(constraint: Constraint, candidate: CodeConstraint): boolean {
  if (constraint.type === "check") return constraint.expression !== undefined && candidate.expression !== undefined;
  return constraint.type !== "exclude" && candidate.columns.length > 0;
}

function differences(constraint: Constraint, candidate: CodeConstraint): string[] {
  const texts: string[] = [];
  const { columns, references, expression } = constraint;
  const comparesColumns = constraint.type !== "check" && constraint.type !== "exclude";
  if (comparesColumns && candidate.columns.length > 0 && !sameColumns(columns, candidate.columns)) {
    texts.push(`Is on (${candidate.columns.join(", ")}), the design says (${columns.join(", ")})`);
  }
  const target = candidate.references?.table;
  if (
    references &&
    target &&
    !/[A-Z]/.test(target) &&
    target !== references.table &&
    target !== `public.${references.table}`
  ) {
    texts.push(`Points at ${target}, the design says ${references.table}`);
  }
  if (
    constraint.type === "check" &&
    expression !== undefined &&
    candidate.expression !== undefined &&
    !sameSql(expression, candidate.expression)
  ) {
    texts.push(`Checks ${candidate.expression}, the design says ${expression}`);
  }
  return texts;
}

function sameColumns(left: readonly string[], right: readonly string[]): boolean {
  return [...left].sort().join() === [...right].sort().join();
}
