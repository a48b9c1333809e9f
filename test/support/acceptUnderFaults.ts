import assert from "node:assert/strict";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import type { FileWrite, WriteOutcome } from "../../src/changes/model.ts";
import { createDiskWriter } from "../../src/node/diskWriter.ts";
import { createFaultDisk, type Fault, type FaultDisk } from "./faultDisk.ts";

const root = "/project";
const storage = "/editor/storage";

/** Creations in new folders, changes and deletions. */
export function someWrites(count: number): readonly FileWrite[] {
  return Array.from({ length: count }, (_, index): FileWrite => {
    const path = `app/part${index % 7}/file${index}.py`;
    if (index % 3 === 0) return { path, before: undefined, after: `new ${index}\n` };
    return { path, before: `old ${index}\n`, after: index % 10 === 1 ? undefined : `new ${index}\n` };
  });
}

/** How many operations accepting takes when nothing happens. */
export async function operationsOf(writes: readonly FileWrite[]): Promise<number> {
  const disk = diskBefore(writes);
  await accept(disk, writes);
  assert.deepEqual(project(disk), expected(writes, "after"));
  return disk.operations();
}

/** The process is ended at an operation, and once more while the next one recovers: all old or all new. */
export async function acceptKilled(writes: readonly FileWrite[], at: number, powerCut: boolean): Promise<void> {
  const disk = diskBefore(writes);
  disk.restart({ fault: { at, kind: "kill" } });
  await assert.rejects(accept(disk, writes));
  disk.restart({ powerCut, fault: { at: 1 + (at % 23), kind: "kill" } });
  await recover(disk).catch(() => undefined);
  disk.restart({ powerCut });
  await recover(disk);
  const after = project(disk);
  const isNew = JSON.stringify(after) === JSON.stringify(expected(writes, "after"));
  assert.deepEqual(after, expected(writes, isNew ? "after" : "before"), `killed at ${at}`);
  assertNothingLeft(disk, writes);
  await recover(disk);
  assert.deepEqual(project(disk), after, "a second recovery changes nothing (I4)");
}

/** One operation fails: every file is old or new, and what was told is so. */
export async function acceptFailing(writes: readonly FileWrite[], fault: Fault): Promise<void> {
  const disk = diskBefore(writes);
  disk.restart({ fault });
  const outcome = await accept(disk, writes).catch(() => undefined);
  disk.restart();
  const now = project(disk);
  const [old, wanted] = [expected(writes, "before"), expected(writes, "after")];
  for (const { path } of writes) {
    const isOld = now[path] === old[path];
    assert.ok(isOld || now[path] === wanted[path], `${path} is neither old nor new (I1)`);
    if (outcome) assert.equal(outcome.written.includes(path), !isOld, `${path} is not as it was told`);
  }
  assertEveryProposalKnown(writes, now);
  await recover(disk);
  assertNothingLeft(disk, writes);
}

function diskBefore(writes: readonly FileWrite[]): FaultDisk {
  const texts = Object.entries(expected(writes, "before")).map(([path, text]) => [`${root}/${path}`, text]);
  return createFaultDisk({ "/elsewhere/a.txt": "stays", [`${root}/mine.txt`]: "mine", ...Object.fromEntries(texts) });
}

function accept(disk: FaultDisk, writes: readonly FileWrite[]): Promise<WriteOutcome> {
  const writer = createDiskWriter(root, { storage, files: disk });
  return writer.journaled(writes, (intent) => writer.write(writes, intent));
}

async function recover(disk: FaultDisk): Promise<void> {
  const read = async (path: string) => disk.text(`${root}/${path}`);
  const writer = createDiskWriter(root, { storage, files: disk });
  await writer.recover({ read, write: writer.write });
}

function expected(writes: readonly FileWrite[], side: "before" | "after"): Record<string, string> {
  return Object.fromEntries(
    writes
      .flatMap((write): [string, string][] => {
        const text = write[side];
        return text === undefined ? [] : [[write.path, text]];
      })
      .sort(byPath),
  );
}

function project(disk: FaultDisk): Record<string, string> {
  const { "mine.txt": mine, ...rest } = disk.texts(root);
  assert.equal(mine, "mine");
  assert.deepEqual(disk.texts("/elsewhere"), { "a.txt": "stays" }, "a file outside was changed (I2)");
  const files = Object.entries(rest).filter(([path]) => !path.endsWith(".tmp"));
  return Object.fromEntries(files.sort(byPath));
}

function assertNothingLeft(disk: FaultDisk, writes: readonly FileWrite[]): void {
  const known = new Set(["mine.txt", ...writes.map(({ path }) => path)]);
  const strays = Object.keys(disk.texts(root)).filter((path) => !known.has(path));
  assert.deepEqual(strays, [], "temporary files are left (I5)");
  assert.deepEqual(disk.texts(storage), {}, "a journal is left");
}

/** After the restart every proposal is still pending, or is what the file holds (I3). */
function assertEveryProposalKnown(writes: readonly FileWrite[], now: Readonly<Record<string, string>>): void {
  const changes = createChangeSet();
  for (const { path, before, after } of writes) changes.propose(path, before, after);
  for (const { path, before, after } of writes) {
    changes.rebase(path, now[path]);
    const file = changes.file(path);
    assert.equal(file === undefined ? after : file.base, now[path]);
    if (file !== undefined) assert.deepEqual([file.base, changes.proposedText(path)], [before, after]);
  }
}

function byPath([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : 1;
}
