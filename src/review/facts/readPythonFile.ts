import type { SourceText } from "../model.ts";
import type { PythonNode, PythonParser } from "../pythonParser.ts";
import { readClass, readFunction } from "./definitions.ts";
import { readImports } from "./imports.ts";
import { type Layer, layerOf, moduleOf } from "./layers.ts";
import type {
  CallFact,
  ClassFact,
  ExceptFact,
  FunctionFact,
  ImportFact,
  LoopFact,
  PythonFile,
  RaiseFact,
} from "./pythonFile.ts";
import { childOfType, dottedName, fieldOf, isCode, lastName } from "./syntax.ts";

/** Reads the facts of one file in one pass. Broken code yields the facts of what could be recovered. */
export function readPythonFile(source: SourceText, parser: PythonParser): PythonFile {
  const root = parser.parse(source.text);
  const module = moduleOf(source.path);
  const lists: FactLists = { functions: [], classes: [], calls: [], raises: [], excepts: [] };
  const reader: FactReader = { path: source.path, lists };
  for (const child of root.children) visit(reader, child, outermost);
  const assignments = moduleAssignments(root);
  const imports = readImports(root, source.path.endsWith("__init__.py") ? `${module}.__init__` : module);
  return {
    path: source.path,
    text: source.text,
    lineCount: source.text.split("\n").length - (source.text.endsWith("\n") ? 1 : 0),
    module,
    layer: layerOfFile(source.path, assignments, definesTests(source, lists, imports)),
    root,
    imports,
    assignments,
    ...lists,
  };
}

/** Alembic's revisions say what they are wherever the project keeps them. */
function layerOfFile(path: string, assignments: ReadonlyMap<string, PythonNode>, hasTests: boolean): Layer {
  const layer = layerOf(path, hasTests);
  const isRevision = assignments.has("revision") && assignments.has("down_revision");
  return isRevision && layer !== "test" ? "migration" : layer;
}

/** Functions or methods that a runner of tests collects, what tests are written with, or what they say. */
function definesTests({ path, text }: SourceText, { functions }: FactLists, imports: readonly ImportFact[]): boolean {
  return (
    functions.some(({ name }) => name.startsWith("test")) ||
    imports.some(({ module }) => /^(pytest|unittest)\b/.test(module)) ||
    (/test/.test(path) && /^\s*assert\b/m.test(text))
  );
}

interface FactLists {
  readonly functions: FunctionFact[];
  readonly classes: ClassFact[];
  readonly calls: CallFact[];
  readonly raises: RaiseFact[];
  readonly excepts: ExceptFact[];
}

interface FactReader {
  readonly path: string;
  readonly lists: FactLists;
}

interface Place {
  readonly owner: ClassFact | undefined;
  readonly within: FunctionFact | undefined;
  readonly loop: LoopFact | undefined;
}

const outermost: Place = { owner: undefined, within: undefined, loop: undefined };

type Visit = (reader: FactReader, node: PythonNode, place: Place) => void;

const visits: Readonly<Record<string, Visit>> = {
  class_definition: visitClass,
  function_definition: visitFunction,
  lambda: (reader, node, place) => visitChildren(reader, node, { ...place, loop: undefined }),
  for_statement: visitFor,
  while_statement: visitWhile,
  list_comprehension: visitComprehension,
  set_comprehension: visitComprehension,
  dictionary_comprehension: visitComprehension,
  generator_expression: visitComprehension,
  call: visitCall,
  raise_statement: visitRaise,
  except_clause: visitExcept,
};

function visit(reader: FactReader, node: PythonNode, place: Place): void {
  (visits[node.type] ?? visitChildren)(reader, node, place);
}

function visitChildren(reader: FactReader, node: PythonNode, place: Place): void {
  for (const child of node.children) visit(reader, child, place);
}

function visitClass(reader: FactReader, node: PythonNode, _place: Place): void {
  const fact = readClass(node, reader.path);
  reader.lists.classes.push(fact);
  visitChildren(reader, node, { owner: fact, within: undefined, loop: undefined });
}

function visitFunction(reader: FactReader, node: PythonNode, place: Place): void {
  const owner = place.within === undefined ? place.owner : undefined;
  const fact = readFunction(node, reader.path, owner);
  reader.lists.functions.push(fact);
  owner?.methods.push(fact);
  for (const child of node.children) {
    const inside = child.field === "body";
    visit(reader, child, inside ? { owner: place.owner, within: fact, loop: undefined } : place);
  }
}

function visitFor(reader: FactReader, node: PythonNode, place: Place): void {
  const loop: LoopFact = { kind: "for", over: fieldOf(node, "right")?.text ?? "", line: node.line };
  for (const child of node.children) visit(reader, child, child.field === "body" ? { ...place, loop } : place);
}

function visitWhile(reader: FactReader, node: PythonNode, place: Place): void {
  const loop: LoopFact = { kind: "while", over: fieldOf(node, "condition")?.text ?? "", line: node.line };
  visitChildren(reader, node, { ...place, loop });
}

function visitComprehension(reader: FactReader, node: PythonNode, place: Place): void {
  const first = childOfType(node, "for_in_clause");
  const iterable = first && fieldOf(first, "right");
  const loop: LoopFact = { kind: "comprehension", over: iterable?.text ?? "", line: node.line };
  if (iterable) visit(reader, iterable, place);
  for (const child of node.children) {
    if (child !== first) visit(reader, child, { ...place, loop });
  }
}

function visitCall(reader: FactReader, node: PythonNode, place: Place): void {
  const callee = fieldOf(node, "function");
  const isAttribute = callee?.type === "attribute";
  const fact: CallFact = {
    path: reader.path,
    receiver: isAttribute ? dottedName(fieldOf(callee, "object")) : undefined,
    method: (isAttribute ? fieldOf(callee, "attribute")?.text : callee?.text) ?? "",
    node,
    line: lineOfCall(node),
    awaited: node.parent?.type === "await",
    loop: place.loop,
    within: place.within,
  };
  reader.lists.calls.push(fact);
  place.within?.calls.push(fact);
  if (callee?.text === "map") visitMapped(reader, node, place);
  else visitChildren(reader, node, place);
}

/** `map(lambda item: …, items)` repeats the lambda as a comprehension would. */
function visitMapped(reader: FactReader, node: PythonNode, place: Place): void {
  const [repeated, over] = fieldOf(node, "arguments")?.children.filter(isCode) ?? [];
  const loop: LoopFact = { kind: "comprehension", over: over?.text ?? "", line: node.line };
  for (const child of fieldOf(node, "arguments")?.children ?? []) {
    if (child === repeated && child.type === "lambda") visitChildren(reader, child, { ...place, loop });
    else visit(reader, child, place);
  }
}

/** A call in a long chain is found where its own name stands, not where the chain begins. */
function lineOfCall(node: PythonNode): number {
  const callee = fieldOf(node, "function");
  return (callee && fieldOf(callee, "attribute")?.line) ?? node.line;
}

function visitRaise(reader: FactReader, node: PythonNode, place: Place): void {
  const raised = node.children.find((child) => isCode(child) && child.field !== "cause");
  const name = dottedName(raised?.type === "call" ? fieldOf(raised, "function") : raised) ?? "";
  const fact: RaiseFact = {
    path: reader.path,
    exception: lastName(name),
    node,
    line: node.line,
    within: place.within,
  };
  reader.lists.raises.push(fact);
  place.within?.raises.push(fact);
  visitChildren(reader, node, place);
}

function visitExcept(reader: FactReader, node: PythonNode, place: Place): void {
  const value = fieldOf(node, "value");
  const caught = value?.type === "as_pattern" ? value.children[0] : value;
  reader.lists.excepts.push({
    path: reader.path,
    caught: caught?.text ?? "",
    body: childOfType(node, "block"),
    line: node.line,
    within: place.within,
  });
  visitChildren(reader, node, place);
}

function moduleAssignments(root: PythonNode): Map<string, PythonNode> {
  const assignments = new Map<string, PythonNode>();
  for (const statement of root.children) {
    const assignment = childOfType(statement, "assignment");
    const left = assignment && fieldOf(assignment, "left");
    const right = assignment && fieldOf(assignment, "right");
    if (left?.type === "identifier" && right) assignments.set(left.text, right);
    if (statement.type === "type_alias_statement") addTypeAlias(assignments, statement);
  }
  return assignments;
}

/** `type Name = Annotated[...]` */
function addTypeAlias(assignments: Map<string, PythonNode>, statement: PythonNode): void {
  const left = fieldOf(statement, "left");
  const right = fieldOf(statement, "right");
  if (left && right) assignments.set(left.text, right);
}
