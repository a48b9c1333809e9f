import type { PythonNode } from "../pythonParser.ts";
import { bindingsOf } from "./bindings.ts";
import { deepest, type FixedPlace, type Judges } from "./fixedPlace.ts";
import { calledMethod, descendants, fieldOf, isCode, positionalArguments, unwrap } from "./syntax.ts";

/**
 * Whether whatever a dictionary holds is fixed, so that any key gives what the code writes: `ORDERS[sort]`, also where its
 * values are dictionaries, lists or functions without a name, or are put together from what is fixed.
 */
export function isTable(judges: Judges, place: FixedPlace, wrapped: PythonNode | undefined): boolean {
  const node = wrapped && unwrap(wrapped);
  if (!node || place.depth > deepest) return false;
  const deeper = { ...place, depth: place.depth + 1 };
  switch (node.type) {
    case "dictionary":
      return node.children.filter(isCode).every((pair) => isHeldFixed(judges, deeper, fieldOf(pair, "value")));
    case "subscript":
      return isTable(judges, deeper, fieldOf(node, "value"));
    case "boolean_operator":
      return [fieldOf(node, "left"), fieldOf(node, "right")].every((side) => isTable(judges, deeper, side));
    case "call":
      return isGot(judges, deeper, node);
    case "identifier":
      return isTableName(judges, deeper, node.text);
    default:
      return false;
  }
}

function isHeldFixed(judges: Judges, place: FixedPlace, value: PythonNode | undefined): boolean {
  if (value?.type === "lambda") return judges.isFixed(place, fieldOf(value, "body"));
  return judges.isFixed(place, value) || judges.isFixedList(place, value) || isTable(judges, place, value);
}

/** `ORDERS.get(sort, ORDERS["id"])` of a table of tables. */
function isGot(judges: Judges, place: FixedPlace, node: PythonNode): boolean {
  const object = fieldOf(fieldOf(node, "function") ?? node, "object");
  const [, other] = positionalArguments(node);
  return (
    calledMethod(node) === "get" && isTable(judges, place, object) && (!other || isHeldFixed(judges, place, other))
  );
}

function isTableName(judges: Judges, place: FixedPlace, name: string): boolean {
  const { within } = place;
  const bindings = within ? bindingsOf(within, name) : [];
  if (within?.parameters.some((parameter) => parameter.name === name)) return false;
  if (!within || bindings.length === 0) return isTableInModule(judges, place, name);
  if (!bindings.every((node) => fieldOf(node, "left")?.text === name)) return false;
  const added = descendants(within.body).filter((node) => isEntryOf(node, name));
  return (
    bindings.every((node) => isTable(judges, place, fieldOf(node, "right"))) &&
    added.every((node) => isHeldFixed(judges, place, fieldOf(node, "right"))) &&
    !new RegExp(`\\b${name}\\.(update|setdefault)\\(`).test(within.body.text)
  );
}

/** `orders[key] = …` */
function isEntryOf(node: PythonNode, name: string): boolean {
  const target = node.type === "assignment" ? fieldOf(node, "left") : undefined;
  return target?.type === "subscript" && fieldOf(target, "value")?.text === name;
}

function isTableInModule(judges: Judges, place: FixedPlace, name: string): boolean {
  const found = place.assignmentOf(place.path, name);
  // An empty one is filled elsewhere.
  if (!found || found.value.type === "identifier" || !found.value.children.some(isCode)) return false;
  return isTable(
    judges,
    { ...place, path: found.path, within: undefined, scope: place.scopeOf(found.path) },
    found.value,
  );
}
