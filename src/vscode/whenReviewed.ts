import * as vscode from "vscode";
import type { Log } from "../session/ports.ts";
import type { ReviewStore } from "./trees/reviewStore.ts";

/** Calls `show` once, as soon as there is a review, a run's or an earlier window's. */
export function whenReviewed(store: ReviewStore, show: () => Promise<vscode.Disposable>, log: Log): vscode.Disposable {
  const shown: vscode.Disposable[] = [];
  let isDisposed = false;
  const following = store.onDidChange(() => {
    if (store.review() === undefined) return;
    following.dispose();
    show().then(
      (surfaces) => {
        if (isDisposed) surfaces.dispose();
        else shown.push(surfaces);
      },
      (thrown: unknown) => log.error("The review cannot be shown in documents and code.", thrown),
    );
  });
  return {
    dispose: () => {
      isDisposed = true;
      vscode.Disposable.from(following, ...shown).dispose();
    },
  };
}
