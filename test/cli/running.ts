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
  return new Promise((done) => {
    const options = { cwd: folder, maxBuffer: 100_000_000 };
    execFile(process.execPath, [join(repository, "dist/cli.cjs"), ...args], options, (error, stdout, stderr) => {
      done({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}
