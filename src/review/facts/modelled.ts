import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { CallFact, FunctionFact } from "./pythonFile.ts";
import { ancestor, argumentsOf, calledMethod, descendantsOfType, fieldOf, lastName } from "./syntax.ts";
import { isPydanticModel } from "./types.ts";

/** Whether what is read of the request goes into a Pydantic model: at once, next, or in parts of which every one does. */
export function isModelled(project: Project, reader: FunctionFact, read: PythonNode): boolean {
  return isValidatedAtOnce(read) || isValidatedNext(project, reader, read) || isTakenApart(project, reader, read);
}

/** `Order.model_validate_json(await request.body())` */
function isValidatedAtOnce(read: PythonNode): boolean {
  const outer = ancestor(read, ["call"], ["assignment", "block"]);
  return validators.test(calledMethod(outer) ?? "");
}

const validators = /^(model_validate\w*|validate_(json|python|strings)|parse_(raw|obj))$/;

/** `data = await request.json()`, and then `Order.model_validate(data)`, `Order(**data)` or `Order.as_form(**data)`. */
function isValidatedNext(project: Project, reader: FunctionFact, read: PythonNode): boolean {
  const assignment = ancestor(read, ["assignment"], ["block"]);
  const name = assignment && fieldOf(assignment, "left")?.text;
  return name !== undefined && assignment !== undefined && isMadeModel(project, reader, { name, from: assignment.end });
}

/** What a function has under a name, from a place on. */
interface Held {
  readonly name: string;
  readonly from: number;
}

/** The whole of it, or what is made of the whole, goes into a model or to something that validates. */
export function isMadeModel(project: Project, { body, calls }: FunctionFact, { name, from }: Held): boolean {
  const derived = derivedFrom(body, name);
  return calls.some((call) => {
    const { method, node } = call;
    if (node.start < from) return false;
    if (isValidating(call, derived)) return true;
    const given = argumentsOf(node);
    if (validators.test(method)) return given.some(({ text }) => text === name);
    const model = isPydanticModel(project, method) ? method : lastName(call.receiver ?? "");
    const isSpread = given.some(({ text }) => text.startsWith("**") && derived.has(text.slice(2)));
    return isSpread && isPydanticModel(project, model);
  });
}

/** The body and what is made of it alone: `schema = resolve(body)`, `fields = {key: form[key] for key in form}`. */
function derivedFrom(body: PythonNode, name: string): ReadonlySet<string> {
  const names = new Set([name]);
  for (const assignment of descendantsOfType(body, "assignment")) {
    const right = fieldOf(assignment, "right");
    const isNewDictionary = right !== undefined && /^dictionary/.test(right.type);
    const given = right?.type === "call" ? givenNames(right) : isNewDictionary ? namesRead(right) : [];
    if (given.some((argument) => names.has(argument))) names.add(fieldOf(assignment, "left")?.text ?? "");
  }
  return names;
}

function isValidating({ method, node }: CallFact, names: ReadonlySet<string>): boolean {
  return (
    /^(is_valid|validate)(_|$)|^model_validate|^validate_python$/.test(method) &&
    givenNames(node).some((name) => names.has(name))
  );
}

/** The arguments of a call as text, without their names. */
export function givenNames(call: PythonNode): string[] {
  return argumentsOf(call).map(
    (node) => (node.type === "keyword_argument" ? fieldOf(node, "value") : node)?.text ?? "",
  );
}

function namesRead(node: PythonNode): string[] {
  return descendantsOfType(node, "identifier").map(({ text }) => text);
}

/** `data = await request.json()`, and whatever is taken out of it goes into a model: `Order(book=data.get("book"))`. */
function isTakenApart(project: Project, { body }: FunctionFact, read: PythonNode): boolean {
  const assignment = ancestor(read, ["assignment"], ["block"]);
  const name = assignment && fieldOf(assignment, "left");
  if (name?.type !== "identifier") return false;
  const uses = usesBehind(body, name);
  return uses.length > 0 && uses.every((use) => isGivenToModel(project, use) || isPartOfModel(project, body, use));
}

/** `book = data.get("book")`, where every use of `book` is handed to a model. */
function isPartOfModel(project: Project, body: PythonNode, use: PythonNode): boolean {
  const assignment = ancestor(use, ["assignment"], ["block"]);
  const part = assignment && fieldOf(assignment, "left");
  const isEntry = new RegExp(`^${use.text}(\\.get\\(|\\[)`).test(
    (assignment && fieldOf(assignment, "right")?.text) ?? "",
  );
  if (part?.type !== "identifier" || !isEntry) return false;
  const uses = usesBehind(body, part);
  return uses.length > 0 && uses.every((inner) => isGivenToModel(project, inner));
}

function usesBehind(body: PythonNode, { text, end }: PythonNode): readonly PythonNode[] {
  return descendantsOfType(body, "identifier").filter((node) => {
    return (
      node.text === text && node.start > end && !(node.parent?.type === "keyword_argument" && node.field === "name")
    );
  });
}

function isGivenToModel(project: Project, node: PythonNode): boolean {
  const calls = ["call"];
  for (let at = ancestor(node, calls, ["block"]); at; at = ancestor(at, calls, ["block"])) {
    if (isPydanticModel(project, calledMethod(at) ?? "")) return true;
  }
  return false;
}
