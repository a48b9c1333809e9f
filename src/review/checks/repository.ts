import type { Analysis } from "../analysis.ts";
import type { FunctionFact, PythonFile } from "../facts/pythonFile.ts";
import { isSessionType, sessionUse } from "../facts/sessions.ts";
import { shortText } from "../facts/syntax.ts";
import { expandType } from "../facts/types.ts";
import type { Finding } from "../model.ts";
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
    const upper = upperLayers(analysis);
    const findings = upper.flatMap((file) => [...queryImports(file), ...sessionFindings(analysis, file)]);
    const hasTables = models.tables.size + migrations.tables.size > 0;
    if (!hasTables && findings.length === 0) return notApplicable;
    const isPort = (fact: { readonly bases: readonly string[]; readonly name: string }) =>
      fact.bases.some((base) => base === "Protocol" || base === "ABC") &&
      /Repositor|Repo$|Dao$|Gateway$/.test(fact.name);
    const hasPort = project.code.some((file) => file.classes.some(isPort));
    return passUnless(hasPort || models.tables.size === 0 ? findings : [...findings, noPort(analysis)]);
  },
};

/** Routers wherever they stand, and services. */
function upperLayers({ project, routes }: Analysis): readonly PythonFile[] {
  const routers = new Set(routes.map((route) => route.handler.path));
  return project.code.filter((file) => routers.has(file.path) || file.layer === "service");
}

const queryNames =
  /^(select|insert|update|delete|text|func|exists|join|outerjoin|and_|or_|literal_column|selectinload|joinedload|aliased)$/;

function queryImports(file: PythonFile): Finding[] {
  return file.imports
    .filter((fact) => /^(sqlalchemy|sqlmodel|asyncpg|psycopg)\b/.test(fact.module) && queryNames.test(fact.name))
    .map((fact) => ({
      path: file.path,
      line: fact.line,
      message: `Imports ${fact.name} from ${fact.module}; build the query in a repository and call that.`,
    }));
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
    ...file.functions.flatMap((fact) => sessionParameters(analysis, file, fact)),
  ];
}

/** Only where no call is reported: one place is enough to find the fault. */
function sessionParameters({ project }: Analysis, file: PythonFile, fact: FunctionFact): Finding[] {
  if (file.layer !== "service" || fact.name !== "__init__") return [];
  return fact.parameters
    .filter(
      (parameter) =>
        isSessionType(expandType(project, file, parameter.annotation)) &&
        !/Callable|factory/i.test(parameter.annotation),
    )
    .map((parameter) => ({
      path: file.path,
      line: parameter.line,
      message: `${fact.owner?.name ?? fact.name} takes a session (${parameter.name}); let it take a repository Protocol or a unit of work.`,
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
