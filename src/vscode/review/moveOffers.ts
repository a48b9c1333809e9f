import * as vscode from "vscode";
import { goneText } from "../../changes/conflicts.ts";
import type { ChangeSet } from "../../changes/model.ts";
import type { Workspace } from "../../session/ports.ts";
import { fileName } from "../../support/fileName.ts";

interface MoveOptions {
  readonly changes: ChangeSet;
  readonly workspace: Workspace;
  /** Tells the change set what the file holds now. */
  readonly reread: (path: string) => Promise<unknown>;
}

/** Other programs do not say that they rename: a proposed file is gone, and one with its very text has come. */
export interface MoveOffers {
  /** Of a folder only itself may be announced. */
  created(path: string): void;
  /** Asks, once for each pair, whether the proposals of a file that is gone belong to one that was announced. */
  offer(): Promise<void>;
  /** Asks the same of a file that nobody announced, where only one comes into question: beside it, or of its name. */
  search(): Promise<void>;
}

export function createMoveOffers({ changes, workspace, reread }: MoveOptions): MoveOffers {
  const recent = new Set<string>();
  const asked = new Set<string>();
  const ask = async (gone: string, place: string): Promise<void> => {
    // That one is gone and that another has come are two events, each of which may look at the same time.
    const pair = `${gone}\n${place}`;
    if (asked.has(pair)) return;
    asked.add(pair);
    const message = vscode.l10n.t("{0} is gone, and {1} has its text. Review the proposed changes there?", gone, place);
    const answer = await vscode.window.showInformationMessage(message, vscode.l10n.t("Move Proposals"));
    if (answer === undefined || goneText(changes.file(gone)) === undefined) return;
    for (const path of changes.move(gone, place)) await reread(path);
  };
  const withText = async (places: readonly string[], text: string): Promise<readonly string[]> => {
    const free = places.filter((place) => changes.file(place) === undefined);
    const texts = await Promise.all(free.map((place) => workspace.readText(place).catch(() => undefined)));
    return free.filter((_, index) => texts[index] === text);
  };
  const gone = () =>
    changes.files().flatMap((file) => {
      const text = goneText(file);
      return text === undefined ? [] : [{ path: file.path, text }];
    });
  return {
    created: (path) => {
      recent.add(path);
      const [oldest] = recent;
      if (recent.size > mostRecent && oldest !== undefined) recent.delete(oldest);
    },
    offer: async () => {
      for (const { path, text } of recent.size === 0 ? [] : gone()) {
        for (const place of await withText(placesIn(recent, path), text)) void ask(path, place);
      }
    },
    search: async () => {
      // Of files without text every one would be the same.
      const lost = gone().filter(({ text }) => text.trim() !== "");
      const all = lost.length === 0 ? [] : await workspace.list();
      for (const { path, text } of lost) {
        const [place, ...others] = await withText(expectedPlaces(all, path), text);
        if (place !== undefined && others.length === 0) void ask(path, place);
      }
    },
  };
}

const mostRecent = 50;
/** What is read to find one file. */
const mostExpected = 200;

function placesIn(created: Iterable<string>, gone: string): readonly string[] {
  const names = gone.split("/");
  const below = names.map((_, index) => names.slice(index).join("/"));
  return [...new Set([...created].flatMap((path) => [path, ...below.map((rest) => `${path}/${rest}`)]))];
}

function expectedPlaces(all: readonly string[], gone: string): readonly string[] {
  const name = fileName(gone);
  const folder = gone.slice(0, -name.length);
  const isBeside = (path: string): boolean => path === folder + fileName(path);
  return all.filter((path) => fileName(path) === name || isBeside(path)).slice(0, mostExpected);
}
