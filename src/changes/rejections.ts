import { coalesce, diffLines, type LineEdit, splitLines } from "./diff.ts";
import { conflictKey, contentKey } from "./hunks.ts";
import type { ChangeSetSnapshot, Conflict, DecidedFile, Hunk } from "./model.ts";

/** What the user has rejected, by path and content, so that it is not proposed again as if nothing had been said. */
export class Rejections {
  readonly #keys = new Map<string, Set<string>>();

  /** Of edits of a text those that were not rejected. */
  without<Edit extends LineEdit>(path: string, base: string | undefined, edits: readonly Edit[]): readonly Edit[] {
    const lines = splitLines(base);
    return edits.filter((edit) => this.#keys.get(path)?.has(contentKey(edit, lines)) !== true);
  }

  withoutConflicts(path: string, base: string | undefined, all: readonly Conflict[]): readonly Conflict[] {
    const lines = splitLines(base);
    return all.filter((conflict) => this.#keys.get(path)?.has(conflictKey(conflict, lines)) !== true);
  }

  add(decided: Rejected): void {
    const keys = this.#keys.get(decided.path) ?? new Set();
    for (const key of keysOf(decided)) keys.add(key);
    this.#keys.set(decided.path, keys);
  }

  remove(decided: Rejected): void {
    for (const key of keysOf(decided)) this.#keys.get(decided.path)?.delete(key);
  }

  /** How many changes of the file stand rejected. */
  count(path: string): number {
    return this.#keys.get(path)?.size ?? 0;
  }

  forget(path: string): void {
    this.#keys.delete(path);
  }

  paths(): Iterable<string> {
    return this.#keys.keys();
  }

  rename(from: string, to: string): void {
    const keys = this.#keys.get(from);
    if (keys === undefined) return;
    this.#keys.delete(from);
    this.#keys.set(to, new Set([...keys, ...(this.#keys.get(to) ?? [])]));
  }

  clear(): void {
    this.#keys.clear();
  }

  snapshot(): ChangeSetSnapshot["rejected"] {
    return [...this.#keys].map(([path, keys]) => ({ path, keys: [...keys] }));
  }

  restore(rejected: ChangeSetSnapshot["rejected"]): void {
    for (const { path, keys } of rejected) this.#keys.set(path, new Set(keys));
  }
}

type Rejected = Pick<DecidedFile, "path" | "base" | "conflicts"> & {
  readonly hunks: readonly (LineEdit & Pick<Hunk, "below">)[];
};

function keysOf({ base, hunks, conflicts }: Rejected): readonly string[] {
  const lines = splitLines(base);
  const edits = hunks.flatMap((hunk) => (hunk.below === undefined ? [hunk] : editsOf(hunk)));
  return [...edits.map((edit) => contentKey(edit, lines)), ...conflicts.map((each) => conflictKey(each, lines))];
}

/** What the user has edited may hold lines that do not change: a proposal of it would have them between its edits. */
function editsOf({ start, removed, added }: LineEdit): readonly LineEdit[] {
  return coalesce(diffLines(removed, added), removed).map((edit) => ({ ...edit, start: edit.start + start }));
}
