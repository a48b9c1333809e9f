import type { Definition, Project } from "../project.ts";
import type { ClassFact, PythonFile } from "./pythonFile.ts";
import { evaluate, type Scope, type StaticValue } from "./staticValue.ts";
import { calleeOf } from "./syntax.ts";

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
  const made = calleeOf(definition.value);
  const instanceOf = made === undefined ? undefined : context.project.resolve(definition.file, made);
  return instanceOf?.kind === "class" ? valueIn(context, instanceOf, path) : undefined;
}

function fieldValue(context: LookUp, file: PythonFile, owner: ClassFact, name: string): StaticValue | undefined {
  const field = owner.fields.find((candidate) => candidate.name === name);
  return evaluate(field?.value, (other) => {
    const sibling = owner.fields.find((candidate) => candidate.name === other);
    return sibling && sibling !== field ? fieldValue(context, file, owner, other) : lookUp(context, file, other);
  });
}
