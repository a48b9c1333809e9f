import { groupBy } from "../support/groupBy.ts";
import { type Conclusions, createConclusions } from "./conclusions.ts";
import { indexModules, type Modules } from "./facts/modules.ts";
import type { ClassFact, PythonFile } from "./facts/pythonFile.ts";
import type { SourceText } from "./model.ts";
import type { ReadFiles } from "./project.ts";

/** What is indexed of a project's files. */
export interface ProjectIndex extends ReadFiles {
  readonly code: readonly PythonFile[];
  readonly revisions: readonly PythonFile[];
  readonly byPath: ReadonlyMap<string, PythonFile>;
  readonly modules: Modules;
  readonly everyClass: readonly ClassFact[];
  readonly classes: ReadonlyMap<string, readonly ClassFact[]>;
}

/** What is known of a project from review to review. */
export interface ProjectHistory {
  latest: LatestIndex | undefined;
  conclusions: Conclusions;
}

/** One object for all reviews of a history. */
export interface LatestIndex {
  index: ProjectIndex;
}

export function createHistory(): ProjectHistory {
  return { latest: undefined, conclusions: createConclusions() };
}

/** Brings the history to the files as they are now; what is concluded from others is withdrawn. */
export function advance(history: ProjectHistory, read: ReadFiles): LatestIndex {
  const before = history.latest?.index;
  const index = indexFiles(read, before);
  if (history.latest === undefined || before === undefined) {
    history.latest = { index };
    return history.latest;
  }
  history.latest.index = index;
  if (isInOrderOf(before, index)) withdrawChanged(history.conclusions, before, index);
  else history.conclusions = createConclusions();
  return history.latest;
}

function indexFiles(read: ReadFiles, before?: ProjectIndex): ProjectIndex {
  const { files } = read;
  const code = files.filter((file) => file.layer !== "test");
  const everyClass = code.flatMap((file) => file.classes);
  const isSameTree = before !== undefined && isSameList(before.files, files, ({ path }) => path);
  return {
    ...read,
    code,
    revisions: code.filter(({ assignments }) => assignments.has("revision") && assignments.has("down_revision")),
    byPath: new Map(files.map((file) => [file.path, file])),
    modules: isSameTree ? before.modules : indexModules(files.map(({ path }) => path)),
    everyClass,
    classes: groupBy(everyClass, ({ name }) => name),
  };
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

function withdrawChanged(conclusions: Conclusions, before: ProjectIndex, now: ProjectIndex): void {
  const { withdraw } = conclusions;
  withdrawFiles(conclusions, before, now);
  withdrawClasses(conclusions, before, now);
  for (const list of ["files", "code", "revisions"] as const) {
    if (!isSameItems(before[list], now[list])) withdraw("whole", list);
  }
  if (!isSameList(before.others, now.others, sourceKey)) withdraw("whole", "others");
  if (before.spec !== now.spec) withdraw("whole", "spec");
  const isStyleKept = now.files.every((file) => {
    return before.byPath.get(file.path) !== file || before.style.get(file.path) === now.style.get(file.path);
  });
  if (!isStyleKept) withdraw("whole", "style");
}

const ofFunctions = ["effect", "roundTrip", "callers", "committing", "owning", "passing"] as const;

function withdrawFiles({ withdraw }: Conclusions, before: ProjectIndex, now: ProjectIndex): void {
  for (const path of changedKeys(before.byPath, now.byPath)) {
    withdraw("file", path);
    for (const fact of before.byPath.get(path)?.functions ?? []) {
      for (const kind of ofFunctions) withdraw(kind, fact);
    }
  }
  if (before.modules === now.modules) return;
  for (const module of changedKeys(before.modules, now.modules)) withdraw("module", module);
}

function withdrawClasses({ withdraw }: Conclusions, before: ProjectIndex, now: ProjectIndex): void {
  for (const name of changedKeys(before.classes, now.classes, isSameItems)) {
    withdraw("class", name);
    for (const fact of [...(before.classes.get(name) ?? []), ...(now.classes.get(name) ?? [])]) {
      for (const port of portsOf(fact)) withdraw("port", port);
    }
  }
}

/** Every name of a port that the class may be an implementation of; see `isAkin`. */
function portsOf({ name, bases }: ClassFact): ReadonlySet<string> {
  const affixes = Array.from(name, (_, at) => [name.slice(at), name.slice(0, at + 1)]).flat();
  return new Set([...bases, ...affixes]);
}

/** A class is taken for an implementation when it names the port as a base, or carries its name as well. */
export function isAkin({ name, bases }: ClassFact, port: string): boolean {
  return bases.includes(port) || name.endsWith(port) || name.startsWith(port);
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
