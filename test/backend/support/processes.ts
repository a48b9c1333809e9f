import { type ChildProcess, execFile, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

export interface CommandResult {
  readonly code: number;
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: PosixUser;
}

/** Whom a process runs as; PostgreSQL refuses to run as root. */
export interface PosixUser {
  readonly uid: number;
  readonly gid: number;
}

/** Runs to the end; never rejects, so that a test can show the output. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { cwd, env, user } = options;
  const settings = { cwd, env: { ...process.env, ...env }, maxBuffer: 1 << 26, ...user };
  return new Promise((resolve) => {
    execFile(command, [...args], settings, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error ? 1 : 0;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}

/** A process that stays until `stop`; it is ended by its own id, and at the latest with this one. */
export interface Daemon {
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

export function startDaemon(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
  signal: NodeJS.Signals,
): Daemon {
  const child = spawn(command, [...args], { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  child.stdout?.on("data", (data) => lines.push(String(data)));
  child.stderr?.on("data", (data) => lines.push(String(data)));
  child.on("error", (error) => lines.push(String(error)));
  const end = () => void child.kill(signal);
  process.once("exit", end);
  return { log: () => lines.join(""), stop: () => stopChild(child, signal, end) };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}

/** Tries until `probe` is true; else ends the process and throws with its log. */
export async function waitFor(probe: () => Promise<boolean>, what: string, daemon: Daemon): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (await probe()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await daemon.stop();
  throw new Error(`${what} did not come up:\n${daemon.log()}`);
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals, end: () => void): Promise<void> {
  process.removeListener("exit", end);
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}
