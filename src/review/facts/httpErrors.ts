import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { originalName } from "./imports.ts";
import type { CallFact, PythonFile } from "./pythonFile.ts";
import { statusNumber } from "./statusNumber.ts";
import { descendantsOfType, dottedName, fieldOf, keywordArgument, lastName, positionalArguments } from "./syntax.ts";

/** A place where code answers a request with an error by itself. */
export interface HttpErrorSite {
  readonly path: string;
  readonly line: number;
  readonly node: PythonNode;
}

const exceptionClass = /^(Starlette)?HTTPException$/;
const webPackages = /^(fastapi|starlette)\b/;

/** Where HTTPException is made or raised, whatever name it was imported under; classes derived from it included. */
export function httpExceptionSites(file: PythonFile): HttpErrorSite[] {
  const isHttpException = (dotted: string) => {
    const original = originalName(file.imports, dotted);
    if (!exceptionClass.test(lastName(original)) || isDescription(file, dotted)) return false;
    return original === dotted || webPackages.test(original) || !/^[\w.]+\.exceptions?$/.test(original);
  };
  const made = file.calls
    .filter((call) => isHttpException(calleeName(call)) && !isRedirect(call))
    .map(({ path, line, node }) => ({ path, line, node }));
  const raised = file.raises
    .filter(({ node }) => {
      const what = node.children[0];
      return what !== undefined && what.type !== "call" && isHttpException(dottedName(what) ?? "");
    })
    .map(({ path, line, node }) => ({ path, line, node }));
  const derived = file.classes
    .filter((fact) => fact.bases.some((base) => isHttpException(base)))
    .map(({ path, line, body }) => ({ path, line, node: body }));
  return [...made, ...raised, ...derived];
}

/** A model of the file's own that only bears the name, to describe the body of errors. */
function isDescription({ classes }: PythonFile, name: string): boolean {
  return classes.some((fact) => fact.name === name && !fact.bases.some((base) => /(Exception|Error)$/.test(base)));
}

/** Old applications redirect by raising. */
function isRedirect({ node }: CallFact): boolean {
  const status = keywordArgument(node, "status_code") ?? positionalArguments(node)[0];
  return status !== undefined && (statusNumber(status) ?? 400) < 400;
}

function calleeName({ receiver, method }: CallFact): string {
  return receiver === undefined ? method : `${receiver}.${method}`;
}

/** Responses with an error status, and error statuses set on the response that the framework sends. */
export function errorResponseSites(project: Project, file: PythonFile): HttpErrorSite[] {
  const responses = file.calls.filter((call) => isErrorResponse(project, file, call));
  const statuses = descendantsOfType(file.root, "assignment").filter((node) => {
    const target = dottedName(fieldOf(node, "left")) ?? "";
    return /(^|_)resp(onse)?\.status_code$/.test(target) && isErrorStatus(fieldOf(node, "right"));
  });
  return [...responses, ...statuses.map((node) => ({ path: file.path, line: node.line, node }))];
}

function isErrorResponse(project: Project, file: PythonFile, call: CallFact): boolean {
  if (call.receiver !== undefined || !/^(\w*Response)$/.test(call.method)) return false;
  const original = originalName(file.imports, call.method);
  const isMiddleware = /^(dispatch|__call__)$|middleware/i.test(call.within?.name ?? "");
  if (isMiddleware || call.within?.decorators.some(({ text }) => /middleware|exception_handler/.test(text)))
    return false;
  if (project.resolve(file, call.method)?.kind === "class" || !webPackages.test(original)) return false;
  const position = lastName(original) === "RedirectResponse" ? undefined : positionalArguments(call.node)[1];
  return isErrorStatus(keywordArgument(call.node, "status_code") ?? position);
}

function isErrorStatus(node: PythonNode | undefined): boolean {
  const status = node && statusNumber(node);
  return status !== undefined && status >= 400 && status < 600;
}
