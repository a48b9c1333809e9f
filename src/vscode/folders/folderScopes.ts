import { createQueue } from "../../support/queue.ts";

/** What is built for one folder, and let go of when another one is chosen. */
export interface FolderScope {
  /** The folder's address; undefined where there is none, or nobody has chosen one yet. */
  readonly folder: string | undefined;
  /** Keeps what waits for a decision and lets go of everything. Rejects, and stays as it is, where that cannot be kept. */
  close(): Promise<void>;
  /** When the window ends: nothing is waited for. */
  dispose(): void;
}

export interface FolderScopesParts<S extends FolderScope> {
  /** Addresses of the folders that the workspace has now and that are on a disk, in its order. */
  readonly folders: () => readonly string[];
  /** What the user chose, over reloads; it outlives the folder's absence. */
  readonly choice: { read(): string | undefined; write(folder: string): Promise<void> };
  readonly open: (folder: string | undefined) => S;
  /** Those of the folders that hold design documents. */
  readonly withDesign: (folders: readonly string[]) => Promise<readonly string[]>;
  /** Undefined when the user picks none. */
  readonly ask: (among: readonly string[]) => Promise<string | undefined>;
  /** What is thrown when the folder is to change in the middle of its use, and when none was picked. */
  readonly refusals: { inUse(folder: string): Error; undecided(): Error };
  /** Told why a folder that has left the workspace could not be let go of; it is tried again at the next change. */
  readonly onFailure: (thrown: unknown) => void;
}

/**
 * Which folder of the workspace the backend is made in, and what is built for it. A single folder is it; of several
 * none is before somebody has chosen: what waits in a folder is neither shown nor locked by a guess.
 */
export interface FolderScopes<S extends FolderScope> {
  /** Of the folder as it is when a change that is under way has ended. */
  current(): Promise<S>;
  /** As {@link current}, once a folder is chosen: the only one, the only one with a design, or the one that the user picks. */
  decided(): Promise<S>;
  /** Carries out what the folder must stay for, with {@link decided}. */
  use<T>(work: (scope: S) => Promise<T>): Promise<T>;
  /** Rejects while {@link use} goes on, unless the folder is the chosen one already. */
  choose(folder: string): Promise<void>;
  /** To be called when the workspace's folders have changed; never rejects. What is used stays until its use has ended. */
  follow(): Promise<void>;
  dispose(): void;
}

export function createFolderScopes<S extends FolderScope>(parts: FolderScopesParts<S>): FolderScopes<S> {
  const { folders, choice, open, refusals, onFailure } = parts;
  const inTurn = createQueue();
  const chosen = (): string | undefined => folders().find((folder) => folder === choice.read());
  const wanted = (shown: string | undefined): string | undefined => {
    const all = folders();
    return chosen() ?? all.find((folder) => folder === shown) ?? (all.length === 1 ? all[0] : undefined);
  };
  let scope = open(wanted(undefined));
  let uses = 0;
  let picking: Promise<string | undefined> | undefined;

  const changeTo = async (folder: string | undefined): Promise<void> => {
    if (folder === scope.folder) return;
    await scope.close();
    scope = open(folder);
  };
  const follow = (): Promise<void> =>
    inTurn(async () => (uses > 0 ? undefined : changeTo(wanted(scope.folder)))).catch(onFailure);
  const choose = (folder: string): Promise<void> =>
    inTurn(async () => {
      if (folder !== scope.folder && scope.folder !== undefined && uses > 0) throw refusals.inUse(scope.folder);
      await changeTo(folder);
      await choice.write(folder);
    });
  const decide = async (): Promise<void> => {
    const all = folders();
    if (all.length === 0 || chosen() !== undefined) return;
    picking ??= pick(all, parts).finally(() => {
      picking = undefined;
    });
    const picked = await picking;
    if (picked === undefined) throw refusals.undecided();
    // Two requests may have waited for the same answer, and a command may have chosen meanwhile.
    if (chosen() === undefined) await choose(picked);
  };
  const current = (): Promise<S> => inTurn(async () => scope);
  return {
    current,
    decided: async () => {
      await decide();
      return current();
    },
    use: async (work) => {
      await decide();
      const used = await inTurn(async () => {
        uses += 1;
        return scope;
      });
      try {
        return await work(used);
      } finally {
        uses -= 1;
        await follow();
      }
    },
    choose,
    follow,
    dispose: () => scope.dispose(),
  };
}

async function pick(
  all: readonly string[],
  { withDesign, ask }: Pick<FolderScopesParts<FolderScope>, "withDesign" | "ask">,
): Promise<string | undefined> {
  if (all.length === 1) return all[0];
  const designed = await withDesign(all);
  return designed.length === 1 ? designed[0] : ask(designed.length === 0 ? all : designed);
}
