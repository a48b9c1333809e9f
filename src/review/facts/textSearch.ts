import type { PythonNode } from "../pythonParser.ts";
import type { CallFact, FunctionFact } from "./pythonFile.ts";
import type { Scope } from "./staticValue.ts";
import { descendants, isCode } from "./syntax.ts";

/** An expression that puts text together at run time, and how. */
export interface DynamicText {
  readonly how: "an f-string" | "string concatenation" | "% formatting" | ".format()" | "join()" | "a template";
  readonly node: PythonNode;
  readonly path: string;
}

/** Where an expression stands, and how calls in it are followed. */
export interface TextPlace {
  readonly path: string;
  readonly within: FunctionFact | undefined;
  /** The names that are constant in a file. */
  readonly scopeOf: (path: string) => Scope;
  readonly targetsOf: (call: CallFact) => readonly FunctionFact[];
  readonly callersOf: (fact: FunctionFact) => readonly CallFact[];
  readonly isMigration: (path: string) => boolean;
  /** The function around an inner one. */
  readonly outerOf: (fact: FunctionFact) => FunctionFact | undefined;
  /** Whether a name means an enumeration of the project. */
  readonly isEnumeration: (path: string, name: string) => boolean;
  /** How a class that a name means, or one that it inherits from, annotates a field. */
  readonly fieldTypeOf: (
    path: string,
    name: string,
    field: string,
  ) => { readonly path: string; readonly annotation: string } | undefined;
  /** How a model of requests that a name means, or one that it inherits from, annotates a field. */
  readonly requestFieldOf: (path: string, name: string, field: string) => string | undefined;
  /** What a name of the module, also an imported one, is assigned. */
  readonly assignmentOf: (
    path: string,
    name: string,
  ) => { readonly path: string; readonly value: PythonNode } | undefined;
}

/** A search for text that is put together, somewhere on its way through the functions. */
export interface Search extends TextPlace {
  readonly scope: Scope;
  /** How many functions have been gone into. */
  readonly depth: number;
  /** Local variables being followed, so that `sql = sql + x` ends. */
  readonly seen: Set<string>;
  /** The text in an expression, of which the search is a part. */
  readonly find: (context: Search, node: PythonNode) => DynamicText | undefined;
}

/** Functions that are gone into at most, one within the other. */
export const mostFunctions = 4;

/** The first of what the functions return, that the call can run, in which something is found. */
export function firstReturned<R>(
  context: Search,
  node: PythonNode,
  find: (inside: Search, value: PythonNode, target: FunctionFact) => R | undefined,
): R | undefined {
  if (context.depth >= mostFunctions) return undefined;
  return first(targetsOf(context, node), (target) => {
    const { path } = target;
    const scope = context.scopeOf(path);
    const inside = { ...context, path, within: target, scope, depth: context.depth + 1, seen: new Set<string>() };
    const returned = descendants(target.body).filter(({ type }) => type === "return_statement");
    return first(returned, (statement) =>
      first(statement.children.filter(isCode), (value) => find(inside, value, target)),
    );
  });
}

export function targetsOf({ within, targetsOf }: Search, node: PythonNode): readonly FunctionFact[] {
  const call = within?.calls.find((candidate) => candidate.node === node);
  return call ? targetsOf(call) : [];
}

export function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
