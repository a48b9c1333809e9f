import type { PythonNode } from "../pythonParser.ts";
import { bindingsOf } from "./bindings.ts";
import { deepest, type FixedPlace, type Judge, type Judges } from "./fixedPlace.ts";
import type { FunctionFact } from "./pythonFile.ts";
import { argumentsOf, calledMethod, descendants, fieldOf, isCode, unwrap } from "./syntax.ts";

/**
 * Whether the keys of a dictionary are written in the code, whatever its values are: one that is written out, the fields
 * of a model (`changes.model_dump()`), the keywords of all callers (`**changes`), and what is put together from such.
 */
export function isKeyed(judges: Judges, place: FixedPlace, wrapped: PythonNode | undefined): boolean {
  const node = wrapped && unwrap(wrapped);
  if (!node || place.depth > deepest) return false;
  const deeper = { ...place, depth: place.depth + 1 };
  const isKeyedPart = (part: PythonNode | undefined) => isKeyed(judges, deeper, part);
  switch (node.type) {
    case "dictionary":
      return node.children.filter(isCode).every((pair) => {
        return pair.type === "pair" ? judges.isFixed(deeper, fieldOf(pair, "key")) : isKeyedPart(pair.children[0]);
      });
    case "dictionary_comprehension":
      return judges.isFixed(deeper, fieldOf(node.children[0] ?? node, "key"));
    case "binary_operator":
      return [fieldOf(node, "left"), fieldOf(node, "right")].every(isKeyedPart);
    case "conditional_expression":
      return [node.children[0], node.children.at(-1)].every(isKeyedPart);
    case "call":
      return isKeyedCall(judges, deeper, node);
    case "identifier":
      return isKeyedName(judges, deeper, node.text);
    default:
      return false;
  }
}

/** Methods of a model, of a data class and of a named tuple that give a dictionary of its fields. */
const dumps = /^(model_dump|dict|asdict|_asdict)$/;

function isKeyedCall(judges: Judges, place: FixedPlace, node: PythonNode): boolean {
  const given = argumentsOf(node).filter(({ type }) => type !== "keyword_argument");
  if (calledMethod(node) === "dict" && fieldOf(node, "function")?.type === "identifier") {
    return given.every((argument) =>
      isKeyed(judges, place, argument.type === "dictionary_splat" ? argument.children[0] : argument),
    );
  }
  if (calledMethod(node) === "copy")
    return isKeyed(judges, place, fieldOf(fieldOf(node, "function") ?? node, "object"));
  if (dumps.test(calledMethod(node) ?? "")) return true;
  return judges.returned(place, node, (inside, value) => isKeyed(judges, inside, value));
}

function isKeyedName(judges: Judges, place: FixedPlace, name: string): boolean {
  const { within } = place;
  if (!within || place.given?.has(name)) return within !== undefined;
  const inside = { ...place, given: new Set([...(place.given ?? []), name]) };
  const isKeyedValue: Judge = (at, value) => isKeyed(judges, at, value);
  if (within.parameters.some((parameter) => parameter.name === `**${name}`)) {
    return isKeyedByCallers(inside, within) && addsFixedKeys(judges, inside, name);
  }
  const parameter = within.parameters.find((candidate) => candidate.name === name);
  if (parameter && !judges.forCallers(inside, within, parameter, isKeyedValue)) return false;
  const bindings = bindingsOf(within, name);
  if (bindings.length === 0 && !parameter) return isKeyedInModule(judges, inside, name);
  const isBound = bindings.every(
    (node) => fieldOf(node, "left")?.text === name && isKeyed(judges, inside, fieldOf(node, "right")),
  );
  return isBound && addsFixedKeys(judges, inside, name);
}

function isKeyedInModule(judges: Judges, place: FixedPlace, name: string): boolean {
  const found = place.assignmentOf(place.path, name);
  // An empty one is filled elsewhere.
  if (!found || found.value.type === "identifier" || !found.value.children.some(isCode)) return false;
  return isKeyed(
    judges,
    { ...place, path: found.path, within: undefined, scope: place.scopeOf(found.path) },
    found.value,
  );
}

/** `save(name=…, days=…)`: the keywords are written where it is called. */
function isKeyedByCallers(place: FixedPlace, within: FunctionFact): boolean {
  const calls = place.callersOf(within);
  return (
    calls.length > 0 && calls.every(({ node }) => argumentsOf(node).every(({ type }) => type !== "dictionary_splat"))
  );
}

/** Whatever `changes[key] = …` and `changes.update(…)` add has fixed keys as well. */
export function addsFixedKeys(judges: Judges, place: FixedPlace, name: string): boolean {
  return nodesOf(place).every((node) => {
    if (node.type === "call") return addsByCall(judges, place, node, name);
    const target = node.type === "assignment" ? fieldOf(node, "left") : undefined;
    if (target?.type !== "subscript" || fieldOf(target, "value")?.text !== name) return true;
    return judges.isFixed(place, fieldOf(target, "subscript"));
  });
}

function addsByCall(judges: Judges, place: FixedPlace, node: PythonNode, name: string): boolean {
  const method = calledMethod(node) ?? "";
  const [first] = argumentsOf(node);
  if (!/^(update|setdefault)$/.test(method) || fieldOf(fieldOf(node, "function") ?? node, "object")?.text !== name)
    return true;
  if (method === "setdefault") return judges.isFixed(place, first);
  return argumentsOf(node).every(({ type }) => type === "keyword_argument") || isKeyed(judges, place, first);
}

function nodesOf({ within }: FixedPlace): readonly PythonNode[] {
  return within ? descendants(within.body) : [];
}
