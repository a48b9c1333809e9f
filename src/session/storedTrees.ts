import type { ReviewNotes } from "../changes/reviewNotes.ts";
import type { Review } from "../review/model.ts";
import type { RunRationale } from "./runRationale.ts";

/** What the trees show beside the proposals, as it is kept over reloads and updates of the extension. Plain JSON. */
export interface StoredTrees {
  readonly review?: Review;
  /** Markdown. */
  readonly report?: string;
  readonly steps: readonly {
    readonly path: string;
    readonly step: { readonly number: number; readonly title: string };
  }[];
  readonly notes?: ReviewNotes;
  readonly rationale?: RunRationale;
}

/** To be raised when a value does not mean any more what it did: then what was stored is put aside, and `/check` makes it anew. */
const format = "trees1";

export function treeEntries({
  review,
  report,
  steps,
  notes,
  rationale,
}: Readonly<Record<keyof StoredTrees, unknown>>): readonly (readonly [string, unknown])[] {
  const entries = Object.entries({ review, report, steps, notes, rationale }).filter(
    ([, value]) => value !== undefined,
  );
  return entries.map(([key, value]) => [`${key}@${format}`, value]);
}

/** `isOutdated`: there was something that only another version of the extension can read. */
export function readTrees(stored: ReadonlyMap<string, unknown>): StoredTrees & { readonly isOutdated: boolean } {
  const [review, report, steps, notes, rationale] = ["review", "report", "steps", "notes", "rationale"].map((key) =>
    storedValue(key, stored),
  );
  const isOutdated = [...stored.keys()].some(
    (key) => /^(?:review|report|steps|notes|rationale)@trees/.test(key) && !key.endsWith(`@${format}`),
  );
  return {
    ...(isReview(review) && { review }),
    ...(typeof report === "string" && { report }),
    steps: Array.isArray(steps) ? (steps as StoredTrees["steps"]) : [],
    ...(isNotes(notes) && { notes }),
    ...(isRationale(rationale) && { rationale }),
    isOutdated,
  };
}

/** The first form had the version of the extension in the key, and the same meaning. */
function storedValue(key: string, stored: ReadonlyMap<string, unknown>): unknown {
  const first = [...stored.keys()].find((each) => each.startsWith(`${key}@`) && /^\d/.test(each.slice(key.length + 1)));
  return stored.get(`${key}@${format}`) ?? (first === undefined ? undefined : stored.get(first));
}

/** The checksum of its line vouches for the rest. */
function isReview(value: unknown): value is Review {
  const review = value as Partial<Review> | undefined | null;
  return Array.isArray(review?.checklist) && Array.isArray(review.coverage?.elements);
}

function isNotes(value: unknown): value is ReviewNotes {
  const notes = value as Partial<ReviewNotes> | undefined | null;
  return [notes?.seen, notes?.comments, notes?.withheld].every(Array.isArray);
}

function isRationale(value: unknown): value is RunRationale {
  const rationale = value as Partial<RunRationale> | undefined | null;
  return [rationale?.turns, rationale?.assumptions, rationale?.skills].every(Array.isArray);
}
