import type { Analysis } from "../analysis.ts";
import { codeDifference, sitesOfCode } from "../facts/errorCodes.ts";
import { errorResponseSites, httpExceptionSites } from "../facts/httpErrors.ts";
import { oncePerFile } from "../facts/oncePerFile.ts";
import type { CallFact, ExceptFact, FunctionFact, PythonFile } from "../facts/pythonFile.ts";
import { isOperational } from "../facts/routes.ts";
import {
  argumentsOf,
  descendants,
  descendantsOfType,
  dottedName,
  fieldOf,
  isCode,
  keywordArgument,
  lastName,
  positionalArguments,
  shortText,
} from "../facts/syntax.ts";
import type { Finding } from "../model.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

/**
 * Errors are answered in one place, as the error design says: handlers are registered for the
 * project's errors, for validation when the design gives it a shape and for the unexpected when the design has a 500;
 * every designed code stands in the code with its status; HTTPException is raised, and an error response built,
 * nowhere but beside the handlers; no `except` swallows, and no endpoint answers with what it caught. A catalogue of
 * classes (`errors.py`, `exceptions.py`) may derive them from HTTPException.
 *
 * What the handlers answer is not run. An error that is logged and not raised again counts as handled.
 */
export const errors: Check = {
  id: "errors",
  title: "Centralized error handling matching the error design",
  run: (analysis) => {
    const { project, routes } = analysis;
    if (project.code.length === 0) return notApplicable;
    const handlers = registeredHandlers(project);
    const central = new Set(handlers.map(({ call }) => call.path));
    const beside = project.code.filter((file) => !central.has(file.path));
    const findings = [
      ...project.code.flatMap((file) => project.conclusions.aboutFile(swallowed, analysis, file)),
      ...beside.flatMap((file) => project.conclusions.aboutFile(ownAnswers, analysis, file)),
      ...codeFindings(analysis),
      ...(routes.length > 0 ? handlerFindings(analysis, handlers) : []),
    ];
    return routes.length === 0 && project.spec.errors.codes.length === 0 && findings.length === 0
      ? notApplicable
      : passUnless(findings);
  },
};

interface Registration {
  readonly call: CallFact;
  /** The exception class or status number that is handled, as text. */
  readonly handles: string;
  /** False when the function that registers is never used. */
  readonly effective: boolean;
}

/** `app.add_exception_handler(X, h)`, `@app.exception_handler(X)` and `FastAPI(exception_handlers={X: h})` or whatever makes the application. */
function registeredHandlers(project: Project): Registration[] {
  const isUsed = (name: string) => project.code.some((file) => usedNames(file).has(name));
  return project.code
    .flatMap(registrationsIn)
    .map(({ call, handles }) => ({ call, handles, effective: isEffective(call.within, isUsed) }));
}

const registrationsIn = oncePerFile(({ calls }): readonly Omit<Registration, "effective">[] =>
  calls.flatMap((call) => handledBy(call).map((handles) => ({ call, handles }))),
);

function handledBy(call: CallFact): string[] {
  if (call.method === "add_exception_handler" || call.method === "exception_handler") {
    const handled = positionalArguments(call.node)[0] ?? keywordArgument(call.node, "exc_class_or_status_code");
    return handled ? [handled.text] : [];
  }
  return (handlerTable(call)?.children ?? []).flatMap((pair) =>
    pair.type === "pair" ? [pair.children[0]?.text ?? ""] : [],
  );
}

/** `exception_handlers={X: h}`, or an entry of that name among keyword arguments that are kept in a dictionary. */
function handlerTable({ node }: CallFact): PythonNode | undefined {
  const table = keywordArgument(node, "exception_handlers");
  if (table || !/["']exception_handlers["']/.test(node.text)) return table;
  const entries = argumentsOf(node).flatMap((argument) => descendantsOfType(argument, "pair"));
  const entry = entries.find((pair) => /^["']exception_handlers["']$/.test(fieldOf(pair, "key")?.text ?? ""));
  return entry && fieldOf(entry, "value");
}

/** Names that a file calls or passes on; a function that no name leads to never runs. */
const usedNames = oncePerFile(({ calls }): ReadonlySet<string> => {
  const passedOn = calls.flatMap(({ node }) =>
    argumentsOf(node).map((argument) => lastName(dottedName(argument) ?? "")),
  );
  return new Set([...calls.map(({ method }) => method), ...passedOn]);
});

function isEffective(within: FunctionFact | undefined, isUsed: (name: string) => boolean): boolean {
  return (
    within === undefined ||
    /^(main|create_app|get_app|build_app|make_app|app)$/.test(within.name) ||
    isUsed(within.name)
  );
}

function handlerFindings(analysis: Analysis, all: readonly Registration[]): Finding[] {
  const { project } = analysis;
  const idle = all.filter((handler) => !handler.effective);
  const handled = all.filter((handler) => handler.effective).map(({ handles }) => lastName(handles));
  const [unused] = idle;
  if (unused && handled.length === 0) {
    const name = unused.call.within?.name ?? "";
    return [
      {
        path: unused.call.path,
        line: unused.call.line,
        message: `${name} registers error handlers but is never called; call it where the application is built.`,
      },
    ];
  }
  const place = applicationPlace(analysis);
  const missing: string[] = [];
  if (!buildsApplication(project)) return [];
  if (handled.length === 0)
    missing.push(
      "No exception handler is registered; register one for the project's error class, for validation and for Exception.",
    );
  else missing.push(...uncovered(project, handled));
  return missing.map((message) => ({ ...place, message }));
}

function uncovered(project: Project, handled: readonly string[]): string[] {
  const { validation, codes } = project.spec.errors;
  const missing: string[] = [];
  if (validation && !handled.some((name) => /ValidationError$/.test(name))) {
    missing.push(
      "RequestValidationError has no handler, so validation faults leave FastAPI's own 422 body; register one that answers in the designed envelope.",
    );
  }
  const answersUnexpected = handled.some((name) => /^(Exception|500|HTTP_500\w*|INTERNAL_SERVER_ERROR)$/.test(name));
  if (codes.some((code) => code.status === 500) && !answersUnexpected && !hasCatchAllMiddleware(project)) {
    missing.push(
      "Exception has no handler, so unexpected errors leave as plain text; register one that answers with the designed 500 code.",
    );
  }
  return missing;
}

function hasCatchAllMiddleware(project: Project): boolean {
  return project.code.some((file) =>
    file.excepts.some(
      ({ caught, within }) => caught === "Exception" && /dispatch|middleware|__call__/.test(within?.name ?? ""),
    ),
  );
}

/** A package of routers leaves the handlers to the application that includes them. */
function buildsApplication(project: Project): boolean {
  return project.code.some((file) => file.calls.some(({ method }) => method === "FastAPI"));
}

function applicationPlace({ project, routes }: Analysis): { path: string; line: number } {
  for (const file of project.code) {
    const application = file.calls.find((call) => call.method === "FastAPI");
    if (application) return { path: file.path, line: application.line };
  }
  const [route] = routes;
  return { path: route?.handler.path ?? "", line: route?.line ?? 1 };
}

function codeFindings({ project, errorCodes }: Analysis): Finding[] {
  const catalogue = errorCodes.find((site) => site.declares) ?? errorCodes[0];
  return project.spec.errors.codes.flatMap((code): Finding[] => {
    const sites = sitesOfCode(errorCodes, code.name);
    const [first] = sites;
    const fallback = catalogue?.span ?? project.code[0];
    if (!first) {
      const place = { path: fallback?.path ?? "", line: catalogue?.span.line ?? 1 };
      return [
        {
          ...place,
          message: `Error code ${code.name} of the error design is missing; add it with status ${code.status ?? 500}.`,
        },
      ];
    }
    const differing = codeDifference(code, sites);
    if (!differing) return [];
    const { path, line } = differing.span;
    return [
      {
        path,
        line,
        message: `${code.name} has status ${differing.status}, the error design says ${code.status}; correct one of them.`,
      },
    ];
  });
}

function ownAnswers({ project, endpointsOf }: Analysis, file: PythonFile): readonly Finding[] {
  const own = endpointsOf(file);
  const isUpper = file.layer === "service" || own.length > 0;
  const isCatalogue = /(^|[/_])(errors?|exceptions?)(\/__init__)?\.py$/.test(file.path);
  const sites = httpExceptionSites(file).filter(({ node }) => !isCatalogue || node.parent?.type !== "class_definition");
  const exceptions = sites.map(({ path, line }) => ({
    path,
    line,
    message: "Raises HTTPException beside the central error handling; raise an error class of the catalogue.",
  }));
  const checks = own.filter(({ path }) => isOperational(path)).map(({ handler }) => handler.body);
  const responses = isUpper ? errorResponseSites(project, file) : [];
  return [
    ...exceptions,
    ...responses
      .filter(({ node }) => !checks.some((body) => holds(body, node)))
      .map(({ path, line, node }) => ({
        path,
        line,
        message: `${shortText(node)} answers with an error by hand; raise an error class of the catalogue.`,
      })),
  ];
}

function holds(outer: PythonNode, inner: PythonNode): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function swallowed({ endpointsOf }: Analysis, file: PythonFile): readonly Finding[] {
  const handlers = new Set(endpointsOf(file).map(({ handler }) => handler));
  const isForgotten = (fact: ExceptFact) => {
    const answers = fact.within && handlers.has(fact.within) && fact.body && answersItself(fact.body);
    return isSwallowing(fact) || (catchesAll(fact) && answers === true);
  };
  return [
    ...file.excepts.filter(isForgotten).map(({ path, line, caught }) => ({
      path,
      line,
      message: `except${caught === "" ? "" : ` ${caught}`} swallows every error; catch the one that is expected, or log and raise again.`,
    })),
    ...file.calls
      .filter(
        (call) =>
          call.method === "suppress" && argumentsOf(call.node).some((node) => /^(Base)?Exception$/.test(node.text)),
      )
      .map(({ path, line }) => ({
        path,
        line,
        message: "suppress(Exception) swallows every error; name the one that is expected.",
      })),
  ];
}

function catchesAll({ caught }: ExceptFact): boolean {
  return /^$|\b(Base)?Exception\b/.test(caught);
}

/** An endpoint that returns from the handler and never raises tells the client of success. */
function answersItself(body: PythonNode): boolean {
  const nodes = descendants(body);
  return nodes.some(({ type }) => type === "return_statement") && !nodes.some(({ type }) => type === "raise_statement");
}

const forgetting =
  /^(pass|continue|break|\.\.\.|print\(.*\)|traceback\.print_exc\(\)|return(\s+(None|False|\[\]|\{\}|""|\(\)))?)$/;

function isSwallowing(fact: ExceptFact): boolean {
  const statements = fact.body?.children.filter(isCode) ?? [];
  return catchesAll(fact) && statements.every((statement) => forgetting.test(statement.text));
}
