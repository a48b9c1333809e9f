import type { GeneratedFile } from "../compilation.ts";
import type { ExistingProject } from "../existingProject.ts";
import { reservedModule } from "../reservedRoutes.ts";
import { indentationOf, insert } from "./insertions.ts";
import type { ProjectShape } from "./projectShape.ts";

/** What the files that take lines have to know of the new ones. */
export interface Wiring {
  readonly existing: ExistingProject;
  readonly shape: ProjectShape;
  readonly importName: (module: string) => string;
  readonly hasRoutes: boolean;
  readonly own: ReadonlySet<string>;
  readonly width: number;
}

/** One router for the application to include, whatever is behind it. */
export function routesFile(routers: readonly GeneratedFile[]): GeneratedFile {
  const names = routers.map(({ path }) => path.replace(/^.*\/(\w+)\.py$/, "$1")).sort();
  const text = [
    '"""Routes of the design beside those that the application had."""',
    "",
    "from fastapi import APIRouter",
    "",
    ...names.map((name) => `from app.api.routers.${name} import router as ${name}_router`),
    "",
    "router = APIRouter()",
    ...[...names]
      .sort((left, right) => Number(right === reservedModule) - Number(left === reservedModule))
      .map((name) => `router.include_router(${name}_router)`),
    "",
  ].join("\n");
  return { path: "src/app/api/design_routes.py", text, step: 5 };
}

/** Handlers come first, so that those of the project win; routers last, so that its routes do. */
export function application({ existing, shape, importName, hasRoutes, own, width }: Wiring): readonly GeneratedFile[] {
  const { path, variable, createdAt, includesUntil } = shape.application;
  const text = existing[path];
  if (text === undefined) return [];
  const pad = indentationOf(text, createdAt);
  const isWired = text.includes("import register_error_handlers");
  const includes = hasRoutes && !text.includes("import router as design_router");
  const handlers = isWired
    ? []
    : [`${pad}${variable}.add_middleware(CorrelationMiddleware)`, `${pad}register_error_handlers(${variable})`];
  const include = includes ? [`${pad}${variable}.include_router(design_router)`] : [];
  const imports = [
    ...(includes ? [`from ${importName("app.api.design_routes")} import router as design_router`] : []),
    ...(isWired
      ? []
      : [
          `from ${importName("app.core.correlation")} import CorrelationMiddleware`,
          `from ${importName("app.core.error_handlers")} import register_error_handlers`,
        ]),
  ];
  const lines =
    createdAt === includesUntil
      ? [{ after: createdAt, lines: [...handlers, ...include] }]
      : [
          { after: createdAt, lines: handlers },
          { after: includesUntil, lines: include },
        ];
  return [{ path, step: 7, text: insert(text, { lines, imports, own, width }) }];
}

/** Alembic compares with the tables that are imported where it runs. */
export function environment({
  existing,
  shape: { environment: path },
  importName,
  own,
  width,
}: Wiring): readonly GeneratedFile[] {
  const text = path === undefined ? undefined : existing[path];
  const module = importName("app.persistence.models");
  if (path === undefined || text === undefined || text.includes(`import ${module}`)) return [];
  const imports = [`import ${module}  # noqa: F401`];
  return [{ path, step: 2, text: insert(text, { lines: [], imports, own, width }) }];
}
