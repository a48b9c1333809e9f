import { groupBy } from "../support/groupBy.ts";
import { type Callers, indexCallers } from "./facts/callers.ts";
import type { CodeSchema } from "./facts/database.ts";
import { type DatabaseCalls, traceDatabaseCalls } from "./facts/databaseCalls.ts";
import { type ErrorCodeSite, readErrorCodes } from "./facts/errorCodes.ts";
import { type MigrationCall, readMigrationCalls } from "./facts/migrationCalls.ts";
import { readMigrationSchema } from "./facts/migrationSchema.ts";
import { readModelSchema } from "./facts/modelSchema.ts";
import type { PythonFile } from "./facts/pythonFile.ts";
import { createReceivers, type Receivers } from "./facts/receivers.ts";
import { type Route, readRoutes } from "./facts/routes.ts";
import type { Project } from "./project.ts";

/** What checks and coverage conclude from, worked out once for all of them. */
export interface Analysis {
  readonly project: Project;
  readonly routes: readonly Route[];
  /** The same by the file of their handlers. */
  readonly endpoints: ReadonlyMap<string, readonly Route[]>;
  endpointsOf(file: Pick<PythonFile, "path">): readonly Route[];
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
  const routes = conclusions.aboutAll(readRoutes, project);
  const whole: Whole = {
    routes,
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

type Whole = Pick<Analysis, "routes" | "endpoints" | "models" | "migrations" | "migrationCalls" | "errorCodes">;

interface Migrated {
  readonly calls: readonly MigrationCall[];
  readonly schema: CodeSchema;
}

function readMigrations(project: Project): Migrated {
  const calls = readMigrationCalls(project);
  return { calls, schema: readMigrationSchema(project, calls) };
}

function endpointsByFile(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  return groupBy(routes, ({ handler }) => handler.path);
}
