import type * as vscode from "vscode";
import { createOverlay, type ReadableFiles } from "../changes/overlay.ts";
import type { Analyzer, Log } from "../session/ports.ts";
import { type ProjectState, readEdits, readState } from "../session/proposedState.ts";
import type { DesignSpec } from "../spec/model.ts";
import { isAbort } from "../support/errors.ts";
import type { Disposable } from "../support/events.ts";
import type { OpenWorkspace } from "./editorWorkspace.ts";
import type { ReviewStore } from "./trees/reviewStore.ts";

export interface RepeatedReview extends Disposable {
  /** The design that the state is held against from now on. */
  remember(spec: DesignSpec): void;
  /** The design that was remembered last. */
  design(): DesignSpec | undefined;
  /** Reviews the state again. Calls during a review become one review after it. */
  repeat(): void;
  /** Somebody types in this file: what else a review is about is read until they pause. */
  typing(path: string): void;
  /** As {@link repeat} after typing alone: of what was read when it began, only the files that were typed in are read again. */
  repeatTyped(): void;
}

export interface RepeatedReviewParts {
  readonly folder: vscode.Uri | undefined;
  readonly store: ReviewStore;
  readonly analyzer: Analyzer;
  readonly log: Log;
  readonly openWorkspace: OpenWorkspace;
  /** What somebody has typed into proposed texts and not saved yet, by their paths. */
  readonly editedProposals: () => ReadonlyMap<string, string>;
}

/** Keeps checklist and coverage true after decisions: what is on disk now, and what is still proposed. */
export function createRepeatedReview(parts: RepeatedReviewParts): RepeatedReview {
  const { folder, store, analyzer, log, openWorkspace, editedProposals } = parts;
  const abort = new AbortController();
  const state: { spec?: DesignSpec; running: boolean; next?: Wanted; typed?: Typed } = { running: false };
  const overlayOf = (root: vscode.Uri): ReadableFiles => {
    const overlay = createOverlay(openWorkspace(root), store.changes);
    const edited = editedProposals();
    return { ...overlay, readText: async (path) => edited.get(path) ?? overlay.readText(path) };
  };
  const forget = (): void => {
    delete state.typed;
  };
  const proposals = store.changes.onDidChange(forget);

  const review = async (root: vscode.Uri, spec: DesignSpec, typed: Typed | undefined): Promise<void> => {
    const overlay = overlayOf(root);
    const before = await typed?.state;
    const now = typed && before && (await readEdits(before, typed.paths, overlay));
    store.setReview(await analyzer.review({ spec, ...(now ?? (await readState(overlay))) }, abort.signal));
  };
  const want = (wanted: Wanted): void => {
    const { spec, typed } = state;
    if (!folder || !spec || abort.signal.aborted) return;
    if (state.running) {
      state.next = state.next === "anew" ? "anew" : wanted;
      return;
    }
    state.running = true;
    forget();
    review(folder, spec, wanted === "typed" ? typed : undefined)
      .catch((thrown: unknown) => {
        if (!isAbort(thrown)) log.error("The state could not be reviewed again.", thrown);
      })
      .finally(() => {
        const { next } = state;
        state.running = false;
        delete state.next;
        if (next) want(next);
      });
  };
  return {
    remember: (spec) => {
      state.spec = spec;
    },
    design: () => state.spec,
    repeat: () => want("anew"),
    typing: (path) => {
      if (!folder || !state.spec) return;
      // What cannot be read now is read, or refused, when the review is due.
      state.typed ??= { state: readState(overlayOf(folder)).catch(() => undefined), paths: new Set() };
      state.typed.paths.add(path);
    },
    repeatTyped: () => want("typed"),
    dispose: () => {
      proposals.dispose();
      abort.abort();
    },
  };
}

type Wanted = "anew" | "typed";

interface Typed {
  readonly state: Promise<ProjectState | undefined>;
  readonly paths: Set<string>;
}
