import { execFile } from "node:child_process";
import { join } from "node:path";

export const repository = join(import.meta.dirname, "../..");

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built headless command in a folder. */
export function run(folder: string, ...args: readonly string[]): Promise<Ended> {
  return runAs([], folder, args);
}

/** The same as a user without rights: root may read everything. */
export function runUnprivileged(folder: string, ...args: readonly string[]): Promise<Ended> {
  const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  return runAs(process.getuid?.() === 0 ? nobody : [], folder, args);
}

function runAs(become: readonly string[], folder: string, args: readonly string[]): Promise<Ended> {
  const [program = "", ...words] = [...become, process.execPath, join(repository, "dist/cli.cjs"), ...args];
  return new Promise((done) => {
    execFile(program, words, { cwd: folder, maxBuffer: 100_000_000 }, (error, stdout, stderr) => {
      done({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}
