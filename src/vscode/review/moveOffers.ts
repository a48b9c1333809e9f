import * as vscode from "vscode";
import { goneText } from "../../changes/conflicts.ts";
import type { ChangeSet } from "../../changes/model.ts";
import { currentText } from "../currentText.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

interface MoveOptions {
  readonly changes: ChangeSet;
  readonly paths: WorkspacePaths;
  /** Tells the change set what the file holds now. */
  readonly reread: (path: string) => Promise<unknown>;
}

/** Other programs do not say that they rename: a proposed file is gone, and one with its very text has come. */
export interface MoveOffers {
  /** Of a folder only itself may be announced. */
  created(path: string): void;
  /** Asks, once for each pair, whether the proposals of a file that is gone belong to one that has come. */
  offer(): Promise<void>;
}

export function createMoveOffers({ changes, paths, reread }: MoveOptions): MoveOffers {
  const recent = new Set<string>();
  const asked = new Set<string>();
  const ask = async (gone: string, place: string): Promise<void> => {
    const message = vscode.l10n.t("{0} is gone, and {1} has its text. Review the proposed changes there?", gone, place);
    const answer = await vscode.window.showInformationMessage(message, vscode.l10n.t("Move Proposals"));
    if (answer === undefined || goneText(changes.file(gone)) === undefined) return;
    for (const path of changes.move(gone, place)) await reread(path);
  };
  const askAboutEach = async (gone: string, text: string): Promise<void> => {
    for (const place of placesIn(recent, gone)) {
      const pair = `${gone}\n${place}`;
      if (asked.has(pair) || changes.file(place) !== undefined) continue;
      const now = await currentText(paths.toFile(place)).catch(() => undefined);
      // That one is gone and that another has come are two events, each of which may look at the same time.
      if (now !== text || asked.has(pair)) continue;
      asked.add(pair);
      void ask(gone, place);
    }
  };
  return {
    created: (path) => {
      recent.add(path);
      const [oldest] = recent;
      if (recent.size > mostRecent && oldest !== undefined) recent.delete(oldest);
    },
    offer: async () => {
      for (const file of recent.size === 0 ? [] : changes.files()) {
        const text = goneText(file);
        if (text !== undefined) await askAboutEach(file.path, text);
      }
    },
  };
}

const mostRecent = 50;

function placesIn(created: Iterable<string>, gone: string): readonly string[] {
  const names = gone.split("/");
  const below = names.map((_, index) => names.slice(index).join("/"));
  return [...new Set([...created].flatMap((path) => [path, ...below.map((rest) => `${path}/${rest}`)]))];
}
