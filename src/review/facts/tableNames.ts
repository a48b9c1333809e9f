import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { ClassFact, FieldFact, PythonFile } from "./pythonFile.ts";
import { moduleScope } from "./scopes.ts";
import { evaluate, evaluateString, type Scope } from "./staticValue.ts";
import { calledMethod, calleeOf, descendantsOfType, returnedBy } from "./syntax.ts";
import { ancestorsOf } from "./types.ts";

/** The table that a class is mapped to; undefined for a class that is not mapped. */
export function tableNameOf(project: Project, file: PythonFile, fact: ClassFact): string | undefined {
  const declared = fact.fields.find((field) => field.name === "__tablename__")?.value;
  if (declared) return evaluateString(declared, moduleScope(project, file));
  if (isSharedBase(fact)) return undefined;
  if (/\btable=True\b/.test(fact.keywords)) return derivedTableName(project, fact) ?? fact.name.toLowerCase();
  return fieldsOf(fact).some(isColumn) ? derivedTableName(project, fact) : undefined;
}

function isColumn({ value, annotation }: FieldFact): boolean {
  return /^(mapped_column|Column)$/.test(calledMethod(value) ?? "") || /\bMapped\[/.test(annotation);
}

/** A class that only lends to others: `DeclarativeBase` itself, and what says to be abstract. */
function isSharedBase({ fields, bases }: ClassFact): boolean {
  const isAbstract = fields.some(({ name, value }) => name === "__abstract__" && value?.text === "True");
  return isAbstract || bases.some((base) => /^(DeclarativeBase|DeclarativeBaseNoMeta|AsyncAttrs)$/.test(base));
}

/** The attributes of a class, and those that `declared_attr` methods return. */
export function fieldsOf(fact: ClassFact): readonly FieldFact[] {
  const declared = fact.methods
    .filter(({ decorators }) => decorators.some(({ text }) => /\bdeclared_attr\b/.test(text)))
    .map(({ name, returns, body, line }) => ({
      name,
      annotation: returns,
      annotationNode: undefined,
      value: returnedBy(body),
      line,
    }));
  return [...fact.fields, ...declared];
}

/**
 * The name of a table that a base class makes out of the name of the model: `__tablename__` as a method, marked
 * `declared_attr` or not. Undefined where no class above has one.
 */
function derivedTableName(project: Project, fact: ClassFact): string | undefined {
  const method = [fact, ...ancestorsOf(project, fact)]
    .flatMap(({ methods }) => methods)
    .find(({ name }) => name === "__tablename__");
  const returned = method && returnedBy(method.body);
  if (!method || !returned) return undefined;
  const owner = project.fileOf(method);
  const names: Scope = (name) => (/^\w+\.__name__$/.test(name) ? fact.name : moduleScope(project, owner)(name));
  const value = evaluate(returned, names);
  if (typeof value === "string") return value;
  return returned.text.includes("__name__") ? caseOf(project, owner, returned, fact.name) : undefined;
}

/**
 * What cannot be evaluated is a conversion of the class's name, by a regular expression mostly: underscores before
 * capitals where the code speaks of an underscore or of snake case, else small letters. A text around the call stays.
 */
function caseOf(project: Project, file: PythonFile, node: PythonNode, name: string): string {
  const called = descendantsOfType(node, "call").concat(node.type === "call" ? [node] : []);
  const definitions = called.flatMap((call) => {
    const definition = project.resolve(file, calleeOf(call)?.split(".")[0] ?? "");
    return definition?.kind === "function" ? definition.function.body.text : [];
  });
  const text = [node.text, ...definitions].join(" ");
  const isSnake = /["']_["']|_\\[1g]|\\1_|snake|underscore/i.test(text);
  const isPlural = /plural/i.test(text) || (node.type === "binary_operator" && /["']s["']$/.test(node.text));
  const base = isSnake ? name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "_") : name;
  return `${base.toLowerCase()}${isPlural ? "s" : ""}`;
}
