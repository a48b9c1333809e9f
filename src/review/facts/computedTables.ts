import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { type ComputedPlace, patternOf } from "./computedPlaces.ts";
import type { MigrationCall } from "./migrationCalls.ts";
import type { CallFact, ClassFact, PythonFile } from "./pythonFile.ts";
import { functionScope, moduleScope } from "./scopes.ts";
import { calledMethod, descendants, dottedName, keywordArgument, positionalArguments, shortText } from "./syntax.ts";
import { tableNameOf } from "./tableNames.ts";
import { descendsFrom } from "./types.ts";

/**
 * Where tables are made that are not seen: mapped classes and `Table(…)` under a computed name, classes that `type(…)`
 * makes of mapped ones, `create_table` of a migration under a computed name, and tables that are read from the database.
 */
export function readComputedTables(project: Project, calls: readonly MigrationCall[]): readonly ComputedPlace[] {
  const { code, conclusions } = project;
  const files = code.filter(({ layer }) => layer !== "migration");
  // What is read from the database, and what a script names, the project's own migrations have put there.
  const isMigrated = calls.some(({ method }) => method === "create_table");
  return conclusions.combined(samePlaces, [
    ...files.flatMap((file) => conclusions.aboutFile(computedTablesIn, project, file)),
    ...(isMigrated ? [] : files.flatMap((file) => conclusions.aboutFile(looseTablesIn, project, file))),
    ...conclusions.combined(migratedTables, calls),
  ]);
}

function samePlaces(places: readonly ComputedPlace[]): readonly ComputedPlace[] {
  return places;
}

function computedTablesIn(project: Project, file: PythonFile): readonly ComputedPlace[] {
  return [
    ...file.classes.flatMap((fact) => namedClass(project, file, fact)),
    ...file.calls.flatMap((call) => makers.get(call.method)?.(project, file, call) ?? []),
  ];
}

/** `class LinkTable(Base): __tablename__ = f"{left}_{right}"`, mostly in a function. */
function namedClass(project: Project, file: PythonFile, fact: ClassFact): ComputedPlace[] {
  const name = fact.fields.find((field) => field.name === "__tablename__")?.value;
  // One that makes a name of the class's own lends it to whoever inherits.
  if (!name || tableNameOf(project, file, fact) !== undefined || /\bdeclared_attr\b|__name__/.test(name.text))
    return [];
  const how = `maps ${fact.name} to a table whose name is put together when it runs`;
  const span = { path: file.path, line: fact.line, endLine: fact.endLine };
  return [{ span, how, pattern: patternOf(name, moduleScope(project, file)), outer: "" }];
}

type Maker = (project: Project, file: PythonFile, call: CallFact) => ComputedPlace[];

const makers: ReadonlyMap<string, Maker> = new Map([
  ["type", madeClass],
  ["new_class", madeClass],
  ["create_model", madeClass],
] as const);

/** `type(name, (Base,), {…})`: also of a class that pydantic makes, where it says that it is a table. */
function madeClass(project: Project, file: PythonFile, call: CallFact): ComputedPlace[] {
  const [name, bases] = positionalArguments(call.node);
  const isTable = /["']?__tablename__["']?|["']?table["']?\s*[:=]\s*True/.test(call.node.text);
  const above = call.method === "create_model" ? keywordArgument(call.node, "__base__") : bases;
  const isMade = call.method !== "type" || positionalArguments(call.node).length > 2;
  if (!name || !isMade || !(isTable || (call.method !== "create_model" && namesMapped(project, file, above))))
    return [];
  return [placeAt(file, call, `makes a mapped class by ${shortText(call.node)}`, "*")];
}

function namesMapped(project: Project, file: PythonFile, bases: PythonNode | undefined): boolean {
  return (bases ? [bases, ...descendants(bases)] : []).some((node) => {
    const definition = project.resolve(file, dottedName(node) ?? "");
    if (definition?.kind === "assignment") return /declarative_base|automap_base/.test(definition.value.text);
    if (definition?.kind !== "class") return false;
    const { class: fact } = definition;
    return (
      tableNameOf(project, definition.file, fact) !== undefined ||
      descendsFrom(project, fact.name, /^(DeclarativeBase|DeclarativeBaseNoMeta)$/)
    );
  });
}

const namedAtRunTime = "makes a table whose name is put together when it runs";

/** `Table(f"{name}_history", metadata, …)`; a function that puts a prefix in front is given the name. */
function namedTable(project: Project, file: PythonFile, call: CallFact): ComputedPlace[] {
  const [first, ...items] = positionalArguments(call.node);
  const name = first?.type === "call" ? (positionalArguments(first)[0] ?? first) : first;
  if (!name || !items.some(isOfSchema)) return [];
  const pattern = patternOf(name, functionScope(project, file, call.within));
  return pattern.includes("*") ? [placeAt(file, call, namedAtRunTime, pattern)] : [];
}

function migratedTables(calls: readonly MigrationCall[]): readonly ComputedPlace[] {
  return calls.flatMap(({ method, node, file, scope }) => {
    const name = method === "create_table" ? positionalArguments(node)[0] : undefined;
    const pattern = patternOf(name, scope);
    return pattern.includes("*") ? [placeAt(file, { line: node.line, node }, namedAtRunTime, pattern)] : [];
  });
}

/** Tables of other libraries have no columns of SQLAlchemy's. */
function isOfSchema(node: PythonNode): boolean {
  return (
    /^(Column|ForeignKeyConstraint|PrimaryKeyConstraint)$/.test(calledMethod(node) ?? "") || node.type === "list_splat"
  );
}

/** Of reflected tables, what is dropped afterwards was not meant to be used. */
function looseTablesIn(project: Project, file: PythonFile): readonly ComputedPlace[] {
  const named = file.calls.flatMap((call) => (call.method === "Table" ? namedTable(project, file, call) : []));
  const reflected = file.calls
    .filter(({ method, receiver = "", within }) => {
      const isMetadata = method === "reflect" && /(^|\.)(meta(data)?|MetaData|Base)$/i.test(receiver);
      return method === "automap_base" || (isMetadata && !/\.(drop|drop_all)\(/.test(within?.body.text ?? ""));
    })
    .map((call) => placeAt(file, call, "reads what tables the database has", "*"));
  return [...named, ...reflected];
}

type Called = Pick<CallFact, "line" | "node">;

function placeAt({ path }: PythonFile, { line, node }: Called, how: string, pattern: string): ComputedPlace {
  return { span: { path, line, endLine: Math.max(line, node.endLine) }, how, pattern, outer: "" };
}
