import type { ApiPlan } from "./apiPlan.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import type { PythonImport } from "./plan.ts";
import { importsFrom, pythonModule, stringLiteral } from "./python.ts";
import type { Route } from "./routeOrder.ts";

/** Module of the router that keeps words of paths from being taken for keys; it is asked first. */
export const reservedModule = "reserved";

/** Whether there is such a router. */
export function hasReserved({ reserved, foreign }: Pick<ApiPlan, "reserved" | "foreign">): boolean {
  return reserved.length + foreign.length > 0;
}

/**
 * Routes for what another route would answer as if a word of the path were a key: endpoints that need detail say 501,
 * and methods that the path does not have 405.
 *
 * They stand in no document of the API and count as nothing: what is left out stays left out.
 */
export function reservedFiles(api: ApiPlan, errors: ErrorCatalogue): readonly GeneratedFile[] {
  const { notImplemented, methodNotAllowed } = errors;
  const { reserved, foreign } = api;
  if (!hasReserved(api) || (reserved.length > 0 && !notImplemented)) return [];
  const className = notImplemented?.className ?? "";
  const parts = [
    ...(reserved.length > 0 ? [undeterminedPart(reserved, className)] : []),
    ...(foreign.length > 0 ? [foreignPart(foreign, methodNotAllowed.className)] : []),
  ];
  const text = pythonModule({
    docstring: ["Words of paths that are not keys.", "", ...parts.map(({ says }) => says)].join("\n"),
    imports: [
      ...importsFrom("typing", "Final"),
      ...importsFrom("fastapi", "APIRouter"),
      ...parts.flatMap(({ imports }) => imports),
    ],
    body: ["router = APIRouter(include_in_schema=False)", ...parts.flatMap(({ body }) => body)],
  });
  return [{ path: `src/app/api/routers/${reservedModule}.py`, text, step: 5 }];
}

interface Part {
  /** For the module's docstring. */
  readonly says: string;
  readonly imports: readonly PythonImport[];
  readonly body: readonly string[];
}

function undeterminedPart(routes: readonly Route[], className: string): Part {
  return {
    says: "The design names some endpoints and does not determine them: take a line out when\nits endpoint is written.",
    imports: importsFrom("app.core.errors", className),
    body: [
      table("UNDETERMINED", routes),
      `async def refuse() -> None:\n    """Answer that there is no such endpoint yet."""\n    raise ${className}()`,
      loop("UNDETERMINED", "refuse"),
    ],
  };
}

function foreignPart(routes: readonly Route[], className: string): Part {
  return {
    says: "Other paths do not have some methods of the path of a row.",
    imports: importsFrom("app.core.errors", className),
    body: [
      table("FOREIGN_METHODS", routes),
      [
        "async def refuse_method() -> None:",
        '    """Answer that the path does not have the method."""',
        `    raise ${className}()`,
      ].join("\n"),
      loop("FOREIGN_METHODS", "refuse_method"),
    ],
  };
}

function table(name: string, routes: readonly Route[]): string {
  const rows = routes.map(({ method, path }) => `    (${stringLiteral(method)}, ${stringLiteral(path)}),`);
  return `${name}: Final = (\n${rows.join("\n")}\n)`;
}

function loop(name: string, handler: string): string {
  return `for method, path in ${name}:\n    router.add_api_route(path, ${handler}, methods=[method])`;
}
