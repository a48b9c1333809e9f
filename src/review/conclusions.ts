import type { PythonFile } from "./facts/pythonFile.ts";

/**
 * What a conclusion can rest on: the facts of a file (by its path), where a module is, which classes have a name or
 * implement a port, what is concluded about a function or the endpoints of a file from the whole, or one of the things that there is one of.
 */
export type GroundKind =
  | "file"
  | "module"
  | "class"
  | "port"
  | "callers"
  | "committing"
  | "owning"
  | "passing"
  | "effect"
  | "roundTrip"
  | "endpoints"
  | "whole";

/**
 * Remembers what is concluded about single files, and about the whole, over reviews. A conclusion is drawn again when
 * something it rests on is another thing than before, and project and analysis note whatever they are asked while it is
 * drawn; so what is remembered is what would be concluded anew.
 *
 * `draw` must be one function for all files (its conclusions are kept under it) and its answer must follow from the file
 * and what it asks `context`. Nobody changes what it returns.
 */
export interface Conclusions {
  aboutFile<Context, Value>(draw: DrawFromFile<Context, Value>, context: Context, file: PythonFile): Value;
  aboutAll<Context, Value>(draw: (context: Context) => Value, context: Context): Value;
  /** What follows from the parts alone, which are compared with those of the last time. */
  combined<Part, Value>(draw: (parts: readonly Part[]) => Value, parts: readonly Part[]): Value;
  /** The conclusion that is being drawn, if one is, rests on this. */
  note(kind: GroundKind, key: unknown): void;
  /** Whatever rests on this is to be concluded anew. */
  withdraw(kind: GroundKind, key: unknown): void;
  /** What was concluded of each key from the whole project; what rests on a key with another answer than the last is withdrawn. */
  settle(kind: GroundKind, answers: ReadonlyMap<unknown, unknown>): void;
}

export type DrawFromFile<Context, Value> = (context: Context, file: PythonFile) => Value;

export function createConclusions(): Conclusions {
  const known = new Map<unknown, Map<string, Conclusion>>();
  const grounds = new Map<GroundKind, Map<unknown, Set<Conclusion>>>();
  const settled = new Map<GroundKind, ReadonlyMap<unknown, unknown>>();
  const combinations = new Map<unknown, { readonly parts: unknown; readonly value: unknown }>();
  const drawing: Conclusion[] = [];

  const note = (kind: GroundKind, key: unknown): void => {
    const conclusion = drawing.at(-1);
    if (conclusion)
      entry(entry(grounds, kind, newMap<unknown, Set<Conclusion>>), key, newSet<Conclusion>).add(conclusion);
  };
  const standing = <Value>(conclusion: Conclusion, draw: () => Value): Value => {
    const above = drawing.at(-1);
    if (above) conclusion.carries.add(above);
    if (conclusion.stands) return conclusion.value as Value;
    drawing.push(conclusion);
    try {
      conclusion.value = sameOr(conclusion.value, draw());
      conclusion.stands = true;
      return conclusion.value as Value;
    } finally {
      drawing.pop();
    }
  };
  const withdraw = (kind: GroundKind, key: unknown): void => {
    const resting = grounds.get(kind)?.get(key);
    grounds.get(kind)?.delete(key);
    for (const conclusion of resting ?? []) drop(conclusion);
  };
  return {
    aboutFile: (draw, context, file) =>
      standing(entry(entry(known, draw, newMap<string, Conclusion>), file.path, newConclusion), () => {
        note("file", file.path);
        return draw(context, file);
      }),
    aboutAll: (draw, context) =>
      standing(entry(entry(known, draw, newMap<string, Conclusion>), "", newConclusion), () => draw(context)),
    combined: (draw, parts) => {
      const before = combinations.get(draw);
      if (before && sameOr(before.parts, parts) === before.parts) return before.value as ReturnType<typeof draw>;
      const value = draw(parts);
      combinations.set(draw, { parts, value });
      return value;
    },
    note,
    withdraw,
    settle: (kind, answers) => {
      const before = settled.get(kind);
      settled.set(kind, answers);
      for (const key of before?.keys() ?? []) if (!answers.has(key)) withdraw(kind, key);
      for (const [key, answer] of answers)
        if (sameOr(before?.get(key), answer) !== before?.get(key)) withdraw(kind, key);
    },
  };
}

interface Conclusion {
  value: unknown;
  stands: boolean;
  /** Those that rest on this one. */
  readonly carries: Set<Conclusion>;
}

function newConclusion(): Conclusion {
  return { value: undefined, stands: false, carries: new Set() };
}

function newMap<Key, Value>(): Map<Key, Value> {
  return new Map();
}

function newSet<Value>(): Set<Value> {
  return new Set();
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}

function drop(conclusion: Conclusion): void {
  if (!conclusion.stands) return;
  conclusion.stands = false;
  const above = [...conclusion.carries];
  conclusion.carries.clear();
  for (const other of above) drop(other);
}

/** A list of the same things stays the same list, so that what is made of it can be kept as well. */
function sameOr(before: unknown, now: unknown): unknown {
  if (!Array.isArray(before) || !Array.isArray(now) || before.length !== now.length) return now;
  return before.every((item, index) => item === now[index]) ? before : now;
}
