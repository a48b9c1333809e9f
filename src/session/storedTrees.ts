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
/** Before, a review was one value, which is read still. */
const reviewKey = "review@trees2";
const partKey = "reviewed:";

/**
 * What the trees show under the keys that it is stored by. A review of a large project is megabytes, of which an edit
 * changes little: each item of the checklist and each stretch of the coverage has a key of its own, and is the same
 * object as at the last time where nothing in it is another one.
 */
export function createTreeKeys(): (trees: StoredTrees) => TreeEntries {
  let stretches: readonly Elements[] = [];
  return ({ review, ...others }) => {
    const entries = Object.entries(others).map(([key, value]) => [`${key}@${format}`, value] as const);
    if (review === undefined) return entries;
    stretches = stretchesOf(review.coverage.elements, stretches);
    return [...entries, ...reviewEntries(review, stretches)];
  };
}

type TreeEntries = readonly (readonly [key: string, value: unknown])[];
type Elements = Review["coverage"]["elements"];

/** What stands under the key of a review: the names of its parts, and what is left of it without them. */
interface StoredReview extends Omit<Review, "checklist" | "coverage"> {
  readonly items: readonly string[];
  readonly stretches: number;
  readonly coverage: Omit<Review["coverage"], "elements">;
}

function reviewEntries({ checklist, coverage, ...rest }: Review, stretches: readonly Elements[]): TreeEntries {
  const { elements: _, ...others } = coverage;
  const items = checklist.map(({ id }) => id);
  const frame: StoredReview = { ...rest, items, stretches: stretches.length, coverage: others };
  return [
    [reviewKey, frame],
    ...checklist.map((item) => [`${partKey}${item.id}`, item] as const),
    ...stretches.map((stretch, at) => [`${partKey}${at}`, stretch] as const),
  ];
}

/** Elements stand in the order of the design, so that code that changes moves none of them to another stretch. */
const stretchLength = 500;

function stretchesOf(elements: Elements, before: readonly Elements[]): readonly Elements[] {
  return Array.from({ length: Math.ceil(elements.length / stretchLength) }, (_, at) => {
    const [known, now] = [before[at], elements.slice(at * stretchLength, (at + 1) * stretchLength)];
    return known?.length === now.length && now.every((element, index) => element === known[index]) ? known : now;
  });
}

/** `isOutdated`: there was something that only another version of the extension can read. */
export function readTrees(stored: ReadonlyMap<string, unknown>): StoredTrees & { readonly isOutdated: boolean } {
  const [report, steps, notes, rationale] = ["report", "steps", "notes", "rationale"].map((key) =>
    storedValue(key, stored),
  );
  const review = storedReview(stored) ?? storedValue("review", stored);
  const isOutdated = [...stored.keys()].some(
    (key) =>
      /^(?:review|report|steps|notes|rationale)@trees/.test(key) && !key.endsWith(`@${format}`) && key !== reviewKey,
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

/** Undefined where a part is missing. */
function storedReview(stored: ReadonlyMap<string, unknown>): unknown {
  const frame = stored.get(reviewKey) as Partial<StoredReview> | undefined | null;
  if (!Array.isArray(frame?.items) || !Number.isInteger(frame.stretches)) return undefined;
  const { items, stretches = 0, coverage, ...rest } = frame;
  const checklist = items.map((id) => stored.get(`${partKey}${id}`));
  const elements = Array.from({ length: stretches }, (_, at) => stored.get(`${partKey}${at}`));
  const isWhole = !checklist.includes(undefined) && elements.every(Array.isArray);
  return isWhole ? { ...rest, checklist, coverage: { ...coverage, elements: elements.flat() } } : undefined;
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
