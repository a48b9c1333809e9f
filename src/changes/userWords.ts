import { redact } from "../support/redact.ts";
import { escapeInvisible } from "../support/visibleText.ts";
import { counted } from "../support/words.ts";
import type { Decision } from "./model.ts";

/** What the user says about a proposed change without deciding it. Plain JSON. */
export interface ReviewComment {
  readonly path: string;
  /** Of the change as it was commented on; it may be decided or proposed otherwise meanwhile. */
  readonly hunkId: string;
  /** A line of the change, so that the agent finds it. */
  readonly excerpt: string;
  readonly text: string;
}

/** More than this no turn is given: the newest count. */
const mostWords = 40;
const longestWords = 1000;

/** What a person typed as it is kept and told: one line, without secrets and invisible characters; empty: nothing. */
export function tellable(typed: string): string {
  const line = redact(typed).replace(/\s+/g, " ").trim();
  const visible = escapeInvisible(line);
  return visible.length > longestWords ? `${visible.slice(0, longestWords - 1)}…` : visible;
}

/** One thing that the user said: to the agent it is `line`, in the view `text` about `about`. */
export interface UserWord {
  readonly kind: "rejection" | "comment";
  readonly line: string;
  readonly text: string;
  readonly about: string;
  /** The first file that it is about. */
  readonly path: string;
  readonly comment?: ReviewComment;
}

/** What the user said of the proposals, oldest first; what was `withheld` by its line is left out. */
export function userWords(
  decisions: readonly Decision[],
  { comments, withheld }: { readonly comments: readonly ReviewComment[]; readonly withheld: readonly string[] },
): readonly UserWord[] {
  const rejected = decisions.flatMap((decision) => (decision.reason === undefined ? [] : [rejection(decision)]));
  const all = [...rejected, ...comments.map(commentWord)].filter(({ line }) => !withheld.includes(line));
  return all.slice(-mostWords);
}

function rejection({ files, reason = "" }: Decision): UserWord {
  const hunks = files.flatMap((file) => [...file.hunks, ...file.conflicts]);
  const paths = files.slice(0, mostPaths).map(({ path }) => path);
  const more = files.length > mostPaths ? ` and ${counted(files.length - mostPaths, "more file")}` : "";
  const [only] = hunks;
  const what = hunks.length === 1 && only !== undefined ? quoted(excerptOf(only)) : counted(hunks.length, "change");
  const [about, text] = [`${what} in ${paths.join(", ")}${more}`, tellable(reason)];
  return { kind: "rejection", line: `The user rejected ${about}: ${text}`, text, about, path: paths[0] ?? "" };
}

const mostPaths = 5;

function commentWord(comment: ReviewComment): UserWord {
  const { path, excerpt } = comment;
  const [about, text] = [`${quoted(excerpt)} in ${path}`, tellable(comment.text)];
  return { kind: "comment", line: `The user says of ${about}: ${text}`, text, about, path, comment };
}

/** The first line with something to read in it says more than a number. */
export function excerptOf({ added, removed }: { added: readonly string[]; removed: readonly string[] }): string {
  const isTold = (line: string): boolean => /\w/.test(line);
  const line = added.find(isTold) ?? removed.find(isTold);
  if (line === undefined) return "blank lines";
  return added.some(isTold) ? line.trim() : `− ${line.trim()}`;
}

/** Words of the proposal, not of the user. */
function quoted(excerpt: string): string {
  return JSON.stringify(tellable(excerpt).slice(0, 120));
}
