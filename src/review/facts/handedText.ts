import type { PythonNode } from "../pythonParser.ts";
import { argumentFor, bindingsOf, gives, restFor } from "./bindings.ts";
import { isFixed } from "./fixedValue.ts";
import { givenTo, isPure, pureMethods } from "./pureCalls.ts";
import { type FunctionFact, isDecorated, type ParameterFact } from "./pythonFile.ts";
import { calledMethod, calleeOf, descendants, fieldOf, isCode, unwrap } from "./syntax.ts";
import { firstReturned, mostFunctions, type Search, targetsOf } from "./textSearch.ts";

/**
 * Whether text that comes from outside is in the expression: a parameter, an item or entry of one, the environment, what
 * methods of text and local names make of it, and text that is put together itself.
 */
export function isHanded(context: Search, wrapped: PythonNode): boolean {
  const node = unwrap(wrapped);
  if (isFixed(context, node)) return false;
  switch (node.type) {
    case "identifier":
      return isHandedName(context, node);
    case "subscript":
      return isOfEnvironment(node) || isEntryHanded(context, fieldOf(node, "value"));
    case "call":
      return isOfEnvironment(node) || isHandedByCall(context, node) || context.find(context, node) !== undefined;
    case "attribute":
      return isRequested(context, node);
    case "string":
    case "concatenated_string":
      return context.find(context, node) !== undefined;
    default:
      return some(context, node.children);
  }
}

/**
 * What stands where a value belongs, and nobody has handed in (`isHanded`), is a value all the same, unless it is known to be
 * text of the code: a constant of a library by its name, written pieces joined, and what a function of the project makes of
 * nothing that is handed in.
 */
export function isWritten(context: Search, wrapped: PythonNode): boolean {
  const node = unwrap(wrapped);
  if (isFixed(context, node)) return true;
  switch (node.type) {
    case "binary_operator":
      return [fieldOf(node, "left"), fieldOf(node, "right")].every((side) => side && isWritten(context, side));
    case "identifier":
      return /^_?[A-Z][A-Z0-9_]+$/.test(node.text) || isWrittenName(context, node.text);
    case "call":
      return isJoinOfText(node) || (targetsOf(context, node).length > 0 && !some(context, givenTo(node)));
    default:
      return false;
  }
}

/** `", ".join(f"NEW.{column}" for column in columns)`: what is joined has been looked at, piece by piece. */
function isJoinOfText(call: PythonNode): boolean {
  return calledMethod(call) === "join" && givenTo(call)[0]?.children[0]?.type === "string";
}

function isWrittenName({ within }: Search, name: string): boolean {
  const bindings = within ? bindingsOf(within, name) : [];
  return (
    bindings.length > 0 && bindings.every((node) => gives(node, name) && isJoinOfText(fieldOf(node, "right") ?? node))
  );
}

function some(context: Search, nodes: readonly (PythonNode | undefined)[]): boolean {
  return nodes.some((node) => node !== undefined && isCode(node) && isHanded(context, node));
}

function isOfEnvironment({ text }: PythonNode): boolean {
  return /(^|\.)(getenv\(|environ\b)/.test(text);
}

/** Of a dictionary that callers write out, an entry may still be put in by the function. */
function isEntryHanded(context: Search, object: PythonNode | undefined): boolean {
  return object?.type === "identifier" ? isHandedName(context, object) : some(context, [object]);
}

/** A text field of the body or of the parameters of a request. */
function isRequested(context: Search, node: PythonNode): boolean {
  const [object, field] = [fieldOf(node, "object"), fieldOf(node, "attribute")?.text ?? ""];
  const parameter = context.within?.parameters.find(({ name }) => name === object?.text);
  const type = parameter?.annotation.match(/[A-Z]\w*/)?.[0];
  const found = type === undefined ? undefined : context.requestFieldOf(context.path, type, field);
  return found !== undefined && handsText.test(found);
}

const passingOn = /^(get|items|keys|values|copy|format|decode|encode|pop|setdefault)$/;
const passingFunctions = /^(enumerate|zip|map|filter|((psycopg2?\.)?sql\.)?SQL)$/;

export function isHandedByCall(context: Search, call: PythonNode): boolean {
  const callee = fieldOf(call, "function");
  const method = calledMethod(call) ?? "";
  if (callee?.type === "attribute" && (pureMethods.test(method) || passingOn.test(method))) {
    // The key of a table is not what is got from it.
    const given = method === "get" ? givenTo(call).slice(1) : givenTo(call);
    return some(context, [fieldOf(callee, "object"), ...given]);
  }
  const isPassedOn = isPure(call) || passingFunctions.test(calleeOf(call) ?? "");
  return (isPassedOn && some(context, givenTo(call))) || someReturned(context, call, isHanded);
}

function isHandedName(context: Search, node: PythonNode): boolean {
  const { within, seen } = context;
  const key = `handed ${within?.path}:${within?.line} ${node.text}`;
  if (seen.has(key)) return false;
  seen.add(key);
  const parameter = within?.parameters.find(({ name }) => name.replace(/^\*+/, "") === node.text);
  if (parameter && within) {
    const isText = handsText.test(parameter.annotation) && isHandedIn(context, within, parameter);
    return isText || isFilledHanded(context, node.text);
  }
  const bindings = within ? bindingsOf(within, node.text) : [];
  if (!within || bindings.length === 0) return isHandedOutside(context, node);
  return bindings.some((binding) => isBoundToHanded(context, binding, node.text)) || isFilledHanded(context, node.text);
}

/** By somebody outside the code, where all who call the function are known; a route is called from outside. */
function isHandedIn(context: Search, within: FunctionFact, parameter: ParameterFact): boolean {
  const calls = context.callersOf(within);
  // A migration is called by nobody from outside.
  if (calls.length === 0 && context.isMigration(within.path)) return false;
  if (calls.length === 0 || isDecorated(within) || context.depth >= mostFunctions) return true;
  return calls.some(({ path, node, within: around }) => {
    const outside = { ...context, path, within: around, scope: context.scopeOf(path), depth: context.depth + 1 };
    const rest = /^\*(\w+)$/.exec(parameter.name)?.[1];
    const values = rest === undefined ? [argumentFor(node, within, parameter)] : restFor(node, within, rest);
    return values === undefined || some(outside, values);
  });
}

/** A parameter of a class of its own is no text; one without an annotation may be. */
const handsText = /^$|\b(str|Any|object)\b/;

/** The name belongs to the function around, or to the module. */
function isHandedOutside(context: Search, node: PythonNode): boolean {
  const outer = context.within && context.outerOf(context.within);
  if (outer) return isHandedName({ ...context, within: outer }, node);
  const found = context.assignmentOf(context.path, node.text);
  if (!found) return false;
  const { path, value } = found;
  return isHanded({ ...context, path, within: undefined, scope: context.scopeOf(path) }, value);
}

function isBoundToHanded(context: Search, binding: PythonNode, name: string): boolean {
  const [left, right] = [fieldOf(binding, "left"), fieldOf(binding, "right") ?? fieldOf(binding, "value")];
  const call = right?.type === "await" ? right.children.find(isCode) : right;
  const names = left?.children.filter(isCode) ?? [];
  const at = names.findIndex(({ text }) => text === name);
  if (/^for_/.test(binding.type) && at >= 0) return some(context, itemsOf(right, at));
  if (call?.type !== "call" || at < 0) return some(context, [right]);
  return someReturned(context, call, (inside, value) => {
    return isWrittenList(value) && some(inside, [value.children.filter(isCode)[at]]);
  });
}

/** In `for column, value in (("book", book), …)`, the first or the second of each. */
function itemsOf(list: PythonNode | undefined, at: number): readonly (PythonNode | undefined)[] {
  const items = list && isWrittenList(list) ? list.children.filter(isCode) : [];
  const isUnpacked = items.length > 0 && items.every((item) => isWrittenList(item));
  return isUnpacked ? items.map((item) => item.children.filter(isCode)[at]) : [list];
}

function isWrittenList({ type }: PythonNode): boolean {
  return type === "tuple" || type === "list" || type === "expression_list";
}

/** What is added to a list or a dictionary under the name. */
function isFilledHanded(context: Search, name: string): boolean {
  const { body, calls } = context.within ?? {};
  const filling = calls?.filter(
    ({ receiver, method }) => receiver === name && /^(append|extend|insert|add|update)$/.test(method),
  );
  const entries = (body ? descendants(body) : []).filter(
    (node) => node.type === "subscript" && node.field === "left" && fieldOf(node, "value")?.text === name,
  );
  return some(context, [
    ...(filling ?? []).flatMap(({ node }) => givenTo(node)),
    ...entries.flatMap((entry) => [fieldOf(entry, "subscript"), fieldOf(entry.parent ?? entry, "right")]),
  ]);
}

function someReturned(
  context: Search,
  node: PythonNode,
  judge: (inside: Search, value: PythonNode) => boolean,
): boolean {
  return firstReturned(context, node, (inside, value) => judge(inside, value) || undefined) ?? false;
}
