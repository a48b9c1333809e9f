import type { PythonNode } from "../pythonParser.ts";
import type { TextPlace } from "./dynamicText.ts";
import type { CallFact, FunctionFact } from "./pythonFile.ts";
import { evaluate, type Scope } from "./staticValue.ts";
import {
  descendants,
  dottedName,
  fieldOf,
  isCode,
  keywordArgument,
  lastName,
  positionalArguments,
  unwrap,
} from "./syntax.ts";
import { isEnum } from "./types.ts";

/** Where the expression stands, and how deep the search is. */
export interface FixedPlace extends TextPlace {
  readonly scope: Scope;
  readonly depth: number;
  /** Parameters of the function that the call, through which it was reached, gives a fixed value. */
  readonly given?: ReadonlySet<string>;
}

/**
 * Whether an expression can only be one of some values that are written in the code: a constant, what a loop over
 * constants or a conditional of them gives, a field of the class, a property or a function that returns nothing else.
 */
export function isFixed(place: FixedPlace, wrapped: PythonNode | undefined): boolean {
  const node = wrapped && unwrap(wrapped);
  if (!node || place.depth > deepest) return false;
  if (evaluate(node, place.scope) !== undefined) return true;
  const deeper = { ...place, depth: place.depth + 1 };
  switch (node.type) {
    case "conditional_expression":
      return [node.children[0], node.children.at(-1)].every((side) => isFixed(deeper, side));
    case "string":
    case "concatenated_string":
      return descendants(node).every(
        (part) => part.type !== "interpolation" || isFixed(deeper, fieldOf(part, "expression")),
      );
    case "identifier":
      return isFixedName(deeper, node);
    case "attribute":
      return isFixedAttribute(deeper, node);
    case "binary_operator":
      return [fieldOf(node, "left"), fieldOf(node, "right")].every((side) => isFixed(deeper, side));
    case "list_comprehension":
    case "generator_expression":
      return isFixed(deeper, node.children[0]);
    case "call":
      return isFixedCall(deeper, node);
    default:
      return false;
  }
}

const deepest = 6;

/** `", ".join(…)` over fixed parts, and a function of the project that returns nothing else. */
function isFixedCall(place: FixedPlace, node: PythonNode): boolean {
  const callee = fieldOf(node, "function");
  const [argument] = positionalArguments(node);
  if (callee?.text === "len" || callee?.text === "str") return isFixed(place, argument);
  if (callee?.type === "attribute" && fieldOf(callee, "attribute")?.text === "join") {
    return isFixed(place, fieldOf(callee, "object")) && (isFixedList(place, argument) || isFixed(place, argument));
  }
  return returnsFixed(
    place,
    place.within?.calls.find((call) => call.node === node),
  );
}

/** Every assignment and every loop that binds the name gives it a fixed value. */
function isFixedName(place: FixedPlace, { text }: PythonNode): boolean {
  const { within } = place;
  if (place.given?.has(text)) return true;
  if (within?.parameters.some(({ name }) => name === text)) return false;
  const bindings = (within ? descendants(within.body) : []).filter(
    (node) => binding.test(node.type) && bindsName(node, text),
  );
  if (bindings.length === 0) return isFixedInModule(place, text);
  return bindings.every((node) => {
    const right = fieldOf(node, "right");
    if (node.type === "assignment") return fieldOf(node, "left")?.text === text && isFixed(place, right);
    if (node.type === "augmented_assignment") return false;
    return isFixedList(place, right) || isIndex(node, text);
  });
}

function isFixedInModule(place: FixedPlace, name: string): boolean {
  const found = place.assignmentOf(place.path, name);
  if (!found) return false;
  const outside: FixedPlace = { ...place, path: found.path, within: undefined, scope: place.scopeOf(found.path) };
  return isFixed(outside, found.value);
}

const binding = /^(assignment|augmented_assignment|for_statement|for_in_clause)$/;

function bindsName(node: PythonNode, name: string): boolean {
  const left = fieldOf(node, "left");
  return (
    left !== undefined && [left, ...descendants(left)].some(({ type, text }) => type === "identifier" && text === name)
  );
}

/** The number in `for index, item in enumerate(items)`. */
function isIndex(loop: PythonNode, name: string): boolean {
  const first = fieldOf(loop, "left")?.children.find(isCode);
  return first?.text === name && /^enumerate\(/.test(fieldOf(loop, "right")?.text ?? "");
}

/** A list that is written out, here or under the name that is looped over. */
function isFixedList(place: FixedPlace, node: PythonNode | undefined): boolean {
  if (!node) return false;
  if (Array.isArray(evaluate(node, place.scope)) || /^range\(/.test(node.text)) return true;
  if (node.type === "call" && /^(reversed|sorted|enumerate|list|tuple|set)\(/.test(node.text)) {
    return isFixedList(place, positionalArguments(node)[0]);
  }
  if (node.type !== "identifier" || !place.within) return false;
  const given = descendants(place.within.body).filter(
    (candidate) => candidate.type === "assignment" && fieldOf(candidate, "left")?.text === node.text,
  );
  return given.length === 1 && Array.isArray(evaluate(fieldOf(given[0] ?? node, "right"), place.scope));
}

/** `self.threshold` of the class, `self.value` of an enumeration, `db.now` where `now` is a property. */
function isFixedAttribute(place: FixedPlace, node: PythonNode): boolean {
  const name = dottedName(node);
  const { within } = place;
  if (name === undefined || !within) return false;
  const receiver = name.slice(0, name.lastIndexOf("."));
  const { owner } = within;
  if (/^(self|cls)$/.test(receiver) && owner) {
    if (isEnum(owner) && /\.(value|name)$/.test(name)) return true;
    const field = owner.fields.find((candidate) => candidate.name === lastName(name));
    const isSet = owner.methods.some(({ body }) => body.text.includes(`${name} =`));
    if (field?.value && !isSet && evaluate(field.value, place.scope) !== undefined) return true;
  }
  const read = { path: place.path, receiver, method: lastName(name), node, line: node.line, awaited: false };
  return returnsFixed(place, { ...read, loop: undefined, within });
}

function returnsFixed(place: FixedPlace, call: CallFact | undefined): boolean {
  const targets = call ? place.targetsOf(call) : [];
  return targets.length > 0 && targets.every((target) => isConstantFunction(place, target, call?.node));
}

function isConstantFunction(place: FixedPlace, target: FunctionFact, call?: PythonNode): boolean {
  const parameters = target.parameters.filter(({ name }) => name !== "self" && name !== "cls");
  const given = parameters.filter(({ name }, index) => {
    const argument = call?.type === "call" && (keywordArgument(call, name) ?? positionalArguments(call)[index]);
    return argument && isFixed(place, argument);
  });
  const inside: FixedPlace = {
    ...place,
    path: target.path,
    within: target,
    scope: place.scopeOf(target.path),
    given: new Set(given.map(({ name }) => name)),
  };
  const returned = descendants(target.body, ({ type }) => type !== "function_definition").filter(
    ({ type }) => type === "return_statement",
  );
  return returned.length > 0 && returned.every((statement) => isFixed(inside, statement.children.find(isCode)));
}
