import type { PythonNode } from "../pythonParser.ts";

export function fieldOf(node: PythonNode, field: string): PythonNode | undefined {
  return node.children.find((child) => child.field === field);
}

export function fieldsOf(node: PythonNode, field: string): readonly PythonNode[] {
  return node.children.filter((child) => child.field === field);
}

export function childOfType(node: PythonNode, type: string): PythonNode | undefined {
  return node.children.find((child) => child.type === type);
}

/** Every node below `node`, in text order; what `enter` refuses is left out with all below it. */
export function descendants(node: PythonNode, enter?: (child: PythonNode) => boolean): PythonNode[] {
  const found: PythonNode[] = [];
  collect(node, enter, found);
  return found;
}

function collect(node: PythonNode, enter: ((child: PythonNode) => boolean) | undefined, found: PythonNode[]): void {
  for (const child of node.children) {
    if (enter?.(child) === false) continue;
    found.push(child);
    collect(child, enter, found);
  }
}

export function descendantsOfType(node: PythonNode, type: string): PythonNode[] {
  return descendants(node).filter((child) => child.type === type);
}

/** `session.execute` of an identifier or a chain of attributes; undefined for anything computed. */
export function dottedName(node: PythonNode | undefined): string | undefined {
  if (node?.type === "identifier") return node.text;
  if (node?.type !== "attribute") return undefined;
  const object = dottedName(fieldOf(node, "object"));
  const attribute = fieldOf(node, "attribute")?.text;
  return object === undefined || attribute === undefined ? undefined : `${object}.${attribute}`;
}

export function lastName(dotted: string): string {
  return dotted.slice(dotted.lastIndexOf(".") + 1);
}

/** Without the brackets that only group. */
export function unwrap(node: PythonNode): PythonNode {
  const inner = node.type === "parenthesized_expression" ? node.children.find(isCode) : undefined;
  return inner === undefined ? node : unwrap(inner);
}

export function isCode(node: PythonNode): boolean {
  return node.type !== "comment";
}

/** The arguments of a `call`, comments left out. */
export function argumentsOf(call: PythonNode): readonly PythonNode[] {
  return fieldOf(call, "arguments")?.children.filter(isCode) ?? [];
}

export function positionalArguments(call: PythonNode): readonly PythonNode[] {
  return argumentsOf(call).filter((argument) => argument.type !== "keyword_argument");
}

export function keywordArgument(call: PythonNode, name: string): PythonNode | undefined {
  const argument = argumentsOf(call).find(
    (candidate) => candidate.type === "keyword_argument" && fieldOf(candidate, "name")?.text === name,
  );
  return argument && fieldOf(argument, "value");
}

/** What is called: `select` of `select(Order)`, `sa.Column` of `sa.Column("id")`. */
export function calleeOf(node: PythonNode | undefined): string | undefined {
  return node?.type === "call" ? dottedName(fieldOf(node, "function")) : undefined;
}

/** The last part of what is called, also behind a computed receiver: `where` of `select(x).where(y)`. */
export function calledMethod(node: PythonNode | undefined): string | undefined {
  if (node?.type !== "call") return undefined;
  const callee = fieldOf(node, "function");
  return callee?.type === "attribute" ? fieldOf(callee, "attribute")?.text : callee?.text;
}

/** `first` of `session.query(Order).filter(…).first()`, where the node is its first call. */
export function lastOfChain(call: PythonNode): string {
  const next = call.parent?.type === "attribute" ? call.parent.parent : undefined;
  return next?.type === "call" ? lastOfChain(next) : (calledMethod(call) ?? "");
}

/** The nearest ancestor of one of the types; the search ends at `stops`. */
export function ancestor(
  node: PythonNode,
  types: readonly string[],
  stops: readonly string[] = [],
): PythonNode | undefined {
  for (let at = node.parent; at; at = at.parent) {
    if (types.includes(at.type)) return at;
    if (stops.includes(at.type)) return undefined;
  }
  return undefined;
}

/** The expression of the only `return`, or of the last one. */
export function returnedBy(body: PythonNode): PythonNode | undefined {
  return descendantsOfType(body, "return_statement")
    .at(-1)
    ?.children.find((node) => isCode(node) && node.type !== "return");
}

/** Code in one line, cut where a message would become unreadable. */
export function shortText(node: PythonNode): string {
  const line = node.text.replace(/\s+/g, " ");
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
}
