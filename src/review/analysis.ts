import { groupBy } from "../support/groupBy.ts";
import { type Callers, indexCallers } from "./facts/callers.ts";
import type { ComputedPlace } from "./facts/computedPlaces.ts";
import { readComputedTables } from "./facts/computedTables.ts";
import type { CodeSchema } from "./facts/database.ts";
import { type DatabaseCalls, traceDatabaseCalls } from "./facts/databaseCalls.ts";
import { type ErrorCodeSite, readErrorCodes } from "./facts/errorCodes.ts";
import { type MigrationCall, readMigrationCalls } from "./facts/migrationCalls.ts";
import { readMigrationSchema } from "./facts/migrationSchema.ts";
import { readModelSchema } from "./facts/modelSchema.ts";
import type { PythonFile } from "./facts/pythonFile.ts";
import { createReceivers, type Receivers } from "./facts/receivers.ts";
import { type Route, readRouting } from "./facts/routes.ts";
import type { Project } from "./project.ts";

/** What checks and coverage conclude from, worked out once for all of them. */
export interface Analysis {
  readonly project: Project;
  readonly routes: readonly Route[];
  /** The same by the file of their handlers. */
  readonly endpoints: ReadonlyMap<string, readonly Route[]>;
  endpointsOf(file: Pick<PythonFile, "path">): readonly Route[];
  /** Where the code makes routes, and tables, that are not seen. */
  readonly computedRoutes: readonly ComputedPlace[];
  readonly computedTables: readonly ComputedPlace[];
  readonly models: CodeSchema;
  readonly migrations: CodeSchema;
  readonly migrationCalls: readonly MigrationCall[];
  readonly errorCodes: readonly ErrorCodeSite[];
  readonly receivers: Receivers;
  readonly callers: Callers;
  readonly databaseCalls: DatabaseCalls;
}

/** The SQL grammar must be loaded (`loadSqlGrammar`). */
export function analyze(project: Project): Analysis {
  const { conclusions } = project;
  const receivers = createReceivers(project);
  const migrated = conclusions.aboutAll(readMigrations, project);
  const routing = conclusions.aboutAll(readRouting, project);
  const routes = conclusions.combined(sameRoutes, routing.routes);
  const whole: Whole = {
    routes,
    computedRoutes: conclusions.combined(samePlaces, routing.computed),
    computedTables: readComputedTables(project, migrated.calls),
    endpoints: conclusions.combined(endpointsByFile, routes),
    models: readModelSchema(project),
    migrations: migrated.schema,
    migrationCalls: migrated.calls,
    errorCodes: readErrorCodes(project),
  };
  conclusions.settle("whole", new Map(Object.entries(whole)));
  conclusions.settle("endpoints", whole.endpoints);
  const one = <Key extends keyof Whole>(key: Key): Whole[Key] => {
    conclusions.note("whole", key);
    return whole[key];
  };
  return {
    project,
    receivers,
    callers: indexCallers(project, receivers),
    databaseCalls: traceDatabaseCalls(project, receivers),
    get routes() {
      return one("routes");
    },
    get endpoints() {
      return one("endpoints");
    },
    endpointsOf: ({ path }) => {
      conclusions.note("endpoints", path);
      return whole.endpoints.get(path) ?? [];
    },
    get computedRoutes() {
      return one("computedRoutes");
    },
    get computedTables() {
      return one("computedTables");
    },
    get models() {
      return one("models");
    },
    get migrations() {
      return one("migrations");
    },
    get migrationCalls() {
      return one("migrationCalls");
    },
    get errorCodes() {
      return one("errorCodes");
    },
  };
}

type Whole = Pick<
  Analysis,
  | "routes"
  | "computedRoutes"
  | "computedTables"
  | "endpoints"
  | "models"
  | "migrations"
  | "migrationCalls"
  | "errorCodes"
>;

interface Migrated {
  readonly calls: readonly MigrationCall[];
  readonly schema: CodeSchema;
}

function readMigrations(project: Project): Migrated {
  const calls = readMigrationCalls(project);
  return { calls, schema: readMigrationSchema(project, calls) };
}

/** Lists that are the same stay the same, though they come with others. */
function sameRoutes(routes: readonly Route[]): readonly Route[] {
  return routes;
}

function samePlaces(places: readonly ComputedPlace[]): readonly ComputedPlace[] {
  return places;
}

function endpointsByFile(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  return groupBy(routes, ({ handler }) => handler.path);
}
