import { applyToLines, coalesce, diffLines, joinLines, type LineEdit, sameLines, splitLines } from "./diff.ts";
import { inOrder, sameChange, touch } from "./hunks.ts";
import { mergeTexts } from "./merge.ts";
import type { Hunk, Origin } from "./model.ts";

export interface Layering {
  readonly base: string | undefined;
  /** What is proposed so far, for the same base. */
  readonly earlier: readonly Hunk[];
  /** What is to be proposed instead: in order, apart from one another. */
  readonly edits: readonly LineEdit[];
  /** Whose layer the difference of the two is. */
  readonly by: Origin | undefined;
  readonly createId: () => string;
}

/**
 * The hunks of a proposal that was changed, each with those who have had a hand in it. What the user changes becomes a
 * layer over what was proposed there, and stays one while an agent goes on below it; an agent that rewrites the very lines
 * that the user has edited takes the layer away. A hunk that does what it did before is the same hunk.
 */
export function layHunks(layering: Layering): readonly Hunk[] {
  const lines = splitLines(layering.base);
  const known = createKnown(layering.earlier);
  const hunks = stretchesOf(layering).flatMap((stretch) => {
    const removed = lines.slice(stretch.start, stretch.end);
    return layStretch({ ...stretch, removed }, known, layering);
  });
  return inOrder(hunks);
}

/** The hunks in which what is proposed stands without the user's edit; none where only the user proposes anything. */
export function withoutOwnEdit(hunk: Hunk, createId: () => string): readonly Hunk[] {
  const edits = coalesce(diffLines(hunk.removed, hunk.below ?? hunk.added), hunk.removed);
  const { origins } = withoutLayer(hunk);
  return edits.map((edit) => withOrigins({ id: createId(), ...edit, start: edit.start + hunk.start }, origins));
}

/** Those below the user's edit; whom the user has overruled in a conflict, the user stands beside. */
function withoutLayer({ origins = [], below }: Hunk): Required<Pick<Hunk, "origins">> {
  return { origins: below === undefined ? origins : origins.filter((origin) => origin !== "user") };
}

/** All who have had a hand in these hunks, the first one first. */
export function originsOf(hunks: readonly Pick<Hunk, "origins">[]): readonly Origin[] {
  return [...new Set(hunks.flatMap(({ origins }) => origins ?? []))];
}

/** A hunk that says who it is of; where nobody is known it says nothing. */
export function withOrigins<Each extends Hunk>(hunk: Each, origins: readonly Origin[]): Each {
  return origins.length === 0 ? hunk : { ...hunk, origins };
}

/** Lines of the base that were and are to be changed together. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly edits: readonly LineEdit[];
  readonly earlier: readonly Hunk[];
}

function stretchesOf({ edits, earlier }: Layering): readonly Stretch[] {
  const stretches: { start: number; end: number; edits: LineEdit[]; earlier: Hunk[]; all: LineEdit[] }[] = [];
  for (const each of inOrder<LineEdit>([...earlier, ...edits])) {
    const last = stretches.at(-1);
    const joins = last !== undefined && (each.start < last.end || last.all.some((other) => touch(other, each)));
    const stretch = joins ? last : { start: each.start, end: each.start, edits: [], earlier: [], all: [] };
    if (!joins) stretches.push(stretch);
    stretch.end = Math.max(stretch.end, each.start + each.removed.length);
    stretch.all.push(each);
    if (isHunk(each)) stretch.earlier.push(each);
    else stretch.edits.push(each);
  }
  return stretches;
}

function isHunk(edit: LineEdit): edit is Hunk {
  return "id" in edit;
}

type Laid = Stretch & { readonly removed: readonly string[] };

function layStretch(stretch: Laid, known: Known, { by, createId }: Layering): readonly Hunk[] {
  const { edits, earlier, removed, start } = stretch;
  if (edits.length === 0) return [];
  const [before, after] = [textOf(stretch, earlier), textOf(stretch, edits)];
  if (sameLines(before, after)) return earlier.map((hunk) => known.take(hunk) ?? hunk);
  const origins = originsOf(earlier.map(withoutLayer)).filter((origin) => origin !== by);
  const under = textOf(stretch, earlier.map(asProposed));
  const below = by === "user" ? under : belowUser(stretch, { before, after, under });
  if (below === undefined || sameLines(below, after)) {
    const own = by === "user" || by === undefined ? [] : [by];
    return edits.map((edit) => {
      const same = known.take(edit);
      return same ? { ...same, start: edit.start } : withOrigins({ id: createId(), ...edit }, [...origins, ...own]);
    });
  }
  const agents = by === "user" || by === undefined ? origins : [...origins, by];
  const all = [...agents.filter((origin) => origin !== "user"), "user"] as const;
  return [{ id: createId(), start, removed, added: after, origins: all, below }];
}

interface Versions {
  /** With what was proposed before, the user's edit included. */
  readonly before: readonly string[];
  /** The same without the user's edit. */
  readonly under: readonly string[];
  readonly after: readonly string[];
}

/** What an agent's change of the lines leaves below the user's edit; undefined when it leaves no edit of the user's. */
function belowUser({ earlier }: Stretch, { before, under, after }: Versions): readonly string[] | undefined {
  const [base, current, generated] = [before, under, after].map(joinLines);
  if (!earlier.some(({ below }) => below) || base === undefined) return undefined;
  if (current === undefined || generated === undefined) return undefined;
  const { text, conflicts } = mergeTexts({ base, generated, current });
  return conflicts.length > 0 ? undefined : splitLines(text);
}

function asProposed(hunk: Hunk): LineEdit {
  return { ...hunk, added: hunk.below ?? hunk.added };
}

function textOf({ start, removed }: Laid, edits: readonly LineEdit[]): readonly string[] {
  return applyToLines(
    removed,
    edits.map((edit) => ({ ...edit, start: edit.start - start })),
  );
}

/** Hunks that are proposed already, each to be found once: by what it does, first where it stands. */
interface Known {
  take(edit: LineEdit): Hunk | undefined;
}

function createKnown(hunks: readonly Hunk[]): Known {
  const free = [...hunks];
  return {
    take: (edit) => {
      const isSame = (hunk: Hunk): boolean => sameChange(hunk, edit);
      const here = free.findIndex((hunk) => hunk.start === edit.start && isSame(hunk));
      const index = here < 0 ? free.findIndex(isSame) : here;
      return index < 0 ? undefined : free.splice(index, 1)[0];
    },
  };
}
