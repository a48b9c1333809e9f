import type { PythonNode } from "../pythonParser.ts";
import type { FunctionFact, ParameterFact } from "./pythonFile.ts";
import { descendants, fieldOf, isCode, keywordArgument, positionalArguments } from "./syntax.ts";

/** Whatever gives a name of the function a value: assignments, loops, `:=` and `as`. */
export function bindingsOf({ body }: FunctionFact, name: string): readonly PythonNode[] {
  return descendants(body).filter((node) => binding.test(node.type) && bindsName(node, name));
}

/** The assignment gives the value to this name and to nothing beside it. */
export function gives(node: PythonNode, name: string): boolean {
  return node.type === "assignment" && fieldOf(node, "left")?.text === name;
}

const binding = /^(assignment|augmented_assignment|for_statement|for_in_clause|named_expression|as_pattern)$/;

/** Whether the names on the left, or behind `as`, are or hold this one; an entry or an attribute of it is not meant. */
export function bindsName(node: PythonNode, name: string): boolean {
  const left = fieldOf(node, "left") ?? fieldOf(node, "name") ?? fieldOf(node, "alias");
  const isEntry = left?.type === "subscript" || left?.type === "attribute";
  if (!left || isEntry) return false;
  return [left, ...descendants(left)].some(({ type, text }) => type === "identifier" && text === name);
}

/** The number in `for index, item in enumerate(items)`. */
export function isIndex(loop: PythonNode, name: string): boolean {
  const first = fieldOf(loop, "left")?.children.find(isCode);
  return first?.text === name && /^enumerate\(/.test(fieldOf(loop, "right")?.text ?? "");
}

/** What the call hands in for the parameter; undefined where it leaves it to the default. */
export function argumentFor(call: PythonNode, target: FunctionFact, { name }: ParameterFact): PythonNode | undefined {
  const parameters = target.parameters.filter((other) => other.name !== "self" && other.name !== "cls");
  const index = parameters.findIndex((other) => other.name === name);
  return keywordArgument(call, name) ?? positionalArguments(call)[index];
}

/** What the call hands in for `*columns`; undefined for a function that takes nothing so. */
export function restFor(call: PythonNode, target: FunctionFact, name: string): readonly PythonNode[] | undefined {
  const parameters = target.parameters.filter((other) => other.name !== "self" && other.name !== "cls");
  const index = parameters.findIndex((other) => other.name === `*${name}`);
  return index < 0 ? undefined : positionalArguments(call).slice(index);
}
