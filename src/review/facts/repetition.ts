import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { type CallFact, type FunctionFact, isRetry, type LoopFact } from "./pythonFile.ts";
import type { Receivers } from "./receivers.ts";
import { valuesOf } from "./sessions.ts";
import { ancestor, childOfType, descendants, fieldOf, isCode, positionalArguments } from "./syntax.ts";
import { isEnum } from "./types.ts";
import { contains } from "./ways.ts";

/**
 * Whether a call inside a loop really runs once for every item of data: not where the loop repeats attempts, pages or
 * chunks, where it is left right after the call, where the call stands behind a condition that counts items to a batch
 * or in the handling of an error, or where the items are written in the code.
 */
export function runsForEveryItem(place: CodePlace, call: CallFact): boolean {
  if (!call.loop || isRetry(call.loop) || isPaged(call.loop) || (call.loop.kind === "while" && !isQueue(call)))
    return false;
  const loop = ancestor(call.node, loops, ["function_definition"]);
  if (!loop) return true;
  return (
    !isLeft(loop, call.node) &&
    !isBehindCount(loop, call.node) &&
    !isInHandler(call.node, loop) &&
    !isWrittenOut(place, call, loop)
  );
}

/** What the names and calls of the code mean. */
export interface CodePlace {
  readonly project: Project;
  readonly receivers: Receivers;
}

/** Whether a call stands in an `except` clause, and the clause inside `around` when one is given. */
export function isInHandler(node: PythonNode, around?: PythonNode): boolean {
  const clause = ancestor(node, ["except_clause"], ["function_definition"]);
  return clause !== undefined && (around === undefined || contains(around, clause));
}

function isPaged({ over }: LoopFact): boolean {
  return /(\b|_)(chunk|batch|page)|\brange\(.*,.*,/i.test(over);
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

const literals = new Set(["list", "tuple", "set", "dictionary"]);

/** `for status in (OPEN, CLOSED)`, a list of the module or of a function that is written out, the members of an enumeration. */
function isWrittenOut(place: CodePlace, call: CallFact, loop: PythonNode): boolean {
  const clause = loop.type === "for_statement" ? loop : childOfType(loop, "for_in_clause");
  const right = clause && fieldOf(clause, "right");
  return right !== undefined && isWritten(place, call, right);
}

function isWritten(place: CodePlace, call: CallFact, items: PythonNode): boolean {
  const { within, path } = call;
  if (items.type === "call") {
    const called = isSameItems(items) ? positionalArguments(items) : undefined;
    if (called) return called.length > 0 && called.every((argument) => isWritten(place, call, argument));
    return givesWritten(
      place,
      within?.calls.find(({ node }) => node === items),
    );
  }
  const name = items.text.match(/^(\w+)(\.(items|values|keys)\(\))?$/)?.[1];
  const definition = name === undefined ? undefined : place.project.resolve(place.project.fileOf({ path }), name);
  if (definition?.kind === "class") return isEnum(definition.class);
  const local = name === undefined ? undefined : within && valuesOf(within).get(name);
  if (local) return (isLiteral(local) || isWrittenCall(place, call, local)) && !isFilled(within?.body, name);
  if (within?.parameters.some((parameter) => parameter.name === name)) return false;
  return isLiteral(definition?.kind === "assignment" ? definition.value : items);
}

function isSameItems(call: PythonNode): boolean {
  return /^(enumerate|zip|reversed|sorted|list|tuple|set)$/.test(fieldOf(call, "function")?.text ?? "");
}

function isWrittenCall(place: CodePlace, call: CallFact, value: PythonNode): boolean {
  return value.type === "call" && isWritten(place, call, value);
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

function isFilled(body: PythonNode | undefined, name = ""): boolean {
  return (
    body !== undefined && new RegExp(`\\b${name}(\\.(append|extend|add|update|insert)\\(|\\s*\\+=|\\[)`).test(body.text)
  );
}
