import { createProposedFile } from "./hunks.ts";
import type { ChangeSetSnapshot, Hunk, ProposedFile } from "./model.ts";

/** Reads a stored snapshot; undefined when the text is damaged or of another version. */
export function parseSnapshot(text: string): ChangeSetSnapshot | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || value["version"] !== 1) return undefined;
  const files = readAll(value["files"], readFile);
  const rejected = readAll(value["rejected"], readRejected);
  return files === undefined || rejected === undefined ? undefined : { version: 1, files, rejected };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readFile(value: unknown): ProposedFile | undefined {
  if (!isRecord(value) || typeof value["path"] !== "string") return undefined;
  const base = value["base"];
  const hunks = readAll(value["hunks"], readHunk);
  const conflicts = readAll(value["conflicts"], readHunk);
  if (hunks === undefined || conflicts === undefined) return undefined;
  if (base !== undefined && typeof base !== "string") return undefined;
  return createProposedFile(value["path"], base, hunks, conflicts);
}

function readHunk(value: unknown): Hunk | undefined {
  if (!isRecord(value)) return undefined;
  const { id, start, removed, added } = value;
  const isHunk = typeof id === "string" && Number.isSafeInteger(start) && isText(removed) && isText(added);
  return isHunk ? { id, start: start as number, removed, added } : undefined;
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
