import { type Callers, indexCallers } from "./facts/callers.ts";
import type { CodeSchema } from "./facts/database.ts";
import { type DatabaseCalls, traceDatabaseCalls } from "./facts/databaseCalls.ts";
import { type ErrorCodeSite, readErrorCodes } from "./facts/errorCodes.ts";
import { type MigrationCall, readMigrationCalls } from "./facts/migrationCalls.ts";
import { readMigrationSchema } from "./facts/migrationSchema.ts";
import { readModelSchema } from "./facts/modelSchema.ts";
import { createReceivers, type Receivers } from "./facts/receivers.ts";
import { type Route, readRoutes } from "./facts/routes.ts";
import type { Project } from "./project.ts";

/** What checks and coverage conclude from, worked out once for all of them. */
export interface Analysis {
  readonly project: Project;
  readonly routes: readonly Route[];
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
  const migrationCalls = readMigrationCalls(project);
  const receivers = createReceivers(project);
  return {
    project,
    routes: readRoutes(project),
    models: readModelSchema(project),
    migrations: readMigrationSchema(project, migrationCalls),
    migrationCalls,
    errorCodes: readErrorCodes(project),
    receivers,
    callers: indexCallers(project, receivers),
    databaseCalls: traceDatabaseCalls(project, receivers),
  };
}
