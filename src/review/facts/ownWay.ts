import type { PythonNode } from "../pythonParser.ts";
import { bindingsOf } from "./bindings.ts";
import type { CallFact, FunctionFact } from "./pythonFile.ts";
import { ancestor, calleeOf, descendants, fieldOf } from "./syntax.ts";

/**
 * Whether the call is only started and nobody waits for it, as `asyncio.create_task(run(order))` alone on its line: what it does
 * is no part of what the function around does. A task that is kept outside so that it is not collected (`_running.add(task)`)
 * is as little waited for.
 */
export function goesItsOwnWay({ node, within }: CallFact): boolean {
  const outer = node.parent?.parent;
  if (!outer || !/^((asyncio|\w*loop)\.)?(create_task|ensure_future)$/.test(calleeOf(outer) ?? "")) return false;
  const holder = outer.parent;
  if (holder?.type === "expression_statement") return true;
  const name = holder?.type === "assignment" ? fieldOf(holder, "left") : undefined;
  return within !== undefined && name?.type === "identifier" && isOnlyKept(within, name);
}

/** Every use of the task behind its start gives it to somebody outside, or says what follows it. */
function isOnlyKept(fact: FunctionFact, { text, end }: PythonNode): boolean {
  const uses = descendants(fact.body).filter(
    (node) => node.type === "identifier" && node.text === text && node.start > end,
  );
  return uses.length > 0 && uses.every((use) => isKeptOutside(fact, use));
}

function isKeptOutside(fact: FunctionFact, use: PythonNode): boolean {
  const call = ancestor(use, ["call"], ["block"]);
  const callee = calleeOf(call) ?? "";
  if (callee === `${use.text}.add_done_callback`) return true;
  const owner = callee.split(".")[0] ?? "";
  const isLocal = bindingsOf(fact, owner).length > 0 || fact.parameters.some(({ name }) => name === owner);
  return /\.(add|append)$/.test(callee) && (owner === "self" || !isLocal);
}
