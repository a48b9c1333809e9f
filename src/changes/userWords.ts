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

/** What the user said of the proposals, a line each, oldest first, for the next turn of the agent. */
export function userWords(decisions: readonly Decision[], comments: readonly ReviewComment[]): readonly string[] {
  const rejected = decisions.flatMap((decision) => (decision.reason === undefined ? [] : [rejection(decision)]));
  return [...rejected, ...comments.map(commentLine)].slice(-mostWords);
}

function rejection({ files, reason = "" }: Decision): string {
  const hunks = files.flatMap((file) => [...file.hunks, ...file.conflicts]);
  const paths = files.slice(0, mostPaths).map(({ path }) => path);
  const more = files.length > mostPaths ? ` and ${counted(files.length - mostPaths, "more file")}` : "";
  const [only] = hunks;
  const what = hunks.length === 1 && only !== undefined ? quoted(excerptOf(only)) : counted(hunks.length, "change");
  return `The user rejected ${what} in ${paths.join(", ")}${more}: ${tellable(reason)}`;
}

const mostPaths = 5;

function commentLine({ path, excerpt, text }: ReviewComment): string {
  return `The user says of ${quoted(excerpt)} in ${path}: ${tellable(text)}`;
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
