import type { PythonNode } from "../pythonParser.ts";
import { isFixed, isFixedPart } from "./fixedValue.ts";
import type { CallFact, FunctionFact } from "./pythonFile.ts";
import { evaluate, type Scope } from "./staticValue.ts";
import { calledMethod, childOfType, descendants, fieldOf, isCode, positionalArguments, unwrap } from "./syntax.ts";

/** An expression that puts text together at run time, and how. */
export interface DynamicText {
  readonly how: "an f-string" | "string concatenation" | "% formatting" | ".format()" | "join()" | "a template";
  readonly node: PythonNode;
  readonly path: string;
}

/** Where an expression stands, and how calls in it are followed. */
export interface TextPlace {
  readonly path: string;
  readonly within: FunctionFact | undefined;
  /** The names that are constant in a file. */
  readonly scopeOf: (path: string) => Scope;
  readonly targetsOf: (call: CallFact) => readonly FunctionFact[];
  readonly callersOf: (fact: FunctionFact) => readonly CallFact[];
  /** The function around an inner one. */
  readonly outerOf: (fact: FunctionFact) => FunctionFact | undefined;
  /** Whether a name means an enumeration of the project. */
  readonly isEnumeration: (path: string, name: string) => boolean;
  /** How a class that a name means, or one that it inherits from, annotates a field. */
  readonly fieldTypeOf: (
    path: string,
    name: string,
    field: string,
  ) => { readonly path: string; readonly annotation: string } | undefined;
  /** What a name of the module, also an imported one, is assigned. */
  readonly assignmentOf: (
    path: string,
    name: string,
  ) => { readonly path: string; readonly value: PythonNode } | undefined;
}

/**
 * Whether an expression is text put together from anything that is not constant; a local variable
 * counts as what any of its assignments gives it, a call of the project's own as what its function returns.
 */
export function dynamicTextOf(node: PythonNode, place: TextPlace): DynamicText | undefined {
  return search({ ...place, scope: place.scopeOf(place.path), depth: 0, seen: new Set() }, node);
}

interface Search extends TextPlace {
  readonly scope: Scope;
  /** How many functions have been gone into. */
  readonly depth: number;
  /** Local variables being followed, so that `sql = sql + x` ends. */
  readonly seen: Set<string>;
}

function search(context: Search, wrapped: PythonNode): DynamicText | undefined {
  const node = unwrap(wrapped);
  if (isFixed(context, node)) return undefined;
  switch (node.type) {
    case "string":
    case "concatenated_string": {
      const explained = explainedIn(node);
      if (explained) return search(context, explained);
      return isOpen(context, node) ? { how: "an f-string", node, path: context.path } : undefined;
    }
    case "binary_operator":
      return operation(context, node);
    case "conditional_expression":
      return first(node.children.filter(isCode), (child) => search(context, child));
    case "call":
      return callText(context, node);
    case "identifier":
      return localText(context, node);
    default:
      return undefined;
  }
}

/** `f"EXPLAIN {statement}"`: it is the statement that is put together, or not. */
function explainedIn(text: PythonNode): PythonNode | undefined {
  const parts = text.children.filter(({ type }) => type === "interpolation" || type === "string_content");
  const [first, second] = parts;
  const isExplained = parts.length === 2 && /^\s*EXPLAIN\b[\s\w(),]*$/i.test(first?.text ?? "");
  return isExplained && second?.type === "interpolation" ? fieldOf(second, "expression") : undefined;
}

/** Whether anything is put in that is not written somewhere in the code. */
function isOpen(context: Search, node: PythonNode): boolean {
  const parts = descendants(node).filter(({ type }) => type === "interpolation");
  return parts.some((part) => !isFixedPart(context, part));
}

function operation(context: Search, node: PythonNode): DynamicText | undefined {
  const operator = fieldOf(node, "operator")?.type;
  const sides = [fieldOf(node, "left"), fieldOf(node, "right")].filter((side) => side !== undefined).map(unwrap);
  if (operator === "%" && sides[0] && isText(sides[0])) return { how: "% formatting", node, path: context.path };
  if (operator !== "+") return undefined;
  if (sides.some(isText)) return { how: "string concatenation", node, path: context.path };
  return first(sides, (side) => search(context, side));
}

function isText(node: PythonNode): boolean {
  return node.type === "string" || node.type === "concatenated_string";
}

function callText(context: Search, node: PythonNode): DynamicText | undefined {
  const callee = fieldOf(node, "function");
  const object = callee?.type === "attribute" ? fieldOf(callee, "object") : undefined;
  const method = calledMethod(node);
  const { path } = context;
  if (object && method === "format" && couldBeText(object)) return { how: ".format()", node, path };
  if (object && method === "join" && isText(unwrap(object))) return { how: "join()", node, path };
  if (object && /^(substitute|safe_substitute|format_map)$/.test(method ?? ""))
    return { how: "a template", node, path };
  if (object && method === "replace") return replacedText(context, node, object);
  const argument = positionalArguments(node)[0];
  return argument && method === "text" ? search(context, argument) : returnedText(context, node);
}

function replacedText(context: Search, node: PythonNode, object: PythonNode): DynamicText | undefined {
  const isCertain = positionalArguments(node).every((part) => evaluate(part, context.scope) !== undefined);
  return isCertain ? search(context, object) : { how: "a template", node, path: context.path };
}

const deepest = 4;

/** What the functions that the call can run return. */
function returnedText(context: Search, node: PythonNode): DynamicText | undefined {
  const call = context.within?.calls.find((candidate) => candidate.node === node);
  if (!call || context.depth >= deepest) return undefined;
  return first(context.targetsOf(call), (target) => {
    if (target.returns !== "" && !/\bstr\b|Text/.test(target.returns)) return undefined;
    const { path } = target;
    const inside = {
      ...context,
      path,
      within: target,
      scope: context.scopeOf(path),
      depth: context.depth + 1,
      seen: new Set<string>(),
    };
    const returned = descendants(target.body).filter(({ type }) => type === "return_statement");
    return first(returned, (statement) => first(statement.children.filter(isCode), (value) => search(inside, value)));
  });
}

function couldBeText(node: PythonNode): boolean {
  return isText(unwrap(node)) || node.type === "identifier" || node.type === "attribute";
}

function localText(context: Search, node: PythonNode): DynamicText | undefined {
  const { within, seen } = context;
  if (!within || seen.has(node.text)) return undefined;
  seen.add(node.text);
  for (const assignment of descendants(within.body)) {
    if (assignment.type !== "assignment" && assignment.type !== "augmented_assignment") continue;
    if (fieldOf(assignment, "left")?.text !== node.text || assignment.start > node.start) continue;
    const right = fieldOf(assignment, "right");
    const found = right && (search(context, right) ?? appended(context, assignment, right));
    if (found) return found;
  }
  return undefined;
}

/** `sql += condition` puts text together even when `condition` is a plain name. */
function appended(context: Search, assignment: PythonNode, right: PythonNode): DynamicText | undefined {
  if (assignment.type !== "augmented_assignment" || childOfType(assignment, "+=") === undefined) return undefined;
  return !isFixed(context, right) ? { how: "string concatenation", node: assignment, path: context.path } : undefined;
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
