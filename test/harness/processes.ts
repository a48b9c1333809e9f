import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";

const running = new Set<ChildProcess>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Starts a process as the leader of its own group. The group is killed when this process ends, by
 * whatever way it can notice, so that nobody is left behind.
 */
export function spawnGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  watchForOurEnd();
  const child = spawn(command, args, { ...options, detached: true });
  running.add(child);
  child.once("exit", () => signalGroup(child, "SIGKILL"));
  return child;
}

/** Ends the whole group: politely, and after three seconds for good. */
export async function endGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, "SIGTERM");
  for (let tries = 0; tries < 30 && groupExists(child); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  signalGroup(child, "SIGKILL");
  running.delete(child);
}

/** Runs a command to its end with its output on our terminal; throws when it fails. */
export function runToEnd(command: string, args: readonly string[], options: SpawnOptions = {}): void {
  const result = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  if (result.status === 0) return;
  const how = result.error?.message ?? result.signal ?? `exit code ${result.status}`;
  throw new Error(`${command} ${args.join(" ")} failed: ${how}`);
}

/** Runs npm without install scripts. Under `npm run`, it is the npm that is running. */
export function npm(folder: string, args: readonly string[]): void {
  const path = process.env["npm_execpath"];
  const [command, before] = path?.endsWith(".js") ? [process.execPath, [path]] : ["npm", []];
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  runToEnd(command, [...before, ...args, ...quiet], { cwd: folder, env: cleanEnvironment() });
}

/**
 * Our environment without what would make a child believe that it belongs to the npm run, the test
 * runner or the editor that started us.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(npm_|VSCODE_|ELECTRON_|CODE_SERVER_|NODE_TEST_CONTEXT$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** Makes the usual signals end this process with its exit handlers run. */
export function exitOnSignals(): void {
  for (const signal of signals) {
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

function watchForOurEnd(): void {
  exitOnSignals();
  if (process.listeners("exit").includes(killAll)) return;
  process.on("exit", killAll);
}

function killAll(): void {
  for (const child of running) signalGroup(child, "SIGKILL");
}

function groupExists(child: ChildProcess): boolean {
  return child.pid !== undefined && canSignal(-child.pid, 0);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) canSignal(-child.pid, signal);
}

function canSignal(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch {
    return false;
  }
}
