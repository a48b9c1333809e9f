import { UserFacingError } from "../support/errors.ts";
import { redactedMark } from "../support/redact.ts";

/** Refuses a text with a mark in the place of a secret: the secret itself would be lost. */
export function refuseRedacted(path: string, text: string): void {
  const found = redactedMark.exec(text)?.[0];
  if (found === undefined) return;
  const message = `${found} stands in ${path} for a value that you were not shown; change other passages with Edit, or read it from the environment.`;
  throw new UserFacingError("REDACTED", message);
}

/**
 * Refuses a text that leaves something out in words ("rest unchanged", "# ... existing code"): it would
 * be taken literally and the code be lost. Lines that the file has already may stay.
 */
export function refusePlaceholders(path: string, text: string, current: string | undefined): void {
  const known = new Set(current?.split(/\r?\n/).map((line) => line.trim()));
  const lines = text.split(/\r?\n/);
  const at = lines.findIndex((line) => isPlaceholder(line) && !known.has(line.trim()));
  if (at < 0) return;
  throw new UserFacingError(
    "PLACEHOLDER",
    `line ${at + 1} for ${path} stands for code instead of being it: "${lines[at]?.trim()}". Nothing is filled in here; write the lines out, or change single passages with Edit.`,
  );
}

const comment = /^\s*(?:#|\/\/|--|\/\*+|<!--|\*|""")\s*(?<words>.+)$/;
const left = "rest|remaining|remainder|existing|previous|other|same|original|unchanged|code|methods?|imports?|logic";
const elided = new RegExp(String.raw`^(?:\.{3}|…)[\s(\[]*(?:${left}|keep|as before|the)\b`, "i");
const parts =
  "code|methods?|imports?|fields?|functions?|class(?:es)?|columns?|file|page|module|lines|logic|implementation|routes|definitions?";
const unchanged = new RegExp(
  String.raw`(?:^\(?(?:the )?rest|(?:rest|remaining|remainder|existing|previous|other|original)\b.{0,30}\b(?:${parts}))\b.{0,20}\b(?:unchanged|the same|as before|omitted|goes here)\b`,
  "i",
);
const trailing = new RegExp(String.raw`\b(?:${left})\b[^.]*(?:\.{3}|…)\s*(?:\*/|-->)?$`, "i");

/** A placeholder is a short remark; the patterns are not run over what may be megabytes. */
const longestRemark = 200;

/** A bare `...` is Python and means something; only words make it a placeholder. */
function isPlaceholder(line: string): boolean {
  if (line.trim().length > longestRemark) return false;
  const words = comment.exec(line)?.groups?.["words"];
  if (words === undefined) return elided.test(line.trim());
  return elided.test(words) || unchanged.test(words) || trailing.test(words);
}

/** Files shorter than this are rewritten as one likes. */
const smallFile = 40;
const leastKept = 0.5;

/** Whether a rewrite loses so much of a file that it was more likely cut short than meant. */
export function shrinksMuch(current: string, text: string): boolean {
  const before = codeLines(current);
  return before >= smallFile && codeLines(text) < before * leastKept;
}

export function shrinkRefusal(path: string, current: string, text: string): UserFacingError {
  const lost = `${path} has ${codeLines(current)} lines of text and would have ${codeLines(text)}`;
  return new UserFacingError(
    "SHRINK",
    `${lost}. Write takes the whole file; change passages with Edit, or send this very Write again if so much is meant to go.`,
  );
}

function codeLines(text: string): number {
  return text.split("\n").filter((line) => line.trim() !== "").length;
}
