import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { postgresBinaries, workFolder } from "./paths.ts";
import { type Daemon, freePort, type PosixUser, run, startDaemon, waitFor } from "./processes.ts";

export interface Cluster {
  readonly port: number;
  /** Runs SQL as superuser in a database and gives what `psql` prints, unaligned and without headers. */
  readonly sql: (database: string, text: string) => Promise<string>;
  /** The same with a `psql` script, which goes on after an error. */
  readonly script: (database: string, text: string) => Promise<string>;
  /** What the server has written, such as statements of a database with `log_statement`. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** A PostgreSQL of our own on a free port, empty, gone with `stop`. */
export async function startCluster(name: string): Promise<Cluster> {
  const folder = join(workFolder, `pg-${name}`);
  const user = await postgresUser();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  if (user) chownSync(folder, user.uid, user.gid);
  const binaries = postgresBinaries();
  const options = { cwd: folder, ...(user && { user }) };
  const data = join(folder, "data");
  const created = await run(
    join(binaries, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
    options,
  );
  if (created.code !== 0) throw new Error(`initdb failed:\n${created.output}`);
  const port = await freePort();
  const settings = ["fsync=off", "full_page_writes=off", "listen_addresses=127.0.0.1", "unix_socket_directories="];
  const server = startDaemon(
    join(binaries, "postgres"),
    ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    { cwd: folder, ...user },
    "SIGINT",
  );
  const psql = (database: string, text: string) =>
    run(join(binaries, "psql"), [...connection(port, database), "-Atq", "-v", "ON_ERROR_STOP=1", "-c", text]);
  const answers = async () => (await psql("postgres", "SELECT 1")).code === 0;
  await waitFor(answers, "PostgreSQL", server);
  return {
    port,
    sql: (database, text) => checked(psql(database, text), text),
    script: async (database, text) => {
      const file = join(folder, `${database}.sql`);
      writeFileSync(file, text);
      return (await run(join(binaries, "psql"), [...connection(port, database), "-XAtq", "-f", file])).output;
    },
    log: server.log,
    stop: () => remove(server, folder),
  };
}

function connection(port: number, database: string): readonly string[] {
  return ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres", "-d", database];
}

async function checked(result: ReturnType<typeof run>, text: string): Promise<string> {
  const { code, output } = await result;
  if (code !== 0) throw new Error(`${text}\n${output}`);
  return output.trim();
}

async function remove(server: Daemon, folder: string): Promise<void> {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Debian's own account when the tests run as root; undefined when they do not. */
async function postgresUser(): Promise<PosixUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all([run("id", ["-u", "postgres"]), run("id", ["-g", "postgres"])]);
  return { uid: Number(uid.output.trim()), gid: Number(gid.output.trim()) };
}
