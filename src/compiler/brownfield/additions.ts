import type { DesignSpec } from "../../spec/model.ts";
import type { Compilation, GeneratedFile } from "../compilation.ts";
import { generate, type PlannedBackend, planBackend } from "../compile.ts";
import { buildable } from "../delta/compileChange.ts";
import type { DesignRecord } from "../delta/designRecord.ts";
import { isRevision, type Revisions, revisionsFor } from "../delta/revisions.ts";
import { type ExistingProject, fitToProject, keptByHand, projectLineWidth } from "../existingProject.ts";
import { formatPython } from "../format.ts";
import type { AggregatePlan, BackendPlan } from "../plan.ts";
import { tableKey } from "../schemaText.ts";
import { baseOnProject, databaseOnProject, mapOntoTable } from "./adapters.ts";
import { completedDependencies } from "./dependencies.ts";
import { lean } from "./lean.ts";
import { modelEdits } from "./modelEdits.ts";
import { place } from "./placement.ts";
import type { ProjectShape } from "./projectShape.ts";
import { differences, standingPlan } from "./standingDesign.ts";
import { application, environment, routesFile, type Wiring } from "./wiring.ts";

export interface AdditionsInput {
  readonly spec: DesignSpec;
  /** Without what the engine itself has added. */
  readonly existing: ExistingProject;
  readonly shape: ProjectShape;
  /** What the migrations make; undefined: the tables that the project declares. */
  readonly standing?: BackendPlan;
  readonly revision?: string;
  readonly retained?: DesignRecord["retained"];
}

export interface Additions {
  readonly compilation: Omit<Compilation, "files">;
  /** Files of the engine's own, at the project's places. */
  readonly own: readonly GeneratedFile[];
  /** What stands, completed. */
  readonly completed: readonly GeneratedFile[];
  readonly revisions: Revisions;
}

/** What a project has not of a design yet: new files, and lines for those that stand. */
export function additions({ spec, existing, shape, standing, revision, retained }: AdditionsInput): Additions {
  const width = projectLineWidth(existing);
  const implemented = new Set(shape.implemented);
  const endpoints = spec.api.endpoints.filter(({ id }) => !implemented.has(id));
  const whole = planBackend({ ...spec, api: { ...spec.api, endpoints } });
  const declared = new Set(shape.models.map(({ table }) => table));
  const missing = whole.plan.aggregates.filter(({ table }) => !declared.has(tableKey(table)));
  const planned = withAggregates(whole, usedAggregates(whole, missing, width));
  const generated = generate(planned, width);
  const wanted = generated.files
    .filter(isWanted(existing, shape))
    .map((file) => adapted(file, planned, shape, existing));
  const hasWork =
    endpoints.length > 0 || missing.length > 0 || spec.errors.codes.some(({ id }) => !implemented.has(id));
  const files = hasWork ? [...lean(wanted, width)] : [];
  const routers = files.filter(({ path }) => path.startsWith("src/app/api/routers/") && !path.endsWith("__init__.py"));
  if (routers.length > 0) files.push(routesFile(routers));
  const { files: placed, importName } = place(files, shape, planned.plan.aggregates, new Set(Object.keys(existing)));
  const revisions = revisionsFor({
    generated: generated.files.filter(isRevision),
    existing,
    lineWidth: width,
    before: standing ?? standingPlan(whole.plan, shape.models, existing),
    after: buildable(whole.plan),
    ...(revision === undefined ? {} : { revision }),
    ...(retained ? { retained } : {}),
  });
  const own = ownNames(existing, placed);
  const tidied = (file: GeneratedFile): GeneratedFile =>
    file.path.endsWith(".py") && file.text !== "" ? { ...file, text: formatPython(file.text, width, [...own]) } : file;
  const wiring: Wiring = { existing, shape, importName, hasRoutes: routers.length > 0, own, width };
  const completing = placed.filter(({ path }) => keptByHand.some((kept) => kept === path));
  return {
    compilation: {
      assumptions: generated.assumptions,
      needsDetail: generated.needsDetail,
      decisions: [...revisions.decisions, ...differences(spec, shape.models)],
    },
    own: placed.filter((file) => !completing.includes(file)).map(tidied),
    completed: [
      ...completing.flatMap((file) =>
        file.path === "pyproject.toml"
          ? completedDependencies(file, placed, existing, shape)
          : fitToProject(file, existing),
      ),
      ...modelEdits({ plan: whole.plan, existing, models: shape.models, importName, own, width }),
      ...application(wiring),
      ...(missing.length > 0 ? environment(wiring) : []),
    ],
    revisions: { ...revisions, files: revisions.files.map(tidied) },
  };
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
    if (file.path === ".gitignore") return existing[file.path] !== undefined;
    return environment === undefined || !/^(?:alembic\.ini$|migrations\/)/.test(file.path);
  };
}

function adapted(
  file: GeneratedFile,
  { plan }: PlannedBackend,
  { base, engine, models, application: { path } }: ProjectShape,
  existing: ExistingProject,
): GeneratedFile {
  const module = /^src\/app\/persistence\/models\/(\w+)\.py$/.exec(file.path)?.[1];
  const aggregate = plan.aggregates.find((item) => item.module === module);
  const model = aggregate && models.find(({ table }) => table === tableKey(aggregate.table));
  if (model) return { ...file, text: mapOntoTable(file.text, model, base?.name === "SQLModel") };
  if (file.path === "src/app/persistence/base.py" && base) return { ...file, text: baseOnProject(file.text, base) };
  if (!engine) return file;
  if (file.path === "src/app/core/database.py")
    return {
      ...file,
      text: databaseOnProject(engine, path.endsWith(`${engine.module.replaceAll(".", "/")}.py`), existing),
    };
  return file;
}

/** Top-level names that the project's imports may begin with. */
function ownNames(existing: ExistingProject, placed: readonly GeneratedFile[]): ReadonlySet<string> {
  const paths = [...Object.keys(existing), ...placed.map(({ path }) => path)].filter((path) => path.endsWith(".py"));
  return new Set(
    paths.flatMap((path) => [path, path.replace(/^src\//, "")].map((each) => each.replace(/[/.].*$/, ""))),
  );
}
