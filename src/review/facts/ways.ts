import type { PythonNode } from "../pythonParser.ts";
import { ancestor } from "./syntax.ts";

/** Both can run in one call: they do not stand in different branches of an `if`, `match` or `try`. */
export function onSameWay(first: PythonNode, second: PythonNode): boolean {
  const branches = ["if_statement", "match_statement", "try_statement", "conditional_expression"];
  for (
    let at = ancestor(first, branches, ["function_definition"]);
    at;
    at = ancestor(at, branches, ["function_definition"])
  ) {
    if (!contains(at, second)) {
      if (alwaysLeaves(at, first)) return false;
      continue;
    }
    if (branchOf(at, first) !== branchOf(at, second) && !isAfterTry(at, first, second)) return false;
  }
  return true;
}

export function contains(node: PythonNode, inner: PythonNode): boolean {
  return node.start <= inner.start && inner.end <= node.end;
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
  const last = statements?.at(-1);
  return last?.type === "return_statement" || last?.type === "raise_statement";
}
