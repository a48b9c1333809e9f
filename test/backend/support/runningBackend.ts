import { join } from "node:path";
import {
  alembic,
  createDatabase,
  type Database,
  type GeneratedProject,
  generateProject,
  grantAccess,
  type Server,
  startServer,
} from "./backend.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { root } from "./paths.ts";

/** A generated backend that answers, over a migrated database and a PostgreSQL of its own. */
export interface RunningBackend {
  readonly project: GeneratedProject;
  readonly cluster: Cluster;
  readonly database: Database;
  readonly server: Server;
  /** Runs SQL as superuser in the backend's database; see `Cluster.sql`. */
  readonly sql: (text: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface BackendOptions {
  /** The folder of the design; that of the fixture of the same name when there is none. */
  readonly documents?: string;
  /** Of the application's environment, beside what every backend needs. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Generates, migrates and starts; what has come up is taken down again when the rest does not. */
export async function startBackend(name: string, options: BackendOptions = {}): Promise<RunningBackend> {
  const project = await generateProject(options.documents ?? join(root, "test/fixtures", name, "docs"));
  const parts: (() => unknown)[] = [project.remove];
  const stop = async () => {
    for (const end of parts.toReversed()) await end();
  };
  try {
    const cluster = await startCluster(name);
    parts.push(cluster.stop);
    const database = await createDatabase(cluster, name);
    const { code, output } = await alembic(project, database.migrationUrl, "upgrade", "head");
    if (code !== 0) throw new Error(`the migrations of ${name} fail:\n${output}`);
    await grantAccess(cluster, name);
    const server = await startServer(project, database.applicationUrl, options.settings);
    parts.push(server.stop);
    return { project, cluster, database, server, sql: (text) => cluster.sql(name, text), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
