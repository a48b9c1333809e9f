import type { ApplicationShape, Layout, NamedObject, ProjectShape } from "../compiler/brownfield/projectShape.ts";
import { analyze } from "../review/analysis.ts";
import { coverageOf } from "../review/coverage/coverage.ts";
import type { CallFact, ClassFact, PythonFile } from "../review/facts/pythonFile.ts";
import { tableNameOf } from "../review/facts/tableNames.ts";
import type { Project } from "../review/project.ts";
import type { PythonNode } from "../review/pythonParser.ts";
import { singular } from "../support/words.ts";
import { lacksOf, modelPlace } from "./modelPlaces.ts";

/**
 * How a project is built that the engine did not write; undefined where no application is made, so
 * that there is nothing to fit.
 */
export function projectShape(project: Project): ProjectShape | undefined {
  const application = applicationOf(project);
  if (!application) return undefined;
  const { folder, name } = packageOf(project, application.path);
  const importName = (path: string): string => moduleName(path, folder, name);
  const models = project.code.flatMap((file) =>
    file.classes.flatMap((fact) => {
      const table = tableNameOf(project, file, fact);
      return table === undefined ? [] : [{ table, fact, module: importName(file.path), name: fact.name }];
    }),
  );
  const base = models.map(({ fact }) => baseOf(project, fact, importName)).find((found) => found !== undefined);
  const engine = engineOf(project, importName);
  const analysis = analyze(project);
  const lacks = lacksOf(analysis);
  const environment = project.files.find(({ path, text }) => /(^|\/)env\.py$/.test(path) && text.includes("alembic"));
  return {
    folder,
    package: name,
    layout: layoutOf(project, folder),
    application,
    ...(base ? { base } : {}),
    ...(engine ? { engine } : {}),
    models: models.map(({ table, fact, module, name: className }) => {
      const place = modelPlace(project.fileOf(fact), fact);
      const own = { table, module, name: className, lacks: lacks(table) };
      return place ? { ...own, place } : own;
    }),
    ...(environment ? { environment: environment.path } : {}),
    // A route that stands but differs is for its owner to change; a second one on its path would never be asked.
    implemented: coverageOf(analysis)
      .elements.filter(
        ({ status, kind }) => status === "implemented" || (status === "mismatched" && kind === "endpoint"),
      )
      .map(({ id }) => id),
  };
}

function applicationOf({ code }: Project): ApplicationShape | undefined {
  for (const file of code) {
    for (const call of file.calls.filter(({ method }) => method === "FastAPI")) {
      const statement = statementOf(call.node);
      const variable = /^\s*(\w+)\s*(?::[^=]+)?=\s*(?:\w+\.)?FastAPI\(/.exec(statement.text)?.[1];
      if (variable === undefined) continue;
      const includes = file.calls.filter(
        (other) => other.method === "include_router" && other.receiver === variable && other.within === call.within,
      );
      const ends = includes.map((include: CallFact) => statementOf(include.node).endLine);
      return {
        path: file.path,
        variable,
        createdAt: statement.endLine,
        includesUntil: Math.max(statement.endLine, ...ends),
      };
    }
  }
  return undefined;
}

function statementOf(node: PythonNode): PythonNode {
  let statement = node;
  while (statement.parent && !/^(block|module)$/.test(statement.parent.type)) statement = statement.parent;
  return statement;
}

/** `src` is a source root, unless the project's own imports begin with it. */
function packageOf({ code }: Project, applicationPath: string): { folder: string; name: string } {
  const folder = applicationPath.slice(0, applicationPath.lastIndexOf("/") + 1);
  const parts = folder.split("/").filter((part) => part !== "");
  const imported = code.flatMap(({ imports }) => imports.map(({ module }) => module));
  const names = parts.map((_, at) => parts.slice(at).join("."));
  const used = names.find((name) => imported.some((module) => module === name || module.startsWith(`${name}.`)));
  return { folder, name: used ?? parts.filter((part) => part !== "src").at(-1) ?? "" };
}

function moduleName(path: string, folder: string, name: string): string {
  const root = folder.slice(0, folder.length - (name === "" ? 0 : name.length + 1));
  return path
    .slice(root.length)
    .replace(/(\/__init__)?\.py$/, "")
    .replaceAll("/", ".");
}

function baseOf(project: Project, fact: ClassFact, importName: (path: string) => string): NamedObject | undefined {
  const file = project.fileOf(fact);
  for (const name of fact.bases) {
    if (name === "SQLModel") return { module: "sqlmodel", name };
    const definition = project.resolve(file, name);
    if (definition?.kind === "assignment" && /\b(declarative_base|automap_base)\(/.test(definition.value.text)) {
      return { module: importName(definition.file.path), name: definition.name };
    }
    if (definition?.kind !== "class") continue;
    if (definition.class.bases.some((base) => base.startsWith("DeclarativeBase"))) {
      return { module: importName(definition.file.path), name: definition.class.name };
    }
    const inherited = baseOf(project, definition.class, importName);
    if (inherited) return inherited;
  }
  return undefined;
}

function engineOf({ code }: Project, importName: (path: string) => string): ProjectShape["engine"] {
  for (const { path, assignments } of code.filter(({ layer }) => layer !== "migration")) {
    for (const [name, value] of assignments) {
      const maker = /^(?:\w+\.)*(create_async_engine|create_engine)\(/.exec(value.text)?.[1];
      if (maker !== undefined) return { module: importName(path), name, isAsync: maker === "create_async_engine" };
    }
  }
  return undefined;
}

function layoutOf({ code }: Project, folder: string): Layout {
  const own = code.filter(({ path }) => path.startsWith(folder));
  const inFolder = (pattern: RegExp) => new Set(own.filter(({ path }) => pattern.test(path)).map(folderOf));
  const services = inFolder(/\/(service|services|models|schemas|crud|repository)\.py$/);
  const routers = own.filter(({ path }) => /\/(router|routes|api|endpoints|views)\.py$/.test(path));
  const features = routers.filter((file) => folderOf(file) !== folder && services.has(folderOf(file)));
  if (features.length > 0) return featureLayout(features);
  const makes = ({ calls }: PythonFile, wanted: string) => calls.some(({ method }) => method === wanted);
  const declaring = own.filter((file) => makes(file, "APIRouter") && !makes(file, "include_router"));
  const common = commonFolder(declaring, folder);
  return { kind: "layers", ...(common === undefined ? {} : { routers: common }) };
}

function featureLayout(routers: readonly PythonFile[]): Layout {
  const names = routers.map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
  const router = names.toSorted((left, right) => amountOf(names, right) - amountOf(names, left))[0];
  const folders = routers.map((file) => folderOf(file).split("/").at(-2) ?? "");
  const isSingular = folders.every((name) => singular(name) === name);
  return {
    kind: "features",
    ...(router === undefined || router === "router.py" ? {} : { router }),
    ...(isSingular ? { isSingular } : {}),
  };
}

function amountOf(names: readonly string[], name: string): number {
  return names.filter((other) => other === name).length;
}

/** Where most of the files lie, if they have a folder of their own. */
function commonFolder(files: readonly PythonFile[], root: string): string | undefined {
  const folders = files.map(folderOf).filter((folder) => folder !== root);
  return [...new Set(folders)].sort(
    (left, right) => amountOf(folders, right) - amountOf(folders, left) || (left < right ? -1 : 1),
  )[0];
}

function folderOf({ path }: PythonFile): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
