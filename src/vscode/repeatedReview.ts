import type * as vscode from "vscode";
import { createOverlay } from "../changes/overlay.ts";
import type { Analyzer, Log } from "../session/ports.ts";
import { reviewWorkspace } from "../session/proposedState.ts";
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
}

export interface RepeatedReviewParts {
  readonly folder: vscode.Uri | undefined;
  readonly store: ReviewStore;
  readonly analyzer: Analyzer;
  readonly log: Log;
  readonly openWorkspace: OpenWorkspace;
}

/** Keeps checklist and coverage true after decisions: what is on disk now, and what is still proposed. */
export function createRepeatedReview(parts: RepeatedReviewParts): RepeatedReview {
  const { folder, store, analyzer, log, openWorkspace } = parts;
  const abort = new AbortController();
  const state: { spec?: DesignSpec; running: boolean; again: boolean } = { running: false, again: false };

  const review = async (root: vscode.Uri, spec: DesignSpec): Promise<void> => {
    const overlay = createOverlay(openWorkspace(root), store.changes);
    store.setReview(await reviewWorkspace(spec, overlay, analyzer, abort.signal));
  };
  const repeat = (): void => {
    const { spec } = state;
    if (!folder || !spec || abort.signal.aborted) return;
    if (state.running) {
      state.again = true;
      return;
    }
    state.running = true;
    review(folder, spec)
      .catch((thrown: unknown) => {
        if (!isAbort(thrown)) log.error("The state could not be reviewed again.", thrown);
      })
      .finally(() => {
        state.running = false;
        if (!state.again) return;
        state.again = false;
        repeat();
      });
  };
  return {
    remember: (spec) => {
      state.spec = spec;
    },
    design: () => state.spec,
    repeat,
    dispose: () => abort.abort(),
  };
}
