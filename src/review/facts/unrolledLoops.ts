import { type Project, resolvePath } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { FunctionFact, PythonFile } from "./pythonFile.ts";
import { functionScope } from "./scopes.ts";
import { evaluate, type Scope } from "./staticValue.ts";
import {
  ancestor,
  calledMethod,
  calleeOf,
  childOfType,
  descendantsOfType,
  dottedName,
  fieldOf,
  isCode,
  returnedBy,
  unwrap,
} from "./syntax.ts";

/** An expression and the file that its names are of. */
export interface Bound {
  readonly file: PythonFile;
  readonly node: PythonNode;
}

/** What the names that a loop binds stand for in one of its rounds. */
export type Bindings = ReadonlyMap<string, Bound>;

const unbound: Bindings = new Map();

/**
 * The rounds of the loop around a node that goes through what is written out: a list, a dictionary's items, both also under
 * a name or returned by a function. One round without names where there is no such loop, none where there is nothing to go through.
 */
export function roundsOf(
  project: Project,
  file: PythonFile,
  within: FunctionFact | undefined,
  node: PythonNode,
): readonly Bindings[] {
  const around = ancestor(node, ["for_statement", "list_comprehension"], ["function_definition"]);
  const loop = around?.type === "list_comprehension" ? childOfType(around, "for_in_clause") : around;
  const [left, right] = loop ? [fieldOf(loop, "left"), fieldOf(loop, "right")] : [];
  const search = { project, within, depth: 0 };
  const items = left && right ? itemsOf(search, { file, node: right }) : [];
  if (left && items.length > 0) return items.map((item) => new Map(bind(left, item)));
  return right && isEmptyFor(search, { file, node: right }) ? [] : [unbound];
}

/** `()`, and a list under a name to which nothing is added. */
function isEmptyFor(search: Search, { file, node }: Bound): boolean {
  const named = namedBy(search, file, node);
  const list = unwrap(named?.node ?? node);
  if (!/^(list|tuple)$/.test(list.type) || list.children.some(isCode)) return false;
  const grows = new RegExp(`\\b${node.text.replace(/.*\W/, "")}\\s*(\\.(append|extend|insert)\\(|\\+=)`);
  return !named || !grows.test(named.file.text + file.text);
}

/** The names of a round before those of the place. */
export function scopeOfRound(
  project: Project,
  file: PythonFile,
  within: FunctionFact | undefined,
  bindings: Bindings,
): Scope {
  const scope = functionScope(project, file, within);
  if (bindings.size === 0) return scope;
  const names: Scope = (name) => {
    const [head = "", ...rest] = name.split(".");
    const bound = bindings.get(head);
    if (!bound) return scope(name);
    const outside = functionScope(project, bound.file, within?.path === bound.file.path ? within : undefined);
    if (rest.length === 0) return evaluate(bound.node, outside);
    const owner = dottedName(bound.node);
    return owner === undefined ? undefined : outside([owner, ...rest].join("."));
  };
  return Object.assign(names, { follow: scope.follow });
}

interface Search {
  readonly project: Project;
  readonly within: FunctionFact | undefined;
  readonly depth: number;
}

/** One item: an expression, or the key and the value of an entry. */
type Item = Bound | readonly [Bound, Bound];

const deepest = 4;

function itemsOf(search: Search, bound: Bound): readonly Item[] {
  const { file } = bound;
  const node = unwrap(bound.node);
  const deeper = { ...search, depth: search.depth + 1 };
  if (search.depth > deepest) return [];
  if (/^(list|tuple|set|expression_list)$/.test(node.type)) {
    return node.children.filter(isCode).flatMap((item) => {
      if (item.type !== "list_splat") return [{ file, node: item }];
      return item.children.slice(-1).flatMap((inner) => itemsOf(deeper, { file, node: inner }));
    });
  }
  if (node.type === "binary_operator")
    return ["left", "right"].flatMap((side) => {
      const operand = fieldOf(node, side);
      return operand ? itemsOf(deeper, { file, node: operand }) : [];
    });
  if (node.type === "dictionary") return entriesOf(file, node).map(([key]) => key);
  if (node.type === "call") return itemsOfCall(deeper, file, node);
  const named = namedBy(search, file, node);
  return named ? itemsOf({ ...deeper, within: undefined }, named) : [];
}

function entriesOf(file: PythonFile, dictionary: PythonNode): [Bound, Bound][] {
  return dictionary.children.filter(isCode).flatMap((pair): [Bound, Bound][] => {
    const [key, value] = [fieldOf(pair, "key"), fieldOf(pair, "value")];
    return key && value
      ? [
          [
            { file, node: key },
            { file, node: value },
          ],
        ]
      : [];
  });
}

/** `ROUTERS.items()`, `list_routers()`. */
function itemsOfCall(search: Search, file: PythonFile, call: PythonNode): readonly Item[] {
  const callee = fieldOf(call, "function");
  const object = callee?.type === "attribute" ? fieldOf(callee, "object") : undefined;
  const method = calledMethod(call) ?? "";
  if (object && /^(items|values|keys)$/.test(method)) {
    const dictionary = object.type === "dictionary" ? { file, node: object } : namedBy(search, file, object);
    const entries = dictionary?.node.type === "dictionary" ? entriesOf(dictionary.file, dictionary.node) : [];
    if (method === "items") return entries;
    return entries.map(([key, value]) => (method === "keys" ? key : value));
  }
  const definition = resolvePath(search.project, file, calleeOf(call) ?? "");
  const returned = definition?.kind === "function" ? returnedBy(definition.function.body) : undefined;
  if (definition?.kind !== "function" || !returned) return [];
  return itemsOf({ ...search, within: definition.function }, { file: definition.file, node: returned });
}

/** What a name is assigned, in the function before the module. */
function namedBy({ project, within }: Search, file: PythonFile, node: PythonNode): Bound | undefined {
  const name = dottedName(node);
  if (name === undefined) return undefined;
  const local =
    within?.path === file.path
      ? descendantsOfType(within.body, "assignment").find((candidate) => fieldOf(candidate, "left")?.text === name)
      : undefined;
  const value = local && fieldOf(local, "right");
  if (value) return { file, node: value };
  const definition = resolvePath(project, file, name);
  return definition?.kind === "assignment" ? { file: definition.file, node: definition.value } : undefined;
}

function bind(left: PythonNode, item: Item): [string, Bound][] {
  if (left.type === "identifier") return isEntry(item) ? [] : [[left.text, item]];
  const parts = isEntry(item) ? item : partsOf(item);
  return left.children.filter(isCode).flatMap((name, at) => {
    const part = parts[at];
    return part ? bind(name, part) : [];
  });
}

function isEntry(item: Item): item is readonly [Bound, Bound] {
  return Array.isArray(item);
}

function partsOf({ file, node }: Bound): readonly Bound[] {
  const inner = unwrap(node);
  return /^(tuple|list)$/.test(inner.type) ? inner.children.filter(isCode).map((part) => ({ file, node: part })) : [];
}
