import type { PythonNode } from "../pythonParser.ts";
import { ancestor, descendants, fieldOf, isCode, unwrap } from "./syntax.ts";
import { contains } from "./ways.ts";

/** A generator that gives one item, as the provider of a session does: one `yield`, in no loop. */
export function yieldsOnce(body: PythonNode): boolean {
  const yields = descendants(body).filter(({ type }) => type === "yield");
  const loops = ["for_statement", "while_statement"];
  return yields.length === 1 && yields.every((node) => ancestor(node, loops, ["function_definition"]) === undefined);
}

/**
 * Whether the call runs in one round of the loop at most: `if index == 0:`, `if not sent: …; sent = True`,
 * `if default is None: default = await load()`, where nothing in the loop sets the name back.
 */
export function isOnce(loop: PythonNode, node: PythonNode): boolean {
  const branches = ["if_statement", "elif_clause"];
  for (
    let at = ancestor(node, branches, [loop.type]);
    at && contains(loop, at);
    at = ancestor(at, branches, [loop.type])
  ) {
    const condition = fieldOf(at, "condition");
    const consequence = fieldOf(at, "consequence");
    if (!condition || !consequence || !contains(consequence, node)) continue;
    const parts = conjuncts(condition);
    if (parts.some((part) => isOneIndex(loop, part) || isSpent(loop, consequence, part))) return true;
  }
  return false;
}

function conjuncts(wrapped: PythonNode): readonly PythonNode[] {
  const condition = unwrap(wrapped);
  if (condition.type !== "boolean_operator" || fieldOf(condition, "operator")?.type !== "and") return [condition];
  return [fieldOf(condition, "left"), fieldOf(condition, "right")].flatMap((side) => (side ? conjuncts(side) : []));
}

/** `index == 0` of `for index, item in enumerate(items)`. */
function isOneIndex(loop: PythonNode, condition: PythonNode): boolean {
  const name = condition.text.match(/^(\w+)\s*==\s*\d+$/)?.[1];
  if (name === undefined || loop.type !== "for_statement") return false;
  const right = fieldOf(loop, "right")?.text ?? "";
  const left = fieldOf(loop, "left");
  const index = /^enumerate\(/.test(right) ? left?.children.find(isCode) : /^range\(/.test(right) ? left : undefined;
  return index?.text === name;
}

/** The branch itself makes its condition false, and the loop does not make it true again. */
function isSpent(loop: PythonNode, consequence: PythonNode, condition: PythonNode): boolean {
  const [, isNot, negated, name] =
    condition.text.match(/^(?:(not )(\w+)|(\w+)(?:\s+is\s+None|\s+is\s+not\s+None)?)$/) ?? [];
  const flag = negated ?? name;
  if (flag === undefined) return false;
  const wantsNothing = isNot !== undefined || /is\s+None$/.test(condition.text);
  const assigned = descendants(loop).filter(
    (node) =>
      /assignment$|named_expression/.test(node.type) && (fieldOf(node, "left") ?? fieldOf(node, "name"))?.text === flag,
  );
  const spent = wantsNothing ? /^True$/ : /^(None|False)$/;
  const isOwn = (node: PythonNode) => node.parent?.parent === consequence;
  const isSpending = (node: PythonNode) => spent.test(fieldOf(node, "right")?.text ?? "");
  const isFilling = (node: PythonNode) => wantsNothing && !/^(None|False)$/.test(fieldOf(node, "right")?.text ?? "");
  return (
    assigned.some((node) => isOwn(node) && (isSpending(node) || isFilling(node))) &&
    assigned.every((node) => isSpending(node) || (isOwn(node) && isFilling(node)))
  );
}
