/**
 * A review of 1,000 files with 50,000 hunks, and of one file of 50,000 lines, without the editor: what the change set and
 * the writer with its journal take of time and memory. It informs and never fails.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createDiskWriter } from "../../src/node/diskWriter.ts";
import { temporaryFolder } from "../harness/paths.ts";

const files = 1000;
const hunksEach = 50;

const root = temporaryFolder("proposed-files");
mkdirSync(join(root, "src"));
globalThis.gc?.();
const before = process.memoryUsage();
const changes = createChangeSet();
console.log("");
line(`propose ${files} files of ${hunksEach} hunks`, timed(proposeAll));
const after = process.memoryUsage();
console.log(`hunks: ${changes.files().reduce((sum, { hunks }) => sum + hunks.length, 0)}`);
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
console.log(
  `memory more: ${megabytes(after.heapUsed - before.heapUsed)} MB of heap, ${megabytes(after.rss - before.rss)} MB resident; promised 300`,
);
const [first] = changes.files();
const [hunk] = first?.hunks ?? [];
line(
  "one decision",
  timed(() => first && hunk && changes.reject({ path: first.path, hunkId: hunk.id })),
  100,
);
line(
  "what is kept of it",
  timed(() => changes.snapshot()),
);
const begun = performance.now();
const writes = changes.acceptance({});
const writer = createDiskWriter(root);
const { written } = await writer.journaled(writes, (intent) => writer.write(writes, intent));
changes.accepted({});
line(`accept all, ${written.length} files with the journal on disk`, performance.now() - begun, 5000);

const long = Array.from({ length: 50_000 }, (_, at) => `line ${at}`);
const edited = long.map((text, at) => (at % 100 === 0 ? `${text} is another` : text));
const one = createChangeSet();
line(
  "hunks of a file of 50,000 lines",
  timed(() => one.propose("long.txt", long.join("\n"), edited.join("\n"))),
  200,
);

function proposeAll(): void {
  for (let at = 0; at < files; at++) {
    const lines = Array.from({ length: hunksEach * 5 }, (_, index) => `value_${at}_${index} = ${index}`);
    const path = `src/f${at}.py`;
    const base = `${lines.join("\n")}\n`;
    writeFileSync(join(root, path), base);
    const proposed = lines.map((text, index) => (index % 5 === 2 ? `${text} + 1` : text));
    changes.propose(path, base, `${proposed.join("\n")}\n`);
  }
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function line(what: string, milliseconds: number, promised?: number): void {
  console.log(`${what}: ${milliseconds.toFixed(0)} ms${promised === undefined ? "" : `; promised ${promised}`}`);
}
