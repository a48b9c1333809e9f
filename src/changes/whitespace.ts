import type { LineEdit } from "./diff.ts";
import type { Collision } from "./merge.ts";
import type { Hunk } from "./model.ts";

/**
 * The edits of a collision as edits of the user's lines, where the user has changed nothing of these but white space and
 * perhaps put lines in front or behind: a formatter, or a block moved in or out. Undefined where that could lose
 * something that the user meant.
 */
export function overWhitespace<Edit extends Layered>(collision: Collision<Edit>): readonly Edit[] | undefined {
  const surplus = collision.mine.length - collision.removed.length;
  if (collision.removed.length === 0 || surplus < 0) return undefined;
  return respaced(collision, surplus) ?? (surplus === 0 ? undefined : respaced(collision, 0));
}

type Layered = LineEdit & Pick<Hunk, "below">;

/** The lines correspond from the given one of the user's on. */
function respaced<Edit extends Layered>(collision: Collision<Edit>, from: number): readonly Edit[] | undefined {
  const { start, removed, mine, parts } = collision;
  const pairs = removed.map((line, index): Pair => [line, mine[from + index] ?? ""]);
  const indent = pairs.every(differInSpaceOnly) ? commonIndent(pairs) : undefined;
  if (indent === undefined) return undefined;
  const moved: Edit[] = [];
  for (const part of parts) {
    const own = mine.slice(from + part.start, from + part.start + part.removed.length);
    const inPlace = (lines: readonly string[]): readonly string[] | undefined => {
      const placed = lines.map((line) => own[part.removed.indexOf(line)] ?? indent(line));
      return placed.every((line) => line !== undefined) ? placed : undefined;
    };
    const added = inPlace(part.added);
    const below = part.below && inPlace(part.below);
    if (added === undefined || (part.below && below === undefined)) return undefined;
    moved.push({ ...part, start: start + from + part.start, removed: own, added, ...(below && { below }) });
  }
  return moved;
}

/** A line as both sides had it, and as the user has it. */
type Pair = readonly [before: string, now: string];

/** White space between two quotes is text. */
function differInSpaceOnly([before, now]: Pair): boolean {
  if (before.trim() === now.trim()) return true;
  const squeeze = (line: string): string => line.replace(/\s+/g, "");
  return squeeze(before) === squeeze(now) && !/["'`#]/.test(before);
}

/** What was done to the indent of all lines; undefined for a line that it cannot be done to. */
function commonIndent(pairs: readonly Pair[]): ((line: string) => string | undefined) | undefined {
  const changes = new Set(
    pairs
      .filter(([before]) => before.trim() !== "")
      .map(([before, now]) => {
        const [old, own] = [indentOf(before), indentOf(now)];
        if (own.endsWith(old)) return `+${own.slice(0, own.length - old.length)}`;
        return old.endsWith(own) ? `-${old.slice(0, old.length - own.length)}` : "?";
      }),
  );
  const [change = "+", ...others] = changes;
  if (others.length > 0 || change === "?") return undefined;
  const space = change.slice(1);
  if (change.startsWith("+")) return (line) => (line.trim() === "" ? line : space + line);
  return (line) => (line.trim() === "" ? line : line.startsWith(space) ? line.slice(space.length) : undefined);
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? "";
}
