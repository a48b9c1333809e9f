import type { Constraint, TableIndex } from "../../spec/model.ts";
import type { IndexPart } from "../../spec/tableParts.ts";
import type { CodeIndex, CodeIndexPart, CodeTable } from "../facts/database.ts";
import { sameSql } from "../facts/rawSql.ts";
import type { CoverageElement } from "../model.ts";
import { extra, found } from "./element.ts";
import { gapInMigrations, type Twins } from "./twins.ts";

/** The indexes that the design has of one table, and its constraints, which PostgreSQL builds indexes for. */
export interface DesignedIndexes {
  readonly table: string;
  readonly indexes: readonly TableIndex[];
  readonly constraints: readonly Constraint[];
}

/**
 * The indexes of one table by name, else by columns and uniqueness, since code often names them differently; what is
 * then left on the same columns is taken for the index, with what differs. A unique constraint on the same columns
 * stands for a unique index: PostgreSQL builds the one for the other. What stands for none of the design is extra.
 */
export function coverIndexes(designed: DesignedIndexes, twins: Twins): CoverageElement[] {
  const indexes = twins.all.flatMap((twin) => twin.indexes);
  const taken = new Set<CodeIndex>();
  const certain = new Map(designed.indexes.map((index) => [index, certainly(index, indexes, taken)]));
  const covered = designed.indexes.map((index) => {
    const candidates = certain.get(index) ?? [];
    const isCertain = candidates.some((one) => differences(index, one).length === 0);
    return coverIndex(index, isCertain ? candidates : [...candidates, ...alike(index, twins, taken)], twins);
  });
  return [...covered, ...extraIndexes(designed, indexes, taken)];
}

/** By name, and whatever does the same: what models and migrations show of one index. */
function certainly(index: TableIndex, indexes: readonly CodeIndex[], taken: Set<CodeIndex>): readonly CodeIndex[] {
  const certain = indexes.filter((one) => one.name === index.name || doesTheSame(index, one));
  for (const one of certain) taken.add(one);
  return certain;
}

function alike(index: TableIndex, { all }: Twins, taken: Set<CodeIndex>): readonly CodeIndex[] {
  const constraint = all.flatMap(fromConstraints).find((one) => doesTheSame(index, one));
  if (constraint) return [constraint];
  const free = all.flatMap((twin) => twin.indexes).filter((one) => !taken.has(one) && hasSameColumns(index, one));
  for (const one of free) taken.add(one);
  return free;
}

function coverIndex(index: TableIndex, candidates: readonly CodeIndex[], twins: Twins): CoverageElement {
  const [first] = candidates;
  if (!first) return twins.absent(index);
  for (const candidate of candidates) {
    const texts = differences(index, candidate);
    if (texts.length > 0) return found(index, candidate.span, texts);
  }
  const has = (table: CodeTable) =>
    table.indexes.some((one) => candidates.includes(one)) ||
    fromConstraints(table).some((one) => doesTheSame(index, one));
  const gap = gapInMigrations(twins, has);
  return gap ? found(index, gap.span, [gap.text]) : found(index, first.span, []);
}

function extraIndexes(
  { table, indexes, constraints }: DesignedIndexes,
  coded: readonly CodeIndex[],
  taken: ReadonlySet<CodeIndex>,
): CoverageElement[] {
  const isConstraint = ({ unique, name, parts }: CodeIndex) =>
    constraints.some(
      (one) => one.name === name || (unique && [...one.columns].sort().join() === columnsOf(parts).sort().join()),
    );
  // `index=True` of a model has no name, and is what a migration gives one.
  const isNamedElsewhere = (one: CodeIndex) =>
    one.name === undefined && [...taken].some((other) => sameColumns(one, other));
  const free = coded.filter(
    (one) => !taken.has(one) && !isConstraint(one) && !one.parts.includes(undefined) && !isNamedElsewhere(one),
  );
  const names = free.map(({ name, parts }) => name ?? `${table} (${parts.map(partText).join(", ")})`);
  const known = new Set(indexes.map(({ name }) => name));
  return free.flatMap((one, at) => {
    const name = names[at] ?? "";
    const isRepeated = names.indexOf(name) < at || free.slice(0, at).some((other) => sameColumns(one, other));
    return isRepeated || known.has(name) ? [] : extra("index", name, one.span);
  });
}

function sameColumns(one: CodeIndex, other: CodeIndex): boolean {
  return one.unique === other.unique && one.parts.map(partText).join() === other.parts.map(partText).join();
}

function fromConstraints({ constraints }: CodeTable): CodeIndex[] {
  return constraints
    .filter((constraint) => constraint.type === "unique" || constraint.type === "primaryKey")
    .map(({ name, columns, span }) => ({
      name,
      unique: true,
      method: undefined,
      parts: columns.map((column) => ({ column, descending: false })),
      where: undefined,
      span,
    }));
}

function hasSameColumns(index: TableIndex, candidate: CodeIndex): boolean {
  const columns = columnsOf(index.parts);
  return columns.length === index.parts.length && columns.join() === columnsOf(candidate.parts).join();
}

function columnsOf(parts: readonly (CodeIndexPart | undefined)[]): string[] {
  return parts.flatMap((part) => part?.column ?? []);
}

function doesTheSame(index: TableIndex, candidate: CodeIndex): boolean {
  return !candidate.parts.includes(undefined) && differences(index, candidate).length === 0;
}

function differences(index: TableIndex, candidate: CodeIndex): string[] {
  const texts: string[] = [];
  if (index.unique !== candidate.unique)
    texts.push(candidate.unique ? "Is unique, the design's is not" : "Is not unique, the design's is");
  if (!sameParts(index, candidate)) {
    texts.push(
      `Is on (${candidate.parts.map(partText).join(", ")}), the design says (${index.parts.map(partText).join(", ")})`,
    );
  }
  if (candidate.method !== undefined && candidate.method !== index.method) {
    texts.push(`Uses ${candidate.method}, the design says ${index.method}`);
  }
  if (!hasSameRows(index, candidate)) {
    const rows = candidate.where ?? (candidate.hidesWhere ? "some rows" : "all rows");
    texts.push(`Covers ${rows}, the design says ${index.where ?? "all rows"}`);
  }
  return texts;
}

function hasSameRows({ where }: TableIndex, candidate: CodeIndex): boolean {
  if (candidate.hidesWhere) return where !== undefined;
  if (where === undefined || candidate.where === undefined) return where === candidate.where;
  return sameSql(where, candidate.where);
}

function sameParts(index: TableIndex, candidate: CodeIndex): boolean {
  return (
    index.parts.length === candidate.parts.length &&
    index.parts.every((part, at) => {
      const other = candidate.parts[at];
      return other === undefined || (part.descending === other.descending && sameTerm(part, other));
    })
  );
}

function sameTerm(part: IndexPart, code: CodeIndexPart): boolean {
  if (part.column !== undefined && code.column !== undefined) return part.column === code.column;
  const designed = part.column ?? part.expression ?? "";
  const written = code.column ?? code.expression ?? "";
  return sameSql(designed, written) || sameSql(`${designed} ${part.operatorClass ?? ""}`, written);
}

function partText(part: CodeIndexPart | undefined): string {
  return part ? `${part.column ?? part.expression ?? ""}${part.descending ? " DESC" : ""}` : "?";
}
