import type { PythonNode } from "../pythonParser.ts";
import { bindingsOf } from "./bindings.ts";
import { deepest, type FixedPlace, type Judge, type Judges } from "./fixedPlace.ts";
import {
  calledMethod,
  calleeOf,
  fieldOf,
  isCode,
  keywordArgument,
  lastName,
  positionalArguments,
  unwrap,
} from "./syntax.ts";

/**
 * Whether the object is only ever made with a fixed value for the field: `Dialect(limit="LIMIT 1")`, under a name, in a table
 * of such objects, or returned by a function.
 */
export function isMadeWith(judges: Judges, place: FixedPlace, wrapped: PythonNode | undefined, field: string): boolean {
  const node = wrapped && unwrap(wrapped);
  if (!node || place.depth > deepest) return false;
  const deeper = { ...place, depth: place.depth + 1 };
  const isMade: Judge = (at, value) => isMadeWith(judges, at, value, field);
  switch (node.type) {
    case "dictionary":
      return (
        node.children.filter(isCode).length > 0 &&
        node.children.filter(isCode).every((pair) => isMade(deeper, fieldOf(pair, "value")))
      );
    case "subscript":
      return isMade(deeper, fieldOf(node, "value"));
    case "conditional_expression":
      return [node.children[0], node.children.at(-1)].every((side) => isMade(deeper, side));
    case "call":
      return isMadeByCall(judges, deeper, node, field);
    case "identifier":
      return isMadeName(judges, deeper, node.text, isMade);
    default:
      return false;
  }
}

function isMadeByCall(judges: Judges, place: FixedPlace, node: PythonNode, field: string): boolean {
  const isMade: Judge = (at, value) => isMadeWith(judges, at, value, field);
  const object = fieldOf(fieldOf(node, "function") ?? node, "object");
  const [, other] = positionalArguments(node);
  if (calledMethod(node) === "get" && isMade(place, object)) return !other || isMade(place, other);
  if (!/^[A-Z]/.test(lastName(calleeOf(node) ?? ""))) return judges.returned(place, node, isMade);
  const given = keywordArgument(node, field);
  return given !== undefined && judges.isFixed(place, given);
}

function isMadeName(judges: Judges, place: FixedPlace, name: string, isMade: Judge): boolean {
  const { within } = place;
  const parameter = within?.parameters.find((candidate) => candidate.name === name);
  if (within && parameter) return judges.forCallers(place, within, parameter, isMade);
  const bindings = within ? bindingsOf(within, name) : [];
  if (bindings.length > 0)
    return bindings.every((node) => fieldOf(node, "left")?.text === name && isMade(place, fieldOf(node, "right")));
  const found = place.assignmentOf(place.path, name);
  if (!found || found.value.type === "identifier") return false;
  return isMade({ ...place, path: found.path, within: undefined, scope: place.scopeOf(found.path) }, found.value);
}
