import type { PythonNode } from "../pythonParser.ts";
import type { ClassFact, FieldFact, FunctionFact, ParameterFact } from "./pythonFile.ts";
import { calleeOf, childOfType, dottedName, fieldOf, isCode, lastName, positionalArguments } from "./syntax.ts";

/** Calls and raises are filled in by the pass that meets them. */
export function readFunction(node: PythonNode, path: string, owner: ClassFact | undefined): FunctionFact {
  return {
    path,
    name: fieldOf(node, "name")?.text ?? "",
    owner,
    parameters: (fieldOf(node, "parameters")?.children ?? []).filter(isParameter).map(readParameter),
    decorators: decoratorsOf(node),
    returns: fieldOf(node, "return_type")?.text ?? "",
    isAsync: node.text.startsWith("async"),
    line: node.line,
    endLine: node.endLine,
    body: fieldOf(node, "body") ?? node,
    calls: [],
    raises: [],
  };
}

export function readClass(node: PythonNode, path: string): ClassFact {
  const superclasses = fieldOf(node, "superclasses")?.children.filter(isCode) ?? [];
  const body = fieldOf(node, "body") ?? node;
  return {
    path,
    name: fieldOf(node, "name")?.text ?? "",
    bases: superclasses.filter((base) => base.type !== "keyword_argument").map(baseName),
    keywords: superclasses
      .filter((base) => base.type === "keyword_argument")
      .map((base) => base.text.replace(/\s/g, ""))
      .join(","),
    decorators: decoratorsOf(node),
    fields: body.children.flatMap(readField),
    methods: [],
    line: node.line,
    endLine: node.endLine,
    body,
  };
}

/** The text of a docstring without its quotes; empty when there is none. */
export function docstringOf(body: PythonNode): string {
  const first = body.children.find(isCode);
  const text = first?.type === "expression_statement" ? first.children[0] : undefined;
  return text?.type === "string" ? text.text.replace(/^[a-zA-Z]*("""|'''|"|')|("""|'''|"|')$/g, "") : "";
}

/** A body that says something and does nothing: a docstring, and `pass` or `...` at most. */
export function hasDocstringOnly(body: PythonNode): boolean {
  const [first, ...rest] = body.children.filter(isCode);
  return (
    first?.type === "expression_statement" &&
    first.children[0]?.type === "string" &&
    rest.every(({ text }) => text === "pass" || text === "...")
  );
}

/** What decorators apply: the expression behind the `@`. */
function decoratorsOf(node: PythonNode): PythonNode[] {
  if (node.parent?.type !== "decorated_definition") return [];
  return node.parent.children
    .filter((child) => child.type === "decorator")
    .flatMap((decorator) => decorator.children.filter(isCode).slice(0, 1));
}

function isParameter(node: PythonNode): boolean {
  return isCode(node) && !node.type.endsWith("_separator");
}

function readParameter(node: PythonNode): ParameterFact {
  const name = fieldOf(node, "name") ?? (node.type === "typed_parameter" ? node.children[0] : node);
  const annotationNode = fieldOf(node, "type");
  return {
    name: name?.text ?? "",
    annotation: annotationNode?.text ?? "",
    annotationNode,
    value: fieldOf(node, "value"),
    line: node.line,
  };
}

function baseName(node: PythonNode): string {
  const plain = node.type === "subscript" ? fieldOf(node, "value") : node;
  return lastName(dottedName(plain) ?? plain?.text ?? "");
}

function readField(statement: PythonNode): FieldFact[] {
  const assignment = childOfType(statement, "assignment");
  const left = assignment && fieldOf(assignment, "left");
  if (!assignment || left?.type !== "identifier") return [];
  const annotationNode = fieldOf(assignment, "type");
  const annotation = annotationNode?.text ?? "";
  const value = uncast(fieldOf(assignment, "right"));
  return [{ name: left.text, annotation, annotationNode, value, line: assignment.line }];
}

/** `Column(String)` of `cast(str, Column(String))`, which says the type to type checkers. */
function uncast(value: PythonNode | undefined): PythonNode | undefined {
  if (!/^(\w+\.)?cast$/.test(calleeOf(value) ?? "") || !value) return value;
  const [, inner] = positionalArguments(value);
  return inner?.type === "call" ? inner : value;
}
