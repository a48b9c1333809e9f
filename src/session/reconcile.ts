import { type Collision, mergeTexts } from "../changes/merge.ts";
import type { ChangeSet } from "../changes/model.ts";
import type { Compilation, Decision, GeneratedFile, LastGenerated } from "../compiler/compilation.ts";
import { textHash } from "../compiler/delta/designRecord.ts";
import { recordPath } from "../compiler/delta/recordPath.ts";
import { isRevision } from "../compiler/delta/revisions.ts";
import { fitToProject, keptByHand } from "../compiler/existingProject.ts";
import type { SourceText } from "../review/model.ts";
import type { Workspace } from "./ports.ts";
import { readSources } from "./proposedState.ts";

/** How a compilation meets what the user has made of the files of the one before. */
export interface Reconciled {
  /** As it is to be proposed: every text holds the user's own edits. */
  readonly compilation: Compilation;
  readonly conflicts: readonly Conflict[];
  /** Files that the design does not need any more and nobody has edited, with their texts. */
  readonly removals: readonly { readonly path: string; readonly text: string }[];
  readonly facts: ChangeFacts;
}

interface Conflict {
  readonly path: string;
  /** The user's text, which the edits do not fit. */
  readonly current: string;
  readonly edits: readonly Collision[];
}

/** What a person should know of how a changed design met the code. */
export interface ChangeFacts {
  /** Files in which the design and the user have changed the same lines; the user's stand. */
  readonly conflicts: readonly string[];
  readonly removed: readonly string[];
  /** Files that the design does not need any more, left because they were edited. */
  readonly abandoned: readonly string[];
  /** Files that differ from what is proposed, where nothing tells which side is older. */
  readonly unknown: readonly string[];
  readonly decisions: readonly Decision[];
}

/**
 * Merges, file by file, what was generated last, what is generated now and what the user has.
 *
 * What the user has not edited takes the new text; what the user has edited takes the change of the
 * design where it fits, and the rest is a conflict; what the user has deleted stays deleted unless
 * the design has changed it.
 */
export async function reconcile(compilation: Compilation, disk: Workspace): Promise<Reconciled> {
  const texts = await Promise.all(compilation.files.map(({ path }) => disk.readText(path)));
  const moves = await movesOf(compilation, texts, disk);
  const merged = compilation.files.map((file, at) => {
    const home = moves.get(file.path);
    const last = compilation.last?.[file.path];
    if (!home || !last) return mergeFile(file, texts[at], compilation);
    const moved = { ...compilation, last: { [home.path]: last } };
    return mergeFile({ ...file, path: home.path }, home.text, moved);
  });
  const proposed = new Set(compilation.files.map(({ path }) => path));
  const obsolete = await Promise.all(
    Object.entries(compilation.last ?? {})
      .filter(([path]) => !proposed.has(path))
      .map(async ([path, last]) => ({ path, last, text: await disk.readText(path) })),
  );
  const left = obsolete.flatMap(({ path, last, text }) => (text === undefined ? [] : [{ path, last, text }]));
  const unedited = left.filter(({ last, text }) => textHash(text) === last.hash);
  const conflicts = merged.flatMap(({ conflict }) => conflict ?? []);
  return {
    compilation: { ...compilation, files: merged.flatMap(({ file }) => file ?? []) },
    conflicts,
    removals: unedited.map(({ path, text }) => ({ path, text })),
    facts: {
      conflicts: conflicts.map(({ path }) => path),
      removed: unedited.map(({ path }) => path),
      abandoned: left.filter((file) => !unedited.includes(file)).map(({ path }) => path),
      unknown: merged.flatMap(({ unknown }) => unknown ?? []),
      decisions: [...(compilation.decisions ?? []), ...[...moves].map(movedText)],
    },
  };
}

function movedText([path, home]: readonly [string, SourceText]): Decision {
  const text =
    `${path} is ${home.path} now, so the change of the design is proposed there. ` +
    "Where other proposed code imports it by its old name, correct the import.";
  return { text };
}

/** Files that the user has given another name and the design changes, by their old path. */
async function movesOf(
  { files, last = {} }: Compilation,
  texts: readonly (string | undefined)[],
  disk: Workspace,
): Promise<ReadonlyMap<string, SourceText>> {
  const gone = files.filter(({ path, text }, at) => {
    const before = last[path];
    return texts[at] === undefined && before?.text !== undefined && !isSame(before, text);
  });
  if (gone.length === 0) return new Map();
  const known = new Set([...files.map(({ path }) => path), ...Object.keys(last)]);
  const others = (await readSources(disk)).filter(({ path }) => !known.has(path));
  return new Map(
    gone.flatMap(({ path }): (readonly [string, SourceText])[] => {
      const alike = others.filter(({ text }) => isAlike(last[path]?.text ?? "", text));
      return alike[0] && alike.length === 1 ? [[path, alike[0]]] : [];
    }),
  );
}

/** Whether most of the lines that say something stand in the other text, too. */
function isAlike(before: string, text: string): boolean {
  const lines = before.split("\n").filter((line) => /\w/.test(line));
  const standing = new Set(text.split(/\r?\n/));
  return lines.length > 0 && lines.filter((line) => standing.has(line)).length >= 0.7 * lines.length;
}

/** Proposes what no tool of an agent proposes: deletions and conflicts. */
export function proposeRest({ conflicts, removals }: Reconciled, changes: ChangeSet): void {
  for (const { path, text } of removals) changes.proposeObsolete(path, text);
  for (const { path, current, edits } of conflicts) changes.addConflicts(path, current, edits);
}

/**
 * Takes back proposed migrations that would be a second head beside the new ones: they come from a run
 * whose design has changed again since, and nobody has accepted them.
 */
export function withdrawForks({ files }: Compilation, changes: ChangeSet): void {
  const parentOf = (text: string | undefined): string | undefined => /^down_revision\b.*$/m.exec(text ?? "")?.[0];
  const parents = new Set(files.filter(isRevision).map(({ text }) => parentOf(text)));
  for (const { path, base } of changes.files()) {
    const isFork = isRevision({ path }) && base === undefined && parents.has(parentOf(changes.proposedText(path)));
    if (isFork && !files.some((file) => file.path === path)) changes.propose(path, undefined, undefined);
  }
}

interface MergedFile {
  /** Undefined when there is nothing to propose. */
  readonly file?: GeneratedFile;
  readonly conflict?: Conflict;
  readonly unknown?: string;
}

/** The record is nobody's to edit: it says what the others are. Where lines are added, all that stands is in the text. */
function mergeFile(file: GeneratedFile, current: string | undefined, { last }: Compilation): MergedFile {
  if (file.path === recordPath || file.addsLines) return current === undefined ? { file } : mergeOwn(file, current);
  const before = last?.[file.path];
  if (current === undefined) return before && isSame(before, file.text) ? {} : { file };
  const generated = { ...file, text: withLineEndsOf(current, file.text) };
  if (before && textHash(current) === before.hash) return { file: generated };
  if (before?.text !== undefined) return mergeEdited(generated, withLineEndsOf(current, before.text), current);
  if (isOwn(file.path) && last !== undefined) return { file: fitted(generated, current) };
  return current === generated.text || isOwn(file.path) ? { file: generated } : { file: generated, unknown: file.path };
}

/** Git may have changed the ends of all lines, which nobody has to review. */
function mergeOwn(file: GeneratedFile, current: string): MergedFile {
  const text = withLineEndsOf(current, file.text);
  return text === current ? {} : { file: { ...file, text } };
}

/** What the team keeps by hand is completed where a merge does not fit. */
function mergeEdited(file: GeneratedFile, base: string, current: string): MergedFile {
  const { text, conflicts } = mergeTexts({ base, generated: file.text, current });
  if (conflicts.length === 0) return { file: { ...file, text } };
  if (isOwn(file.path)) return { file: fitted(file, current) };
  return { file: { ...file, text }, conflict: { path: file.path, current, edits: conflicts } };
}

/** Completed with what is missing; a README that is the team's stays as it is. */
function fitted(file: GeneratedFile, current: string): GeneratedFile {
  return fitToProject(file, { [file.path]: current })[0] ?? { ...file, text: current };
}

function isOwn(path: string): boolean {
  return keptByHand.some((kept) => kept === path);
}

function isSame({ hash }: LastGenerated, text: string): boolean {
  return hash === textHash(text);
}

function withLineEndsOf(current: string, text: string): string {
  return current.includes("\r\n") ? text.replace(/\r?\n/g, "\r\n") : text;
}
