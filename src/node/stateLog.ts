import { createHash } from "node:crypto";
import { join } from "node:path";
import { readRecords, writeRecordInPieces } from "../changes/records.ts";
import type { StateStore } from "../session/ports.ts";
import { asUnusableStorage } from "../session/unusableStorage.ts";
import { createQueue } from "../support/queue.ts";
import { inSlices } from "../support/slices.ts";
import { makeFolders, readIfThere, syncFolder } from "./acceptJournal.ts";
import { type FileSystem, nodeFileSystem, type OpenFile } from "./fileSystem.ts";

export interface StateLogOptions {
  readonly files?: FileSystem;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Said once, when the log was put aside: not as it was written, or of a newer version of the extension. */
  readonly onPutAside?: (copy: string, why: "damaged" | "newer") => void;
}

export const stateLogName = "review.log";

/** Changes with what {@link Batch} means. */
const format = 1;

/** One save: what it changed, as one line, so that a crash leaves all of it or nothing. */
interface Batch {
  readonly format: number;
  readonly at: number;
  /** Without a value: the key is gone. */
  readonly entries: readonly { readonly key: string; readonly value?: unknown; readonly at?: number }[];
  /** Long texts by the hash of their content; each is written once. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What a save changes. */
interface Change {
  readonly entries: readonly ChangedEntry[];
  readonly texts: Readonly<Record<string, string>>;
}

interface ChangedEntry {
  readonly key: string;
  readonly json?: string;
  readonly at?: number;
}

interface Kept {
  /** The object that was saved, to know it again. */
  readonly value: unknown;
  readonly json: string;
  readonly at: number;
}

/**
 * Keeps values by key in an append-only file: a line for each save with a checksum, long texts once. A last
 * line that a crash has torn is dropped. The file is written anew when most of it is out of date.
 */
export function createStateLog(folder: string, options: StateLogOptions = {}): StateStore {
  return new StateLog(folder, options);
}

/** Quotes within a text are escaped, so this is a property. */
const hasBase = /"base":/;

class StateLog implements StateStore {
  readonly #folder: string;
  readonly #path: string;
  readonly #files: FileSystem;
  readonly #now: () => number;
  readonly #onPutAside: StateLogOptions["onPutAside"];
  readonly #kept = new Map<string, Kept>();
  readonly #texts = new Map<string, string>();
  readonly #inTurn = createQueue();
  #size = 0;
  /** The last save failed. */
  #isBehind = false;
  /** The last line may be a part of one: nothing can be appended to it. */
  #mustRewrite = true;

  constructor(folder: string, { files = nodeFileSystem, now = Date.now, onPutAside }: StateLogOptions) {
    this.#folder = folder;
    this.#path = join(folder, stateLogName);
    this.#files = files;
    this.#now = now;
    this.#onPutAside = onPutAside;
  }

  async load(): Promise<ReadonlyMap<string, unknown>> {
    try {
      return await this.#load();
    } catch (thrown) {
      throw asUnusableStorage(this.#folder, thrown);
    }
  }

  async #load(): Promise<ReadonlyMap<string, unknown>> {
    const text = (await readIfThere(this.#files, this.#path)) ?? "";
    const { values, state } = readRecords(text);
    const batches = values.filter(isBatch);
    if (state === "damaged" || batches.length < values.length) {
      const why = values.some(isNewer) ? "newer" : "damaged";
      const copy = `${this.#path}.${why === "newer" ? why : "corrupt"}-${this.#now()}`;
      await this.#files.rename(this.#path, copy);
      this.#onPutAside?.(copy, why);
    }
    for (const batch of batches) this.#replay(batch);
    this.#prune();
    this.#size = text.length;
    this.#mustRewrite = state !== "whole" || text === "";
    return new Map([...this.#kept].map(([key, { value }]) => [key, value]));
  }

  save(entries: ReadonlyMap<string, unknown>): Promise<void> {
    return this.#inTurn(() => this.#save(entries));
  }

  async #save(entries: ReadonlyMap<string, unknown>): Promise<void> {
    const change = await this.#take(entries);
    if (change.entries.length === 0 && !this.#isBehind) return;
    this.#isBehind = true;
    try {
      if (this.#mustRewrite || this.#size > smallestRewrite + 2 * this.#liveSize()) await this.#rewrite();
      else await this.#append(change);
    } catch (thrown) {
      throw asUnusableStorage(this.#folder, thrown);
    }
    this.#isBehind = false;
  }

  /** The difference to what is kept; long texts are taken out of it. */
  async #take(entries: ReadonlyMap<string, unknown>): Promise<Change> {
    const at = this.#now();
    const texts: Record<string, string> = {};
    const changed: ChangedEntry[] = [];
    await inSlices(entries, ([key, value]) => {
      const earlier = this.#kept.get(key);
      if (earlier?.value === value) return;
      const json = this.#jsonOf(value, texts);
      this.#kept.set(key, { value, json, at: earlier?.at ?? at });
      if (json !== earlier?.json) changed.push({ key, json });
    });
    for (const key of this.#kept.keys()) {
      if (entries.has(key)) continue;
      this.#kept.delete(key);
      changed.push({ key });
    }
    return { entries: changed, texts };
  }

  /** A review of a large project is megabytes, which are gone through by hand only where a text is to be taken out. */
  #jsonOf(value: unknown, texts: Record<string, string>): string {
    const json = JSON.stringify(value);
    return hasBase.test(json) ? JSON.stringify(value, (name, item: unknown) => this.#shorten(name, item, texts)) : json;
  }

  #shorten(name: string, value: unknown, texts: Record<string, string>): unknown {
    if (name !== "base" || typeof value !== "string" || value.length < shortestText) return value;
    const text = createHash("sha256").update(value).digest("hex");
    if (!this.#texts.has(text)) texts[text] = value;
    this.#texts.set(text, value);
    return { text };
  }

  #replay({ entries, texts, at }: Batch): void {
    for (const [hash, text] of Object.entries(texts)) this.#texts.set(hash, text);
    for (const { key, value, at: own = at } of entries) {
      if (value === undefined) this.#kept.delete(key);
      else {
        const json = JSON.stringify(value);
        const whole = hasBase.test(json) ? JSON.parse(json, (name, item) => this.#lengthen(name, item)) : value;
        this.#kept.set(key, { value: whole, json, at: own });
      }
    }
  }

  #lengthen(name: string, value: unknown): unknown {
    const isShort = name === "base" && typeof value === "object" && value !== null && "text" in value;
    return isShort ? this.#texts.get(String(value.text)) : value;
  }

  /** Decisions that nobody will take back any more; what waits for one is never dropped. */
  #prune(): void {
    const decisions = [...this.#kept].filter(([key]) => key.startsWith("decision:"));
    const oldest = this.#now() - longestKept;
    let size = decisions.reduce((sum, [, { json }]) => sum + json.length, 0);
    for (const [key, { at, json }] of decisions) {
      if (at >= oldest && size <= largestDecisions) continue;
      this.#kept.delete(key);
      size -= json.length;
      this.#mustRewrite = true;
    }
  }

  #liveSize(): number {
    return [...this.#kept.values()].reduce((sum, { json }) => sum + json.length, 0);
  }

  async #append(change: Change): Promise<void> {
    this.#mustRewrite = true;
    const line = await this.#lineOf(change);
    const handle = await this.#files.open(this.#path, "a", 0o600);
    this.#size += await writeAll(handle, line);
    this.#mustRewrite = false;
  }

  async #rewrite(): Promise<void> {
    this.#mustRewrite = true;
    await makeFolders(this.#files, this.#folder);
    const used = new Set<string>();
    await inSlices(this.#kept.values(), ({ json }) => {
      for (const hash of json.match(/(?<="base":\{"text":")\w+/g) ?? []) used.add(hash);
    });
    for (const hash of this.#texts.keys()) if (!used.has(hash)) this.#texts.delete(hash);
    const entries = [...this.#kept].map(([key, { json, at }]) => ({ key, at, json }));
    const line = await this.#lineOf({ entries, texts: Object.fromEntries(this.#texts) });
    const temporary = `${this.#path}.new`;
    const handle = await this.#files.open(temporary, "w", 0o600);
    const size = await writeAll(handle, line);
    await this.#files.rename(temporary, this.#path);
    await syncFolder(this.#files, this.#folder);
    this.#size = size;
    this.#mustRewrite = false;
  }

  /** A {@link Batch} as one line, in pieces. */
  async #lineOf({ entries, texts }: Change): Promise<readonly string[]> {
    const pieces = [`{"format":${format},"at":${this.#now()},"entries":[`];
    for (const [index, { json, ...entry }] of entries.entries()) {
      const value = json === undefined ? "" : `,"value":${json}`;
      pieces.push(`${index === 0 ? "" : ","}${JSON.stringify(entry).slice(0, -1)}${value}}`);
    }
    pieces.push('],"texts":{');
    await inSlices(Object.entries(texts), ([hash, text]) => {
      pieces.push(`${pieces.at(-1) === '],"texts":{' ? "" : ","}${JSON.stringify(hash)}:${JSON.stringify(text)}`);
    });
    return writeRecordInPieces([...pieces, "}}"]);
  }
}

/** Returns how much it was. */
async function writeAll(handle: OpenFile, pieces: readonly string[]): Promise<number> {
  let size = 0;
  try {
    let text = "";
    for (const [index, piece] of pieces.entries()) {
      text += piece;
      if (text.length < largestWrite && index < pieces.length - 1) continue;
      await handle.writeFile(text);
      size += text.length;
      text = "";
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return size;
}

/** Making bytes of a text holds the thread. */
const largestWrite = 500_000;
/** What is shorter is not worth a name. */
const shortestText = 200;
const smallestRewrite = 4_000_000;
const longestKept = 30 * 24 * 3_600_000;
const largestDecisions = 200_000_000;

/** Of a newer version of the extension nothing is read: it may mean something else. */
function isBatch(value: unknown): value is Batch {
  return typeof value === "object" && value !== null && "format" in value && value.format === format;
}

function isNewer(value: unknown): boolean {
  return typeof value === "object" && value !== null && "format" in value && Number(value.format) > format;
}
