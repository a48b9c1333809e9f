import type { PythonNode } from "../pythonParser.ts";
import { type CodePlace, isAnotherDatabase, isEventStream, isGroup, isWrittenOut } from "./loopItems.ts";
import { isOnce, yieldsOnce } from "./once.ts";
import { type CallFact, type FunctionFact, isRetry, type LoopFact } from "./pythonFile.ts";
import { ancestor, calleeOf, descendants, dottedName, fieldOf, isCode } from "./syntax.ts";
import { contains } from "./ways.ts";

/**
 * Whether a call inside a loop really runs once for every item of data: not where the loop repeats attempts, pages or
 * chunks or takes what is given once (a session), where it is left right after the call, where a flag or the index lets the call
 * run once, where the call stands behind a condition that counts items to a batch
 * or in what only a failure causes, or where the items are written in the code, are events that come one by one, databases of
 * their own, or keys of which one is meant.
 */
export function runsForEveryItem(place: CodePlace, call: CallFact): boolean {
  if (!call.loop || isRetry(call.loop) || isPaged(call.loop) || (call.loop.kind === "while" && !isQueue(call)))
    return false;
  const innermost = loopAround(call.node);
  if (!innermost) return true;
  const loop = throughProviders(place, call, innermost);
  return (
    loop !== undefined &&
    !isOnce(loop, call.node) &&
    !isLeft(loop, call.node) &&
    !isBehindCount(loop, call.node) &&
    !isOfOneKey(loop, call.node) &&
    !handlesFailure(call.node, loop) &&
    !isBehindFailure(loop, call) &&
    !isWrittenOut(place, call, loop) &&
    !isEventStream(place, call, loop) &&
    !isAnotherDatabase(call, loop)
  );
}

/** The loop around those that a function with one `yield` feeds: `async for session in get_session():` runs once. */
function throughProviders(place: CodePlace, call: CallFact, loop: PythonNode): PythonNode | undefined {
  const right = fieldOf(loop, "right");
  const provider = right && call.within?.calls.find(({ node }) => node === right);
  const targets = provider ? providersOf(place, provider) : [];
  if (targets.length === 0 || !targets.every(({ body }) => yieldsOnce(body))) return loop;
  const around = loopAround(loop);
  return around && throughProviders(place, call, around);
}

/** Also `get_session = Database.get_session` of a module. */
function providersOf({ project, receivers }: CodePlace, call: CallFact): readonly FunctionFact[] {
  const targets = receivers.targetsOf(call);
  const definition = targets.length === 0 ? project.resolve(project.fileOf(call), call.method) : undefined;
  if (definition?.kind !== "assignment") return targets;
  const [owner = "", method] = (dottedName(definition.value) ?? "").split(".");
  return (project.classes.get(owner) ?? []).flatMap(({ methods }) => methods.filter(({ name }) => name === method));
}

/** Whether a call stands in an `except` clause, and the clause inside `around` when one is given. */
export function isInHandler(node: PythonNode, around?: PythonNode): boolean {
  const clause = ancestor(node, ["except_clause"], ["function_definition"]);
  return clause !== undefined && (around === undefined || contains(around, clause));
}

/**
 * Whether a call stands in an `except` clause, or in a branch that does what such a clause does: it logs an error, or notes
 * the item in the list in which the clause notes it and nobody else does.
 */
export function handlesFailure(node: PythonNode, around?: PythonNode): boolean {
  if (isInHandler(node, around)) return true;
  const stops = ["function_definition"];
  for (let at = ancestor(node, ["block"], stops); at && at !== around; at = ancestor(at, ["block"], stops)) {
    if (isBranch(at) && at.children.some(notesFailure) && (around === undefined || contains(around, at))) return true;
  }
  return false;
}

function notesFailure(statement: PythonNode): boolean {
  if (statement.type !== "expression_statement") return false;
  if (/^[\w.]*log(ger|ging)?\.(error|exception|critical)\(/i.test(statement.text)) return true;
  const list = statement.text.match(/^(\w+)\.append\(/)?.[1];
  const body = ancestor(statement, ["function_definition"]);
  if (list === undefined || !body) return false;
  const added = descendants(body).filter((node) => calleeOf(node) === `${list}.append`);
  const usual = added.filter((node) => !isInHandler(node));
  return usual.length < added.length && usual.every((node) => isInBranch(node));
}

function isInBranch(node: PythonNode): boolean {
  const block = ancestor(node, ["block"]);
  return block !== undefined && isBranch(block);
}

function isBranch({ parent }: PythonNode): boolean {
  const isElse = parent?.type === "else_clause" && parent.parent?.type === "if_statement";
  return isElse || parent?.type === "if_statement" || parent?.type === "elif_clause";
}

/** One statement for all that belong together, which is still one transaction for each group. */
export function takesGroup(call: CallFact): boolean {
  const loop = loopAround(call.node);
  return loop !== undefined && isGroup(call, loop);
}

/** Also a loop without an end, `for round in itertools.count()`: it goes through no items. */
function isPaged({ over }: LoopFact): boolean {
  return /^(itertools\.)?(count|cycle|repeat)\(|(\b|_)(chunk|batch|page)|\brange\(.*,.*,/i.test(over);
}

/** `while ids: … ids.pop()` is a loop over the items. */
function isQueue({ node, loop }: CallFact): boolean {
  const statement = ancestor(node, ["while_statement"], ["function_definition"]);
  const name = loop?.over.replace(/^len\((\w+)\).*$/, "$1") ?? "";
  return (
    /^[\w.]+$/.test(name) && statement !== undefined && new RegExp(`\\b${name}\\.pop(left)?\\(`).test(statement.text)
  );
}

const loops = [
  "for_statement",
  "while_statement",
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
];
/** The innermost loop that repeats the node; what a loop goes through is evaluated once, by the one around it. */
function loopAround(node: PythonNode): PythonNode | undefined {
  for (let at = ancestor(node, loops, ["function_definition"]); at; at = ancestor(at, loops, ["function_definition"])) {
    const clause = at.type === "for_statement" ? at : at.children.find(({ type }) => type === "for_in_clause");
    const over = clause && fieldOf(clause, "right");
    if (!over || !contains(over, node)) return at;
  }
  return undefined;
}

const leaving = new Set(["break_statement", "return_statement", "raise_statement"]);

/** A block around the call, inside the loop, ends in `break`, `return` or `raise` and nothing before goes on. */
function isLeft(loop: PythonNode, node: PythonNode): boolean {
  for (let at = node.parent; at && at !== loop; at = at.parent) {
    if (at.type !== "block") continue;
    const last = at.children.filter(isCode).at(-1);
    if (!last || !leaving.has(last.type)) continue;
    const goesOn = descendants(at, ({ type }) => type !== "except_clause").some(
      ({ type, start }) => type === "continue_statement" && start > node.start,
    );
    if (!goesOn) return true;
  }
  return false;
}

/** `if failed:`, where only the handling of errors adds to `failed`. */
function isBehindFailure(loop: PythonNode, { node, within }: CallFact): boolean {
  const statement = ancestor(node, ["if_statement"], [loop.type]);
  const condition = statement && fieldOf(statement, "condition");
  const name = condition?.type === "identifier" ? condition.text : undefined;
  if (!within || name === undefined) return false;
  const added = within.calls.filter(
    ({ receiver, method }) => receiver === name && /^(append|add|extend)$/.test(method),
  );
  return added.length > 0 && added.every((call) => isInHandler(call.node, loop));
}

/** `for field, value in changes.items(): if field == "owner": …`: a key stands once in a dictionary. */
function isOfOneKey(loop: PythonNode, node: PythonNode): boolean {
  const left = loop.type === "for_statement" ? fieldOf(loop, "left") : undefined;
  const key = /\.items\(\)$/.test(fieldOf(loop, "right")?.text ?? "") ? left?.children.find(isCode)?.text : undefined;
  if (key === undefined) return false;
  const isKey = new RegExp(`^\\(?${key}\\s*==\\s*["'][^"']*["'](\\s+and\\b(?!.*\\bor\\b)|\\)?$)`, "s");
  const branches = ["if_statement", "elif_clause"];
  for (
    let at = ancestor(node, branches, [loop.type]);
    at && contains(loop, at);
    at = ancestor(at, branches, [loop.type])
  ) {
    const consequence = fieldOf(at, "consequence");
    if (consequence && contains(consequence, node) && isKey.test(fieldOf(at, "condition")?.text ?? "")) return true;
  }
  return false;
}

/** `if len(batch) >= size:`, `if index % 100 == 0:` */
function isBehindCount(loop: PythonNode, node: PythonNode): boolean {
  for (
    let at = ancestor(node, ["if_statement"], [loop.type]);
    at && contains(loop, at);
    at = ancestor(at, ["if_statement"], [loop.type])
  ) {
    const condition = fieldOf(at, "condition")?.text ?? "";
    if (
      /\blen\([\w.]+\)\s*(>=|==|>)\s*[A-Za-z_]|%\s*[\w.]+\s*==\s*0|(count|batch|chunk)\w*\s*>=\s*[A-Za-z_]/.test(
        condition,
      )
    )
      return true;
  }
  return false;
}
