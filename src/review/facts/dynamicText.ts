import type { PythonNode } from "../pythonParser.ts";
import type { FunctionFact } from "./pythonFile.ts";
import { evaluate, type Scope } from "./staticValue.ts";
import { calledMethod, childOfType, descendants, fieldOf, isCode, positionalArguments, unwrap } from "./syntax.ts";

/** An expression that puts text together at run time, and how. */
export interface DynamicText {
  readonly how: "an f-string" | "string concatenation" | "% formatting" | ".format()" | "join()";
  readonly node: PythonNode;
}

/**
 * Whether an expression is text put together from anything that is not constant; a local variable
 * counts as what any of its assignments gives it.
 */
export function dynamicTextOf(
  node: PythonNode,
  scope: Scope,
  within: FunctionFact | undefined,
): DynamicText | undefined {
  return search({ scope, within, seen: new Set() }, node);
}

interface Search {
  readonly scope: Scope;
  readonly within: FunctionFact | undefined;
  /** Local variables being followed, so that `sql = sql + x` ends. */
  readonly seen: Set<string>;
}

function search(context: Search, wrapped: PythonNode): DynamicText | undefined {
  const node = unwrap(wrapped);
  if (evaluate(node, context.scope) !== undefined) return undefined;
  switch (node.type) {
    case "string":
    case "concatenated_string":
      return hasInterpolation(node) ? { how: "an f-string", node } : undefined;
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

function hasInterpolation(node: PythonNode): boolean {
  return descendants(node).some((part) => part.type === "interpolation");
}

function operation(context: Search, node: PythonNode): DynamicText | undefined {
  const operator = fieldOf(node, "operator")?.type;
  const sides = [fieldOf(node, "left"), fieldOf(node, "right")].filter((side) => side !== undefined).map(unwrap);
  if (operator === "%" && sides[0] && isText(sides[0])) return { how: "% formatting", node };
  if (operator !== "+") return undefined;
  if (sides.some(isText)) return { how: "string concatenation", node };
  return first(sides, (side) => search(context, side));
}

function isText(node: PythonNode): boolean {
  return node.type === "string" || node.type === "concatenated_string";
}

function callText(context: Search, node: PythonNode): DynamicText | undefined {
  const callee = fieldOf(node, "function");
  const object = callee?.type === "attribute" ? fieldOf(callee, "object") : undefined;
  const method = calledMethod(node);
  if (object && method === "format" && couldBeText(object)) return { how: ".format()", node };
  if (object && method === "join" && isText(unwrap(object))) return { how: "join()", node };
  const argument = positionalArguments(node)[0];
  return argument && method === "text" ? search(context, argument) : undefined;
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
  return evaluate(right, context.scope) === undefined ? { how: "string concatenation", node: assignment } : undefined;
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
