import type { Analysis } from "../analysis.ts";
import { originalName } from "../facts/imports.ts";
import type { ClassFact, FunctionFact, PythonFile } from "../facts/pythonFile.ts";
import { isOperational } from "../facts/routes.ts";
import { isSessionType, sessionUse } from "../facts/sessions.ts";
import { shortText } from "../facts/syntax.ts";
import { ancestorsOf } from "../facts/types.ts";
import type { Finding } from "../model.ts";
import type { Project } from "../project.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

/**
 * Data access goes through repositories: no endpoint and no service uses a session or builds
 * queries, and there is a repository Protocol (or abstract class) for the services to depend on.
 *
 * Allowed: commit, rollback and begin in a service, which item `transactions` judges, and a health
 * check that asks the database for a constant. Sessions are known by type and by customary name; one behind an
 * unusual name and without annotation is not seen.
 */
export const repository: Check = {
  id: "repository",
  title: "Repository pattern for data access",
  run: (analysis) => {
    const { project, models, migrations } = analysis;
    const findings = project.code.flatMap((file) => project.conclusions.aboutFile(findingsIn, analysis, file));
    const hasTables = models.tables.size + migrations.tables.size > 0;
    if (!hasTables && findings.length === 0) return notApplicable;
    const isPort = (fact: { readonly bases: readonly string[]; readonly name: string }) =>
      fact.bases.some((base) => base === "Protocol" || base === "ABC") &&
      /Repositor|Repo$|Dao$|Gateway$/.test(fact.name);
    const hasPort = project.code.some((file) => file.classes.some(isPort));
    return passUnless(hasPort || models.tables.size === 0 ? findings : [...findings, noPort(analysis)]);
  },
};

/** Routers wherever they stand, and services, are looked at. */
function findingsIn(analysis: Analysis, file: PythonFile): readonly Finding[] {
  if (analysis.endpointsOf(file).length === 0 && (file.layer !== "service" || isBelow(analysis.project, file)))
    return [];
  return [
    ...queryImports(file),
    ...queryCalls(file),
    ...sessionFindings(analysis, file),
    ...madeRepositories(analysis, file),
  ];
}

/**
 * What stands among the services and is none: the migrations of a database, and a module whose classes implement abstract ones
 * for storing, which is what a repository is, whatever the project calls it.
 */
function isBelow(project: Project, { path, classes }: PythonFile): boolean {
  if (/(^|[/_])(migrat(ions?|or)|alembic)([/_.]|$)/.test(path)) return true;
  const isAdapter = (fact: ClassFact) => {
    const ports = ancestorsOf(project, fact).filter(({ bases }) => bases.some((base) => /^(ABC|Protocol)$/.test(base)));
    return ports.some(({ name }) => storing.test(name));
  };
  return classes.some(isAdapter) && !classes.some(({ name }) => /(Service|UseCase|Manager)$/.test(name));
}

const storing = /(Stor(e|age)|Records?|Repository|Repo|Dao|Gateway|Persistence)(Port|Base|ABC|Interface)?$/;

const queryNames =
  /^(select|insert|update|delete|text|func|exists|join|outerjoin|and_|or_|literal_column|selectinload|joinedload|aliased)$/;

function queryImports(file: PythonFile): Finding[] {
  return file.imports
    .filter((fact) => queryPackages.test(fact.module) && queryNames.test(fact.name))
    .map((fact) => ({
      path: file.path,
      line: fact.line,
      message: `Imports ${fact.name} from ${fact.module}; build the query in a repository and call that.`,
    }));
}

const queryPackages = /^(sqlalchemy|sqlmodel|asyncpg|psycopg)\b/;

/** `sa.select(...)` */
function queryCalls(file: PythonFile): Finding[] {
  return file.calls
    .filter(({ receiver, method }) => {
      return receiver !== undefined && queryNames.test(method) && isQueryModule(file, receiver);
    })
    .map(({ path, line, node }) => ({
      path,
      line,
      message: `Builds a query: ${shortText(node)}; build it in a repository and call that.`,
    }));
}

function isQueryModule(file: PythonFile, name: string): boolean {
  const imported = file.imports.find((fact) => fact.bound === name);
  return imported?.name === "" && queryPackages.test(originalName(file.imports, name));
}

/** An endpoint that makes its repository binds itself to the one implementation. */
function madeRepositories({ project, endpointsOf }: Analysis, file: PythonFile): Finding[] {
  const handlers = new Set(endpointsOf(file).map(({ handler }) => handler));
  return [...handlers].flatMap((handler) =>
    handler.calls
      .filter(({ receiver, method }) => {
        const isRepository = /^[A-Z]\w*(Repository|Repo|Dao)$/.test(method);
        return isRepository && receiver === undefined && project.resolve(file, method)?.kind === "class";
      })
      .map(({ path, line, method }) => ({
        path,
        line,
        message: `${handler.name} makes a ${method} itself; let a dependency hand in the service that uses it.`,
      })),
  );
}

function sessionFindings(analysis: Analysis, file: PythonFile): Finding[] {
  const { project } = analysis;
  const calls = file.calls.filter((call) => {
    const use = sessionUse(project, call);
    const isQuery = use === "read" || use === "write" || (use === "control" && file.layer !== "service");
    return isQuery && !/text\(\s*["']SELECT 1["']\s*\)/i.test(call.node.text);
  });
  return [
    ...calls.map((call) => ({
      path: file.path,
      line: call.line,
      message: `Uses the session directly: ${shortText(call.node)}; move it to a repository.`,
    })),
    ...file.functions
      .filter((fact) => !calls.some((call) => call.within === fact))
      .flatMap((fact) => sessionParameters(analysis, file, fact)),
  ];
}

/** What builds the objects of the upper layers needs a session to do so. */
const providers = /^(get|make|build|create|provide)_\w*(service|repository|repo|uow|unit_of_work|session|db)s?$/;

/** A session that is only handed on binds the layer to the database as one that is used. */
function sessionParameters({ project, endpointsOf }: Analysis, file: PythonFile, fact: FunctionFact): Finding[] {
  const route = endpointsOf(file).find(({ handler }) => handler === fact);
  const isJudged = route ? !isOperational(route.path) : file.layer === "service" && !providers.test(fact.name);
  if (!isJudged) return [];
  return fact.parameters
    .filter(({ annotation }) => {
      return isSessionType(project, file, annotation) && !/Callable|factory|maker/i.test(annotation);
    })
    .map((parameter) => ({
      path: file.path,
      line: parameter.line,
      message: `${fact.name === "__init__" ? (fact.owner?.name ?? fact.name) : fact.name} takes a session (${parameter.name}); let it take a repository Protocol or a unit of work.`,
    }));
}

function noPort({ models }: Analysis): Finding {
  const [table] = models.tables.values();
  return {
    path: table?.span.path ?? "",
    line: table?.span.line ?? 1,
    message:
      "No repository Protocol; declare one an aggregate (find_by_id, find_all, create, update, delete) for the services to depend on.",
  };
}
