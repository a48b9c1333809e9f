import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Workspace } from "../session/ports.ts";

type ReadText = Workspace["readText"];

interface Remembered {
  readonly state: string;
  readonly text: string;
}

/** Clocks of file systems tick every few milliseconds: what was changed just before it was read may be changed again unseen. */
const unsettledMs = 100;

/**
 * Reads a file of the folder again only where it is not the one that was read: another one, of another size, or changed since.
 * Whoever changes a file's content changes its `ctime`, which no program can set; so nobody has to be told of changes.
 */
export function rememberText(root: string, readText: ReadText): ReadText {
  const remembered = new Map<string, Remembered>();
  return async (path) => {
    const before = await lstat(join(root, path)).catch(() => undefined);
    const known = remembered.get(path);
    const state = before && stateOf(before);
    if (known && known.state === state) return known.text;
    remembered.delete(path);
    const text = await readText(path);
    const isSettled = before?.isFile() === true && Date.now() - before.ctimeMs > unsettledMs;
    if (isSettled && state !== undefined && text !== undefined) remembered.set(path, { state, text });
    return text;
  };
}

function stateOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(" ");
}
