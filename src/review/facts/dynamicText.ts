import type { PythonNode } from "../pythonParser.ts";
import { isFixed, isFixedPart } from "./fixedValue.ts";
import { isHanded, isHandedByCall, isWritten } from "./handedText.ts";
import { utility } from "./numbers.ts";
import { evaluate } from "./staticValue.ts";
import {
  argumentsOf,
  calledMethod,
  childOfType,
  descendants,
  fieldOf,
  isCode,
  positionalArguments,
  unwrap,
} from "./syntax.ts";
import { type DynamicText, first, firstReturned, type Search, type TextPlace } from "./textSearch.ts";
import { isPlaceOfValue } from "./valuePlace.ts";

/**
 * Whether an expression is text put together from anything that is not constant, where a value belongs, or from what
 * the function is handed, wherever it is put. Names and parts of a statement that come from anywhere else, as a field of
 * an object or from a function, are taken for written ones: nobody's values have been seen on their way there. A local variable
 * counts as what any of its assignments gives it, a call of the project's own as what its function returns.
 */
export function dynamicTextOf(node: PythonNode, place: TextPlace): DynamicText | undefined {
  return search({ ...place, scope: place.scopeOf(place.path), depth: 0, seen: new Set(), find: search }, node);
}

function search(context: Search, wrapped: PythonNode): DynamicText | undefined {
  const node = unwrap(wrapped);
  if (isFixed(context, node)) return undefined;
  switch (node.type) {
    case "string":
    case "concatenated_string": {
      const explained = explainedIn(node);
      if (explained) return search(context, explained);
      return isOpen(context, node) ? { how: "an f-string", node, path: context.path } : undefined;
    }
    case "binary_operator":
      return operation(context, node);
    case "conditional_expression":
      return first(node.children.filter(isCode), (child) => search(context, child));
    case "call":
      return callText(context, node);
    case "identifier":
      return localText(context, node);
    default:
      return undefined;
  }
}

/** `f"EXPLAIN {statement}"`: it is the statement that is put together, or not. */
function explainedIn(text: PythonNode): PythonNode | undefined {
  const parts = text.children.filter(({ type }) => type === "interpolation" || type === "string_content");
  const [first, second] = parts;
  const isExplained = parts.length === 2 && /^\s*EXPLAIN\b[\s\w(),]*$/i.test(first?.text ?? "");
  return isExplained && second?.type === "interpolation" ? fieldOf(second, "expression") : undefined;
}

/** Whether anything is put in that is not written somewhere in the code. */
function isOpen(context: Search, text: PythonNode): boolean {
  const pieces = descendants(text).filter(({ type }) => type === "string_content" || type === "interpolation");
  return pieces.some((piece, at) => {
    if (piece.type !== "interpolation" || isFixedPart(context, piece)) return false;
    const after = pieces[at + 1];
    return isOpenAt(context, fieldOf(piece, "expression"), {
      before: wordsOf(pieces.slice(0, at)),
      after: after?.type === "string_content" ? after.text : "",
    });
  });
}

/** The text around what is put in. */
interface Around {
  readonly before: string;
  readonly after: string;
}

function isOpenAt(context: Search, node: PythonNode | undefined, { before, after }: Around): boolean {
  if (!node || isFixed(context, node)) return false;
  if (isHanded(context, node)) return true;
  // `ALTER TABLE loans AUTO_INCREMENT = {next}` has no other way.
  const canBind = !utility.test(before) || /\bAS\b/i.test(before);
  return canBind && isPlaceOfValue(before, after) && !isWritten(context, node);
}

/** The written pieces of a text, with a word for each of the others. */
function wordsOf(pieces: readonly PythonNode[]): string {
  return pieces.map(({ type, text }) => (type === "string_content" ? text : "x")).join("");
}

function writtenIn(text: PythonNode): string {
  return wordsOf(descendants(text).filter(({ type }) => type === "string_content" || type === "interpolation"));
}

function operation(context: Search, node: PythonNode): DynamicText | undefined {
  const operator = fieldOf(node, "operator")?.type;
  const [left, right] = [fieldOf(node, "left"), fieldOf(node, "right")].map((side) => side && unwrap(side));
  const { path } = context;
  if (operator === "%" && left && right && isText(left))
    return isFilledOpen(context, left, right) ? { how: "% formatting", node, path } : undefined;
  if (operator !== "+") return undefined;
  const terms = termsOf(node);
  if (!terms.some(isText)) return first(terms, (term) => search(context, term));
  const isOpenTerm = (term: PythonNode, at: number): boolean =>
    isText(term)
      ? search(context, term) !== undefined
      : isOpenAt(context, term, { before: textOf(terms.slice(0, at)), after: textOf(terms.slice(at + 1)) });
  return terms.some(isOpenTerm) ? { how: "string concatenation", node, path } : undefined;
}

function textOf(terms: readonly PythonNode[]): string {
  return terms.map((term) => (isText(term) ? writtenIn(term) : "x")).join("");
}

/** What a sum adds up, from the left to the right. */
function termsOf(sum: PythonNode): readonly PythonNode[] {
  const node = unwrap(sum);
  const sides = [fieldOf(node, "left"), fieldOf(node, "right")].filter((side) => side !== undefined);
  const isSum = node.type === "binary_operator" && fieldOf(node, "operator")?.type === "+";
  return isSum ? sides.flatMap(termsOf) : [node];
}

/** `"… %s …" % value`, also with several. */
function isFilledOpen(context: Search, template: PythonNode, given: PythonNode): boolean {
  const values = given.type === "tuple" ? given.children.filter(isCode) : [given];
  const text = writtenIn(template);
  const places = [...text.matchAll(/%(?!%)/g)].map(({ index }) => text.slice(0, index));
  return values.some((value, at) => {
    const before = given.type === "dictionary" ? places.find((each) => isPlaceOfValue(each, "")) : places[at];
    return isOpenAt(context, value, { before: before ?? "", after: "" });
  });
}

function isText(node: PythonNode): boolean {
  return node.type === "string" || node.type === "concatenated_string";
}

function callText(context: Search, node: PythonNode): DynamicText | undefined {
  const callee = fieldOf(node, "function");
  const object = callee?.type === "attribute" ? fieldOf(callee, "object") : undefined;
  const how = object && filling(calledMethod(node) ?? "", unwrap(object));
  const { path } = context;
  if (object && how !== undefined) {
    const isOpen = how === "join()" ? isHandedByCall(context, node) : isFormattedOpen(context, node, object);
    if (isOpen) return { how, node, path };
    return how === "a template" ? search(context, object) : undefined;
  }
  const argument = positionalArguments(node)[0];
  return argument && calledMethod(node) === "text" ? search(context, argument) : returnedText(context, node);
}

/** How a method of text puts text together; undefined for any other. */
function filling(method: string, object: PythonNode): DynamicText["how"] | undefined {
  if (method === "format") return couldBeText(object) ? ".format()" : undefined;
  if (method === "join") return isText(object) ? "join()" : undefined;
  return /^(replace|substitute|safe_substitute|format_map)$/.test(method) ? "a template" : undefined;
}

/** Of `"… {name} …".format(name=value)` and its like; where the template is not known, a value may belong anywhere in it. */
function isFormattedOpen(context: Search, call: PythonNode, template: PythonNode): boolean {
  const text = evaluate(template, context.scope);
  const places = typeof text === "string" ? [...text.matchAll(/[{$]/g)].map(({ index }) => text.slice(0, index)) : [];
  const before = places.find((each) => isPlaceOfValue(each, "")) ?? "";
  return argumentsOf(call).some((argument) => {
    const value = argument.type === "keyword_argument" ? fieldOf(argument, "value") : argument;
    return isOpenAt(context, value, { before, after: "" });
  });
}

/** What the functions that the call can run return. */
function returnedText(context: Search, node: PythonNode): DynamicText | undefined {
  return firstReturned(context, node, (inside, value, { returns }) =>
    returns === "" || /\bstr\b|Text/.test(returns) ? search(inside, value) : undefined,
  );
}

function couldBeText(node: PythonNode): boolean {
  return isText(unwrap(node)) || node.type === "identifier" || node.type === "attribute";
}

function localText(context: Search, node: PythonNode): DynamicText | undefined {
  const { within, seen } = context;
  if (!within || seen.has(node.text)) return undefined;
  seen.add(node.text);
  for (const assignment of descendants(within.body)) {
    if (assignment.type !== "assignment" && assignment.type !== "augmented_assignment") continue;
    if (fieldOf(assignment, "left")?.text !== node.text || assignment.start > node.start) continue;
    const right = fieldOf(assignment, "right");
    const found = right && (search(context, right) ?? appended(context, assignment, right));
    if (found) return found;
  }
  return undefined;
}

/** `sql += condition` puts text together even when `condition` is a plain name. */
function appended(context: Search, assignment: PythonNode, right: PythonNode): DynamicText | undefined {
  if (assignment.type !== "augmented_assignment" || childOfType(assignment, "+=") === undefined) return undefined;
  const isOpenPart = isOpenAt(context, right, { before: "", after: "" });
  return isOpenPart ? { how: "string concatenation", node: assignment, path: context.path } : undefined;
}
