import assert from "node:assert/strict";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { applyToLines } from "../../src/changes/diff.ts";
import type { ChangeSet, FileWrite, Hunk, Origin, ProposedFile, Selection } from "../../src/changes/model.ts";
import { seededFraction } from "./seededRandom.ts";

/**
 * A random history of proposals, decisions, their undoing, edits by the user and reloads, against a disk that
 * only the user and accepted hunks may write. Throws at the first step after which that is not so.
 */
export function runHistory(seed: number, steps: number): void {
  const world = createWorld(seed);
  for (let step = 0; step < steps; step++) {
    world.act();
    world.check();
  }
}

const paths = ["a.py", "b.py", "c.py"] as const;
const agents = ["engine", "model", "command"] as const;

interface World {
  act(): void;
  check(): void;
}

function createWorld(seed: number): World {
  const random = seededFraction(seed);
  const changes = createChangeSet();
  const disk = new Map<string, string | undefined>([["a.py", randomText(random)]]);
  const anyPath = (): string => paths[Math.floor(random() * paths.length)] ?? "a.py";
  const actions: readonly (() => void)[] = [
    () => {
      const path = anyPath();
      const deletes = random() < 0.1;
      const text = edited(random() < 0.5 ? disk.get(path) : changes.proposedText(path), random);
      const by = agents[Math.floor(random() * agents.length)] ?? "engine";
      changes.propose(path, disk.get(path), deletes ? undefined : text, by);
    },
    () => acceptAndWrite(changes, disk, randomSelection(changes, random)),
    () => changes.reject(randomSelection(changes, random)),
    () => {
      const path = anyPath();
      disk.set(path, random() < 0.05 ? undefined : edited(disk.get(path), random));
      rebaseAll(changes, disk, [path]);
    },
    () => resolveAny(changes, random),
    () => renameAny(changes, disk, [anyPath(), anyPath()]),
    () => {
      const path = anyPath();
      const text = edited(changes.proposedText(path), random);
      if (changes.file(path) !== undefined) editProposal(changes, path, text);
    },
    () => takeBackAny(changes, random),
    () => undoAndWrite(changes, disk),
    () => {
      const before = JSON.stringify(changes.snapshot());
      changes.restore(JSON.parse(before));
      assert.equal(JSON.stringify(changes.snapshot()), before);
      rebaseAll(changes, disk, paths);
    },
  ];
  const origins = new Map<string, readonly Origin[]>();
  return {
    act: () => actions[Math.floor(random() * actions.length)]?.(),
    check: () => {
      for (const file of changes.files()) {
        checkFile(file, disk.get(file.path), changes.proposedText(file.path));
        checkOrigins(file, origins);
      }
    },
  };
}

function checkFile(file: ProposedFile, onDisk: string | undefined, proposed: string | undefined): void {
  assert.equal(file.base, onDisk);
  assert.equal(proposed, spliced(file.base, file.hunks));
  const base = file.base?.split("\n") ?? [];
  let end = 0;
  for (const hunk of file.hunks) {
    assert.ok(hunk.start >= end, "hunks are in order and apart");
    end = hunk.start + hunk.removed.length;
    assert.deepEqual(base.slice(hunk.start, end), hunk.removed);
    assert.notDeepEqual(hunk.removed, hunk.added);
  }
  let reach = 0;
  for (const { start, removed, mine, added, parts } of file.conflicts) {
    assert.deepEqual(base.slice(start, start + mine.length), mine, "a conflict knows the user's lines");
    assert.deepEqual(applyToLines(removed, parts), added, "a conflict keeps the hunks that it is of");
    assert.ok(start >= reach, "conflicts are in order and apart");
    reach = start + mine.length;
    const isApart = (hunk: Hunk) => hunk.start + hunk.removed.length <= start || hunk.start >= reach;
    assert.ok(file.hunks.every(isApart), "no hunk stands in a conflict");
  }
  const ids = [...file.hunks, ...file.conflicts].map((hunk) => hunk.id);
  assert.equal(new Set(ids).size, ids.length, "ids are unique");
}

/** As long as a hunk keeps its id no agent that has had a hand in it is forgotten; the user's part may be undone. */
function checkOrigins(file: ProposedFile, known: Map<string, readonly Origin[]>): void {
  for (const hunk of [...file.hunks, ...file.conflicts.flatMap(({ parts }) => parts)]) {
    const now = hunk.origins ?? [];
    assert.ok(now.length > 0, "a hunk comes from somebody");
    const first = known.get(hunk.id) ?? now;
    known.set(hunk.id, first);
    for (const origin of first) assert.ok(origin === "user" || now.includes(origin), `${origin} is forgotten`);
    if (hunk.below === undefined) continue;
    assert.equal(now.at(-1), "user", "a layer over the proposal is the user's");
    assert.notDeepEqual(hunk.below, hunk.added);
  }
}

/** What the user types is proposed, and what was proposed before stands below it, but for what was rejected by it. */
function editProposal(changes: ChangeSet, path: string, text: string): void {
  const before = changes.file(path);
  const decisions = changes.snapshot().decisions;
  changes.edit(path, text);
  assert.equal(changes.proposedText(path) ?? changes.file(path)?.base ?? before?.base, text);
  if (before === undefined || before.conflicts.length > 0) return;
  const [last] = changes.snapshot().decisions.slice(-1);
  const withdrawn = decisions.at(-1) === last ? [] : (last?.files.flatMap(({ hunks }) => hunks) ?? []);
  const kept = before.hunks.filter((hunk) => !withdrawn.some(({ id }) => id === hunk.id));
  const after = changes.file(path)?.hunks ?? [];
  assert.equal(spliced(before.base, after.map(withoutLayer)), spliced(before.base, kept.map(withoutLayer)));
}

function withoutLayer(hunk: Hunk): Hunk {
  return { ...hunk, added: hunk.below ?? hunk.added };
}

/** Only the user's own edit goes, and comes again when that is undone. */
function takeBackAny(changes: ChangeSet, random: () => number): void {
  const all = changes.files().flatMap((file) => file.hunks.flatMap((hunk) => (hunk.below ? [{ file, hunk }] : [])));
  const chosen = all[Math.floor(random() * all.length)];
  if (chosen === undefined) return;
  const { path, base, hunks } = chosen.file;
  const [before, count] = [changes.proposedText(path), changes.decided()];
  const wanted = hunks.map((hunk) => (hunk === chosen.hunk ? withoutLayer(hunk) : hunk));
  assert.equal(changes.takeBackEdits(path, chosen.hunk.id), 1);
  assert.equal(changes.file(path) === undefined ? base : changes.proposedText(path), spliced(base, wanted));
  assert.equal(changes.decided(), count);
  if (random() < 0.5) return;
  assert.deepEqual(changes.lastDecision(), { kind: "restored", paths: [path], writes: [], blocked: [] });
  changes.undone();
  assert.equal(changes.proposedText(path), before);
  assert.deepEqual(changes.file(path)?.hunks, hunks);
}

/** Carries a decision out as an editor would, and proves that it adds the chosen hunks and nothing else. */
function acceptAndWrite(changes: ChangeSet, disk: Map<string, string | undefined>, selection: Selection): void {
  const chosen = new Map(
    changes
      .files()
      .map((file) => [
        file.path,
        file.hunks.filter((hunk) => selection.hunkId === undefined || hunk.id === selection.hunkId),
      ]),
  );
  const writes = changes.acceptance(selection);
  for (const write of writes) assert.equal(write.after, spliced(disk.get(write.path), chosen.get(write.path) ?? []));
  carryOut(writes, disk);
  changes.accepted(selection);
  const decision = changes.lastDecision();
  if (writes.length === 0) return;
  const inverse = writes.map(({ path, before, after }) => ({ path, before: after, after: before }));
  assert.deepEqual(decision, {
    kind: "accepted",
    paths: writes.map((write) => write.path),
    writes: inverse,
    blocked: [],
  });
}

/**
 * Whatever happens to a file, each hunk still waits, is a conflict, or is what the user has done as well (I3), and is of
 * whom it was.
 */
function rebaseAll(changes: ChangeSet, disk: Map<string, string | undefined>, all: readonly string[]): void {
  for (const path of all) {
    const before = openHunks(changes.file(path));
    const known = new Set(before.map(({ id }) => id));
    changes.rebase(path, disk.get(path));
    for (const { id, origins, below } of openHunks(changes.file(path))) {
      known.delete(id);
      const same = before.find((hunk) => hunk.id === id);
      if (same) assert.deepEqual([origins, below === undefined], [same.origins, same.below === undefined]);
    }
    if (known.size === 0) continue;
    const settled = changes
      .snapshot()
      .decisions.at(-1)
      ?.files.flatMap(({ hunks }) => hunks.map(({ id }) => id));
    for (const id of settled ?? []) known.delete(id);
    assert.deepEqual([...known], [], "a hunk is lost");
  }
}

/** The proposals go along unless there are others for the new name. */
function renameAny(
  changes: ChangeSet,
  disk: Map<string, string | undefined>,
  [from, to]: readonly [string, string],
): void {
  if (from === to || disk.get(from) === undefined || disk.get(to) !== undefined) return;
  const before = new Set([...openIds(changes.file(from)), ...openIds(changes.file(to))]);
  disk.set(to, disk.get(from));
  disk.set(from, undefined);
  changes.move(from, to);
  assert.deepEqual(new Set([...openIds(changes.file(from)), ...openIds(changes.file(to))]), before, "a hunk is lost");
  rebaseAll(changes, disk, [from, to]);
}

function openIds(file: ProposedFile | undefined): readonly string[] {
  return openHunks(file).map(({ id }) => id);
}

function openHunks(file: ProposedFile | undefined): readonly Hunk[] {
  return [...(file?.hunks ?? []), ...(file?.conflicts.flatMap((conflict) => conflict.parts) ?? [])];
}

/** Only the lines of the conflict are proposed otherwise, and nothing is written. */
function resolveAny(changes: ChangeSet, random: () => number): void {
  const file = changes.files().find(({ conflicts }) => conflicts.length > 0);
  const conflict = file?.conflicts[Math.floor(random() * file.conflicts.length)];
  if (file === undefined || conflict === undefined) return;
  const choices = ["mine", "proposed", { lines: [randomLine(random), randomLine(random)] }] as const;
  const choice = choices[Math.floor(random() * choices.length)] ?? "mine";
  const lines = choice === "mine" ? conflict.mine : choice === "proposed" ? conflict.added : choice.lines;
  const hunk = { ...conflict, removed: conflict.mine, added: lines };
  const wanted = spliced(
    file.base,
    [...file.hunks, hunk].toSorted(
      (left, right) => left.start - right.start || left.removed.length - right.removed.length,
    ),
  );
  changes.resolve(file.path, conflict.id, choice);
  const after = changes.file(file.path);
  assert.equal(after === undefined ? file.base : changes.proposedText(file.path), wanted);
  assert.ok(!after?.conflicts.some(({ id }) => id === conflict.id));
}

function undoAndWrite(changes: ChangeSet, disk: Map<string, string | undefined>): void {
  carryOut(changes.lastDecision()?.writes ?? [], disk);
  changes.undone();
}

function carryOut(writes: readonly FileWrite[], disk: Map<string, string | undefined>): void {
  for (const { path, before, after } of writes) {
    assert.equal(disk.get(path), before);
    disk.set(path, after);
  }
}

function randomSelection(changes: ChangeSet, random: () => number): Selection {
  const files = changes.files();
  const file = files[Math.floor(random() * files.length)];
  if (file === undefined || random() < 0.1) return {};
  const hunks = [...file.hunks, ...file.conflicts];
  const hunk = hunks[Math.floor(random() * hunks.length)];
  return hunk === undefined || random() < 0.3 ? { path: file.path } : { path: file.path, hunkId: hunk.id };
}

/** Applies hunks from the last to the first, so that no start moves. */
function spliced(text: string | undefined, hunks: readonly Hunk[]): string | undefined {
  const lines = text?.split("\n") ?? [];
  for (const hunk of hunks.toReversed()) lines.splice(hunk.start, hunk.removed.length, ...hunk.added);
  return lines.length === 0 ? undefined : lines.join("\n");
}

/** Few different lines, so that diffs are ambiguous and edits collide. */
function randomText(random: () => number): string {
  return Array.from({ length: 12 }, () => randomLine(random)).join("\n");
}

function edited(text: string | undefined, random: () => number): string {
  if (text === undefined) return randomText(random);
  const lines = text.split("\n");
  for (let count = 0; count < 1 + random() * 3; count++) {
    const at = Math.floor(random() * (lines.length + 1));
    const added = Array.from({ length: Math.floor(random() * 3) }, () => randomLine(random));
    lines.splice(at, Math.floor(random() * 3), ...added);
  }
  return lines.join("\n");
}

function randomLine(random: () => number): string {
  return ["", "", "pass", "    return", "}", `x = ${Math.floor(random() * 30)}`][Math.floor(random() * 6)] ?? "";
}
