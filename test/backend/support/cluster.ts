import type { SpawnOptions } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { postgresBinaries, workFolder } from "./paths.ts";
import { type Daemon, freePort, type PosixUser, run, startDaemon } from "./processes.ts";

export interface Cluster {
  readonly port: number;
  /** Runs SQL as superuser in a database and gives what `psql` prints, unaligned and without headers. */
  readonly sql: (database: string, text: string) => Promise<string>;
  /** The same with a `psql` script, which goes on after an error. */
  readonly script: (database: string, text: string) => Promise<string>;
  /** What the server has written, such as statements of a database with `log_statement`. */
  readonly log: () => string;
  /** See `Daemon.logged`. */
  readonly logged: Daemon["logged"];
  readonly stop: () => Promise<void>;
}

/** A PostgreSQL of our own on a free port, empty, gone with `stop`. */
export async function startCluster(name: string): Promise<Cluster> {
  // The processes of several work trees may share the folder.
  const folder = join(workFolder, `pg-${name}-${process.pid}`);
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
  const { port, server } = await listen(join(binaries, "postgres"), data, { cwd: folder, ...user });
  const psql = (database: string, text: string) =>
    run(join(binaries, "psql"), [...connection(port, database), "-Atq", "-v", "ON_ERROR_STOP=1", "-c", text]);
  return {
    port,
    sql: (database, text) => checked(psql(database, text), text),
    script: async (database, text) => {
      const file = join(folder, `${database}.sql`);
      writeFileSync(file, text);
      return (await run(join(binaries, "psql"), [...connection(port, database), "-XAtq", "-f", file])).output;
    },
    log: server.log,
    logged: server.logged,
    stop: () => remove(server, folder),
  };
}

interface Listening {
  readonly port: number;
  readonly server: Daemon;
}

/** PostgreSQL takes no port from the system, and the one that was free may be taken when it comes to bind it. */
async function listen(program: string, data: string, options: SpawnOptions, attempts = 5): Promise<Listening> {
  const port = await freePort();
  const settings = ["fsync=off", "full_page_writes=off", "listen_addresses=127.0.0.1", "unix_socket_directories="];
  const args = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  const server = startDaemon(program, args, options, "SIGINT");
  try {
    await server.logged(/ready to accept connections/);
    return { port, server };
  } catch (error) {
    if (attempts <= 1 || !/could not bind|Address already in use/.test(server.log())) throw error;
    return listen(program, data, options, attempts - 1);
  }
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
