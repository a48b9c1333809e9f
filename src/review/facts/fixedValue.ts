import type { PythonNode } from "../pythonParser.ts";
import { argumentFor, bindingsOf, bindsName, gives, isIndex, restFor } from "./bindings.ts";
import { isComposed, isQuotedByDriver, isTextOfDriver } from "./composables.ts";
import { isEscapedPart, isQuotedName, isQuotedSum } from "./escapedParts.ts";
import { isFixedAttribute } from "./fixedAttribute.ts";
import { addsFixedKeys, isKeyed } from "./fixedKeys.ts";
import { deepest, type FixedPlace, type Judge, type Judges } from "./fixedPlace.ts";
import { isTable } from "./fixedTables.ts";
import { areItemsGuarded } from "./guards.ts";
import { isKnown, knownAt } from "./knownValue.ts";
import { isCount } from "./numbers.ts";
import { givenTo, isMadeAtImport, isPure, pureMethods } from "./pureCalls.ts";
import { type CallFact, type FunctionFact, isDecorated, type ParameterFact } from "./pythonFile.ts";
import { isOfSchema, isTypeOfSchema } from "./schemaNames.ts";
import { evaluate } from "./staticValue.ts";
import {
  ancestor,
  calledMethod,
  calleeOf,
  descendants,
  fieldOf,
  isCode,
  positionalArguments,
  unwrap,
} from "./syntax.ts";
import { contains } from "./ways.ts";

/**
 * Whether an expression can only be one of some values that are written in the code: a constant, what a loop over
 * constants or a conditional of them gives, an entry of a written table, a field of the class, a property or a function that
 * returns nothing else, a parameter for which every caller hands in such a value. A name that is quoted counts as well.
 */
export function isFixed(place: FixedPlace, wrapped: PythonNode | undefined): boolean {
  const node = wrapped && unwrap(wrapped);
  if (!node || place.depth > deepest) return false;
  if (evaluate(node, place.scope) !== undefined || isCount(node)) return true;
  return isFixedByForm({ ...place, depth: place.depth + 1 }, node) || isKnown(judges, place, node);
}

function isFixedByForm(deeper: FixedPlace, node: PythonNode): boolean {
  switch (node.type) {
    case "conditional_expression":
      return [node.children[0], node.children.at(-1)].every((side) => isFixed(deeper, side));
    case "string":
    case "concatenated_string":
      return descendants(node).every((part) => part.type !== "interpolation" || isFixedPart(deeper, part));
    case "identifier":
      return isFixedItem(deeper, node) ?? isFixedName(deeper, node.text, node.start);
    case "attribute":
      return isFixedAttribute(judges, deeper, node);
    case "binary_operator":
    case "boolean_operator":
      if (isQuotedSum(node, deeper.within)) return true;
      return [fieldOf(node, "left"), fieldOf(node, "right")].every((side) => isFixed(deeper, side));
    case "subscript":
      return isFixedSubscript(deeper, fieldOf(node, "value"));
    case "list_comprehension":
    case "generator_expression":
      return isFixed(deeper, node.children[0]);
    case "call":
      return isFixedCall(deeper, node);
    default:
      return false;
  }
}

/** What an f-string puts in: fixed, or a name that is quoted as SQL quotes names, `f'"{name.replace(…)}"'`. */
export function isFixedPart(place: FixedPlace, interpolation: PythonNode): boolean {
  const expression = fieldOf(interpolation, "expression");
  return isFixed(place, expression) || isEscapedPart(interpolation, place.within);
}

/** `COLUMNS[sort]`: whatever the key is, the table is written in the code. */
function isFixedEntry(place: FixedPlace, table: PythonNode | undefined): boolean {
  const value = evaluate(table, place.scope);
  return value instanceof Map || Array.isArray(value);
}

function isFixedSubscript(place: FixedPlace, value: PythonNode | undefined): boolean {
  if (value?.type === "call" && isFixed(place, value)) return true;
  return (
    isTable(judges, place, value) ||
    isFixedEntry(place, value) ||
    isEntryOfItem(place, value) ||
    isEntryOfParameter(place, value)
  );
}

/** `names["table"]` of a parameter for which every caller hands in a dictionary that is written out, and that is not changed. */
function isEntryOfParameter(place: FixedPlace, value: PythonNode | undefined): boolean {
  const { within } = place;
  const parameter = within?.parameters.find(({ name }) => name === value?.text);
  if (!within || !parameter || bindingsOf(within, parameter.name).length > 0) return false;
  const isChanged = new RegExp(`\\b${parameter.name}(\\[[^\\]]*\\]\\s*=[^=]|\\.(update|setdefault|pop)\\()`).test(
    within.body.text,
  );
  return !isChanged && isFixedForCallers(place, within, parameter);
}

/** `kind["labels"]` in a loop over a written list of dictionaries: whatever the item holds is written as well. */
function isEntryOfItem(place: FixedPlace, item: PythonNode | undefined): boolean {
  if (item?.type !== "identifier" || !place.within) return false;
  const bindings = bindingsOf(place.within, item.text);
  const isItem = bindings.length > 0 && bindings.every(({ type }) => type.startsWith("for_"));
  return isItem && bindings.every((loop) => isFixedList(place, fieldOf(loop, "right")));
}

/** `", ".join(…)` over fixed parts, and a function that returns nothing else where it is given nothing else. */
function isFixedCall(place: FixedPlace, node: PythonNode): boolean {
  const callee = fieldOf(node, "function");
  if (isQuotedName(node, place.within) || isQuotedByDriver(node) || isTypeOfSchema(node)) return true;
  if (isTextOfDriver(node)) return isFixed(place, positionalArguments(node)[0]);
  if (callee?.type === "attribute" && isFixedMethod(place, node, fieldOf(callee, "object"))) return true;
  if (callee?.type === "subscript") return isFixedSubscript(place, fieldOf(callee, "value"));
  if (isPure(node)) return isGivenFixed(place, node);
  return place.within ? returnsFixed(place, callAt(place, node)) : isMadeAtImport(node) && isGivenFixed(place, node);
}

function isGivenFixed(place: FixedPlace, call: PythonNode): boolean {
  return givenTo(call).every((argument) => isFixed(place, argument) || isFixedList(place, argument));
}

function isFixedMethod(place: FixedPlace, node: PythonNode, object: PythonNode | undefined): boolean {
  const method = calledMethod(node) ?? "";
  if (method === "decode") return isFixed(place, object);
  if (method === "get" && (isFixedEntry(place, object) || isTable(judges, place, object)))
    return positionalArguments(node)
      .slice(1)
      .every((other) => isFixed(place, other));
  if (method === "join" && isKeyed(judges, place, givenTo(node)[0])) return isFixed(place, object);
  return (pureMethods.test(method) || isComposed(node)) && isFixed(place, object) && isGivenFixed(place, node);
}

/** What the comprehension around the name goes through; undefined where none binds the name. */
function isFixedItem(place: FixedPlace, node: PythonNode): boolean | undefined {
  const types = ["list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"];
  for (let at = ancestor(node, types, ["function_definition"]); at; at = ancestor(at, types, ["function_definition"])) {
    const clause = at.children.find((child) => child.type === "for_in_clause" && bindsName(child, node.text));
    if (clause && !contains(clause, node))
      return isIterated(place, fieldOf(clause, "right"), isKeyOf(clause, node.text)) || isIndex(clause, node.text);
  }
  return undefined;
}

/** The first name in `for column, value in changes.items()`. */
function isKeyOf(loop: PythonNode, name: string): boolean {
  const right = fieldOf(loop, "right");
  return calledMethod(right) === "items" && fieldOf(loop, "left")?.children.find(isCode)?.text === name;
}

/** What a loop goes through: a written list, or a dictionary with written keys where it takes the keys. */
function isIterated(place: FixedPlace, items: PythonNode | undefined, isKey = false): boolean {
  const object = items && (fieldOf(fieldOf(items, "function") ?? items, "object") ?? items);
  const isOfTable = /^(items|values)$/.test(calledMethod(items) ?? "") && isTable(judges, place, object);
  return isOfTable || isFixedList(place, items) || isKeyed(judges, place, isKey ? object : items);
}

/**
 * Every assignment and every loop that binds the name gives it a fixed value. A parameter is what callers hand in, unless it
 * is given another value before `at`.
 */
function isFixedName(place: FixedPlace, text: string, at = Number.POSITIVE_INFINITY): boolean {
  const { within } = place;
  if (place.given?.has(text)) return true;
  const parameter = within?.parameters.find(({ name }) => name === text);
  const bindings = within ? bindingsOf(within, text) : [];
  const replacing = bindings.find(
    (node) => node.parent?.parent === within?.body && gives(node, text) && node.end <= at,
  );
  if (within && parameter && !replacing) return isFixedForCallers(place, within, parameter);
  if (bindings.length === 0) return isFixedOutside(place, text);
  const inside = { ...place, given: new Set([...(place.given ?? []), text]) };
  if (!isFilledFixed(inside, text)) return false;
  return bindings.every((node) => isBoundFixed(parameter && node === replacing ? place : inside, node, text));
}

function isBoundFixed(place: FixedPlace, node: PythonNode, name: string): boolean {
  const left = fieldOf(node, "left");
  const right = fieldOf(node, "right");
  if (!/assignment$/.test(node.type)) return isIterated(place, right, isKeyOf(node, name)) || isIndex(node, name);
  if (left?.text === name) return isFixed(place, right);
  return isFixedElement(place, right, positionIn(left, name));
}

function positionIn(names: PythonNode | undefined, name: string): number {
  return names?.children.filter(isCode).findIndex(({ text }) => text === name) ?? -1;
}

/** `condition, values = where_of(kind)`: an element of the tuple, or of those that the function returns. */
function isFixedElement(place: FixedPlace, wrapped: PythonNode | undefined, index: number, judge = isFixed): boolean {
  const node = wrapped?.type === "await" ? wrapped.children.find(isCode) : wrapped && unwrap(wrapped);
  if (!node || index < 0 || place.depth > deepest) return false;
  if (/^(tuple|expression_list)$/.test(node.type)) return judge(place, node.children.filter(isCode)[index]);
  const deeper = { ...place, depth: place.depth + 1 };
  return returnsFixed(deeper, callAt(place, node), (inside, value) => isFixedElement(inside, value, index, judge));
}

function callAt({ within }: FixedPlace, node: PythonNode): CallFact | undefined {
  return within?.calls.find((call) => call.node === node);
}

/** A name that the function does not bind belongs to the function around it, or to the module. */
function isFixedOutside(place: FixedPlace, name: string): boolean {
  const outer = place.within && place.outerOf(place.within);
  if (!outer) return isFixedInModule(place, name);
  return isFixedName({ ...place, within: outer, given: new Set() }, name);
}

/** Somebody calls the function, everybody by name, and all hand in a fixed value or leave it to a fixed default. */
function isFixedForCallers(
  place: FixedPlace,
  within: FunctionFact,
  parameter: ParameterFact,
  judge: Judge = isValueOrList,
): boolean {
  if (place.asked?.has(parameter)) return true;
  if (isDecorated(within)) return false;
  const asked = new Set([...(place.asked ?? []), parameter]);
  const calls = place.callersOf(within);
  return (
    calls.length > 0 &&
    calls.every((call) => {
      const value = argumentFor(call.node, within, parameter) ?? parameter.value;
      const { path } = call;
      const outside = {
        ...place,
        path,
        within: call.within,
        scope: place.scopeOf(path),
        given: new Set<string>(),
        asked,
      };
      return value !== undefined && judge(outside, value);
    })
  );
}

function isValueOrList(place: FixedPlace, value: PythonNode | undefined): boolean {
  return isFixed(place, value) || isFixedList(place, value);
}

function isFixedInModule(place: FixedPlace, name: string): boolean {
  const found = place.assignmentOf(place.path, name);
  if (!found) return false;
  const outside: FixedPlace = { ...place, path: found.path, within: undefined, scope: place.scopeOf(found.path) };
  return isFixed(outside, found.value);
}

/** A list that is written out, here or under its name, what is picked from one, an enumeration, and the keys of a dictionary of such keys. */
function isFixedList(place: FixedPlace, node: PythonNode | undefined): boolean {
  if (!node || place.depth > deepest) return false;
  const value = evaluate(node, place.scope);
  if (Array.isArray(value) || value instanceof Map || isOfSchema(place.within, node)) return true;
  switch (node.type) {
    case "list_comprehension":
    case "set_comprehension":
    case "generator_expression":
      return isValueOrList(place, node.children[0]);
    case "list_splat":
      return isFixedList(place, node.children.find(isCode));
    case "list":
    case "tuple":
    case "set":
      return node.children.filter(isCode).every((item) => isFixed(place, item) || isFixedList(place, item));
    case "call":
      return isFixedListCall(place, node);
    case "binary_operator":
      return isFixedSum(place, node);
    case "subscript":
      return isSlice(node) ? isFixedList(place, fieldOf(node, "value")) : isEntryOfItem(place, fieldOf(node, "value"));
    case "identifier":
      return areItemsGuarded(node, knownAt(judges, place)) || isFixedListName(place, node.text);
    default:
      return false;
  }
}

function isFixedListCall(place: FixedPlace, node: PythonNode): boolean {
  if (/^(reversed|sorted|enumerate|list|tuple|set|zip)$/.test(calleeOf(node) ?? "")) {
    const isNumber = ({ type }: PythonNode) => type === "integer";
    return positionalArguments(node).every((argument) => isNumber(argument) || isIterated(place, argument));
  }
  const object = fieldOf(fieldOf(node, "function") ?? node, "object");
  if (calledMethod(node) === "keys") return isIterated(place, object);
  if (/^(union|intersection|difference|symmetric_difference|copy)$/.test(calledMethod(node) ?? ""))
    return isFixedList(place, object) && positionalArguments(node).every((argument) => isFixedList(place, argument));
  return calleeOf(node) === "range";
}

/** `codes[at : at + 50]` */
function isSlice(node: PythonNode): boolean {
  return fieldOf(node, "subscript")?.type === "slice";
}

/** `["%s"] * len(books)`, `COLUMNS + ["id"]` */
function isFixedSum(place: FixedPlace, node: PythonNode): boolean {
  const [left, right] = [fieldOf(node, "left"), fieldOf(node, "right")];
  const deeper = { ...place, depth: place.depth + 1 };
  // What is taken out of a list, or said again, adds nothing to it.
  if (/^[*-]$/.test(fieldOf(node, "operator")?.type ?? "")) return isFixedList(deeper, left);
  return isFixedList(deeper, left) && isFixedList(deeper, right);
}

function isFixedListName(place: FixedPlace, name: string): boolean {
  const { within } = place;
  if (place.given?.has(name)) return true;
  const inside = { ...place, depth: place.depth + 1, given: new Set([...(place.given ?? []), name]) };
  const parameter = within?.parameters.find((candidate) => candidate.name === name);
  if (within && parameter && !isFixedForCallers(inside, within, parameter)) return false;
  if (within?.parameters.some((candidate) => candidate.name === `*${name}`)) return isFixedRest(inside, within, name);
  const bindings = within ? bindingsOf(within, name) : [];
  if (bindings.length === 0 && !parameter) return isFixedListInModule(place, name);
  return isFilledFixed(inside, name) && bindings.every((node) => isFixedListIn(inside, node, name));
}

/** `*columns`, for which every caller writes the columns. */
function isFixedRest(place: FixedPlace, within: FunctionFact, name: string): boolean {
  const calls = place.callersOf(within);
  return (
    calls.length > 0 &&
    calls.every(({ path, node, within: around }) => {
      const outside = { ...place, path, within: around, scope: place.scopeOf(path), given: new Set<string>() };
      return restFor(node, within, name)?.every((value) => isValueOrList(outside, value));
    })
  );
}

function isFixedListIn(place: FixedPlace, node: PythonNode, name: string): boolean {
  const right = fieldOf(node, "right");
  if (right?.type === "dictionary") return isKeyed(judges, place, right) && addsFixedKeys(judges, place, name);
  const left = fieldOf(node, "left");
  if (/^for_/.test(node.type) || left?.text === name) return isFixedList(place, right);
  return isFixedElement(place, right, positionIn(left, name), isFixedList);
}

function isFixedListInModule(place: FixedPlace, name: string): boolean {
  if (place.isEnumeration(place.path, name)) return true;
  const found = place.assignmentOf(place.path, name);
  if (!found || found.value.type === "identifier") return false;
  const outside = { ...place, path: found.path, within: undefined, scope: place.scopeOf(found.path) };
  return isFixedList({ ...outside, depth: place.depth + 1 }, found.value);
}

/** What `parts.append(…)` and its like add to the list. */
function isFilledFixed(place: FixedPlace, name: string): boolean {
  const added = place.within?.calls.filter(
    ({ receiver, method }) => receiver === name && /^(append|extend|insert|add)$/.test(method),
  );
  return (added ?? []).every(({ node }) =>
    positionalArguments(node).every((argument) => isFixed(place, argument) || isFixedList(place, argument)),
  );
}

/** Whatever the functions return that the call can run, `judge` finds fixed. */
function returnsFixed(place: FixedPlace, call: CallFact | undefined, judge: Judge = isFixed): boolean {
  const targets = call ? place.targetsOf(call) : [];
  return (
    targets.length > 0 && targets.every((target) => judgesReturned(inCallee(place, target, call?.node), target, judge))
  );
}

function judgesReturned(inside: FixedPlace, { body }: FunctionFact, judge: Judge): boolean {
  const returned = descendants(body, ({ type }) => type !== "function_definition").filter(
    ({ type }) => type === "return_statement",
  );
  return returned.length > 0 && returned.every((statement) => judge(inside, statement.children.find(isCode)));
}

const judges: Judges = {
  isFixed,
  isFixedList,
  forCallers: isFixedForCallers,
  returned: (place, call, judge) => returnsFixed(place, callAt(place, call), judge),
  read: (place, node, receiver) => returnsFixed(place, readOf(place, node, receiver)),
  inCallee,
};

/** Reading a property, as the call that it is. */
function readOf({ path, within }: FixedPlace, node: PythonNode, receiver: string): CallFact {
  const method = fieldOf(node, "attribute")?.text ?? "";
  return { path, receiver, method, node, line: node.line, awaited: false, loop: undefined, within };
}

/** Inside the function, with the parameters for which the call hands in what is fixed. */
function inCallee(place: FixedPlace, target: FunctionFact, call: PythonNode | undefined): FixedPlace {
  const given = target.parameters.filter((parameter) => {
    const argument = call?.type === "call" ? argumentFor(call, target, parameter) : undefined;
    return argument && isFixed(place, argument);
  });
  const rest = target.parameters
    .flatMap(({ name }) => name.match(/^\*(\w+)$/)?.[1] ?? [])
    .filter((name) => call?.type === "call" && restFor(call, target, name)?.every((value) => isFixed(place, value)));
  return {
    ...place,
    path: target.path,
    within: target,
    scope: place.scopeOf(target.path),
    given: new Set([...given.map(({ name }) => name), ...rest]),
  };
}
