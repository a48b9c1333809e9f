import { randomUUID } from "node:crypto";
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
  /** How many SELECTs the application sends while the action lasts; needs `logsStatements`. */
  readonly selects: (action: () => Promise<unknown>) => Promise<number>;
  readonly stop: () => Promise<void>;
}

export interface BackendOptions {
  /** The folder of the design; that of the fixture of the same name when there is none. */
  readonly documents?: string;
  /** Of the application's environment, beside what every backend needs. */
  readonly settings?: Readonly<Record<string, string>>;
  /** PostgreSQL's log has every statement. */
  readonly logsStatements?: boolean;
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
    if (options.logsStatements) await cluster.sql(name, `ALTER DATABASE ${name} SET log_statement = 'all'`);
    const server = await startServer(project, database.applicationUrl, options.settings);
    parts.push(server.stop);
    const sql = (text: string) => cluster.sql(name, text);
    return { project, cluster, database, server, sql, selects: (action) => countSelects(cluster, sql, action), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The log comes by another way than the answers, so both ends are marked in it. */
async function countSelects(
  { log, logged }: Cluster,
  sql: RunningBackend["sql"],
  action: () => Promise<unknown>,
): Promise<number> {
  const [start, end] = [randomUUID(), randomUUID()];
  await sql(`SELECT '${start}'`);
  await action();
  await sql(`SELECT '${end}'`);
  await logged(new RegExp(end));
  const written = log().slice(log().indexOf(start), log().indexOf(end));
  return (written.match(/execute [^:]+:\s+SELECT/g) ?? []).length;
}
