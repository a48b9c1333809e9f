import { randomBytes } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { root } from "./paths.ts";

/** A secret in the environment of every suite. Whoever hands its environment on, logs or stores it gives it away. */
export interface Canary {
  readonly environment: NodeJS.ProcessEnv;
  /** Watches what a suite prints. */
  watch(name: string, output: Readable): void;
  /** Where it was found: names of suites, and files of the test folders and of the system's temporary one. */
  found(): readonly string[];
}

const largestFile = 64_000_000;

export function createCanary(): Canary {
  const secret = `CANARY${randomBytes(12).toString("hex")}`;
  // The clock of files lags behind by a few milliseconds.
  const since = Date.now() - 1000;
  const printed = new Set<string>();
  return {
    environment: { ...process.env, BACKEND_SUITES_API_KEY: secret },
    watch: (name, output) => {
      let tail = "";
      output.on("data", (chunk: Buffer) => {
        const text = tail + chunk.toString("latin1");
        if (text.includes(secret)) printed.add(`the output of ${name}`);
        tail = text.slice(-secret.length);
      });
    },
    found: () => {
      const files = [join(root, ".vscode-test"), join(root, ".backend-test"), tmpdir()].flatMap((folder) =>
        filesSince(folder, since),
      );
      return [...printed, ...files.filter((file) => holds(file, secret))];
    },
  };
}

/** A folder that nothing was put into or taken from is still walked: a file deep in it may have been written. */
function filesSince(folder: string, since: number): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesSince(path, since);
    const facts = entry.isFile() ? statSync(path, { throwIfNoEntry: false }) : undefined;
    return facts && facts.mtimeMs >= since && facts.size <= largestFile ? [path] : [];
  });
}

/** Others work in the temporary folder too: what they delete or forbid is not ours. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function holds(path: string, secret: string): boolean {
  try {
    return readFileSync(path).includes(secret);
  } catch {
    // Gone meanwhile, or somebody else's: nothing of ours is unreadable to us.
    return false;
  }
}
