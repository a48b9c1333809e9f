import { groupBy } from "../support/groupBy.ts";
import { type Conclusions, createConclusions } from "./conclusions.ts";
import { indexModules, type Modules } from "./facts/modules.ts";
import type { ClassFact, PythonFile } from "./facts/pythonFile.ts";
import type { SourceText } from "./model.ts";
import type { ReadFiles } from "./project.ts";

/** What is indexed of a project's files. */
export interface ProjectIndex extends ReadFiles {
  readonly code: readonly PythonFile[];
  readonly byPath: ReadonlyMap<string, PythonFile>;
  readonly modules: Modules;
  readonly classes: ReadonlyMap<string, readonly ClassFact[]>;
}

/** What is known of a project from review to review. */
export interface ProjectHistory {
  index: ProjectIndex | undefined;
  conclusions: Conclusions;
}

export function createHistory(): ProjectHistory {
  return { index: undefined, conclusions: createConclusions() };
}

/** Brings the history to the files as they are now; what is concluded from others is withdrawn. */
export function advance(history: ProjectHistory, read: ReadFiles): ProjectIndex {
  const { files } = read;
  const code = files.filter((file) => file.layer !== "test");
  const classes = groupBy(
    code.flatMap((file) => file.classes),
    ({ name }) => name,
  );
  const byPath = new Map(files.map((file) => [file.path, file]));
  const before = history.index;
  const isSameTree = before !== undefined && isSameList(before.files, files, ({ path }) => path);
  const modules = isSameTree ? before.modules : indexModules(files.map(({ path }) => path));
  const now: ProjectIndex = { ...read, code, byPath, modules, classes };
  history.index = now;
  if (before === undefined || !isInOrderOf(before, now)) history.conclusions = createConclusions();
  else withdrawChanged(history.conclusions, before, now);
  return now;
}

/** Lists of facts are in the order of the files, so what is concluded from them holds for one order. */
function isInOrderOf(before: ProjectIndex, now: ProjectIndex): boolean {
  const kept = before.files.filter(({ path }) => now.byPath.has(path));
  return isSameList(
    kept,
    now.files.filter(({ path }) => before.byPath.has(path)),
    ({ path }) => path,
  );
}

function withdrawChanged({ withdraw }: Conclusions, before: ProjectIndex, now: ProjectIndex): void {
  const paths = changedKeys(before.byPath, now.byPath);
  for (const path of paths) {
    withdraw("file", path);
    for (const fact of before.byPath.get(path)?.functions ?? []) {
      withdraw("effect", fact);
      withdraw("roundTrip", fact);
    }
  }
  if (before.modules !== now.modules) {
    for (const module of changedKeys(before.modules, now.modules)) withdraw("module", module);
  }
  for (const name of changedKeys(before.classes, now.classes, isSameItems)) {
    withdraw("class", name);
    for (const fact of [...(before.classes.get(name) ?? []), ...(now.classes.get(name) ?? [])]) {
      for (const port of portsOf(fact)) withdraw("port", port);
    }
  }
  if (paths.length > 0 || !isSameList(before.others, now.others, sourceKey)) withdraw("whole", "files");
  if (before.spec !== now.spec) withdraw("whole", "spec");
  if (now.files.some(({ path }) => before.byPath.has(path) && before.style.get(path) !== now.style.get(path))) {
    withdraw("whole", "style");
  }
}

/** Every name of a port that the class may be an implementation of; see `isAkin`. */
function portsOf({ name, bases }: ClassFact): ReadonlySet<string> {
  const affixes = Array.from(name, (_, at) => [name.slice(at), name.slice(0, at + 1)]).flat();
  return new Set([...bases, ...affixes]);
}

/** A class is taken for an implementation when it names the port as a base, or carries its name as well. */
export function isAkin({ name, bases }: ClassFact, port: ClassFact): boolean {
  return bases.includes(port.name) || name.endsWith(port.name) || name.startsWith(port.name);
}

function changedKeys<Value>(
  before: ReadonlyMap<string, Value>,
  now: ReadonlyMap<string, Value>,
  isSame: (left: Value, right: Value) => boolean = Object.is,
): readonly string[] {
  const gone = [...before.keys()].filter((key) => !now.has(key));
  const changed = [...now].flatMap(([key, value]) => {
    const known = before.get(key);
    return known !== undefined && isSame(known, value) ? [] : [key];
  });
  return [...gone, ...changed];
}

function isSameItems<Item>(left: readonly Item[], right: readonly Item[]): boolean {
  return left === right || (left.length === right.length && left.every((item, index) => item === right[index]));
}

function isSameList<Item>(left: readonly Item[], right: readonly Item[], keyOf: (item: Item) => string): boolean {
  return (
    left.length === right.length &&
    left.every((item, index) => {
      const other = right[index];
      return other !== undefined && (item === other || keyOf(item) === keyOf(other));
    })
  );
}

function sourceKey({ path, text }: SourceText): string {
  return `${path}\n${text}`;
}
