import type { DesignSpec } from "../../spec/model.ts";
import { buildableDesign } from "../buildableDesign.ts";
import type { Compilation, Decision, GeneratedFile } from "../compilation.ts";
import { generate, type PlannedBackend, planBackend } from "../compile.ts";
import { recordPath } from "../delta/designRecord.ts";
import { isRevision, revisionsFor } from "../delta/revisions.ts";
import { type ExistingProject, fitToProject, projectLineWidth } from "../existingProject.ts";
import { formatPython } from "../format.ts";
import type { AggregatePlan, BackendPlan } from "../plan.ts";
import { tableKey } from "../schemaText.ts";
import { stepOf } from "../steps.ts";
import { baseOnProject, databaseOnProject, mapOntoTable } from "./adapters.ts";
import { indentationOf, insert } from "./insertions.ts";
import { place } from "./placement.ts";
import type { ProjectShape } from "./projectShape.ts";

/**
 * Adds to a project that the engine did not write what it has not of the design, and nothing else.
 *
 * What stands is never rewritten: new code lies in files of its own, on the project's base, tables
 * and engine, and three places take lines: where the application is made, Alembic's environment, and
 * the lists of dependencies. The state of the code says what is missing, so no record is kept.
 */
export function compileInto(spec: DesignSpec, existing: ExistingProject, shape: ProjectShape): Compilation {
  const width = projectLineWidth(existing);
  const implemented = new Set(shape.implemented);
  const endpoints = spec.api.endpoints.filter(({ id }) => !implemented.has(id));
  const whole = planBackend({ ...spec, api: { ...spec.api, endpoints } });
  const declared = new Map(shape.models.map((model) => [model.table, model]));
  const missing = whole.plan.aggregates.filter(({ table }) => !declared.has(tableKey(table)));
  const complete = missing.length === 0 && endpoints.length === 0 && everyErrorStands(spec, implemented);
  if (complete) return { files: [], assumptions: [], needsDetail: whole.plan.needsDetail };
  const planned = withAggregates(whole, usedAggregates(whole, missing, width));
  const generated = generate(planned, width);
  const files = generated.files.filter(isWanted(existing, shape)).map((file) => adapted(file, planned, shape));
  const routers = files.filter(({ path }) => path.startsWith("src/app/api/routers/") && !path.endsWith("__init__.py"));
  if (routers.length > 0) files.push(routesFile(routers));
  const standing = new Set(Object.keys(existing));
  const { files: placed, importName } = place(files, shape, planned.plan.aggregates, standing);
  const revisions = revisionsFor({
    generated: generated.files.filter(isRevision),
    existing,
    lineWidth: width,
    before: standingPlan(whole, declared),
    after: buildable(whole.plan),
  });
  const own = ownNames(existing, placed);
  const tidied = (file: GeneratedFile): GeneratedFile =>
    file.path.endsWith(".py") && file.text !== "" ? { ...file, text: formatPython(file.text, width, [...own]) } : file;
  const wiring: Wiring = {
    existing,
    shape,
    importName,
    hasRoutes: routers.length > 0,
    own,
  };
  const touched = [...application(wiring), ...(missing.length > 0 ? environment(wiring) : [])];
  return {
    ...generated,
    files: [...placed.map(tidied), ...touched, ...revisions.files.map(tidied)]
      .flatMap((file) => fitToStanding(file, existing))
      .map((file) => ({ ...file, step: stepOf(file.path.replace(shape.folder, "src/app/")) })),
    decisions: [...revisions.decisions, ...differences(spec, implemented, declared)],
  };
}

/** Whether the project has Python of its own and none of the files that every project of the engine has. */
export function isForeign(existing: ExistingProject): boolean {
  const own = [recordPath, "src/app/persistence/unit_of_work.py"];
  return (
    own.every((path) => existing[path] === undefined) && Object.keys(existing).some((path) => path.endsWith(".py"))
  );
}

function everyErrorStands(spec: DesignSpec, implemented: ReadonlySet<string>): boolean {
  return spec.errors.codes.every(({ id }) => implemented.has(id));
}

function withAggregates(planned: PlannedBackend, aggregates: readonly AggregatePlan[]): PlannedBackend {
  return { ...planned, plan: { ...planned.plan, aggregates } };
}

function buildable(plan: BackendPlan): BackendPlan {
  return { ...plan, spec: buildableDesign(plan.spec).spec };
}

/** The missing tables, those that the missing endpoints are about, and what the code for them asks for. */
function usedAggregates(
  planned: PlannedBackend,
  missing: readonly AggregatePlan[],
  width: number,
): readonly AggregatePlan[] {
  const { aggregates } = planned.plan;
  const { files } = generate(planned, width);
  const ownText = ({ module, plural }: AggregatePlan): string =>
    files
      .filter(({ path }) => new RegExp(`/(?:${module}|routers/${plural})\\.py$`).test(path))
      .map(({ text }) => text)
      .join("\n");
  const targets = planned.operations.api.operations.flatMap(({ target }) => target?.className ?? []);
  const used = new Set(aggregates.filter((item) => missing.includes(item) || targets.includes(item.className)));
  for (const aggregate of used) {
    const text = ownText(aggregate);
    const names = ({ plural, module }: AggregatePlan) =>
      new RegExp(`\\buow\\.${plural}\\b|\\b(?:domain|models|repositories|schemas|services)\\.${module} import`).test(
        text,
      );
    for (const other of aggregates) if (names(other)) used.add(other);
  }
  const lookups = files.find(({ path }) => path.endsWith("/services/lookups.py"))?.text ?? "";
  return aggregates.filter((item) => used.has(item) || new RegExp(`\\buow\\.${item.plural}\\b`).test(lookups));
}

/** What the project has of its own kind: an application, settings of its tools, an environment for migrations. */
function isWanted(existing: ExistingProject, { environment }: ProjectShape): (file: GeneratedFile) => boolean {
  return (file) => {
    if (isRevision(file) || ["src/app/main.py", "src/app/core/logging.py", "README.md"].includes(file.path))
      return false;
    if (file.path === "pyproject.toml" || file.path === ".gitignore") return existing[file.path] !== undefined;
    return environment === undefined || !/^(?:alembic\.ini$|migrations\/)/.test(file.path);
  };
}

function adapted(
  file: GeneratedFile,
  { plan }: PlannedBackend,
  { base, engine, models, application: { path } }: ProjectShape,
): GeneratedFile {
  const module = /^src\/app\/persistence\/models\/(\w+)\.py$/.exec(file.path)?.[1];
  const aggregate = plan.aggregates.find((item) => item.module === module);
  const model = aggregate && models.find(({ table }) => table === tableKey(aggregate.table));
  if (model) return { ...file, text: mapOntoTable(file.text, model) };
  if (file.path === "src/app/persistence/base.py" && base) return { ...file, text: baseOnProject(file.text, base) };
  if (!engine) return file;
  if (file.path === "src/app/core/database.py")
    return { ...file, text: databaseOnProject(engine, path.endsWith(`${engine.module.replaceAll(".", "/")}.py`)) };
  if (file.path === "src/app/core/config.py")
    return { ...file, text: file.text.replace(/^ {4}database_url: .*\n/m, "") };
  return file.path === ".env.example" ? { ...file, text: file.text.replace(/^APP_DATABASE_URL=.*\n/m, "") } : file;
}

/** One router for the application to include, whatever is behind it. */
function routesFile(routers: readonly GeneratedFile[]): GeneratedFile {
  const names = routers.map(({ path }) => path.replace(/^.*\/(\w+)\.py$/, "$1")).sort();
  const text = [
    '"""Routes of the design beside those that the application had."""',
    "",
    "from fastapi import APIRouter",
    "",
    ...names.map((name) => `from app.api.routers.${name} import router as ${name}_router`),
    "",
    "router = APIRouter()",
    ...names.map((name) => `router.include_router(${name}_router)`),
    "",
  ].join("\n");
  return { path: "src/app/api/design_routes.py", text, step: 5 };
}

/** What the files that take lines have to know of the new ones. */
interface Wiring {
  readonly existing: ExistingProject;
  readonly shape: ProjectShape;
  readonly importName: (module: string) => string;
  readonly hasRoutes: boolean;
  readonly own: ReadonlySet<string>;
}

/** Handlers come first, so that those of the project win; routers last, so that its routes do. */
function application({ existing, shape, importName, hasRoutes, own }: Wiring): readonly GeneratedFile[] {
  const { path, variable, createdAt, includesUntil } = shape.application;
  const text = existing[path];
  if (text === undefined) return [];
  const pad = indentationOf(text, createdAt);
  const isWired = text.includes("import register_error_handlers");
  const handlers = isWired
    ? []
    : [`${pad}${variable}.add_middleware(CorrelationMiddleware)`, `${pad}register_error_handlers(${variable})`];
  const include = hasRoutes ? [`${pad}${variable}.include_router(design_router)`] : [];
  const imports = [
    ...(hasRoutes ? [`from ${importName("app.api.design_routes")} import router as design_router`] : []),
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
  return [{ path, step: 7, addsLines: true, text: insert(text, { lines, imports, own }) }];
}

/** Alembic compares with the tables that are imported where it runs. */
function environment({ existing, shape: { environment: path }, importName, own }: Wiring): readonly GeneratedFile[] {
  const text = path === undefined ? undefined : existing[path];
  const module = importName("app.persistence.models");
  if (path === undefined || text === undefined || text.includes(`import ${module}`)) return [];
  const imports = [`import ${module}  # noqa: F401`];
  return [{ path, step: 2, addsLines: true, text: insert(text, { lines: [], imports, own }) }];
}

/** Top-level names that the project's imports may begin with. */
function ownNames(existing: ExistingProject, placed: readonly GeneratedFile[]): ReadonlySet<string> {
  const paths = [...Object.keys(existing), ...placed.map(({ path }) => path)].filter((path) => path.endsWith(".py"));
  return new Set(
    paths.flatMap((path) => [path, path.replace(/^src\//, "")].map((each) => each.replace(/[/.].*$/, ""))),
  );
}

/** The database as the project's models have it: the tables that stand, as the design wants them. */
function standingPlan({ plan }: PlannedBackend, declared: ReadonlyMap<string, unknown>): BackendPlan {
  const { database } = plan.spec;
  const isDeclared = (table: string): boolean => declared.has(table);
  const tables = database.tables.filter((table) => isDeclared(tableKey(table)));
  const used = new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type.name)));
  const standing = {
    ...database,
    tables,
    enums: database.enums.filter(({ name }) => used.has(name)),
    indexes: database.indexes.filter(({ table }) => isDeclared(table)),
    policies: database.policies.filter(({ table }) => isDeclared(table)),
    statements: [],
  };
  return {
    ...buildable({ ...plan, spec: { ...plan.spec, database: standing } }),
    aggregates: plan.aggregates.filter(({ table }) => isDeclared(tableKey(table))),
  };
}

function fitToStanding(file: GeneratedFile, existing: ExistingProject): readonly GeneratedFile[] {
  if (file.path !== "pyproject.toml") return fitToProject(file, existing);
  const dependencies = /^dependencies = \[[\s\S]*?^\]/m.exec(file.text)?.[0] ?? "";
  return fitToProject({ ...file, text: `[project]\n${dependencies}\n` }, existing);
}

/** What stands and is not as designed is the team's to change. */
function differences(
  spec: DesignSpec,
  implemented: ReadonlySet<string>,
  declared: ReadonlyMap<string, { readonly module: string; readonly name: string }>,
): readonly Decision[] {
  return spec.database.tables.flatMap((table) => {
    const model = declared.get(tableKey(table));
    const indexes = spec.database.indexes.filter((index) => index.table === tableKey(table));
    const differing = [...table.columns, ...table.constraints, ...indexes].filter(({ id }) => !implemented.has(id));
    if (!model || differing.length === 0) return [];
    const names = differing.map(({ name }) => name).join(", ");
    return [
      {
        text: `${model.module}.${model.name} is not as designed in ${names}; change it and write the migration, it is left as it stands.`,
      },
    ];
  });
}
