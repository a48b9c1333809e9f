import type { Definition, Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { ClassFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import { evaluate, type Scope, type StaticValue } from "./staticValue.ts";
import { calleeOf, descendantsOfType, fieldOf, lastName, returnedBy } from "./syntax.ts";

/**
 * The names that are constant in a module: its own assignments, what it imports, members of
 * enumerations and class attributes, and the defaults of a settings object made at module level.
 */
export function moduleScope(project: Project, file: PythonFile): Scope {
  return (name) => lookUp({ project, trail: new Set() }, file, name);
}

interface LookUp {
  readonly project: Project;
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

function valueIn(context: LookUp, definition: Definition, path: readonly string[]): StaticValue | undefined {
  const [next] = path;
  if (definition.kind === "function") return undefined;
  if (definition.kind === "module") return next && lookUp(context, definition.file, path.join("."));
  if (definition.kind === "class") return next && fieldValue(context, definition.file, definition.class, next);
  if (next === undefined) return evaluate(definition.value, (name) => lookUp(context, definition.file, name));
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
  if (!field) return inheritedValue(context, file, owner, name);
  return evaluate(field?.value, (other) => {
    const sibling = owner.fields.find((candidate) => candidate.name === other);
    return sibling && sibling !== field ? fieldValue(context, file, owner, other) : lookUp(context, file, other);
  });
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
 * The names of a module, those that a function binds itself (`settings = get_settings()` in `create_app`), and for what
 * the environment decides its default. Only plain assignments count, the first of a name.
 */
export function functionScope(project: Project, file: PythonFile, within: FunctionFact | undefined): Scope {
  const module: Scope = (name) => moduleScope(project, file)(name) ?? defaultOf(project, file, name);
  if (!within) return module;
  return (name) => {
    const [head = "", ...rest] = name.split(".");
    const bound = descendantsOfType(within.body, "assignment").find((node) => fieldOf(node, "left")?.text === head);
    const value = bound && fieldOf(bound, "right");
    if (!value) return module(name);
    const context = { project, trail: new Set<string>() };
    return rest.length === 0 ? evaluate(value, module) : memberOf(context, file, value, rest);
  };
}

const configured =
  /\b(?:config|getenv|environ\.get|env(?:\.str)?)\(\s*["']\w+["']\s*,\s*(?:default\s*=\s*)?["']([^"'{}]*)["']\s*\)(\.strip\(["']\/["']\))?$/;

/** `PREFIX = os.getenv("PREFIX", "/api")`. */
function defaultOf(project: Project, file: PythonFile, name: string): string | undefined {
  const definition = project.resolve(file, name);
  const match = definition?.kind === "assignment" ? configured.exec(definition.value.text) : null;
  return match?.[2] === undefined ? match?.[1] : match[1]?.replace(/^\/+|\/+$/g, "");
}
