import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { CallFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import type { Receivers } from "./receivers.ts";
import { databasePackages, valuesOf } from "./sessions.ts";
import {
  ancestor,
  argumentsOf,
  calledMethod,
  childOfType,
  descendants,
  descendantsOfType,
  dottedName,
  fieldOf,
  isCode,
  positionalArguments,
} from "./syntax.ts";
import { isEnum } from "./types.ts";

/** What the names and calls of the code mean. */
export interface CodePlace {
  readonly project: Project;
  readonly receivers: Receivers;
}

const literals = new Set(["list", "tuple", "set", "dictionary"]);

/** `for status in (OPEN, CLOSED)`, a list of the module or of a function that is written out, the members of an enumeration. */
export function isWrittenOut(place: CodePlace, call: CallFact, loop: PythonNode): boolean {
  const clause = loop.type === "for_statement" ? loop : childOfType(loop, "for_in_clause");
  const right = clause && fieldOf(clause, "right");
  return right !== undefined && isWritten({ ...place, call, seen: new Set() }, right);
}

interface ItemSearch extends CodePlace {
  readonly call: CallFact;
  /** Local names that are being followed, so that `books = sorted(books)` ends. */
  readonly seen: ReadonlySet<string>;
}

function isWritten(search: ItemSearch, items: PythonNode): boolean {
  const { within } = search.call;
  if (calledMethod(items) === "__subclasses__" || ofSchema.test(items.text)) return true;
  if (items.type === "call") {
    const called = isSameItems(items) ? positionalArguments(items) : undefined;
    if (called) return called.length > 0 && called.every((argument) => isWritten(search, argument));
    const given = givesWritten(
      search,
      within?.calls.find(({ node }) => node === items),
    );
    if (given) return true;
  }
  const name = items.text.match(/^(\w+)(\.(items|values|keys)\(\))?$/)?.[1];
  return name === undefined ? isLiteral(items) : isWrittenName(search, name);
}

function isWrittenName(search: ItemSearch, name: string): boolean {
  const { call, seen } = search;
  const { within } = call;
  const local = within && valuesOf(within).get(name);
  if (local && within) return !seen.has(name) && isWrittenLocal(search, { name, value: local, body: within.body });
  const isGiven = within?.parameters.some((parameter) => parameter.name === name) === true;
  return !isGiven && isWrittenInModule(search, call, name);
}

function isWrittenInModule({ project }: CodePlace, { path }: CallFact, name: string): boolean {
  const definition = project.resolve(project.fileOf({ path }), name);
  if (definition?.kind === "class") return isEnum(definition.class);
  if (definition?.kind !== "assignment") return false;
  if (listsClasses(definition.file, name)) return true;
  return isLiteral(definition.value) || (isConstantName(name) && !isEmpty(definition.value));
}

/** The tables of a metadata and the relationships of a mapper are those of the code. */
export const ofSchema =
  /(\b|_)meta(data)?\.(sorted_tables|tables)\b|__mapper__\.|\.mapper\.(relationships|columns|attrs)\b/;

/** `global tables` and then `tables = [each for each in Base.__subclasses__() …]`: as many as the code has classes. */
function listsClasses({ functions }: PythonFile, name: string): boolean {
  return functions.some(({ body }) => {
    return body.text.includes("__subclasses__()") && new RegExp(`\\bglobal\\b[^\\n]*\\b${name}\\b`).test(body.text);
  });
}

/** `ADAPTERS: Mapping = MappingProxyType(…)`: what the module calls a constant, the code decides, however it is made. */
function isConstantName(name: string): boolean {
  return /^_?[A-Z][A-Z\d]*(_[A-Z\d]+)*$/.test(name);
}

interface LocalList {
  readonly name: string;
  readonly value: PythonNode;
  readonly body: PythonNode;
}

/** A list that is written out, or to which the code adds entries one by one and not in a loop. */
function isWrittenLocal(search: ItemSearch, { name, value, body }: LocalList): boolean {
  const additions = descendants(body).filter((node) => addsTo(node, name));
  if (additions.some((node) => isInLoop(node) || !addsWritten(node))) return false;
  if (isEmpty(value)) return additions.length > 0;
  const inside = { ...search, seen: new Set([...search.seen, name]) };
  return isLiteral(value) || (value.type === "call" && isWritten(inside, value));
}

function isEmpty(node: PythonNode): boolean {
  return literals.has(node.type) && !node.children.some(isCode);
}

/** `names.append(…)`, `names += …`, `names[key] = …` */
function addsTo(node: PythonNode, name: string): boolean {
  if (node.type === "call") {
    const [object, method] = (dottedName(fieldOf(node, "function")) ?? "").split(".");
    return object === name && /^(append|extend|add|update|insert)$/.test(method ?? "");
  }
  const left = /assignment$/.test(node.type) ? fieldOf(node, "left") : undefined;
  if (node.type === "augmented_assignment") return left?.text === name;
  return left?.type === "subscript" && fieldOf(left, "value")?.text === name;
}

/** One entry, or a list of entries that is written out. */
function addsWritten(node: PythonNode): boolean {
  if (node.type === "assignment" || /^(append|add|insert)$/.test(calledMethod(node) ?? "")) return true;
  const added = node.type === "call" ? positionalArguments(node)[0] : fieldOf(node, "right");
  return added !== undefined && isLiteral(added);
}

function isInLoop(node: PythonNode): boolean {
  return ancestor(node, ["for_statement", "while_statement"], ["function_definition"]) !== undefined;
}

function isSameItems(call: PythonNode): boolean {
  return /^(enumerate|zip|reversed|sorted|list|tuple|set)$/.test(fieldOf(call, "function")?.text ?? "");
}

/** A function of the project that returns nothing but lists that are written out. */
function givesWritten({ receivers }: CodePlace, call: CallFact | undefined): boolean {
  const targets = call ? receivers.targetsOf(call) : [];
  return targets.length > 0 && targets.every(returnsLiteral);
}

function returnsLiteral({ body }: FunctionFact): boolean {
  const returned = descendants(body, ({ type }) => type !== "function_definition").filter(
    ({ type }) => type === "return_statement",
  );
  return (
    returned.length > 0 && returned.every(({ children }) => children.some((child) => isCode(child) && isLiteral(child)))
  );
}

function isLiteral(node: PythonNode): boolean {
  const items = node.children.filter(isCode);
  return literals.has(node.type) && items.length > 0 && !items.some(({ type }) => /splat/.test(type));
}

/**
 * `for owner, books in by_owner.items(): load(books)`, where the function itself sorts into `by_owner`: one statement for all
 * that belong together. A call that takes only the key still runs for every one of them.
 */
export function isGroup({ node, within }: CallFact, loop: PythonNode): boolean {
  const clause = loop.type === "for_statement" ? loop : undefined;
  const name = clause && fieldOf(clause, "right")?.text.match(/^(?:sorted\(|list\()?(\w+)\.(?:items|values)\(\)/)?.[1];
  const left = clause && fieldOf(clause, "left");
  if (!clause || !left || name === undefined || !within || !isSortedInto(within.body, name)) return false;
  const isKeyed = !/\.values\(\)/.test(fieldOf(clause, "right")?.text ?? "");
  const groups = derivedIn(
    clause,
    new Set(identifiersIn((isKeyed ? left.children.filter(isCode).at(-1) : left) ?? left)),
  );
  return argumentsOf(node).some((argument) => identifiersIn(argument).some((used) => groups.has(used)));
}

/** `by_owner[owner].append(book)`, `by_owner.setdefault(owner, []).append(book)` */
function isSortedInto(body: PythonNode, name: string): boolean {
  return descendantsOfType(body, "call").some((call) => {
    const callee = fieldOf(call, "function");
    if (!/^(append|add|extend|update)$/.test(calledMethod(call) ?? "") || callee?.type !== "attribute") return false;
    const list = fieldOf(callee, "object");
    const isEntry = list?.type === "subscript" && rootOf(list) === name;
    return isEntry || (calledMethod(list) === "setdefault" && rootOf(list) === name);
  });
}

/** `groups` of `groups[kind][owner]` and of `groups.setdefault(owner, [])`. */
function rootOf(node: PythonNode | undefined): string | undefined {
  if (node?.type === "subscript") return rootOf(fieldOf(node, "value"));
  const callee = node?.type === "call" ? fieldOf(node, "function") : undefined;
  return callee ? fieldOf(callee, "object")?.text : node?.text;
}

/**
 * `async for line in TextReceiveStream(process.stdout)`, `async for event in bus.subscribe()`, `async for piece in answer.body`: what comes piece by piece, from a
 * library or a generator that never ends, nobody has in hand at once. A generator that gives one thing repeats nothing.
 */
export function isEventStream(place: CodePlace, call: CallFact, loop: PythonNode): boolean {
  const right = loop.type === "for_statement" ? fieldOf(loop, "right") : undefined;
  if (!right) return false;
  const generator = call.within?.calls.find(({ node }) => node === right);
  const targets = generator ? place.receivers.targetsOf(generator) : [];
  if (targets.length > 0) return targets.every(neverEndsOrGivesOne);
  return loop.text.startsWith("async") && (right.type === "attribute" || isOfPackage(place, call, right));
}

function neverEndsOrGivesOne({ body }: FunctionFact): boolean {
  const yields = descendants(body, ({ type }) => type !== "function_definition").filter(({ type }) => type === "yield");
  const isEndless = (node: PythonNode) =>
    /^(True|1)$/.test(fieldOf(ancestor(node, ["while_statement"]) ?? node, "condition")?.text ?? "");
  return yields.some(isEndless) || (yields.length === 1 && yields.every((node) => !isInLoop(node)));
}

function isOfPackage({ project }: CodePlace, { path, within }: CallFact, right: PythonNode): boolean {
  const [root = ""] = (dottedName(right.type === "call" ? fieldOf(right, "function") : right) ?? "").split(".");
  const parameter = within?.parameters.find(({ name }) => name === root);
  const [type = ""] = (parameter?.annotation ?? root).split(/[.[]/);
  const file = project.fileOf({ path });
  const origin = file.imports.find(({ bound }) => bound === type)?.module;
  if (origin === undefined || project.resolve(file, type) !== undefined) return false;
  return !databasePackages.test(origin) && !/^(typing|collections)\b/.test(origin);
}

/** `database = connect(url)` and `async with database.begin() as connection` inside the loop: each item is a database. */
export function isAnotherDatabase({ node, receiver }: CallFact, loop: PythonNode): boolean {
  const left = loop.type === "for_statement" ? fieldOf(loop, "left") : undefined;
  if (!left || receiver === undefined) return false;
  const derived = derivedIn(loop, new Set(identifiersIn(left)));
  return descendantsOfType(loop, "as_pattern").some((pattern) => {
    const opening = pattern.children[0];
    const callee = opening?.type === "call" ? dottedName(fieldOf(opening, "function")) : undefined;
    const isOpened =
      /\.(begin|connect|acquire|session)$/.test(callee ?? "") && derived.has(callee?.split(".")[0] ?? "");
    return isOpened && pattern.start < node.start && fieldOf(pattern, "alias")?.text === receiver;
  });
}

function identifiersIn(node: PythonNode): string[] {
  return [node, ...descendants(node)].flatMap(({ type, text }) => (type === "identifier" ? [text] : []));
}

/** The names and what the loop makes of them. */
function derivedIn(loop: PythonNode, names: ReadonlySet<string>): ReadonlySet<string> {
  const derived = new Set(names);
  for (const assignment of descendantsOfType(loop, "assignment")) {
    const right = fieldOf(assignment, "right");
    if (!right || !identifiersIn(right).some((used) => derived.has(used))) continue;
    for (const name of identifiersIn(fieldOf(assignment, "left") ?? assignment)) derived.add(name);
  }
  return derived;
}
