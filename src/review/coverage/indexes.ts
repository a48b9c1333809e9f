import type { TableIndex } from "../../spec/model.ts";
import type { IndexPart } from "../../spec/tableParts.ts";
import type { CodeIndex, CodeIndexPart, CodeTable } from "../facts/database.ts";
import { sameSql } from "../facts/rawSql.ts";
import type { CoverageElement } from "../model.ts";
import { found, missing } from "./element.ts";

/**
 * An index by name, else by table, columns and uniqueness, since code often names it differently. A
 * unique constraint on the same columns stands for a unique index: PostgreSQL builds the one for the other.
 */
export function coverIndex(index: TableIndex, twins: readonly CodeTable[]): CoverageElement {
  const indexes = twins.flatMap((twin) => twin.indexes);
  const named = indexes.filter((candidate) => candidate.name === index.name);
  const differing = named
    .map((candidate) => ({ candidate, texts: differences(index, candidate) }))
    .find(({ texts }) => texts.length > 0);
  if (differing) return found(index, differing.candidate.span, differing.texts);
  const match = named[0] ?? [...indexes, ...fromConstraints(twins)].find((candidate) => doesTheSame(index, candidate));
  return match ? found(index, match.span, []) : missing(index);
}

function fromConstraints(twins: readonly CodeTable[]): CodeIndex[] {
  return twins
    .flatMap((twin) => twin.constraints)
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
  const { where } = index;
  const sameWhere =
    where === undefined || candidate.where === undefined ? where === candidate.where : sameSql(where, candidate.where);
  if (!sameWhere) texts.push(`Covers ${candidate.where ?? "all rows"}, the design says ${where ?? "all rows"}`);
  return texts;
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
