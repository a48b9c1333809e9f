import type { DesignSpec } from "../../spec/model.ts";
import type { Compilation, Decision, GeneratedFile } from "../compilation.ts";
import { generate, type PlannedBackend, planBackend } from "../compile.ts";
import { buildable, migratedDesign, planAgain } from "../delta/compileChange.ts";
import { type DesignRecord, recordPath, textHash, writeRecord } from "../delta/designRecord.ts";
import { isRevision, type Revisions, revisionsFor } from "../delta/revisions.ts";
import { type ExistingProject, fitToProject, keptByHand, projectLineWidth } from "../existingProject.ts";
import { formatPython } from "../format.ts";
import type { AggregatePlan, BackendPlan } from "../plan.ts";
import { tableKey } from "../schemaText.ts";
import { stepOf } from "../steps.ts";
import { baseOnProject, databaseOnProject, mapOntoTable } from "./adapters.ts";
import { indentationOf, insert } from "./insertions.ts";
import { place } from "./placement.ts";
import type { ApplicationShape, ProjectShape } from "./projectShape.ts";

/**
 * Adds to a project that the engine did not write what it has not of the design, and nothing else.
 *
 * What stands is never rewritten: new code lies in files of its own, on the project's base, tables
 * and engine, and three places take lines: where the application is made, Alembic's environment, and
 * the lists of dependencies.
 */
export function compileInto(spec: DesignSpec, existing: ExistingProject, shape: ProjectShape): Compilation {
  const implemented = new Set(shape.implemented);
  const isComplete = [...spec.api.endpoints, ...spec.errors.codes].every(({ id }) => implemented.has(id));
  const declared = new Set(shape.models.map(({ table }) => table));
  if (isComplete && spec.database.tables.every((table) => declared.has(tableKey(table)))) {
    return { files: [], assumptions: [], needsDetail: [] };
  }
  const added = additions({ spec, existing, shape });
  return { ...added.compilation, files: finishedFiles(added, { spec, existing, shape }) };
}

/**
 * The same for a project that the engine has added to before: its own files are merged with what was
 * made of them, as `compileChange` does. `application` is where the application is made by now.
 */
export function compileIntoAgain(
  spec: DesignSpec,
  existing: ExistingProject,
  record: DesignRecord & { readonly shape: ProjectShape },
  application: ApplicationShape = record.shape.application,
): Compilation {
  const shape = { ...record.shape, application };
  const begun = Object.fromEntries(Object.entries(existing).filter(([path]) => record.files[path] === undefined));
  const accepted = planAgain(record.spec);
  const standing = planAgain(migratedDesign(record, existing));
  const before = accepted && additions({ spec: record.spec, existing: begun, shape });
  const now = additions({
    spec,
    existing: begun,
    shape,
    ...(standing ? { standing: buildable(standing.plan) } : {}),
    ...(record.revision === undefined ? {} : { revision: record.revision }),
  });
  const texts = new Map(before?.own.map(({ path, text }) => [path, text]));
  const last = Object.entries(record.files).map(([path, hash]) => {
    const text = texts.get(path);
    return [path, text === undefined ? { hash } : { hash, text }] as const;
  });
  const files = finishedFiles(now, { spec, existing, shape: record.shape });
  return { ...now.compilation, files, last: Object.fromEntries(last) };
}

interface AdditionsInput {
  readonly spec: DesignSpec;
  /** Without what the engine itself has added. */
  readonly existing: ExistingProject;
  readonly shape: ProjectShape;
  /** What the migrations make; undefined: the tables that the project declares. */
  readonly standing?: BackendPlan;
  readonly revision?: string;
}

interface Additions {
  readonly compilation: Omit<Compilation, "files">;
  /** Files of the engine's own, at the project's places. */
  readonly own: readonly GeneratedFile[];
  /** What stands, completed. */
  readonly completed: readonly GeneratedFile[];
  readonly revisions: Revisions;
  readonly width: number;
}

function additions({ spec, existing, shape, standing, revision }: AdditionsInput): Additions {
  const width = projectLineWidth(existing);
  const implemented = new Set(shape.implemented);
  const endpoints = spec.api.endpoints.filter(({ id }) => !implemented.has(id));
  const whole = planBackend({ ...spec, api: { ...spec.api, endpoints } });
  const declared = new Map(shape.models.map((model) => [model.table, model]));
  const missing = whole.plan.aggregates.filter(({ table }) => !declared.has(tableKey(table)));
  const planned = withAggregates(whole, usedAggregates(whole, missing, width));
  const generated = generate(planned, width);
  const files = generated.files.filter(isWanted(existing, shape)).map((file) => adapted(file, planned, shape));
  const routers = files.filter(({ path }) => path.startsWith("src/app/api/routers/") && !path.endsWith("__init__.py"));
  if (routers.length > 0) files.push(routesFile(routers));
  const { files: placed, importName } = place(files, shape, planned.plan.aggregates, new Set(Object.keys(existing)));
  const revisions = revisionsFor({
    generated: generated.files.filter(isRevision),
    existing,
    lineWidth: width,
    before: standing ?? standingPlan(whole, declared),
    after: buildable(whole.plan),
    ...(revision === undefined ? {} : { revision }),
  });
  const own = ownNames(existing, placed);
  const tidied = (file: GeneratedFile): GeneratedFile =>
    file.path.endsWith(".py") && file.text !== "" ? { ...file, text: formatPython(file.text, width, [...own]) } : file;
  const wiring: Wiring = { existing, shape, importName, hasRoutes: routers.length > 0, own };
  const completing = placed.filter(({ path }) => keptByHand.some((kept) => kept === path));
  return {
    compilation: {
      assumptions: generated.assumptions,
      needsDetail: generated.needsDetail,
      decisions: [...revisions.decisions, ...differences(spec, implemented, declared)],
    },
    own: placed.filter((file) => !completing.includes(file)).map(tidied),
    completed: [
      ...completing.flatMap((file) => fitToStanding(file, existing)),
      ...application(wiring),
      ...(missing.length > 0 ? environment(wiring) : []),
    ],
    revisions: { ...revisions, files: revisions.files.map(tidied) },
    width,
  };
}

/** All that is proposed, with the record that the next run starts from. */
function finishedFiles(
  { own, completed, revisions, width }: Additions,
  { spec, shape }: AdditionsInput,
): readonly GeneratedFile[] {
  const text = writeRecord({
    spec,
    lineWidth: width,
    shape,
    files: Object.fromEntries(own.map((file) => [file.path, textHash(file.text)])),
    ...(revisions.revision === undefined ? {} : { revision: revisions.revision }),
    ...(revisions.retained ? { retained: revisions.retained } : {}),
  });
  const standing = completed.map((file): GeneratedFile => ({ ...file, addsLines: true }));
  return [...own, ...standing, ...revisions.files, { path: recordPath, text, step: 7 as const }]
    .map((file) => ({ ...file, step: stepOf(file.path.replace(shape.folder, "src/app/")) }))
    .sort((left, right) => left.step - right.step || (left.path < right.path ? -1 : 1));
}

/** Whether the project has Python of its own and none of the files that every project of the engine has. */
export function isForeign(existing: ExistingProject): boolean {
  const own = [recordPath, "src/app/persistence/unit_of_work.py"];
  return (
    own.every((path) => existing[path] === undefined) && Object.keys(existing).some((path) => path.endsWith(".py"))
  );
}

function withAggregates(planned: PlannedBackend, aggregates: readonly AggregatePlan[]): PlannedBackend {
  return { ...planned, plan: { ...planned.plan, aggregates } };
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
  return [{ path, step: 7, text: insert(text, { lines, imports, own }) }];
}

/** Alembic compares with the tables that are imported where it runs. */
function environment({ existing, shape: { environment: path }, importName, own }: Wiring): readonly GeneratedFile[] {
  const text = path === undefined ? undefined : existing[path];
  const module = importName("app.persistence.models");
  if (path === undefined || text === undefined || text.includes(`import ${module}`)) return [];
  const imports = [`import ${module}  # noqa: F401`];
  return [{ path, step: 2, text: insert(text, { lines: [], imports, own }) }];
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
