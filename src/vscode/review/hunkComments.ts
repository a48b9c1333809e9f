import * as vscode from "vscode";
import { proposedRanges } from "../../changes/hunks.ts";
import { type ReviewComment, tellable } from "../../changes/userWords.ts";
import { UserFacingError } from "../../support/errors.ts";
import { type CommentsOn, createRationaleComments, type ShownComment } from "./rationaleComments.ts";
import { rejectBecause } from "./rejecting.ts";
import type { ReviewParts } from "./reviewParts.ts";
import type { Turns } from "./turns.ts";
import { proposedScheme } from "./workspacePaths.ts";

/** What the user comments on proposed changes: threads beside them, on the proposed side only. */
export function registerHunkComments(parts: ReviewParts): vscode.Disposable {
  const { changes, store, paths, runs } = parts;
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
  const threads = new Map<string, Shown>();
  const commentsNow = createRationaleComments(parts);
  const show = (): void => {
    const wanted = wantedThreads(parts, commentsNow());
    for (const [key, { thread }] of threads) {
      if (wanted.has(key)) continue;
      thread.dispose();
      threads.delete(key);
    }
    for (const [key, each] of wanted) {
      // One that is created without comments has its reply box open.
      const create = () => controller.createCommentThread(paths.toProposed(each.path), each.range, [...each.comments]);
      threads.set(key, showThread(each, threads.get(key) ?? { thread: create() }));
    }
  };
  show();
  return vscode.Disposable.from(controller, store.onDidUpdate(show), runs.onDidChange(show));
}

interface Shown {
  readonly thread: vscode.CommentThread;
  /** Undefined when it was created just now. */
  readonly wanted?: WantedThread;
}

/** What stays as it is is not set again: the editor draws a thread anew for each property. */
function showThread(wanted: WantedThread, { thread, wanted: before }: Shown): Shown {
  if (!thread.range?.isEqual(wanted.range)) thread.range = wanted.range;
  if (before !== undefined && textOf(before) !== textOf(wanted)) thread.comments = wanted.comments;
  thread.label = labelOf(wanted);
  thread.canReply = true;
  if (wanted.isAsked && before?.isAsked !== true) {
    thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
  }
  return { thread, wanted };
}

function textOf({ comments }: WantedThread): string {
  return JSON.stringify(comments.map(({ author, label, body }) => [author.name, label, body]));
}

function labelOf({ comments }: WantedThread): string {
  const own = comments.filter(({ noted }) => noted !== undefined);
  if (own.length === 0) return vscode.l10n.t("Why this is proposed");
  const isTold = own.every(({ label }) => label !== undefined);
  return isTold ? vscode.l10n.t("Told to the agent") : vscode.l10n.t("Told to the agent in its next turn");
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
  readonly isAsked: boolean;
  readonly comments: readonly ShownComment[];
}

/**
 * One thread for each change that waits and that the user has said something of or has asked about. What was said of
 * others is in the view only.
 */
function wantedThreads({ changes, store }: ReviewParts, commentsOn: CommentsOn): ReadonlyMap<string, WantedThread> {
  const asked = new Set(store.explained().map(({ path, hunkId }) => keyOf(path, hunkId)));
  const rejected = changes.snapshot().decisions.filter(({ reason }) => reason !== undefined);
  const about = [...store.explained(), ...store.notes().comments, ...rejected.flatMap(({ files }) => files)];
  const wanted = new Map<string, WantedThread>();
  for (const path of new Set(about.map((each) => each.path))) {
    const file = changes.file(path);
    for (const { hunk, start } of file === undefined ? [] : proposedRanges(file)) {
      const key = keyOf(path, hunk.id);
      const isAsked = asked.has(key);
      const comments = file === undefined ? [] : commentsOn(file, hunk, isAsked);
      // The widget stands below the last line of its range: at the first line the change stays in sight.
      if (comments.length > 0) wanted.set(key, { path, range: lineRange(start, start), isAsked, comments });
    }
  }
  return wanted;
}

function keyOf(path: string, hunkId: string): string {
  return `${path}:${hunkId}`;
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
