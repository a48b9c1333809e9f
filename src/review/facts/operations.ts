import type { PythonNode } from "../pythonParser.ts";
import { patternOf } from "./computedPlaces.ts";
import type { FunctionFact, PythonFile } from "./pythonFile.ts";
import { evaluate, evaluateString, evaluateStrings, type Scope } from "./staticValue.ts";
import { statusNumber } from "./statusNumber.ts";
import { argumentsOf, calledMethod, keywordArgument, lastName, positionalArguments } from "./syntax.ts";

/** One operation as its declaration says it; the path without the prefixes of routers. */
export interface Operation {
  readonly method: string;
  /** Parameters as written; empty where it is computed. */
  readonly path: string;
  /** What is certain of a path that only running it tells (see `patternOf`). */
  readonly computedPath?: string;
  readonly handler: FunctionFact;
  /** The decorator's call. */
  readonly declaration: PythonNode;
  /** Path of the file that it stands in. */
  readonly declaredIn: string;
  readonly line: number;
  /** Undefined when the handler answers with a response object of its own. */
  readonly status: number | undefined;
  readonly operationId: string | undefined;
  /** Left out of the published contract. */
  readonly hidden: boolean;
  /** Dependencies that applications, routers and the declaration add, outermost first. */
  readonly guards: readonly Guard[];
}

/** An expression that says dependencies, and the file that its names are of. */
export interface Guard {
  readonly path: string;
  readonly node: PythonNode;
}

/** What one declaration adds, `router.get(…)` or `router.add_api_route(…)`: one operation for each of its methods. */
export function operationsOf(
  { file, scope }: { readonly file: PythonFile; readonly scope: Scope },
  handler: FunctionFact,
  declaration: PythonNode,
): Operation[] {
  const verb = calledMethod(declaration) ?? "";
  const path = positionalArguments(declaration)[0] ?? keywordArgument(declaration, "path");
  const certain = evaluateString(path, scope);
  const computedPath = path && certain === undefined ? patternOf(path, scope) : undefined;
  return methodsOf(verb, methodNames(keywordArgument(declaration, "methods"), scope)).map((method) => ({
    method: method.toUpperCase(),
    path: certain ?? "",
    ...(computedPath !== undefined && { computedPath }),
    handler,
    declaration,
    declaredIn: file.path,
    line: declaration.line,
    status: statusOf(declaration, handler, scope),
    operationId: evaluateString(keywordArgument(declaration, "operation_id"), scope),
    hidden: isHidden(declaration),
    guards: guardsOf(file, declaration),
  }));
}

/** What `dependencies=` says; whatever is spread into the call may say some as well. */
export function guardsOf({ path }: PythonFile, call: PythonNode): Guard[] {
  const spread = argumentsOf(call).filter(({ type }) => type === "dictionary_splat");
  const given = keywordArgument(call, "dependencies");
  return [...(given ? [given] : []), ...spread].map((node) => ({ path, node }));
}

/** Left out of the published contract. */
export function isHidden(call: PythonNode): boolean {
  return keywordArgument(call, "include_in_schema")?.text === "False";
}

function methodsOf(verb: string, given: readonly string[]): readonly string[] {
  if (!/(api_route|Route)$/.test(verb)) return [verb];
  return given.length > 0 ? given : ["GET"];
}

/** Also `HTTPMethod.DELETE` of the standard library. */
function methodNames(given: PythonNode | undefined, scope: Scope): readonly string[] {
  const known = evaluateStrings(given, scope);
  if (known.length > 0) return known;
  return (given?.children ?? []).flatMap(
    (item) => /^(?:\w+\.)*HTTPMethod\.([A-Z]+)(?:\.value)?$/.exec(item.text)?.[1] ?? [],
  );
}

function statusOf(declaration: PythonNode, { returns, body }: FunctionFact, scope: Scope): number | undefined {
  const declared = keywordArgument(declaration, "status_code");
  const constant = declared && evaluate(declared, scope);
  if (declared) return typeof constant === "number" ? constant : statusNumber(declared);
  if (/Redirect/.test(keywordArgument(declaration, "response_class")?.text ?? "")) return undefined;
  const types = returns
    .replace(/["']/g, "")
    .split("|")
    .map((type) => lastName(type.trim()));
  const isOwn = (type: string) => ownResponse.test(type);
  if (!types.some(isOwn)) return 200;
  // Beside a model, a response of its own is for what goes wrong, unless it says that it is not.
  const answersOwn =
    types.every((type) => isOwn(type) || type === "None") || /status_code\s*=[^,)]*\b[23]\d\d/.test(body.text);
  return answersOwn ? undefined : 200;
}

/** Starlette's and what libraries derive from it; a model may be called `OrderResponse`. */
const ownResponse =
  /^((\w*JSON|HTML|PlainText|Redirect|Streaming|File|EventSource|XML|Template)Response|_?TemplateResponse|Response)$/;
