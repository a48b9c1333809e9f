import { fileName } from "../support/fileName.ts";
import { singular, words } from "../support/words.ts";
import { applyEdits } from "./diff.ts";
import { proposedRanges } from "./hunks.ts";
import type { ProposedFile, SelectionPart } from "./model.ts";

/** Where the code of an element of the design stands, as the coverage found it; `line` counts from 1. */
export interface CodePlace {
  readonly path: string;
  readonly line: number;
}

/**
 * Finds the pending hunks that implement what stands at a place: the function or class there, what it names,
 * directly or through others, the imports of that, and the migration of its tables; where there is no Python, the
 * hunk there. Empty when the place is not proposed.
 *
 * Names are followed from file to file by their imports. What has nothing of the place's own name in its name,
 * a unit of work say, belongs to it too, but leads only to what has: else every endpoint would be the whole backend.
 */
export function createItemParts(files: readonly ProposedFile[]): (place: CodePlace) => readonly SelectionPart[] {
  const sources = files.map(sourceOf);
  const blocks = sources.flatMap((source) => source.blocks);
  const index = indexOf(blocks, sources);
  return (place) => {
    const start = blocks.filter(
      ({ path, start, end }) => path === place.path && start < place.line && place.line <= end,
    );
    if (start.length === 0) return hunkAt(place, files);
    const reached = reach(start, index);
    return sources.flatMap((source) => partOf(source, reached) ?? []);
  };
}

function hunkAt({ path, line }: CodePlace, files: readonly ProposedFile[]): readonly SelectionPart[] {
  const file = files.find((each) => each.path === path);
  const range = file && proposedRanges(file).find(({ start, end }) => start < line && line <= end);
  return range === undefined ? [] : [{ path, hunkIds: [range.hunk.id] }];
}

interface Source {
  readonly file: ProposedFile;
  readonly lines: readonly string[];
  /** The module that a name is imported from. */
  readonly imports: ReadonlyMap<string, string>;
  readonly blocks: readonly Block[];
}

/** A decision about one file leaves the others as they are. */
const known = new WeakMap<ProposedFile, Source>();

function sourceOf(file: ProposedFile): Source {
  const earlier = known.get(file);
  if (earlier !== undefined) return earlier;
  const text = applyEdits(file.base, file.hunks) ?? "";
  const lines = text.split("\n");
  const source = { file, lines, imports: importsOf(text), blocks: blocksOf(file.path, lines) };
  known.set(file, source);
  return source;
}

function partOf({ file, lines }: Source, reached: ReadonlySet<Block>): SelectionPart | undefined {
  const own = [...reached].filter(({ path }) => path === file.path);
  const names = new Set([...reached].map(({ name }) => name));
  const tables = /(^|\/)(migrations|alembic)\//.test(file.path)
    ? [...reached].flatMap((block) => block.table ?? [])
    : [];
  const isWanted = (start: number, end: number): boolean => {
    const within = lines.slice(start, end);
    return (
      own.some((block) => block.start < Math.max(end, start + 1) && start < block.end) ||
      (own.length > 0 && within.some((line) => isImportOf(line, names))) ||
      within.some((line) => tables.some((table) => line.includes(table)))
    );
  };
  const hunkIds = proposedRanges(file).flatMap(({ hunk, start, end }) => (isWanted(start, end) ? [hunk.id] : []));
  return hunkIds.length === 0 ? undefined : { path: file.path, hunkIds };
}

/** A function, a class without its methods, a method, or an assignment of a module. */
interface Block {
  readonly path: string;
  readonly name: string;
  /** Of the class that it is a method of. */
  readonly owner?: string;
  /** Lines from 0; `end` is the line after the last. */
  readonly start: number;
  readonly end: number;
  /** Every name in it. */
  readonly words: ReadonlySet<string>;
  readonly calls: ReadonlySet<string>;
  /** Of a class that is one, in quotes. */
  readonly table?: string;
}

function blocksOf(path: string, lines: readonly string[]): readonly Block[] {
  if (!path.endsWith(".py")) return [];
  return definitions(lines, 0, lines.length, "").flatMap(({ name, start, end, isClass }): Block[] => {
    if (!isClass) return [blockOf(path, lines, { name, start, end })];
    const methods = definitions(lines, start + 1, end, "    ");
    const head = blockOf(path, lines, { name, start, end: methods[0]?.start ?? end });
    return [head, ...methods.map((each) => ({ ...blockOf(path, lines, each), owner: name }))];
  });
}

function blockOf(path: string, lines: readonly string[], { name, start, end }: Omit<Definition, "isClass">): Block {
  const text = lines.slice(start, end).join("\n");
  const [, table] = /__tablename__\s*=\s*(["']\w+["'])/.exec(text) ?? [];
  return {
    path,
    name,
    start,
    end,
    words: new Set(text.match(/\b[A-Za-z_]\w*/g) ?? []),
    calls: new Set([...text.matchAll(/\.(\w+)\(/g)].map(([, called = ""]) => called)),
    ...(table !== undefined && { table }),
  };
}

interface Definition {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly isClass: boolean;
}

/** Decorators belong to what they decorate. */
function definitions(lines: readonly string[], from: number, to: number, indent: string): readonly Definition[] {
  const found: { name: string; start: number; isClass: boolean }[] = [];
  let decorator: number | undefined;
  for (let index = from; index < to; index++) {
    const line = lines[index] ?? "";
    if (!line.startsWith(indent) || /^[\s)]/.test(line.slice(indent.length))) continue;
    const [, keyword, defined, assigned] = (indent === "" ? statement : method).exec(line.slice(indent.length)) ?? [];
    const name = defined ?? assigned;
    if (name !== undefined) found.push({ name, start: decorator ?? index, isClass: keyword === "class" });
    decorator = line.startsWith(`${indent}@`) ? (decorator ?? index) : undefined;
  }
  return found.map((each, index) => ({ ...each, end: found[index + 1]?.start ?? to }));
}

const method = /^(?:async )?(def) (\w+)/;
/** A module also defines what it assigns, a dependency say. */
const statement = /^(?:(?:async )?(def|class) (\w+)|(\w+)\s*(?::[^=]*)?=)/;

interface Index {
  /** What a name means in a file. */
  resolve(path: string, name: string): Block | undefined;
  methodsOf(block: Block): readonly Block[];
}

function indexOf(blocks: readonly Block[], sources: readonly Source[]): Index {
  const key = ({ path, owner, name }: Pick<Block, "path" | "owner" | "name">): string => `${path}:${owner ?? name}`;
  const top = new Map(blocks.filter(({ owner }) => owner === undefined).map((block) => [key(block), block]));
  const methods = new Map<string, Block[]>();
  for (const block of blocks) {
    if (block.owner !== undefined) methods.set(key(block), [...(methods.get(key(block)) ?? []), block]);
  }
  const byPath = new Map(sources.map((source) => [source.file.path, source]));
  const pathOf = (module: string): string | undefined => {
    const stem = module.replaceAll(".", "/");
    return [...byPath.keys()].find(
      (path) => `/${path}`.endsWith(`/${stem}.py`) || `/${path}`.endsWith(`/${stem}/__init__.py`),
    );
  };
  const paths = new Map<string, string | undefined>();
  const resolve = (path: string, name: string, depth = 0): Block | undefined => {
    const own = top.get(`${path}:${name}`);
    const module = byPath.get(path)?.imports.get(name);
    if (own !== undefined || module === undefined || depth > 3) return own;
    if (!paths.has(module)) paths.set(module, pathOf(module));
    const target = paths.get(module);
    return target === undefined ? undefined : resolve(target, name, depth + 1);
  };
  return { resolve: (path, name) => resolve(path, name), methodsOf: (block) => methods.get(key(block)) ?? [] };
}

/** Everything that what is reached names, until nothing new is. */
function reach(start: readonly Block[], { resolve, methodsOf }: Index): ReadonlySet<Block> {
  const reached = new Set(start);
  const subjects = new Set(start.flatMap(({ name, path }) => subjectsOf(name, path)));
  const isOwn = ({ name, owner }: Block): boolean => words(owner ?? name).some((word) => subjects.has(singular(word)));
  const follows = (from: Block, to: Block): boolean => start.includes(from) || isOwn(from) || isOwn(to);
  for (const block of reached) {
    for (const word of block.words) {
      const named = resolve(block.path, word);
      if (named !== undefined && follows(block, named)) reached.add(named);
    }
    const calls = new Set([...reached].flatMap((each) => [...each.calls]));
    const methods = [...reached].flatMap(methodsOf);
    for (const method of methods) if (begins.has(method.name) || calls.has(method.name)) reached.add(method);
  }
  return reached;
}

/** What is called without being named. */
const begins: ReadonlySet<string> = new Set(["__init__", "__aenter__"]);

/** `create_order` is about orders; a function that is only called `create` about what its file is. */
function subjectsOf(name: string, path: string): readonly string[] {
  const about = words(name).filter((word) => !verbs.has(word));
  const stem = fileName(path).slice(0, -".py".length);
  return (about.length > 0 ? about : words(stem)).map(singular);
}

const verbs: ReadonlySet<string> = new Set(
  "create add post get list find read fetch search update patch put replace delete remove by id all".split(" "),
);

function importsOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, module = "", inParentheses, inLine] of text.matchAll(/^from ([\w.]+) import (?:\(([^)]*)\)|(.*))$/gm)) {
    for (const name of (inParentheses ?? inLine ?? "").match(/\w+/g) ?? []) found.set(name, module);
  }
  return found;
}

function isImportOf(line: string, names: ReadonlySet<string>): boolean {
  if (!/^\s*(from|import)\b/.test(line)) return false;
  return (line.match(/\w+/g) ?? []).some((word) => names.has(word));
}
