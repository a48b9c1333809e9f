import type { Excerpt } from "../excerpt.ts";
import type { Fragment } from "../fragment.ts";
import { isValid, readComposed, type SqlOrigin, sqlName } from "../markdown/generatedSql.ts";
import type { EnumType } from "../model.ts";
import { djangoTable } from "./djangoModels.ts";
import { type PythonClass, pythonClasses } from "./pythonClasses.ts";
import { sqlAlchemyTable } from "./sqlAlchemyModels.ts";

/** How a Python library for tables is told from other classes. */
export const pythonTable = /__tablename__\s*=|\btable\s*=\s*True\b|\(\s*models\.Model\s*\)/;

/**
 * Reads the model classes of SQLAlchemy, SQLModel and Django, which a document may spread over several fences, as the
 * SQL that the library makes of them. What it cannot say in SQL is left out of its table. Tables in `known` are passed
 * over; the lines of the others come back.
 */
export function readPythonTables(
  origin: SqlOrigin,
  excerpts: readonly Excerpt[],
  { into, known }: { readonly into: Fragment; readonly known: ReadonlySet<string> },
): number[] {
  const classes = excerpts.flatMap(pythonClasses);
  const enums = new Map(classes.filter(isEnum).map((item) => [item.name, valuesOf(item)]));
  const models = classes.flatMap((item) => {
    const table = sqlAlchemyTable(item, enums) ?? djangoTable(item, classes);
    return table && !known.has(table.name) ? table : [];
  });
  for (const table of models) {
    for (const { name, values, line } of table.enums)
      addEnum(into, { name, values, source: { path: origin.path, line, endLine: line } });
    const parts = table.parts.filter((part) =>
      isValid([{ text: `CREATE TABLE t (a int, ${part.text})`, line: part.line }]),
    );
    const lines = parts.map((part, index) => ({
      ...part,
      text: index < parts.length - 1 ? `${part.text},` : part.text,
    }));
    const start = { text: `CREATE TABLE ${sqlName(table.name)} (`, line: table.line };
    readComposed(origin, [start, ...lines, { text: ")", line: parts.at(-1)?.line ?? table.line }], into);
  }
  for (const table of models) for (const index of table.indexes) readComposed(origin, [index], into);
  return models.map(({ line }) => line);
}

/** Several columns may have one. */
function addEnum(into: Fragment, found: EnumType): void {
  if (into.enums.every(({ name }) => name !== found.name)) into.enums.push(found);
}

function isEnum({ bases }: PythonClass): boolean {
  return /Enum\b|Choices\b/.test(bases);
}

function valuesOf({ attributes }: PythonClass): string[] {
  return attributes.flatMap(({ value }) => /^\(?\s*["']([^"']*)["']/.exec(value)?.[1] ?? []);
}
