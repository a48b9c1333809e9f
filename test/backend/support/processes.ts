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
  /** What matches of the log, as soon as something does; rejects, and has ended the process, when nothing comes. */
  readonly logged: (pattern: RegExp) => Promise<RegExpExecArray>;
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
  const log = () => lines.join("");
  const stop = () => stopChild(child, signal, end);
  const logged = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (let attempt = 0; attempt < 300 && !hasEnded(child); attempt += 1) {
      const match = pattern.exec(log());
      if (match) return match;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await stop();
    throw new Error(`${command} did not come up:\n${log()}`);
  };
  return { log, logged, stop };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

/** Free at this moment; who binds it must be ready to lose it to somebody else. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals, end: () => void): Promise<void> {
  process.removeListener("exit", end);
  if (hasEnded(child)) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}
