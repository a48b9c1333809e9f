import type { Analysis } from "../analysis.ts";
import type { CallFact, FunctionFact } from "../facts/pythonFile.ts";
import { valuesOf } from "../facts/sessions.ts";
import { ancestor, descendants, fieldOf, isCode } from "../facts/syntax.ts";
import type { PythonNode } from "../pythonParser.ts";
import { commitsOf } from "./commits.ts";

/**
 * Whether the call only notes something beside the operation, as a line in an audit log: whoever it calls opens a session of its
 * own, gives nothing back, and lets no failure of its own through. Nobody could join it with the operation, which does not even learn
 * whether it was written.
 */
export function isAside({ project, receivers }: Analysis, call: CallFact): boolean {
  const { node } = call;
  const statement = node.parent?.type === "await" ? node.parent.parent : node.parent;
  const targets = statement?.type === "expression_statement" ? receivers.targetsOf(call) : [];
  return targets.length > 0 && targets.every((target) => isNote(target, commitsOf(project, target)));
}

function isNote(fact: FunctionFact, commits: readonly CallFact[]): boolean {
  return (
    commits.length === 1 &&
    commits.every(({ receiver = "", node }) => valuesOf(fact).has(receiver) && isSwallowed(node)) &&
    !descendants(fact.body).some(givesBack)
  );
}

/** `return order`; `return` and `return None` only leave. */
function givesBack({ type, children }: PythonNode): boolean {
  const value =
    type === "return_statement" ? children.find((child) => isCode(child) && child.text !== "return") : undefined;
  return value !== undefined && value.type !== "none";
}

/** Any error ends in an `except` that does not raise it again. */
function isSwallowed(node: PythonNode): boolean {
  const attempt = ancestor(node, ["try_statement"], ["function_definition"]);
  const clauses = attempt?.children.filter(({ type }) => type === "except_clause") ?? [];
  return clauses.some(catchesAll) && clauses.every((clause) => !/\braise\b/.test(clause.text));
}

function catchesAll(clause: PythonNode): boolean {
  const caught = fieldOf(clause, "value")?.text;
  return caught === undefined || /^(Base)?Exception\b/.test(caught);
}
