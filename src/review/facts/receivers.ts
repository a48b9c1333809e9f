import type { Definition, Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { CallFact, ClassFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import { calleeOf, descendants, dottedName, fieldOf, isCode } from "./syntax.ts";
import { ancestorsOf, expandType, namesIn } from "./types.ts";

/**
 * Finds what calls mean: the classes a receiver can have, and the functions a call can run. Types
 * come from annotations, constructors and `with … as`; what none of these tells stays unresolved.
 */
export interface Receivers {
  /** Classes of the project that `dotted` can be an instance of, inside the function. */
  classesOf(within: FunctionFact, dotted: string): readonly ClassFact[];
  /** Functions that a call can run; for a method of a Protocol its implementations as well. */
  targetsOf(call: CallFact): readonly FunctionFact[];
}

export function createReceivers(project: Project): Receivers {
  return {
    classesOf: (within, dotted) => classesOf(startSearch(project), within, dotted),
    targetsOf: (call) => {
      const known = project.conclusions.aboutFile(targetsIn, project, project.fileOf(call));
      return known.get(call) ?? targetsOf(startSearch(project), call);
    },
  };
}

/** The calls of a file that are seen to run functions of the project. A call that a check makes up is not among them. */
function targetsIn(project: Project, { calls }: PythonFile): ReadonlyMap<CallFact, readonly FunctionFact[]> {
  const search = startSearch(project);
  return new Map(
    calls.map((call) => {
      const targets = targetsOf(search, call);
      return [call, targets.length > 0 ? targets : nothing];
    }),
  );
}

const nothing: readonly FunctionFact[] = [];

function startSearch(project: Project): Search {
  return { project, locals: new WeakMap(), attributes: new WeakMap() };
}

interface Search {
  readonly project: Project;
  /** What each local name of a function was last assigned. */
  readonly locals: WeakMap<FunctionFact, ReadonlyMap<string, PythonNode>>;
  readonly attributes: WeakMap<ClassFact, Map<string, readonly ClassFact[]>>;
}

const deepest = 6;
const mostClasses = 12;

function classesOf(search: Search, within: FunctionFact, dotted: string, depth = 0): readonly ClassFact[] {
  if (depth > deepest) return [];
  const [head = "", ...path] = dotted.split(".");
  const { classes: first, rest } = classesOfHead(search, within, head, path);
  let classes = first ?? classesOfName(search, within, head, depth);
  for (const part of rest)
    classes = distinct(classes.flatMap((fact) => attributeClasses(search, fact, part, depth + 1)));
  return classes;
}

/** `crud.orders` is what the module `crud` gives the name `orders`; undefined where the first name is no module. */
function classesOfHead(
  search: Search,
  within: FunctionFact,
  head: string,
  path: readonly string[],
): { readonly classes?: readonly ClassFact[]; readonly rest: readonly string[] } {
  const isLocal = within.parameters.some(({ name }) => name === head) || localsOf(search, within).has(head);
  let module = isLocal ? undefined : search.project.resolve(search.project.fileOf(within), head);
  if (module?.kind !== "module") return { rest: path };
  for (const [at, name] of path.entries()) {
    const definition: Definition | undefined = search.project.resolve(module.file, name);
    if (definition?.kind !== "module")
      return { classes: classesOfDefinition(search, definition), rest: path.slice(at + 1) };
    module = definition;
  }
  return { classes: [], rest: [] };
}

/** A class, or the one of which the module makes an instance. */
function classesOfDefinition({ project }: Search, definition: Definition | undefined): readonly ClassFact[] {
  if (definition?.kind === "class") return [definition.class];
  const made = definition?.kind === "assignment" ? calleeOf(definition.value) : undefined;
  const maker = made && definition ? project.resolve(definition.file, made) : undefined;
  return maker?.kind === "class" ? [maker.class] : [];
}

/** One name can stand for classes of several files; following every one of them further would not end. */
function distinct(classes: readonly ClassFact[]): readonly ClassFact[] {
  return [...new Set(classes)].slice(0, mostClasses);
}

function classesOfName(search: Search, within: FunctionFact, name: string, depth: number): readonly ClassFact[] {
  if ((name === "self" || name === "cls") && within.owner) return [within.owner];
  const parameter = within.parameters.find((candidate) => candidate.name === name);
  if (parameter) return classesNamed(search, within, parameter.annotation);
  const value = localsOf(search, within).get(name);
  if (value) return classesOfValue(search, within, value, depth + 1);
  return classesOfDefinition(search, search.project.resolve(search.project.fileOf(within), name));
}

/** The value of an expression as far as its outermost call, attribute or name tells. */
function classesOfValue(search: Search, within: FunctionFact, value: PythonNode, depth: number): readonly ClassFact[] {
  if (depth > deepest) return [];
  if (value.type === "await") return classesOfValue(search, within, value.children.find(isCode) ?? value, depth + 1);
  const name = dottedName(value);
  if (name !== undefined) return classesOf(search, within, name, depth + 1);
  const callee = calleeOf(value);
  return callee === undefined ? [] : classesOfCall(search, within, callee, depth);
}

/** A constructor, a function with a return annotation, or an attribute that holds a factory. */
function classesOfCall(search: Search, within: FunctionFact, callee: string, depth: number): readonly ClassFact[] {
  const definition = search.project.resolve(search.project.fileOf(within), callee);
  if (definition?.kind === "class") return [definition.class];
  if (definition?.kind === "function") return classesNamed(search, definition.function, definition.function.returns);
  const dot = callee.lastIndexOf(".");
  if (dot < 0) return classesOfName(search, within, callee, depth + 1);
  const owners = classesOf(search, within, callee.slice(0, dot), depth + 1);
  return owners.flatMap((owner) => attributeClasses(search, owner, callee.slice(dot + 1), depth + 1));
}

/** What an attribute is, a property gives, or a method returns. */
function attributeClasses(search: Search, fact: ClassFact, name: string, depth: number): readonly ClassFact[] {
  const known = search.attributes.get(fact) ?? new Map<string, readonly ClassFact[]>();
  search.attributes.set(fact, known);
  const found = known.get(name);
  if (found || depth > deepest) return found ?? [];
  known.set(name, []);
  const classes = findAttribute(search, fact, name, depth);
  known.set(name, classes);
  return classes;
}

function findAttribute(search: Search, fact: ClassFact, name: string, depth: number): readonly ClassFact[] {
  for (const owner of [fact, ...ancestorsOf(search.project, fact)]) {
    const found = ownAttribute(search, owner, name, depth);
    if (found) return found;
  }
  return [];
}

/** Undefined when the class itself says nothing of the attribute. */
function ownAttribute(search: Search, fact: ClassFact, name: string, depth: number): readonly ClassFact[] | undefined {
  const field = fact.fields.find((candidate) => candidate.name === name);
  if (field) return namedIn(search, expandType(search.project, search.project.fileOf(fact), field.annotation));
  const method = fact.methods.find((candidate) => candidate.name === name);
  if (method) return classesNamed(search, method, method.returns);
  for (const candidate of fact.methods) {
    const value = localsOf(search, candidate).get(`self.${name}`);
    if (value) return classesOfValue(search, candidate, value, depth + 1);
  }
  return undefined;
}

function classesNamed(search: Search, within: FunctionFact, annotation: string): readonly ClassFact[] {
  if (/\bSelf\b/.test(annotation) && within.owner) return [within.owner];
  return namedIn(search, expandType(search.project, search.project.fileOf(within), annotation));
}

function namedIn(search: Search, annotation: string): readonly ClassFact[] {
  return distinct(namesIn(annotation).flatMap((name) => search.project.classes.get(name) ?? []));
}

function localsOf(search: Search, within: FunctionFact): ReadonlyMap<string, PythonNode> {
  const known = search.locals.get(within);
  if (known) return known;
  const locals = new Map<string, PythonNode>();
  for (const node of descendants(within.body, (child) => child.type !== "function_definition")) {
    if (node.type === "assignment") addLocal(locals, fieldOf(node, "left"), fieldOf(node, "right"));
    if (node.type === "as_pattern") addLocal(locals, fieldOf(node, "alias")?.children[0], node.children[0]);
  }
  search.locals.set(within, locals);
  return locals;
}

function addLocal(
  locals: Map<string, PythonNode>,
  target: PythonNode | undefined,
  value: PythonNode | undefined,
): void {
  const name = dottedName(target);
  if (name !== undefined && value && !locals.has(name)) locals.set(name, value);
}

function targetsOf(search: Search, call: CallFact): readonly FunctionFact[] {
  const { within, receiver, method } = call;
  const file = search.project.fileOf(call);
  if (receiver === undefined) {
    const callee = fieldOf(call.node, "function");
    if (callee?.type === "attribute") return computedTargets(search, call, fieldOf(callee, "object"));
    if (callee?.type !== "identifier") return [];
    const definition = search.project.resolve(file, method);
    return definition?.kind === "function" ? [definition.function] : [];
  }
  const module = receiver.includes(".") ? undefined : search.project.resolve(file, receiver);
  if (module?.kind === "module") {
    const definition = search.project.resolve(module.file, method);
    return definition?.kind === "function" ? [definition.function] : [];
  }
  const classes = within ? classesOf(search, within, receiver) : [];
  return [...new Set(classes.flatMap((fact) => methodsOf(search, fact, method)))];
}

/** `OrderRepository(session).find_by_id()`: the receiver is what its own call gives. */
function computedTargets(search: Search, { within, method }: CallFact, object?: PythonNode): readonly FunctionFact[] {
  const classes = within && object?.type === "call" ? classesOfValue(search, within, object, 0) : [];
  return [...new Set(classes.flatMap((fact) => methodsOf(search, fact, method)))];
}

function methodsOf(search: Search, fact: ClassFact, name: string): readonly FunctionFact[] {
  const lineage = [fact, ...ancestorsOf(search.project, fact)];
  const own = lineage.flatMap((owner) => owner.methods.find((method) => method.name === name) ?? []).slice(0, 1);
  const isPort = fact.bases.includes("Protocol") || fact.bases.includes("ABC");
  return isPort ? [...own, ...implementations(search, fact, name)] : own;
}

/** An abstract class is implemented by those that name it, a Protocol by a class that carries its name as well. */
function implementations(search: Search, port: ClassFact, name: string): FunctionFact[] {
  const isProtocol = port.bases.includes("Protocol");
  const classes = search.project.akinTo(port).filter((fact) => fact !== port);
  return classes
    .filter(({ bases }) => isProtocol || bases.includes(port.name))
    .flatMap(({ methods }) => methods.filter((method) => method.name === name));
}
