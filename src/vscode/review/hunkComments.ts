import * as vscode from "vscode";
import { proposedRanges } from "../../changes/hunks.ts";
import type { ProposedFile } from "../../changes/model.ts";
import { type ReviewComment, tellable } from "../../changes/userWords.ts";
import { UserFacingError } from "../../support/errors.ts";
import { rejectBecause } from "./rejecting.ts";
import type { ReviewParts } from "./reviewParts.ts";
import type { Turns } from "./turns.ts";
import { proposedScheme } from "./workspacePaths.ts";

/** What the user comments on proposed changes: threads beside them, on the proposed side only. */
export function registerHunkComments({ changes, store, paths }: ReviewParts): vscode.Disposable {
  const controller = vscode.comments.createCommentController("backendImplementer.review", "Backend Implementer");
  controller.options = {
    placeHolder: vscode.l10n.t("What the agent should know of this change"),
    prompt: vscode.l10n.t("Comment on the change"),
  };
  controller.commentingRangeProvider = {
    provideCommentingRanges: ({ uri }) => {
      const path = uri.scheme === proposedScheme ? paths.toPath(uri) : undefined;
      const file = path === undefined ? undefined : changes.file(path);
      return file === undefined ? [] : proposedRanges(file).map(({ start, end }) => lineRange(start, end - 1));
    },
  };
  const threads = new Map<string, vscode.CommentThread>();
  const show = (): void => {
    const wanted = threadsOf(store.notes().comments, changes.file.bind(changes));
    for (const [key, thread] of threads) {
      if (wanted.has(key)) continue;
      thread.dispose();
      threads.delete(key);
    }
    for (const [key, { path, range, comments }] of wanted) {
      const thread = threads.get(key) ?? controller.createCommentThread(paths.toProposed(path), range, []);
      threads.set(key, thread);
      if (!thread.range?.isEqual(range)) thread.range = range;
      thread.comments = comments.map(shownComment);
      thread.label = vscode.l10n.t("Told to the agent in its next turn");
      thread.canReply = true;
    }
  };
  show();
  return vscode.Disposable.from(controller, store.onDidUpdate(show));
}

/** What the buttons below a comment do. */
export function createCommentHandlers(parts: ReviewParts, turns: Turns) {
  const { store } = parts;
  return {
    "backendImplementer.submitComment": async (reply: unknown) => {
      const { comment, thread } = requireReply(reply, parts);
      if (comment.text === "") return;
      if (thread.comments.length === 0) thread.dispose();
      const notes = store.notes();
      store.setNotes({ ...notes, comments: [...notes.comments, comment] });
    },
    "backendImplementer.rejectWithComment": async (reply: unknown) => {
      const { comment, thread } = requireReply(reply, parts);
      if (thread.comments.length === 0) thread.dispose();
      const { path, hunkId } = comment;
      await turns.run((next) => rejectBecause(comment.text, { path, hunkId }, { ...parts, next }));
    },
    "backendImplementer.deleteComment": async (shown: unknown) => {
      const noted = typeof shown === "object" && shown !== null ? Reflect.get(shown, "noted") : undefined;
      const notes = store.notes();
      store.setNotes({ ...notes, comments: notes.comments.filter((each) => each !== noted) });
    },
  };
}

interface WantedThread {
  readonly path: string;
  readonly range: vscode.Range;
  readonly comments: readonly ReviewComment[];
}

/** One thread for each change that waits; what was said of others is in the view only. */
function threadsOf(
  comments: readonly ReviewComment[],
  fileOf: (path: string) => ProposedFile | undefined,
): ReadonlyMap<string, WantedThread> {
  const wanted = new Map<string, WantedThread>();
  for (const comment of comments) {
    const { path, hunkId } = comment;
    const file = fileOf(path);
    const found = file && proposedRanges(file).find(({ hunk }) => hunk.id === hunkId);
    if (found === undefined) continue;
    const key = `${path}:${hunkId}`;
    // The widget stands below the last line of its range: at the first line the change stays in sight.
    const range = wanted.get(key)?.range ?? lineRange(found.start, found.start);
    wanted.set(key, { path, range, comments: [...(wanted.get(key)?.comments ?? []), comment] });
  }
  return wanted;
}

function shownComment(noted: ReviewComment): vscode.Comment & { readonly noted: ReviewComment } {
  return {
    noted,
    body: new vscode.MarkdownString().appendText(noted.text),
    mode: vscode.CommentMode.Preview,
    author: { name: vscode.l10n.t("You") },
    contextValue: "comment",
  };
}

interface Reply {
  readonly comment: ReviewComment;
  readonly thread: vscode.CommentThread;
}

function requireReply(reply: unknown, { changes, paths }: ReviewParts): Reply {
  const { thread, text } = reply as vscode.CommentReply;
  const path = paths.toPath(thread.uri);
  const file = path === undefined ? undefined : changes.file(path);
  const line = thread.range?.start.line ?? 0;
  const range = file && proposedRanges(file).find(({ start, end }) => start <= line && line < Math.max(end, start + 1));
  if (file === undefined || range === undefined) {
    throw new UserFacingError(
      "NO_CHANGE_HERE",
      vscode.l10n.t("The change was decided or proposed anew meanwhile; comment on another."),
    );
  }
  const excerpt = (range.hunk.added[line - range.start] ?? range.hunk.removed[0] ?? "").trim();
  return { comment: { path: file.path, hunkId: range.hunk.id, excerpt, text: tellable(text) }, thread };
}

function lineRange(start: number, end: number): vscode.Range {
  return new vscode.Range(start, 0, Math.max(start, end), 0);
}
