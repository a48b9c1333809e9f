import type { ModelPlace, TableArguments, TableLacks } from "../compiler/brownfield/projectShape.ts";
import { tableKey } from "../compiler/schemaText.ts";
import type { Analysis } from "../review/analysis.ts";
import { coverDatabase } from "../review/coverage/tables.ts";
import type { CodeSchema } from "../review/facts/database.ts";
import type { ClassFact, FieldFact, PythonFile } from "../review/facts/pythonFile.ts";
import { calledMethod, fieldOf, isCode } from "../review/facts/syntax.ts";
import type { PythonNode } from "../review/pythonParser.ts";

/**
 * What of a designed table the models, and the database that the migrations make, do not have. Where no migration
 * makes the table, the database is taken to be what the models say.
 */
export function lacksOf(analysis: Analysis): (table: string) => TableLacks {
  const { database } = analysis.project.spec;
  const model = missingIds({ ...analysis, migrations: nothing });
  const migrated = missingIds({ ...analysis, models: nothing });
  const mismatched = coverDatabase(analysis).filter(({ status }) => status === "mismatched");
  return (key) => {
    const table = database.tables.find((candidate) => tableKey(candidate) === key);
    const parts = table ? [...table.columns, ...table.constraints] : [];
    const others = [...database.indexes, ...database.policies].filter((item) => item.table === key);
    const ids = [...parts, ...others].map(({ id }) => id);
    const isMigrated = analysis.migrations.tables.has(key);
    const unsecured = isMigrated && table && isUnsecured(analysis, key) ? [table.id] : [];
    return {
      model: ids.filter((id) => model.has(id)),
      differences: mismatched
        .filter(({ id }) => ids.includes(id))
        .map(({ name, difference = "" }) => `${name}: ${difference.replace(/\.$/, "")}`),
      database: [...unsecured, ...ids.filter((id) => (isMigrated ? migrated : model).has(id))],
    };
  };
}

/** Where lines can be added to a class; undefined for one that shows no column of its own. */
export function modelPlace(file: PythonFile, fact: ClassFact): ModelPlace | undefined {
  const columns = fact.fields.filter((field) => styleOf(field, fact) !== undefined);
  const last = columns.at(-1);
  const style = last && styleOf(last, fact);
  const named = columns.findLast((field) => field.value && style && calledMethod(field.value) === calls[style]);
  const value = fact.fields.find(({ name }) => name === "__table_args__")?.value;
  const placed = value ? tableArguments(value) : argumentsAt(fact);
  if (!last || !style || placed === undefined) return undefined;
  const callee = named?.value && fieldOf(named.value, "function")?.text;
  return {
    path: file.path,
    style,
    callee: callee ?? calls[style],
    columnsEnd: statementEnd(last),
    arguments: placed,
  };
}

const nothing: CodeSchema = { tables: new Map(), views: new Map(), enums: new Map() };

const calls = { mapped: "mapped_column", column: "Column", field: "Field" } as const;

function missingIds(analysis: Analysis): ReadonlySet<string> {
  const elements = coverDatabase(analysis);
  return new Set(elements.filter(({ status }) => status === "missing").map(({ id }) => id));
}

function isUnsecured({ migrations, project }: Analysis, key: string): boolean {
  const designed = project.spec.database.tables.find((table) => tableKey(table) === key);
  return designed?.rowSecurity !== "off" && migrations.tables.get(key)?.rowSecurity === "off";
}

function styleOf({ name, value, annotation }: FieldFact, { keywords }: ClassFact): ModelPlace["style"] | undefined {
  const method = calledMethod(value);
  if (name.startsWith("__") || method === "relationship" || method === "Relationship") return undefined;
  if (/\btable=True\b/.test(keywords)) return annotation === "" ? undefined : "field";
  if (method === "Column") return "column";
  return method === "mapped_column" || /\bMapped\[/.test(annotation) ? "mapped" : undefined;
}

function statementEnd({ value, annotationNode, line }: FieldFact): number {
  return Math.max(line, value?.endLine ?? 0, annotationNode?.endLine ?? 0);
}

/** Below the table's name, else above the first thing in the class that is no docstring. */
function argumentsAt({ fields, body, line }: ClassFact): number {
  const name = fields.find((field) => field.name === "__tablename__");
  if (name) return statementEnd(name);
  const first = body.children.find((child) => isCode(child) && child.children[0]?.type !== "string");
  return (first?.line ?? line + 1) - 1;
}

/** Undefined where the arguments are computed. */
function tableArguments(value: PythonNode): TableArguments | undefined {
  let statement = value;
  while (statement.parent && statement.type !== "expression_statement") statement = statement.parent;
  const { line, endLine } = statement;
  if (value.type === "dictionary") return { line, endLine, at: value.start, end: value.end };
  if (value.type !== "tuple") return undefined;
  const last = value.children.filter(isCode).at(-1);
  return { line, endLine, at: last?.type === "dictionary" ? last.start : value.end - 1 };
}
