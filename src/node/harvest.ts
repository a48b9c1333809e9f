import { type BigIntStats, constants, type Dirent } from "node:fs";
import { lstat, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommandResult, Workspace } from "../session/ports.ts";
import { messageOf } from "../support/errors.ts";
import { builtInRules, type IgnoreRules, readRules } from "./ignoreRules.ts";

export interface HarvestInput {
  /** The layer that took the command's writes. */
  readonly upper: string;
  /** The workspace as the command left it. */
  readonly merged: string;
  /** The workspace folder, which the command could not touch. */
  readonly root: string;
  /** The files as the command found them, proposals included. */
  readonly before: Workspace;
  /** Texts laid over the folder for the command; undefined: deleted. */
  readonly seeded: ReadonlyMap<string, string | undefined>;
  readonly startedAtMs: number;
}

export type Harvested = Pick<CommandResult, "changes" | "rejected">;

const mostFiles = 500;
/** More than this is not even looked at. */
const mostEntries = 2000;
const mostBytes = 20_000_000;
const largestFile = 2_000_000;

/**
 * What a command wrote, as texts that can be proposed. Nothing is followed and nothing but plain files
 * is taken: a link, a pipe or a file with special rights is named and left behind
 * (research/security.md §5, C29–C32).
 */
export async function harvest(input: HarvestInput): Promise<Harvested> {
  const own = await readRules(input.root);
  const walk = new Walk(input, [builtInRules(), ...(own ? [own] : [])]);
  await walk.visit("");
  const deleted = walk.mayLackFiles ? await deletions(walk, input) : [];
  const changes = [...walk.written, ...deleted].sort((a, b) => (a.path < b.path ? -1 : 1));
  const isFlood = walk.isFlooded() || changes.length > mostFiles;
  if (!isFlood) return { changes, rejected: walk.rejected };
  const size = `${Math.max(changes.length, walk.entries)} files, ${Math.round(walk.bytes / 1_000_000)} MB`;
  const why = `The command changed more than can be reviewed (${size}); nothing of it was proposed.`;
  return { changes: [], rejected: [why, ...walk.rejected.slice(0, 20)] };
}

class Walk {
  readonly written: { readonly path: string; readonly text: string }[] = [];
  readonly rejected: string[] = [];
  /** Where the command made a whiteout: what was there, or below, is gone. */
  readonly whiteouts = new Set<string>();
  /** Where something now stands that is no folder: what was below is gone. */
  readonly leaves = new Set<string>();
  /** Folders in which the command wrote, with the names they hold now. */
  readonly listings = new Map<string, ReadonlySet<string>>();
  bytes = 0;
  entries = 0;
  mayLackFiles = false;
  readonly #input: HarvestInput;
  readonly #ignored: readonly IgnoreRules[];

  constructor(input: HarvestInput, ignored: readonly IgnoreRules[]) {
    this.#input = input;
    this.#ignored = ignored;
  }

  isFlooded(): boolean {
    return this.entries > mostEntries || this.bytes > mostBytes;
  }

  async visit(folder: string): Promise<void> {
    await this.#list(folder);
    const entries = await readdir(join(this.#input.upper, folder), { withFileTypes: true }).catch(
      (thrown: unknown): Dirent[] => {
        this.rejected.push(`${folder} is left out: ${messageOf(thrown)}.`);
        return [];
      },
    );
    for (const entry of entries) {
      const path = `${folder}${entry.name}`;
      if (this.#ignored.some((rules) => rules(entry.isDirectory() ? `${path}/` : path))) continue;
      this.entries++;
      if (this.isFlooded()) return;
      if (entry.isDirectory()) await this.visit(`${path}/`);
      else await this.#take(path, entry);
    }
  }

  /** A folder that was replaced says nowhere what it lacks, so what it holds is compared. */
  async #list(folder: string): Promise<void> {
    const names = await readdir(join(this.#input.merged, folder)).catch((): string[] => []);
    this.listings.set(folder, new Set(names));
    const lower = await readdir(join(this.#input.root, folder)).catch((): string[] => []);
    const seeds = [...this.#input.seeded.keys()].filter((path) => path.startsWith(folder));
    const expected = [...lower, ...seeds.map((path) => path.slice(folder.length).split("/")[0] ?? "")];
    this.mayLackFiles ||= expected.some((name) => !names.includes(name)) || (await this.#wasFile(folder.slice(0, -1)));
  }

  async #take(path: string, entry: Dirent): Promise<void> {
    const stats = await lstat(join(this.#input.upper, path), { bigint: true });
    if (entry.isCharacterDevice() && stats.rdev === 0n) {
      this.whiteouts.add(path);
      this.mayLackFiles = true;
      return;
    }
    this.leaves.add(path);
    this.mayLackFiles ||= await this.#wasFolder(path);
    const fault = faultOf(entry, stats);
    if (fault !== undefined) {
      this.rejected.push(`${path} is left out, because it is ${fault}.`);
      return;
    }
    await this.#takeFile(path).catch((thrown: unknown) => {
      this.rejected.push(`${path} is left out: ${messageOf(thrown)}.`);
    });
  }

  async #wasFile(path: string): Promise<boolean> {
    if (path === "") return false;
    const stats = await lstat(join(this.#input.root, path)).catch(() => undefined);
    return this.#input.seeded.has(path) || stats?.isDirectory() === false;
  }

  async #wasFolder(path: string): Promise<boolean> {
    const stats = await lstat(join(this.#input.root, path)).catch(() => undefined);
    return stats?.isDirectory() === true || [...this.#input.seeded.keys()].some((each) => each.startsWith(`${path}/`));
  }

  async #takeFile(path: string): Promise<void> {
    const handle = await open(
      join(this.#input.upper, path),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    const bytes = await readFile(handle).finally(() => handle.close());
    this.bytes += bytes.length;
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    if (text.includes("\0") || text.includes("\ufffd")) {
      this.rejected.push(`${path} is left out, because it is no text.`);
    } else if (text !== (await textAtStart(path, this.#input))) {
      if (await changedSince(path, this.#input)) this.rejected.push(conflict(path));
      else this.written.push({ path, text });
    }
  }
}

function faultOf(entry: Dirent, stats: BigIntStats): string | undefined {
  if (entry.isSymbolicLink()) return "a symbolic link";
  if (!entry.isFile()) return "a pipe, a socket or a device";
  if (stats.nlink > 1n) return "a hard link";
  if ((stats.mode & 0o6000n) !== 0n) return "a file with the rights of another user (setuid)";
  return stats.size > BigInt(largestFile) ? "larger than 2 MB" : undefined;
}

/** What was there before and is not any more. */
async function deletions(walk: Walk, input: HarvestInput): Promise<{ path: string; text: undefined }[]> {
  const gone: { path: string; text: undefined }[] = [];
  for (const path of await input.before.list()) {
    if (!isGone(path, walk)) continue;
    if (await changedSince(path, input)) walk.rejected.push(conflict(path));
    else gone.push({ path, text: undefined });
  }
  return gone;
}

/** The lowest folder on the way in which the command wrote tells whether the way goes on. */
function isGone(path: string, { whiteouts, leaves, listings }: Walk): boolean {
  if (listings.has(`${path}/`)) return true;
  const segments = path.split("/");
  for (let length = segments.length; length > 0; length--) {
    const at = segments.slice(0, length).join("/");
    if (whiteouts.has(at) || (at !== path && leaves.has(at))) return true;
  }
  for (let length = segments.length - 1; length >= 0; length--) {
    const folder = length === 0 ? "" : `${segments.slice(0, length).join("/")}/`;
    const names = listings.get(folder);
    if (names) return !names.has(segments[length] ?? "");
  }
  return false;
}

async function textAtStart(path: string, { before, seeded }: HarvestInput): Promise<string | undefined> {
  return seeded.has(path) ? seeded.get(path) : before.readText(path);
}

/** The user's own edit, or decision, wins over a command that began before it. */
async function changedSince(path: string, { root, before, seeded, startedAtMs }: HarvestInput): Promise<boolean> {
  if (seeded.has(path) && seeded.get(path) !== (await before.readText(path))) return true;
  const stats = await lstat(join(root, path)).catch(() => undefined);
  return stats !== undefined && Math.max(stats.mtimeMs, stats.ctimeMs) >= startedAtMs;
}

function conflict(path: string): string {
  return `${path} is left out, because it was changed in the workspace while the command ran; run it again.`;
}
