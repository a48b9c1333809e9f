import type { FileWrite } from "./model.ts";
import { readRecords, writeRecord } from "./records.ts";

/** What is about to be written as one, with the old and the new texts: enough to go on, or back, after a crash. */
export interface Intent {
  /** Part of the names of its temporary files. */
  readonly id: string;
  readonly writes: readonly FileWrite[];
}

export function writeIntent({ id, writes }: Intent): string {
  return [{ id, count: writes.length }, ...writes].map(writeRecord).join("");
}

/** Undefined when the text is not whole: it was still being written, and so nothing else was. */
export function readIntent(text: string): Intent | undefined {
  const { values, state } = readRecords(text);
  const [head, ...rest] = values;
  if (state !== "whole" || !isRecord(head) || typeof head["id"] !== "string") return undefined;
  const writes = rest.flatMap((value) => readWrite(value) ?? []);
  return writes.length === head["count"] ? { id: head["id"], writes } : undefined;
}

export interface Recovery {
  /** In order; none of them meets a file that somebody else has changed. */
  readonly writes: readonly FileWrite[];
  /** Files that hold neither the old nor the new text: somebody else has changed them, and they stay. */
  readonly foreign: readonly string[];
  /** The new texts could not be written, so that the old ones are back. */
  readonly wasTakenBack?: boolean;
}

/** What is left to do of an intent, so that every file has its new text; the person had said yes to all of them. */
export function rollForward({ writes }: Intent, current: ReadonlyMap<string, string | undefined>): Recovery {
  return {
    writes: writes.filter((write) => current.get(write.path) === write.before),
    foreign: foreign(writes, current),
  };
}

/** What takes an intent back, so that every file has its old text; for when going on is impossible. */
export function rollBack({ writes }: Intent, current: ReadonlyMap<string, string | undefined>): Recovery {
  const done = writes.filter((write) => current.get(write.path) === write.after);
  const inverse = done.map(({ path, before, after }) => ({ path, before: after, after: before }));
  return { writes: inverse, foreign: foreign(writes, current) };
}

function foreign(writes: readonly FileWrite[], current: ReadonlyMap<string, string | undefined>): readonly string[] {
  return writes
    .filter(({ path, before, after }) => current.get(path) !== before && current.get(path) !== after)
    .map(({ path }) => path);
}

function readWrite(value: unknown): FileWrite | undefined {
  if (!isRecord(value)) return undefined;
  const { path, before, after } = value;
  if (typeof path !== "string" || !isText(before) || !isText(after)) return undefined;
  return { path, before, after };
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
