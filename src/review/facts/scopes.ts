import { type Definition, type Project, resolvePath } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { functionValue } from "./functionValue.ts";
import type { ClassFact, FunctionFact, ParameterFact, PythonFile } from "./pythonFile.ts";
import { evaluate, type Scope, type StaticValue } from "./staticValue.ts";
import {
  calleeOf,
  descendantsOfType,
  fieldOf,
  keywordArgument,
  lastName,
  positionalArguments,
  returnedBy,
} from "./syntax.ts";

/**
 * The names that are constant in a module: its own assignments, what it imports, members of
 * enumerations and class attributes, and the defaults of a settings object made at module level.
 */
export function moduleScope(project: Project, file: PythonFile): Scope {
  return (name) => lookUp({ project, trail: new Set() }, file, name);
}

interface LookUp {
  readonly project: Project;
  /** Calls of the project's functions and properties are followed, and for what the environment decides its default counts. */
  readonly follows?: boolean;
  /** Names being evaluated, so that constants that refer to each other end. */
  readonly trail: Set<string>;
}

function lookUp(context: LookUp, file: PythonFile, name: string): StaticValue | undefined {
  const key = `${file.path}:${name}`;
  if (context.trail.has(key)) return undefined;
  context.trail.add(key);
  try {
    const [head = "", ...rest] = name.split(".");
    const definition = context.project.resolve(file, head);
    return definition && valueIn(context, definition, rest);
  } finally {
    context.trail.delete(key);
  }
}

function scopeIn(context: LookUp, file: PythonFile): Scope {
  const names: Scope = (name) => lookUp(context, file, name);
  const follow = (node: PythonNode, scope: Scope) => calledValue(context, file, node, scope);
  return context.follows ? Object.assign(names, { follow }) : names;
}

function valueIn(context: LookUp, definition: Definition, path: readonly string[]): StaticValue | undefined {
  const [next] = path;
  if (definition.kind === "function") return undefined;
  if (definition.kind === "module") return next && lookUp(context, definition.file, path.join("."));
  if (definition.kind === "class") return next && fieldValue(context, definition.file, definition.class, next);
  if (next === undefined) return evaluate(definition.value, scopeIn(context, definition.file));
  return memberOf(context, definition.file, definition.value, path);
}

/** What stands in a class is the default of `Settings()` and of what a function returns: `get_settings()`. */
function memberOf(
  context: LookUp,
  file: PythonFile,
  value: PythonNode,
  path: readonly string[],
): StaticValue | undefined {
  const made = calleeOf(value);
  const maker = made === undefined ? undefined : context.project.resolve(file, made);
  if (maker?.kind === "class") return valueIn(context, maker, path);
  if (maker?.kind !== "function") return undefined;
  const { returns, body } = maker.function;
  const named = returns === "" ? madeIn(body) : lastName(returns.replace(/["']/g, ""));
  const returned = context.project.resolve(maker.file, named);
  return returned?.kind === "class" ? valueIn(context, returned, path) : undefined;
}

/** The class of `settings = Settings()`, or of `Settings()`, that a function without annotation returns. */
function madeIn(body: PythonNode): string {
  const returned = returnedBy(body);
  const bound = descendantsOfType(body, "assignment").find((node) => fieldOf(node, "left")?.text === returned?.text);
  return calleeOf((bound && fieldOf(bound, "right")) ?? returned) ?? "";
}

function fieldValue(context: LookUp, file: PythonFile, owner: ClassFact, name: string): StaticValue | undefined {
  const field = owner.fields.find((candidate) => candidate.name === name);
  if (!field) return propertyValue(context, file, owner, name) ?? inheritedValue(context, file, owner, name);
  const { follow } = scopeIn(context, file);
  const names: Scope = (other) => {
    const sibling = owner.fields.find((candidate) => candidate.name === other);
    return sibling && sibling !== field ? fieldValue(context, file, owner, other) : lookUp(context, file, other);
  };
  return evaluate(field.value, Object.assign(names, { follow }));
}

/** `@property def api_prefix(self): return f"/api/{self.version}"` */
function propertyValue(context: LookUp, file: PythonFile, owner: ClassFact, name: string): StaticValue | undefined {
  const method = context.follows ? owner.methods.find((candidate) => candidate.name === name) : undefined;
  if (!method?.decorators.some(({ text }) => /\b(cached_)?property\b|\bcomputed_field\b/.test(text))) return undefined;
  const { follow } = scopeIn(context, file);
  const names: Scope = (other) =>
    other.startsWith("self.") ? fieldValue(context, file, owner, other.slice(5)) : lookUp(context, file, other);
  return once(context, method, () => functionValue(method.body, Object.assign(names, { follow })));
}

/** What the environment gives where nothing is set, and what a function of the project returns. */
function calledValue(context: LookUp, file: PythonFile, call: PythonNode, scope: Scope): StaticValue | undefined {
  const object = call.type === "attribute" ? fieldOf(call, "object") : undefined;
  if (object) return memberOf(context, file, object, [fieldOf(call, "attribute")?.text ?? ""]);
  const callee = calleeOf(call) ?? "";
  if (/^(os\.)?(getenv|environ\.get)$|^(\w+\.)*(config|env(\.str)?)$/.test(callee)) {
    const given = positionalArguments(call)[1] ?? keywordArgument(call, "default");
    if (given) return evaluate(given, scope);
    return /getenv|environ/.test(callee) ? null : undefined;
  }
  const definition = callee === "" ? undefined : resolvePath(context.project, file, callee);
  if (definition?.kind !== "function" || definition.function.isAsync) return undefined;
  const { parameters, body } = definition.function;
  const given = new Map(
    parameters.map(({ name, value }, at) => {
      const argument = keywordArgument(call, name) ?? positionalArguments(call)[at];
      return [name, argument ? evaluate(argument, scope) : evaluate(value, scopeIn(context, definition.file))];
    }),
  );
  const module = scopeIn(context, definition.file);
  const names: Scope = (name) => (given.has(name) ? given.get(name) : module(name));
  return once(context, definition.function, () => functionValue(body, Object.assign(names, { follow: module.follow })));
}

/** A function that calls itself gives nothing certain. */
function once(
  { trail }: LookUp,
  { path, line }: FunctionFact,
  find: () => StaticValue | undefined,
): StaticValue | undefined {
  const key = `${path}:${line}`;
  if (trail.has(key)) return undefined;
  trail.add(key);
  try {
    return find();
  } finally {
    trail.delete(key);
  }
}

function inheritedValue(context: LookUp, file: PythonFile, owner: ClassFact, name: string): StaticValue | undefined {
  const key = `${file.path}:${owner.name}.${name}`;
  if (context.trail.has(key)) return undefined;
  context.trail.add(key);
  for (const base of owner.bases) {
    const parent = context.project.resolve(file, base);
    const value = parent?.kind === "class" ? fieldValue(context, parent.file, parent.class, name) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/**
 * The names of a module and those that a function binds itself (`settings = get_settings()` in `create_app`), with what
 * functions of the project return, and for what the environment decides its default. Only plain assignments count, the first
 * of a name.
 */
export function functionScope(project: Project, file: PythonFile, within: FunctionFact | undefined): Scope {
  const context: LookUp = { project, follows: true, trail: new Set() };
  const module = scopeIn(context, file);
  if (!within) return module;
  const trail = new Set<string>();
  const names: Scope = (name) => {
    const [head = "", ...rest] = name.split(".");
    // A name that is given another value of itself means the one outside.
    if (trail.has(head)) return module(name);
    const bound = descendantsOfType(within.body, "assignment").find((node) => fieldOf(node, "left")?.text === head);
    const parameter = bound ? undefined : within.parameters.find((candidate) => candidate.name === head);
    if (parameter) return givenValue(context, file, parameter, rest);
    const value = bound && fieldOf(bound, "right");
    if (!value) return module(name);
    if (rest.length > 0) return memberOf(context, file, value, rest);
    trail.add(head);
    try {
      return evaluate(value, scope);
    } finally {
      trail.delete(head);
    }
  };
  const scope: Scope = Object.assign(names, { follow: module.follow });
  return scope;
}

/** The default of a parameter, or that of an attribute of the class that it is of. */
function givenValue(
  context: LookUp,
  file: PythonFile,
  { annotation, value }: ParameterFact,
  path: readonly string[],
): StaticValue | undefined {
  if (path.length === 0) return evaluate(value, scopeIn(context, file));
  const type = context.project.resolve(file, annotation.match(/\w+/)?.[0] ?? "");
  return type?.kind === "class" ? valueIn(context, type, path) : undefined;
}
