import type { DesignSpec } from "../spec/model.ts";
import { memoized } from "../support/memoized.ts";
import { oncePer } from "../support/oncePer.ts";
import type { Conclusions } from "./conclusions.ts";
import { oncePerFile } from "./facts/oncePerFile.ts";
import type { ClassFact, FunctionFact, ImportFact, PythonFile } from "./facts/pythonFile.ts";
import type { FileReader } from "./fileReader.ts";
import type { ReviewInput, SourceText } from "./model.ts";
import { advance, createHistory, isAkin, type ProjectHistory, type ProjectIndex } from "./projectHistory.ts";
import type { PythonNode } from "./pythonParser.ts";
import type { Lint } from "./ruff.ts";
import { groupByStyle } from "./styleRules.ts";

/** The code under review, read and indexed once. */
export interface Project {
  readonly spec: DesignSpec;
  /** Every Python file, tests included. */
  readonly files: readonly PythonFile[];
  /** What checklist and coverage are about: every Python file but tests. */
  readonly code: readonly PythonFile[];
  /** The revisions of Alembic, wherever the project keeps them. */
  readonly revisions: readonly PythonFile[];
  /** Everything that is not Python: settings, environment examples. */
  readonly others: readonly SourceText[];
  /** Classes of {@link code} by name. */
  readonly classes: Pick<ReadonlyMap<string, readonly ClassFact[]>, "get" | "has">;
  /** What ruff says of each file that parses to its end, by path. */
  readonly style: ReadonlyMap<string, FileStyle>;
  fileOf(fact: { readonly path: string }): PythonFile;
  /** Where a name used in a file is defined; imports and re-exports are followed. */
  resolve(file: PythonFile, name: string): Definition | undefined;
  /** Classes of {@link code} that name the port as a base, or whose name begins or ends with its name. */
  akinTo(port: ClassFact): readonly ClassFact[];
  readonly conclusions: Conclusions;
}

export interface FileStyle {
  readonly lints: readonly Lint[];
  /** The text as the formatter would write it; undefined when the file does not parse. */
  readonly formatted: string | undefined;
}

export type Definition =
  | { readonly kind: "class"; readonly file: PythonFile; readonly class: ClassFact }
  | { readonly kind: "function"; readonly file: PythonFile; readonly function: FunctionFact }
  | { readonly kind: "assignment"; readonly file: PythonFile; readonly name: string; readonly value: PythonNode }
  | { readonly kind: "module"; readonly file: PythonFile };

/** What was read of the files, before anything is concluded from it. */
export interface ReadFiles extends Pick<Project, "spec" | "files" | "others"> {
  readonly style: ReadonlyMap<string, FileStyle>;
}

export async function readFiles(input: ReviewInput, reader: FileReader): Promise<ReadFiles> {
  const isPython = (source: SourceText) => source.path.endsWith(".py");
  const files = input.files.filter(isPython).map((source) => reader.facts(source));
  const others = input.files.filter((source) => !isPython(source));
  const style = new Map<string, FileStyle>();
  const readable = files.filter(({ root }) => root.cutLine === undefined);
  for (const { rules, files: alike } of groupByStyle(readable, input.files)) {
    for (const [path, own] of await reader.styles(alike, rules)) style.set(path, own);
  }
  return { spec: input.spec, files, others, style };
}

export async function readProject(input: ReviewInput, reader: FileReader): Promise<Project> {
  return createProject(await readFiles(input, reader));
}

/**
 * `history` is that of the reviews of the same project before; no two may use one at the same time. What an earlier review
 * has concluded may hold on to its project, so that too speaks of the files as they are now.
 */
export function createProject(read: ReadFiles, history: ProjectHistory = createHistory()): Project {
  const latest = advance(history, read);
  const { note } = history.conclusions;
  const one = <Key extends keyof ProjectIndex>(key: Key): ProjectIndex[Key] => {
    note("whole", key);
    return latest.index[key];
  };
  const names: Names = {
    note,
    fileOf: (module) => {
      note("module", module);
      return latest.index.byPath.get(latest.index.modules.get(module) ?? "");
    },
  };
  return {
    get spec() {
      return one("spec");
    },
    get files() {
      return one("files");
    },
    get code() {
      return one("code");
    },
    get others() {
      return one("others");
    },
    get style() {
      return one("style");
    },
    get revisions() {
      return one("revisions");
    },
    classes: {
      get: (name) => {
        note("class", name);
        return latest.index.classes.get(name);
      },
      has: (name) => {
        note("class", name);
        return latest.index.classes.has(name);
      },
    },
    fileOf: ({ path }) => {
      note("file", path);
      const file = latest.index.byPath.get(path);
      if (file === undefined) throw new Error(`no facts were read from ${path}`);
      return file;
    },
    resolve: (file, name) => resolveName(names, file, name, 0),
    akinTo: (port) => {
      note("port", port.name);
      return akinOf(latest.index)(port.name);
    },
    conclusions: history.conclusions,
  };
}

/** Asked for every call of a port's method. */
const akinOf = oncePer(({ everyClass }: ProjectIndex) =>
  memoized((name): readonly ClassFact[] => everyClass.filter((fact) => isAkin(fact, name))),
);

/** What `models.types.Money` means in a file, through the modules that it goes by. */
export function resolvePath(project: Project, file: PythonFile, path: string): Definition | undefined {
  let at = file;
  let definition: Definition | undefined;
  for (const part of path.split(".")) {
    if (definition !== undefined && definition.kind !== "module") return undefined;
    definition = project.resolve(at, part);
    if (definition === undefined) return undefined;
    at = definition.file;
  }
  return definition;
}

const longestReexport = 8;

interface Names {
  readonly fileOf: (module: string) => PythonFile | undefined;
  readonly note: Conclusions["note"];
}

function resolveName(names: Names, file: PythonFile, name: string, depth: number): Definition | undefined {
  names.note("file", file.path);
  const own = definedIn(file, name);
  if (own !== undefined || depth > longestReexport) return own;
  const imported = bindingsOf(file).imports.get(name);
  if (imported === undefined) return throughWildcards(names, file, name, depth) ?? moduleWithin(names, file, name);
  if (imported.name === "") return moduleDefinition(names.fileOf(imported.module));
  const submodule = names.fileOf(`${imported.module}.${imported.name}`);
  if (submodule) return moduleDefinition(submodule);
  const source = names.fileOf(imported.module);
  return source && source !== file ? resolveName(names, source, imported.name, depth + 1) : undefined;
}

function throughWildcards(names: Names, file: PythonFile, name: string, depth: number): Definition | undefined {
  for (const fact of file.imports) {
    const source = fact.bound === "*" ? names.fileOf(fact.module) : undefined;
    const found = source && source !== file ? resolveName(names, source, name, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** A package knows its modules as soon as anybody has imported them. */
function moduleWithin(names: Names, file: PythonFile, name: string): Definition | undefined {
  return file.path.endsWith("__init__.py") ? moduleDefinition(names.fileOf(`${file.module}.${name}`)) : undefined;
}

function moduleDefinition(file: PythonFile | undefined): Definition | undefined {
  return file ? { kind: "module", file } : undefined;
}

function definedIn(file: PythonFile, name: string): Definition | undefined {
  const { classes, functions } = bindingsOf(file);
  const classFact = classes.get(name);
  if (classFact) return { kind: "class", file, class: classFact };
  const functionFact = functions.get(name);
  if (functionFact) return { kind: "function", file, function: functionFact };
  const value = file.assignments.get(name);
  return value && { kind: "assignment", file, name, value };
}

interface Bindings {
  readonly imports: ReadonlyMap<string, ImportFact>;
  readonly classes: ReadonlyMap<string, ClassFact>;
  readonly functions: ReadonlyMap<string, FunctionFact>;
}

/** What the names of a file are bound to; of several the first. */
const bindingsOf = oncePerFile(
  ({ imports, classes, functions }): Bindings => ({
    imports: firstBy(imports, ({ bound }) => bound),
    classes: firstBy(classes, ({ name }) => name),
    functions: firstBy(
      functions.filter(({ owner }) => owner === undefined),
      ({ name }) => name,
    ),
  }),
);

function firstBy<Fact>(facts: readonly Fact[], keyOf: (fact: Fact) => string): ReadonlyMap<string, Fact> {
  const first = new Map<string, Fact>();
  for (const fact of facts) if (!first.has(keyOf(fact))) first.set(keyOf(fact), fact);
  return first;
}
