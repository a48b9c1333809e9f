import type { GeneratedFile } from "../compilation.ts";
import type { ExistingProject } from "../existingProject.ts";
import { formatBlock } from "../format.ts";
import { modelIndex } from "../modelFiles.ts";
import type { BackendPlan } from "../plan.ts";
import { indent } from "../python.ts";
import { tableConstraint, tableKey } from "../schemaText.ts";
import { insert, insertLines } from "./insertions.ts";
import { modelColumn } from "./modelColumns.ts";
import type { ModelPlace, ModelShape } from "./projectShape.ts";
import { spelledFor } from "./spelling.ts";

export interface ModelEditsInput {
  readonly plan: BackendPlan;
  readonly existing: ExistingProject;
  readonly models: readonly ModelShape[];
  readonly importName: (module: string) => string;
  /** Names of the project's own top-level modules and packages. */
  readonly own: ReadonlySet<string>;
  readonly width: number;
}

/** The project's own models with the columns, constraints and indexes that they lack, written as the others beside them. */
export function modelEdits({
  plan,
  existing,
  models,
  importName,
  own,
  width,
}: ModelEditsInput): readonly GeneratedFile[] {
  const edits = models.flatMap((model) => missingParts(plan, model));
  const paths = [...new Set(edits.map(({ place }) => place.path))];
  return paths.flatMap((path): GeneratedFile[] => {
    const text = existing[path];
    if (text === undefined) return [];
    const spelling = spelledFor(text);
    const ofFile = edits.filter(({ place }) => place.path === path);
    const upwards = ofFile.toSorted((left, right) => right.place.columnsEnd - left.place.columnsEnd);
    const edited = upwards.reduce((result, parts) => withParts(result, parts, spelling.spell, width), text);
    const columns = ofFile.flatMap((parts) => parts.columns);
    const needed = [
      ...columns.flatMap(({ line, imports }) => imports.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(line))),
      ...spelling.imports(),
    ].map(({ module, name }) => ({
      module: importName(module),
      name,
    }));
    const statements = needed
      .filter(({ module, name }) => !isImported(text, module, name))
      .map(({ module, name }) => `from ${module} import ${name}`);
    return [{ path, step: 1, text: insert(edited, { lines: [], imports: [...new Set(statements)], own, width }) }];
  });
}

interface MissingParts {
  readonly place: ModelPlace;
  readonly columns: readonly ReturnType<typeof modelColumn>[];
  readonly items: readonly string[];
}

function missingParts(plan: BackendPlan, { table, lacks, place }: ModelShape): readonly MissingParts[] {
  const aggregate = plan.aggregates.find((candidate) => tableKey(candidate.table) === table);
  if (!aggregate || !place || !lacks) return [];
  const isMissing = ({ id }: { readonly id: string }): boolean => lacks.model.includes(id);
  const fields = aggregate.fields.filter(({ column }) => isMissing(column));
  const constraints = aggregate.table.constraints.filter(isMissing);
  const indexes = plan.spec.database.indexes.filter((index) => index.table === table && isMissing(index));
  const items = [
    ...constraints.flatMap((constraint) => tableConstraint(constraint, constraint.name) ?? []),
    ...indexes.map(modelIndex),
  ];
  if (fields.length === 0 && items.length === 0) return [];
  return [{ place, items, columns: fields.map((field) => modelColumn(aggregate, field, place)) }];
}

/** Columns first: they stand below the table's arguments, whose lines are the ones that were read. */
function withParts(
  text: string,
  { place, columns, items }: MissingParts,
  spell: (python: string) => string,
  width: number,
): string {
  const lines = columns.flatMap(({ line }) => inClass(spell(line), width));
  const insertion = { after: place.columnsEnd, lines };
  const spelled = items.map(spell);
  const isBelow = typeof place.arguments !== "number" && place.arguments.line > place.columnsEnd;
  const addColumns = (given: string) => insertLines(given, [insertion]);
  return isBelow
    ? addColumns(withArguments(text, place, spelled, width))
    : withArguments(addColumns(text), place, spelled, width);
}

function withArguments(
  text: string,
  { arguments: place }: ModelPlace,
  items: readonly string[],
  width: number,
): string {
  if (items.length === 0) return text;
  if (typeof place === "number") {
    const lines = inClass(`__table_args__ = (${items.join(", ")},)`, width);
    return insertLines(text, [{ after: place, lines }]);
  }
  const added = items.join(", ");
  const { at, end, line, endLine } = place;
  const whole =
    end === undefined
      ? `${text.slice(0, at)}${comma(text, at)}${added}, ${text.slice(at)}`
      : `${text.slice(0, at)}(${added}, ${text.slice(at, end)},)${text.slice(end)}`;
  const lines = whole.split("\n");
  const statement = lines.slice(line - 1, endLine).join("\n");
  lines.splice(line - 1, endLine - line + 1, ...inClass(statement.trim(), width));
  return lines.join("\n");
}

/** What separates the new items from those before them; nothing where a comma or the bracket stands. */
function comma(text: string, at: number): string {
  const before = text.slice(0, at).replace(/(?:\s|#[^\n"']*\n)*$/, "");
  return /[,(]$/.test(before) ? "" : ", ";
}

/** Lines of a class body as black has them. */
function inClass(statement: string, width: number): readonly string[] {
  const block = statement.includes("\n") ? `    ${statement}` : indent(statement);
  return formatBlock(`class _:\n${block}\n`, width).trimEnd().split("\n").slice(1);
}

function isImported(text: string, module: string, name: string): boolean {
  const pattern = new RegExp(`^from ${module.replaceAll(".", "\\.")} import (\\([^)]*\\)|.*)$`, "gm");
  return [...text.matchAll(pattern)].some((match) => new RegExp(`\\b${name}\\b`).test(match[1] ?? ""));
}
