import { judgePath } from "../support/pathClass.ts";
import type { ChangeSet, Hunk, ProposedFile } from "./model.ts";
import { reasonForOwnYes } from "./ownYes.ts";

/** `open`: can be accepted as it is. `confirmEach`: no sweeping accept takes it. */
export type ProposalState = "open" | "conflict" | "runsCode" | "confirmEach" | "unseen";

export const proposalStates: readonly ProposalState[] = ["open", "conflict", "unseen", "runsCode", "confirmEach"];

/** Which proposals are shown. An empty text and no states let everything through; one of several states is enough. */
export interface ProposalFilter {
  /** Of the path or of a proposed line, whatever its case. */
  readonly text: string;
  readonly states: readonly ProposalState[];
}

export const noProposalFilter: ProposalFilter = { text: "", states: [] };

export function isFilteringProposals({ text, states }: ProposalFilter): boolean {
  return text !== "" || states.length > 0;
}

/** A proposed file with those of its changes that a filter lets through. */
export interface ShownFile {
  readonly file: ProposedFile;
  readonly hunks: readonly Hunk[];
  readonly conflicts: ProposedFile["conflicts"];
  /** Of a rename: the file as it is called now. Its deletion is not shown beside it. */
  readonly from?: ProposedFile;
}

/** The files with anything to show, in their order. */
export function filterProposals(
  files: readonly ProposedFile[],
  filter: ProposalFilter,
  isSeen: (path: string, hunkId: string) => boolean,
): readonly ShownFile[] {
  const text = filter.text.toLowerCase();
  return files
    .map((file) => {
      const has = filter.states.length === 0 ? () => true : stateTest(file, filter.states, isSeen);
      const fits = file.path.toLowerCase().includes(text) ? () => true : lineTest(text);
      return {
        file,
        hunks: file.hunks.filter((hunk) => has(hunk, false) && fits(hunk)),
        conflicts: file.conflicts.filter((conflict) => has(conflict, true) && fits(conflict)),
      };
    })
    .filter(({ hunks, conflicts }) => hunks.length + conflicts.length > 0);
}

/** The files with each rename as one of them. */
export function joinRenames(shown: readonly ShownFile[], renameOf: ChangeSet["renameOf"]): readonly ShownFile[] {
  const paths = new Set(shown.map(({ file }) => file.path));
  return shown.flatMap((each) => {
    const rename = renameOf(each.file.path);
    if (rename === undefined) return [each];
    if (each.file.path === rename.to.path) return [{ ...each, from: rename.from }];
    return paths.has(rename.to.path) ? [] : [each];
  });
}

function stateTest(
  file: ProposedFile,
  states: readonly ProposalState[],
  isSeen: (path: string, hunkId: string) => boolean,
): (change: { readonly id: string }, isConflict: boolean) => boolean {
  const ofFile =
    (states.includes("runsCode") && judgePath(file.path).class === "runsCode") ||
    (states.includes("confirmEach") && reasonForOwnYes(file) !== undefined);
  return ({ id }, isConflict) =>
    ofFile ||
    states.includes(isConflict ? "conflict" : "open") ||
    (states.includes("unseen") && !isSeen(file.path, id));
}

function lineTest(text: string): (change: { readonly added: readonly string[] }) => boolean {
  return ({ added }) => added.some((line) => line.toLowerCase().includes(text));
}

/** A proposed line with a text in it; `line` counts from 0 in the proposed text. */
export interface FoundLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** The proposed lines that hold a text, whatever its case, at most so many. Lines that stand already are none. */
export function searchProposals(files: readonly ProposedFile[], text: string, most: number): readonly FoundLine[] {
  const wanted = text.toLowerCase();
  const found: FoundLine[] = [];
  for (const file of files) {
    let shift = 0;
    for (const { start, removed, added } of file.hunks) {
      for (const [index, line] of added.entries()) {
        if (!line.toLowerCase().includes(wanted)) continue;
        found.push({ path: file.path, line: start + shift + index, text: line });
        if (found.length === most) return found;
      }
      shift += added.length - removed.length;
    }
  }
  return found;
}
