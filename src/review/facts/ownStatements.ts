import type { PythonNode } from "../pythonParser.ts";
import type { CallFact } from "./pythonFile.ts";
import {
  ancestor,
  argumentsOf,
  calledMethod,
  calleeOf,
  descendants,
  descendantsOfType,
  fieldOf,
  isCode,
  lastName,
  unwrap,
} from "./syntax.ts";

/**
 * Whether no single statement could do what the call does in every round of the loop around it: the round changes the schema, sends
 * rows in a batch, runs a statement that is itself the item (`for statement in statements`), or asks a table that is the item.
 */
export function isStatementOfItsOwn(call: CallFact): boolean {
  if (/^(bulk_\w+|add_all|executemany)$/.test(call.method)) return true;
  const loop = ancestor(call.node, ["for_statement"], ["function_definition"]);
  const given = argumentsOf(call.node).flatMap((argument) => [argument, ...madeIn(loop, argument)]);
  return given.some(changesSchema) || (loop !== undefined && isOfItem(call, loop, given));
}

/** What the round assigns the name that is handed in. */
function madeIn(loop: PythonNode | undefined, argument: PythonNode): readonly PythonNode[] {
  if (!loop || argument.type !== "identifier") return [];
  return descendantsOfType(loop, "assignment").flatMap((assignment) => {
    const right = fieldOf(assignment, "left")?.text === argument.text ? fieldOf(assignment, "right") : undefined;
    return right ? [right] : [];
  });
}

/** Capital letters, because "Set up …" and "Create …" are how titles of rows begin. */
function changesSchema(argument: PythonNode): boolean {
  const text = [argument, ...descendants(argument)].find(({ type }) => type === "string");
  return /^[fFrR]*["']{1,3}\s*(CREATE|ALTER|DROP|GRANT|REVOKE|COMMENT ON|REFRESH|VACUUM|ANALYZE|SET)\b/.test(
    text?.text ?? "",
  );
}

/** What the round has of its own: the names that the loop binds, and what it looks up, `model = MODELS[kind]`. */
function itemsIn(loop: PythonNode): { readonly bound: ReadonlySet<string>; readonly made: ReadonlySet<string> } {
  const bound = new Set(namesIn(fieldOf(loop, "left")));
  const found = descendantsOfType(loop, "assignment").flatMap((assignment) => {
    const right = fieldOf(assignment, "right");
    const isLookedUp = right?.type === "subscript" || /^(get|getattr)$/.test(calledMethod(right) ?? "");
    return isLookedUp ? namesIn(fieldOf(assignment, "left")) : [];
  });
  return { bound, made: new Set([...bound, ...found]) };
}

function namesIn(node: PythonNode | undefined): string[] {
  const nodes = node ? [node, ...descendants(node)] : [];
  return nodes.flatMap(({ type, text }) => (type === "identifier" ? [text] : []));
}

/** `execute(statement)`, `execute(text(statement))`, `execute(delete(table))`, `query(model.id)`, `f"UPDATE {table} SET …"` */
function isOfItem({ method, node }: CallFact, loop: PythonNode, given: readonly PythonNode[]): boolean {
  const { bound, made } = itemsIn(loop);
  const [first] = argumentsOf(node);
  if (!first) return false;
  if (/^(execute|exec|scalars?|exec_driver_sql)$/.test(method) && bound.has(withoutText(first))) return true;
  if (method === "query") return made.has(rootOf(first));
  const within = given.flatMap((argument) => [argument, ...descendants(argument)]);
  return within.some((part) => {
    if (part.type === "call" && /^(select|delete|update|insert)$/.test(lastName(calleeOf(part) ?? "")))
      return made.has(rootOf(argumentsOf(part)[0]));
    const table = /^[fF]/.test(part.text) ? part.text.match(/\b(?:FROM|UPDATE|INTO)\s+["`]?\{(\w+)/)?.[1] : undefined;
    return table !== undefined && made.has(table);
  });
}

/** `statement` of `text(statement)`. */
function withoutText(wrapped: PythonNode): string {
  const node = unwrap(wrapped);
  const isText = node.type === "call" && lastName(calleeOf(node) ?? "") === "text";
  return (isText ? argumentsOf(node)[0] : node)?.text ?? "";
}

/** `model` of `model.id` and of `func.count(model.id)`. */
function rootOf(node: PythonNode | undefined): string {
  if (node?.type === "call") return rootOf(argumentsOf(node).find(isCode));
  return node?.text.match(/^\w+/)?.[0] ?? "";
}
