import type { ApiPlan } from "./apiPlan.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { importsFrom, pythonModule, stringLiteral } from "./python.ts";

/** Module of the router that keeps undetermined paths from being taken for keys; it is asked first. */
export const reservedModule = "reserved";

/**
 * Routes for endpoints that need detail and that another route would answer as if a word of the path were a key.
 *
 * They say 501, stand in no document of the API and count as nothing: what is left out stays left out.
 */
export function reservedFiles({ reserved }: ApiPlan, { notImplemented }: ErrorCatalogue): readonly GeneratedFile[] {
  if (reserved.length === 0 || !notImplemented) return [];
  const rows = reserved.map(({ method, path }) => `    (${stringLiteral(method)}, ${stringLiteral(path)}),`);
  const text = pythonModule({
    docstring: [
      "Endpoints that the design names and does not determine.",
      "",
      "Without these routes a word of their paths would be taken for the key of a row. Take a line",
      "out when its endpoint is written.",
    ].join("\n"),
    imports: [
      ...importsFrom("typing", "Final"),
      ...importsFrom("fastapi", "APIRouter"),
      ...importsFrom("app.core.errors", notImplemented.className),
    ],
    body: [
      `router = APIRouter(include_in_schema=False)\n\nRESERVED: Final = (\n${rows.join("\n")}\n)`,
      [
        "async def refuse() -> None:",
        '    """Answer that there is no such endpoint yet."""',
        `    raise ${notImplemented.className}()`,
      ].join("\n"),
      "for method, path in RESERVED:\n    router.add_api_route(path, refuse, methods=[method])",
    ],
  });
  return [{ path: `src/app/api/routers/${reservedModule}.py`, text, step: 5 }];
}
