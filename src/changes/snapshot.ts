import { splitLines } from "./diff.ts";
import { createProposedFile } from "./hunks.ts";
import type { ChangeSetSnapshot, Conflict, DecidedFile, Decision, Hunk, Origin, ProposedFile } from "./model.ts";

/**
 * The parts of a snapshot by the keys that they are stored under, so that only what changed is stored again.
 * Decisions are numbered from `firstNumber` on, which is larger than those of earlier sessions.
 */
export function createSnapshotKeys(firstNumber: number): (snapshot: ChangeSetSnapshot) => ReadonlyMap<string, unknown> {
  const numbers = new WeakMap<Decision, number>();
  let last = firstNumber;
  const numberOf = (decision: Decision): number => {
    const number = numbers.get(decision) ?? ++last;
    numbers.set(decision, number);
    return number;
  };
  return ({ files, rejected, decisions, decided }) =>
    new Map<string, unknown>([
      ["decided", decided],
      ...files.map((file): [string, unknown] => [`file:${file.path}`, file]),
      ...rejected.map((keys): [string, unknown] => [`rejected:${keys.path}`, keys]),
      ...decisions.map((decision): [string, unknown] => [`decision:${numberOf(decision)}`, decision]),
    ]);
}

/** What can be read of stored parts, and how many cannot: damaged, or of a version that meant something else. */
export function readSnapshot(stored: ReadonlyMap<string, unknown>): {
  readonly snapshot: ChangeSetSnapshot;
  readonly unreadable: number;
} {
  const unreadable: string[] = [];
  const readAt = <T>(prefix: string, read: (value: unknown) => T | undefined): readonly T[] =>
    [...stored]
      .filter(([key]) => key.startsWith(prefix))
      .flatMap(([key, value]) => {
        const found = read(value);
        if (found === undefined) unreadable.push(key);
        return found ?? [];
      });
  const snapshot = {
    files: readAt("file:", readFile),
    rejected: readAt("rejected:", readRejected),
    decisions: readAt("decision:", readDecision),
    decided: readCount(stored.get("decided")),
  };
  return { snapshot, unreadable: unreadable.length };
}

/** The highest number that the id of a hunk has. */
export function lastIdIn({ files, decisions }: ChangeSetSnapshot): number {
  const all = [...files, ...decisions.flatMap((decision) => decision.files)].flatMap((file): readonly Hunk[] => [
    ...file.hunks,
    ...("edited" in file ? (file.edited ?? []) : []),
    ...file.conflicts.flatMap(({ parts }) => parts),
  ]);
  return all.reduce((last, { id }) => Math.max(last, Number(id.slice(1)) || 0), 0);
}

function readFile(value: unknown): ProposedFile | undefined {
  const file = readDecided(value);
  const isObsolete = isRecord(value) && value["isObsolete"] === true;
  const proposed = file && createProposedFile(file.path, file.base, file.hunks, file.conflicts);
  return proposed && { ...proposed, ...(isObsolete && { isObsolete }) };
}

const decisionKinds = ["accepted", "rejected", "resolved", "restored"] as const satisfies readonly Decision["kind"][];

function readDecision(value: unknown): Decision | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, reason } = value;
  const files = readAll(value["files"], readDecided);
  const known = decisionKinds.find((each) => each === kind);
  if (files === undefined || known === undefined) return undefined;
  return { kind: known, files, ...(typeof reason === "string" && { reason }) };
}

/** Stores of earlier versions have none. */
function readCount(value: unknown): number {
  return Number.isSafeInteger(value) ? Math.max(0, value as number) : 0;
}

function readDecided(value: unknown): DecidedFile | undefined {
  if (!isRecord(value) || typeof value["path"] !== "string") return undefined;
  const base = value["base"];
  const hunks = readAll(value["hunks"], readHunk);
  if (base !== undefined && typeof base !== "string") return undefined;
  const conflicts = readAll(value["conflicts"], (item) => readConflict(item, base));
  if (hunks === undefined || conflicts === undefined) return undefined;
  const edited = value["edited"] === undefined ? undefined : readAll(value["edited"], readHunk);
  const saved = value["saved"];
  const file = { path: value["path"], base, hunks, conflicts, ...(edited && { edited }) };
  return { ...file, ...(typeof saved === "string" && { saved }) };
}

function readHunk(value: unknown): Hunk | undefined {
  if (!isRecord(value)) return undefined;
  const { id, start, removed, added, below } = value;
  const isHunk = typeof id === "string" && Number.isSafeInteger(start) && isText(removed) && isText(added);
  if (!isHunk) return undefined;
  const origins = readOrigins(value["origins"]);
  return { id, start: start as number, removed, added, ...origins, ...(isText(below) && { below }) };
}

/** Stores of earlier versions do not say it, those of later ones may name more. */
function readOrigins(value: unknown): Pick<Hunk, "origins"> {
  const named: readonly unknown[] = Array.isArray(value) ? value : [];
  const origins = named.flatMap((name) => allOrigins.find((origin) => origin === name) ?? []);
  return origins.length === 0 ? {} : { origins };
}

const allOrigins = ["engine", "model", "command", "user"] as const satisfies readonly Origin[];

/** The first form of a conflict did not say what the user has in its place: as many lines as were to be replaced. */
function readConflict(value: unknown, base: string | undefined): Conflict | undefined {
  const hunk = readHunk(value);
  if (hunk === undefined || !isRecord(value)) return undefined;
  const { start, removed } = hunk;
  const mine = value["mine"] ?? splitLines(base).slice(start, start + removed.length);
  const parts = readAll(value["parts"] ?? [{ ...hunk, start: 0 }], readHunk);
  return parts && isText(mine) ? { ...hunk, mine, parts } : undefined;
}

function readRejected(value: unknown): { path: string; keys: readonly string[] } | undefined {
  if (!isRecord(value)) return undefined;
  const { path, keys } = value;
  return typeof path === "string" && isText(keys) ? { path, keys } : undefined;
}

function readAll<T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map(read);
  return items.every((item) => item !== undefined) ? items : undefined;
}

function isText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
