import { type ChildProcess, spawn } from "node:child_process";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { ChangeSet } from "../changes/model.ts";
import { createOverlay } from "../changes/overlay.ts";
import type { CommandResult, ShellOptions } from "../session/ports.ts";
import { UserFacingError } from "../support/errors.ts";
import { argvOf } from "./command.ts";
import { createCommandOutput } from "./commandOutput.ts";
import { createFileWorkspace } from "./fileWorkspace.ts";
import { type Harvested, harvest } from "./harvest.ts";
import { signalGroup } from "./processGroup.ts";
import { innerScript, outerScript } from "./sandboxScript.ts";
import { createSandboxState, removeScratch, type SandboxState } from "./sandboxState.ts";
import { sandboxView, scratchBytes } from "./sandboxView.ts";

/** The programs that the sandbox is made of, by absolute path, and what this bubblewrap understands. */
export interface SandboxPrograms {
  readonly unshare: string;
  readonly setpriv: string;
  readonly bwrap: string;
  readonly known: ReadonlySet<string>;
}

export interface SandboxedCommand extends ShellOptions {
  readonly root: string;
  readonly changes: ChangeSet;
  readonly programs: SandboxPrograms;
}

/** Debian's and most others' place; a command reaches it only after an explicit yes. */
const databaseFolder = "/run/postgresql";

/**
 * Runs one command on an overlay of the workspace at the workspace's own path, in namespaces of its
 * own, without network. Throws a {@link UserFacingError} when the sandbox itself does not come up; the
 * command has not run then.
 */
export async function runSandboxed(command: string, options: SandboxedCommand): Promise<CommandResult> {
  const { root, changes, programs, signal } = options;
  const workspace = await realpath(root);
  const state = await createSandboxState(changes);
  try {
    const view = await sandboxView({
      workspace,
      placeholder: state.placeholder,
      known: programs.known,
      ...(options.database ? { databaseFolder } : {}),
    });
    signal.throwIfAborted();
    const confined = [programs.bwrap, ...view, "--", ...limited(command, options.timeoutMs)];
    return await runToEnd(start(workspace, state, { programs, confined }), { ...options, workspace, state });
  } finally {
    await removeScratch(state.folder);
  }
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3);

/** Enough for a compiler, not for a bomb of processes or memory. */
const limits = ["--nproc=1024", `--as=${16 * 2 ** 30}`, `--fsize=${scratchBytes}`, "--core=0"];

function limited(command: string, timeoutMs: number): readonly string[] {
  const timeout = ["timeout", "--kill-after=2", seconds(timeoutMs)];
  return ["sh", "-c", innerScript, "sh", "prlimit", ...limits, ...timeout, ...argvOf(command)];
}

interface Confined {
  readonly programs: SandboxPrograms;
  readonly confined: readonly string[];
}

function start(workspace: string, state: SandboxState, { programs, confined }: Confined): ChildProcess {
  const tmpfs = `size=${scratchBytes},nr_inodes=200000,mode=0700`;
  const script = ["sh", "-c", outerScript, "sh", workspace, state.folder, tmpfs, ...confined];
  const args = ["-Urm", "--propagation", "private", programs.setpriv, "--pdeathsig", "KILL", ...script];
  return spawn(programs.unshare, args, {
    cwd: "/",
    // What bubblewrap itself is started with can be read inside, through /proc/1.
    env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" },
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
    detached: true,
  });
}

interface Running extends SandboxedCommand {
  readonly workspace: string;
  readonly state: SandboxState;
}

const graceMs = 5_000;

async function runToEnd(child: ChildProcess, running: Running): Promise<CommandResult> {
  const { signal, timeoutMs } = running;
  const startedAtMs = Date.now();
  const output = createCommandOutput();
  const pipes: readonly unknown[] = child.stdio;
  const [notes, status] = [collect(pipes[5]), collect(pipes[3])];
  const kill = () => signalGroup(child, "SIGKILL");
  const timer = setTimeout(kill, timeoutMs + graceMs);
  signal.addEventListener("abort", kill, { once: true });
  const gone = new Promise<void>((resolve, reject) => child.on("error", reject).on("exit", () => resolve()));
  try {
    await Promise.race([gone, Promise.all([reading(child.stdout, output.add), reading(child.stderr, output.add)])]);
    await Promise.race([gone, status.ended]);
    clearTimeout(timer);
    signal.throwIfAborted();
    if (!notes.text().startsWith("started")) throw new SandboxFailure(output.text());
    const exitCode = status.text() === "" ? undefined : Number(status.text());
    const isKilled = exitCode === undefined || exitCode === 124 || exitCode === 137;
    const timedOut = isKilled && Date.now() - startedAtMs >= timeoutMs;
    const harvested = exitCode === undefined ? nothing : await harvestOf(child, running, startedAtMs);
    const left = [...notes.text().matchAll(/^left (.+)$/gm)].map(([, name]) => name ?? "");
    return {
      exitCode: timedOut ? undefined : exitCode,
      output: output.text(),
      timedOut,
      leftRunning: left,
      ...harvested,
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
    (pipes[4] as Writable | null)?.destroy();
    kill();
    await gone.catch(() => undefined);
  }
}

const nothing: Harvested = { changes: [], rejected: [] };

/** The layer is read through the waiting process, because only its namespace has it. */
function harvestOf(child: ChildProcess, running: Running, startedAtMs: number): Promise<Harvested> {
  const { root, workspace, state, changes } = running;
  const inside = `/proc/${child.pid}/root`;
  return harvest({
    upper: join(inside, state.folder, "written", "upper"),
    merged: join(inside, workspace),
    root: workspace,
    before: createOverlay(createFileWorkspace(root), changes),
    seeded: state.seeded,
    startedAtMs,
  });
}

interface Collected {
  readonly text: () => string;
  readonly ended: Promise<void>;
}

const longestNotes = 10_000;

function collect(stream: unknown): Collected {
  let text = "";
  const add = (data: string) => {
    if (text.length < longestNotes) text += data;
  };
  return { text: () => text, ended: reading(stream as Readable | null, add) };
}

function reading(stream: Readable | null, add: (data: string) => void): Promise<void> {
  return new Promise((resolve) => {
    if (!stream) return resolve();
    stream
      .setEncoding("utf8")
      .on("data", add)
      .on("end", resolve)
      .on("error", () => resolve());
  });
}

/** The sandbox did not come up; `why` is what the system said. */
export class SandboxFailure extends UserFacingError {
  readonly why: string;

  constructor(output: string) {
    const why = output.trim().split("\n").slice(0, 3).join("; ") || "it ended without a word";
    super(
      "SANDBOX_FAILED",
      `The command has not run, because its sandbox did not start (${why}). Try again, or go on without it.`,
    );
    this.why = why;
  }
}
