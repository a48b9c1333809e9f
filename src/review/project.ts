import type { DesignSpec } from "../spec/model.ts";
import { groupBy } from "../support/groupBy.ts";
import { moduleOf } from "./facts/layers.ts";
import { readStyleSettings } from "./facts/pyproject.ts";
import type { ClassFact, FunctionFact, PythonFile } from "./facts/pythonFile.ts";
import type { FileReader, StyleRules } from "./fileReader.ts";
import type { ReviewInput, SourceText } from "./model.ts";
import type { PythonNode } from "./pythonParser.ts";
import type { Lint } from "./ruff.ts";

/** The code under review, read and indexed once. */
export interface Project {
  readonly spec: DesignSpec;
  /** Every Python file, tests included. */
  readonly files: readonly PythonFile[];
  /** What checklist and coverage are about: every Python file but tests. */
  readonly code: readonly PythonFile[];
  /** Everything that is not Python: settings, environment examples. */
  readonly others: readonly SourceText[];
  /** Classes of {@link code} by name. */
  readonly classes: ReadonlyMap<string, readonly ClassFact[]>;
  /** Functions and methods of {@link code} by name. */
  readonly functions: ReadonlyMap<string, readonly FunctionFact[]>;
  /** What ruff says of each file, by path. */
  readonly style: ReadonlyMap<string, FileStyle>;
  fileOf(fact: { readonly path: string }): PythonFile;
  /** Where a name used in a file is defined; imports and re-exports are followed. */
  resolve(file: PythonFile, name: string): Definition | undefined;
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

export async function readProject(input: ReviewInput, reader: FileReader): Promise<Project> {
  const isPython = (source: SourceText) => source.path.endsWith(".py");
  const files = input.files.filter(isPython).map((source) => reader.facts(source));
  const code = files.filter((file) => file.layer !== "test");
  const others = input.files.filter((source) => !isPython(source));
  const byPath = new Map(files.map((file) => [file.path, file]));
  const modules = indexModules(files);
  return {
    spec: input.spec,
    files,
    code,
    others,
    classes: groupBy(
      code.flatMap((file) => file.classes),
      byName,
    ),
    functions: groupBy(
      code.flatMap((file) => file.functions),
      byName,
    ),
    style: files.length === 0 ? new Map() : await reader.styles(files, styleRules(input.files)),
    fileOf: ({ path }) => {
      const file = byPath.get(path);
      if (file === undefined) throw new Error(`no facts were read from ${path}`);
      return file;
    },
    resolve: (file, name) => resolveName(modules, file, name, 0),
  };
}

/** How the files of a project must look: by its `pyproject.toml`, and with its own packages known as such. */
export function styleRules(files: readonly SourceText[]): StyleRules {
  const pyprojects = files.filter(({ path }) => /(^|\/)pyproject\.toml$/.test(path));
  // That of a workspace of several projects says nothing of style.
  const pyproject = pyprojects.find(({ text }) => /^\[(?:project|tool\.(?:poetry|ruff|black))\b/m.test(text));
  const homes = pyprojects.map(({ path }) => path.replace(/pyproject\.toml$/, ""));
  const paths = files.map(({ path }) => path).filter((path) => path.endsWith(".py"));
  const roots = paths.flatMap((path) => [moduleOf(path).split(".")[0] ?? "", path.split("/")[0] ?? ""]);
  const below = homes.flatMap((home) =>
    paths.flatMap((path) => (path.startsWith(home) ? (path.slice(home.length).split("/")[0] ?? "") : [])),
  );
  const firstParty = [...new Set([...roots, ...below])].filter((name) => /^\w+$/.test(name));
  return { settings: readStyleSettings((pyproject ?? pyprojects[0])?.text), firstParty };
}

function byName({ name }: { readonly name: string }): string {
  return name;
}

/**
 * Files by every ending of their module path, because the folder that Python starts from is not
 * known: `backend/app/db.py` is found as `app.db`, and `src/orders/models.py` as `src.orders.models`,
 * too. An ending that two files share finds neither.
 */
function indexModules(files: readonly PythonFile[]): Map<string, PythonFile | null> {
  const modules = new Map<string, PythonFile | null>();
  for (const file of files) {
    const parts = file.module.split(".");
    for (let start = 1; start < parts.length; start++) {
      const ending = parts.slice(start).join(".");
      modules.set(ending, modules.has(ending) ? null : file);
    }
  }
  for (const file of files) modules.set(file.path.replace(/(\/__init__)?\.py$/, "").replaceAll("/", "."), file);
  for (const file of files) modules.set(file.module, file);
  return modules;
}

const longestReexport = 8;

function resolveName(
  modules: ReadonlyMap<string, PythonFile | null>,
  file: PythonFile,
  name: string,
  depth: number,
): Definition | undefined {
  const own = definedIn(file, name);
  if (own !== undefined || depth > longestReexport) return own;
  const imported = file.imports.find((fact) => fact.bound === name);
  if (imported === undefined) return throughWildcards(modules, file, name, depth);
  if (imported.name === "") return moduleDefinition(modules.get(imported.module));
  const submodule = modules.get(`${imported.module}.${imported.name}`);
  if (submodule) return moduleDefinition(submodule);
  const source = modules.get(imported.module);
  return source && source !== file ? resolveName(modules, source, imported.name, depth + 1) : undefined;
}

function throughWildcards(
  modules: ReadonlyMap<string, PythonFile | null>,
  file: PythonFile,
  name: string,
  depth: number,
): Definition | undefined {
  for (const fact of file.imports) {
    const source = fact.bound === "*" ? modules.get(fact.module) : undefined;
    const found = source && source !== file ? resolveName(modules, source, name, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

function moduleDefinition(file: PythonFile | null | undefined): Definition | undefined {
  return file ? { kind: "module", file } : undefined;
}

function definedIn(file: PythonFile, name: string): Definition | undefined {
  const classFact = file.classes.find((fact) => fact.name === name);
  if (classFact) return { kind: "class", file, class: classFact };
  const functionFact = file.functions.find((fact) => fact.name === name && fact.owner === undefined);
  if (functionFact) return { kind: "function", file, function: functionFact };
  const value = file.assignments.get(name);
  return value && { kind: "assignment", file, name, value };
}
