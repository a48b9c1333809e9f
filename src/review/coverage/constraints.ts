import type { Constraint, TableIndex } from "../../spec/model.ts";
import type { ReferentialAction } from "../../spec/tableParts.ts";
import type { CodeConstraint, CodeTable } from "../facts/database.ts";
import { sameSql } from "../facts/rawSql.ts";
import type { CoverageElement } from "../model.ts";
import { extra, found } from "./element.ts";
import type { DesignedIndexes } from "./indexes.ts";
import { gapInMigrations, type Twins } from "./twins.ts";

/** The constraints of one table, and what the code has beyond them. */
export function coverConstraints(designed: DesignedIndexes, twins: Twins): CoverageElement[] {
  return [
    ...designed.constraints.map((constraint) => coverConstraint(constraint, twins)),
    ...extraConstraints(designed, twins),
  ];
}

/**
 * A constraint of the same type by name, else by what it does: columns, target, expression. A unique
 * index stands for a unique constraint. Names that SQLAlchemy's naming convention completes are recognised by their ending.
 */
function coverConstraint(constraint: Constraint, twins: Twins): CoverageElement {
  const stands = (candidate: CodeConstraint) => standsFor(constraint, candidate);
  const candidates = twins.all.flatMap(constraintsOf).filter(stands);
  const [first] = candidates;
  if (!first) return twins.absent(constraint);
  for (const candidate of candidates) {
    const texts = differences(constraint, candidate);
    if (texts.length > 0) return found(constraint, candidate.span, texts);
  }
  const gap = gapInMigrations(twins, (table) => constraintsOf(table).some(stands));
  return gap ? found(constraint, gap.span, [gap.text]) : found(constraint, first.span, []);
}

/** A table has one key, so there is no other that could be meant. */
function standsFor(constraint: Constraint, candidate: CodeConstraint): boolean {
  if (candidate.type !== constraint.type) return false;
  return constraint.type === "primaryKey" || isTwin(constraint, candidate) || doesTheSame(constraint, candidate);
}

function extraConstraints({ table, constraints, indexes }: DesignedIndexes, { all }: Twins): CoverageElement[] {
  const isIndex = ({ type, columns }: CodeConstraint) =>
    type === "unique" && indexes.some(({ unique, parts }) => unique && sameColumns(columns, parts.map(columnOf)));
  const free = all
    .flatMap((twin) => twin.constraints)
    .filter((one) => isSeen(one) && !isIndex(one) && !constraints.some((constraint) => standsFor(constraint, one)));
  const names = free.map((one) => one.name ?? `${one.type} (${one.columns.join(", ")})`);
  return free.flatMap((one, at) => {
    const isRepeated = names.indexOf(names[at] ?? "") < at || free.slice(0, at).some((other) => sameWork(one, other));
    return isRepeated ? [] : extra("constraint", `${table}.${names[at]}`, one.span);
  });
}

function columnOf({ column }: TableIndex["parts"][number]): string {
  return column ?? "";
}

/** Of a check without a visible condition, or a constraint without visible columns, nobody can say whose it is. */
function isSeen({ type, columns, expression }: CodeConstraint): boolean {
  return type === "check" ? expression !== undefined : type !== "primaryKey" && columns.length > 0;
}

function sameWork(one: CodeConstraint, other: CodeConstraint): boolean {
  return one.type === other.type && one.type !== "check" && sameColumns(one.columns, other.columns);
}

function constraintsOf(table: CodeTable): CodeConstraint[] {
  return [...table.constraints, ...uniqueIndexes(table)];
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
  if (references && target && !/[A-Z]/.test(target) && !sameTable(references.table, target)) {
    texts.push(`Points at ${target}, the design says ${references.table}`);
  }
  const deletion = candidate.references?.onDelete;
  if (references && deletion && !sameDeletion(references.onDelete, deletion)) {
    texts.push(`On delete it does ${deletionWords[deletion]}, the design says ${deletionWords[references.onDelete]}`);
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

const deletionWords: Readonly<Record<ReferentialAction, string>> = {
  noAction: "NO ACTION",
  restrict: "RESTRICT",
  cascade: "CASCADE",
  setNull: "SET NULL",
  setDefault: "SET DEFAULT",
};

/** Many designs leave the action out; both words for refusing say the same to who deletes. */
function sameDeletion(designed: ReferentialAction, coded: ReferentialAction): boolean {
  const refuses = (action: ReferentialAction): boolean => action === "noAction" || action === "restrict";
  return designed === "noAction" || designed === coded || (refuses(designed) && refuses(coded));
}

/** A model does not always say its schema. */
function sameTable(designed: string, coded: string): boolean {
  return coded === designed || coded === `public.${designed}` || designed.endsWith(`.${coded}`);
}

function sameColumns(left: readonly string[], right: readonly string[]): boolean {
  return [...left].sort().join() === [...right].sort().join();
}
