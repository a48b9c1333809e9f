import type { PythonNode } from "../pythonParser.ts";
import type { FunctionFact, PythonFile } from "./pythonFile.ts";
import { ancestor, fieldOf, isCode } from "./syntax.ts";

/**
 * Both can run in one call: they do not stand in different branches of an `if`, `match` or `try`, and the first is not one
 * whose success ends the call, as in `if found := await restore(): return found`, or is noted in a flag that keeps the second away.
 */
export function onSameWay(first: PythonNode, second: PythonNode): boolean {
  if (isKeptAway(first, second)) return false;
  const branches = ["if_statement", "match_statement", "try_statement", "conditional_expression"];
  for (
    let at = ancestor(first, branches, ["function_definition"]);
    at;
    at = ancestor(at, branches, ["function_definition"])
  ) {
    if (!contains(at, second)) {
      if (alwaysLeaves(at, first) || endsBySuccess(at, first)) return false;
      continue;
    }
    if (branchOf(at, first) !== branchOf(at, second) && !isAfterTry(at, first, second)) return false;
  }
  return true;
}

/** `created = True` right behind the first, and the second below `if not created:`. */
function isKeptAway(first: PythonNode, second: PythonNode): boolean {
  const statement = ancestor(second, ["if_statement"], ["function_definition"]);
  const consequence = statement && fieldOf(statement, "consequence");
  const flag = fieldOf(statement ?? second, "condition")?.text.match(/^not (\w+)$/)?.[1];
  if (!statement || !consequence || flag === undefined || !contains(consequence, second)) return false;
  const block = ancestor(first, ["block"], ["function_definition"]);
  return (block?.children ?? []).some(
    ({ start, text }) => start > first.end && start < statement.start && new RegExp(`^${flag} = True$`).test(text),
  );
}

export function contains(node: PythonNode, inner: PythonNode): boolean {
  return node.start <= inner.start && inner.end <= node.end;
}

/** The function whose own code a node is; undefined at the level of the module. */
export function innermostFunction({ functions }: PythonFile, node: PythonNode): FunctionFact | undefined {
  return functions.filter(({ body }) => contains(body, node)).sort((a, b) => b.body.start - a.body.start)[0];
}

/** The function that another one is defined in. */
export function functionAround({ functions }: PythonFile, { body }: FunctionFact): FunctionFact | undefined {
  const around = functions.filter((fact) => fact.body !== body && contains(fact.body, body));
  return around.sort((a, b) => b.body.start - a.body.start)[0];
}

function branchOf(statement: PythonNode, node: PythonNode): PythonNode | undefined {
  const parts =
    statement.type === "match_statement"
      ? (statement.children.find((child) => child.field === "body")?.children ?? [])
      : statement.children;
  return parts.find((child) => contains(child, node));
}

/** `else` and `finally` of a `try` run after its body; `except` runs instead of the rest of it. */
function isAfterTry(statement: PythonNode, first: PythonNode, second: PythonNode): boolean {
  if (statement.type !== "try_statement") return false;
  return branchOf(statement, first)?.field === "body" && branchOf(statement, second)?.type !== "except_clause";
}

/** The branch that holds `node` returns or raises, so nothing behind the statement follows it. */
function alwaysLeaves(statement: PythonNode, node: PythonNode): boolean {
  const block = branchOf(statement, node);
  const statements =
    block?.type === "block" ? block.children : block?.children.find((child) => child.type === "block")?.children;
  return leaves(statements?.findLast(isCode));
}

/** The condition is what `node` gives and nothing else, and where it is true the function returns. */
function endsBySuccess(statement: PythonNode, node: PythonNode): boolean {
  const condition = statement.type === "if_statement" ? fieldOf(statement, "condition") : undefined;
  if (condition?.type !== "named_expression" || !contains(condition, node)) return false;
  return leaves(fieldOf(statement, "consequence")?.children.findLast(isCode));
}

/** Returns or raises; a `with` that ends so does as well. */
export function leaves(statement: PythonNode | undefined): boolean {
  if (statement?.type === "with_statement") {
    return leaves(statement.children.find(({ type }) => type === "block")?.children.at(-1));
  }
  return statement?.type === "return_statement" || statement?.type === "raise_statement";
}
