import type { Analysis } from "../analysis.ts";
import { httpExceptionSites } from "../facts/httpErrors.ts";
import { originalName } from "../facts/imports.ts";
import type { CallFact, ClassFact, FunctionFact, PythonFile } from "../facts/pythonFile.ts";
import { isOperational, type Route } from "../facts/routes.ts";
import { sessionUse } from "../facts/sessions.ts";
import { argumentsOf, dottedName, lastName } from "../facts/syntax.ts";
import { expandType, namesIn } from "../facts/types.ts";
import type { Finding } from "../model.ts";
import type { Project } from "../project.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

/**
 * Business logic stands in services: every endpoint that reaches data calls a service, none calls a
 * repository, and nothing below the API layer raises HTTPException or knows request, response and Depends.
 *
 * A service is a class named so, or code in a folder named so. An endpoint that answers from
 * constants alone needs none, nor does a health check. How much logic an endpoint holds beside the call is not measured.
 */
export const service: Check = {
  id: "service",
  title: "Service layer for business logic",
  run: (analysis) => {
    const { project, routes } = analysis;
    if (routes.length === 0) return notApplicable;
    return passUnless(project.code.flatMap((file) => project.conclusions.aboutFile(findingsIn, analysis, file)));
  },
};

function findingsIn(analysis: Analysis, file: PythonFile): readonly Finding[] {
  const endpoints = analysis.endpointsOf(file);
  if (endpoints.length === 0) return isBelowApi(file) ? httpFindings(file) : [];
  const handlers = new Map(endpoints.map((route) => [route.handler, route]));
  return [...handlers.values()].flatMap((route) => endpointFindings(analysis, route));
}

/** What hands the objects of the lower layers to FastAPI must know both. */
const wiring = /(^|[/_])(dependenc(y|ies)|deps|providers?|container)(\.py$|\/)/;

function isBelowApi(file: PythonFile): boolean {
  if (wiring.test(file.path)) return false;
  return file.layer === "service" || file.layer === "persistence" || file.layer === "domain";
}

function httpFindings(file: PythonFile): Finding[] {
  const exceptions = httpExceptionSites(file).map(({ path, line }) => ({
    path,
    line,
    message: "Raises HTTPException below the API layer; raise an error of the catalogue and let the handler answer.",
  }));
  const imports = file.imports
    .filter(({ module, name }) => /^(fastapi|starlette)\b/.test(module) && webNames.test(name))
    .map(({ line, module, name }) => ({
      path: file.path,
      line,
      message: `Imports ${name} from ${module} below the API layer; let the endpoint deal with HTTP and hand in plain values.`,
    }));
  return [...exceptions, ...imports];
}

const webNames = /^(Request|Depends|Security|BackgroundTasks|\w*Response)$/;

function endpointFindings(analysis: Analysis, { handler, path: route }: Route): Finding[] {
  const repositoryCalls = handler.calls
    .flatMap((call) => [call, ...handedOn(call)])
    .filter((call) => isOn(analysis, call, repositoryNames, repositoryTypes) && !isServiceOfModule(analysis, call));
  if (repositoryCalls.length > 0) {
    return repositoryCalls.map((call) => ({
      path: handler.path,
      line: call.line,
      message: `${handler.name} calls ${call.receiver}.${call.method} itself; put a service method between endpoint and repository.`,
    }));
  }
  const calls = withHelpers(analysis, handler);
  if (isOperational(route) || callsService(analysis, calls) || !reachesData(analysis, calls)) return [];
  const { path, line, name } = handler;
  return [{ path, line, message: `${name} calls no service; move its work to a service method and call that.` }];
}

/** `crud.Orders().place(…)`: a class behind the name of a repository that reaches data only through others is a service. */
function isServiceOfModule({ project, endpointsOf }: Analysis, { receiver, method }: CallFact): boolean {
  if (receiver === undefined || !/(^|\.)crud$/.test(receiver)) return false;
  const classes = (project.classes.get(method) ?? []).filter((fact) => {
    return `.${project.fileOf(fact).module}.`.includes(`.${receiver}.`) && endpointsOf(fact).length === 0;
  });
  return (
    classes.length > 0 &&
    classes.every(({ methods }) => {
      const calls = methods.flatMap((own) => own.calls);
      return calls.length > 0 && !calls.some((call) => sessionUse(project, call) !== undefined);
    })
  );
}

/** The calls of an endpoint and of the functions beside it that it shares with others. */
function withHelpers({ receivers }: Analysis, handler: FunctionFact): readonly CallFact[] {
  const reached = new Set([handler]);
  for (const fact of reached) {
    for (const target of fact.calls.flatMap((call) => receivers.targetsOf(call))) {
      if (target.path === handler.path) reached.add(target);
    }
  }
  return [...reached].flatMap(({ calls }) => calls);
}

/** `tasks.add_task(repository.delete, id)` calls it as well, only later. */
function handedOn(call: CallFact): CallFact[] {
  if (!/^(add_task|create_task|ensure_future|run_in_threadpool|to_thread|submit|partial|map)$/.test(call.method))
    return [];
  return argumentsOf(call.node).flatMap((node) => {
    const name = node.type === "attribute" ? dottedName(node) : undefined;
    if (name === undefined) return [];
    return [{ ...call, receiver: name.slice(0, name.lastIndexOf(".")), method: lastName(name) }];
  });
}

const repositoryNames = /^_?(\w*repo|\w*repository|repos|repositories|uow|unit_of_work|dao|crud)$/i;
const repositoryTypes = /(Repositor(y|ies)|Repo|UnitOfWork|Dao)$/;
/** `self.repos.recipes`, `uow.orders` */
const groups = /(^|\.)_?(repos|repositories|uow|unit_of_work)\./;
/** `app.state.services.orders`: whatever a container of services holds. */
const serviceGroups = /(^|\.)_?services\./;
const serviceNames = /(^|_)(service|use_?case|handler|interactor|manager|backend)s?$/i;
const serviceTypes = /(Service|UseCase|Interactor|Handler|Manager|Backend)$/;

function isOn({ project, receivers }: Analysis, call: CallFact, names: RegExp, types: RegExp): boolean {
  const { receiver, within } = call;
  if (receiver === undefined || !within) return false;
  const module = project.resolve(project.fileOf(within), receiver);
  if (module?.kind === "module" && module.file.layer === "service") return names === serviceNames;
  if (names === serviceNames && serviceGroups.test(receiver)) return true;
  if (names.test(lastName(receiver)) || groups.test(receiver)) return true;
  const parameter = within.parameters.find((candidate) => candidate.name === receiver.split(".")[0]);
  const annotation = parameter ? expandType(project, project.fileOf(within), parameter.annotation) : "";
  if (!receiver.includes(".") && namesIn(annotation).some((name) => types.test(name))) return true;
  return receivers.classesOf(within, receiver).some((fact) => types.test(fact.name));
}

function callsService(analysis: Analysis, calls: readonly CallFact[]): boolean {
  return calls.some(
    (call) =>
      isOn(analysis, call, serviceNames, serviceTypes) ||
      isServiceFunction(analysis.project, call) ||
      isServiceOfModule(analysis, call) ||
      isServiceByRole(analysis, call),
  );
}

/**
 * Whatever a service is called, it stands in a module of its own between endpoint and repository and reaches data
 * through others; what only uses the session itself is a repository, and a router's own function is part of the endpoint.
 */
function isServiceByRole(analysis: Analysis, call: CallFact): boolean {
  const { project, receivers, databaseCalls } = analysis;
  return receivers.targetsOf(call).some((target) => {
    const { path, owner, calls } = target;
    const file = project.fileOf(target);
    if (analysis.endpointsOf({ path }).length > 0 || file.layer === "persistence") return false;
    if (repositoryTypes.test(owner?.name ?? "")) return false;
    if (calls.some((inner) => sessionUse(project, inner)) && !holdsRules(project, file)) return false;
    return calls.some((inner) => databaseCalls.effectOf(inner) !== undefined);
  });
}

/** Functions that refuse what the rules forbid, and write the rest, are business logic; a row that loads itself is not. */
function holdsRules(project: Project, { functions, layer }: PythonFile): boolean {
  if (layer === "core" || layer === "api") return false;
  return functions.some(({ owner, raises, calls }) => {
    const refuses = raises.some(({ exception }) => exception !== "" && exception !== "NotImplementedError");
    const isOfRow = owner !== undefined && (/(Mixin|Base|Model)$/.test(owner.name) || loadsItself(owner));
    return !isOfRow && refuses && calls.some((call) => sessionUse(project, call) !== undefined);
  });
}

function loadsItself({ fields }: ClassFact): boolean {
  return fields.some(
    ({ name, value }) => name === "__tablename__" || /^(mapped_column|Column)\(/.test(value?.text ?? ""),
  );
}

function isServiceFunction(project: Project, call: CallFact): boolean {
  const file = project.fileOf(call);
  const definition = project.resolve(file, call.receiver?.split(".")[0] ?? call.method);
  return definition !== undefined && definition.file.layer === "service";
}

/** What the database trace knows, and what is asked of another server by hand; a queue or a cache needs no service. */
function reachesData({ project, databaseCalls }: Analysis, calls: readonly CallFact[]): boolean {
  return calls.some((call) => {
    if (/SELECT 1/i.test(call.node.text)) return false;
    return databaseCalls.effectOf(call) !== undefined || asksServer(project, call);
  });
}

function asksServer(project: Project, { receiver, within }: CallFact): boolean {
  const parameter = within?.parameters.find(({ name }) => name === receiver);
  if (!parameter || !within) return false;
  const origin = originalName(project.fileOf(within).imports, parameter.annotation.match(/[\w.]*Client\w*/)?.[0] ?? "");
  return /^(httpx|aiohttp|requests)\./.test(origin);
}
