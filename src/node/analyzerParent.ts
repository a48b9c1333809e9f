import type {
  Coverage,
  CoverageElement,
  Finding,
  Review,
  SourceText,
  SuppressedFinding,
  UnlinkedRule,
} from "../review/model.ts";
import type { AnalyzerCall, ListStretch, ReviewFrame, SentFiles, ToAnalyzer } from "./analyzerProtocol.ts";

/** What one forked process has been sent and has answered, so that neither is sent twice. */
export interface AnalyzerParent {
  /** To be gone through to its end before the next call is. */
  encode(call: AnalyzerCall): Iterable<ToAnalyzer>;
  /** Takes what comes ahead of a review. */
  take(stretch: ListStretch): void;
  /** What is as in the review before is the same object, down to the finding; where all is, so is the review. */
  decode(review: ReviewFrame): Review;
}

type ProjectArgument = Readonly<Record<string, unknown>> & { readonly files: readonly SourceText[] };

/** The methods that are asked again and again about the same project. */
const ofProject: ReadonlySet<string> = new Set(["review", "tidy"]);

export function createAnalyzerParent(): AnalyzerParent {
  return { encode: createEncoder(), ...createDecoder() };
}

function createEncoder(): AnalyzerParent["encode"] {
  let files: ReadonlyMap<string, string> = new Map();
  let others: ReadonlyMap<string, unknown> = new Map();
  return function* encode(call) {
    if (!ofProject.has(call.method)) return yield call;
    const { files: sources, ...rest } = call.argument as ProjectArgument;
    const before = files;
    files = new Map(sources.map(({ path, text }) => [path, text]));
    const known = others;
    others = new Map([...known, ...Object.entries(rest)]);
    const kept = Object.keys(rest).filter((key) => known.has(key) && known.get(key) === rest[key]);
    yield* inPieces(sources.filter(({ path, text }) => before.get(path) !== text));
    const paths = sources.map(({ path }) => path);
    const isSameTree = isSameList([...before.keys()], paths);
    yield {
      ...call,
      argument: Object.fromEntries(Object.entries(rest).filter(([key]) => !kept.includes(key))),
      project: { ...(isSameTree ? {} : { paths }), kept },
    };
  };
}

/** UTF-16 units of text in a message: to make and to write one takes some milliseconds. */
const largestPiece = 200_000;

function* inPieces(files: readonly SourceText[]): Iterable<SentFiles> {
  let piece: SourceText[] = [];
  let size = 0;
  for (const file of files) {
    piece.push(file);
    size += file.text.length;
    if (size < largestPiece) continue;
    yield { files: piece };
    [piece, size] = [[], 0];
  }
  if (piece.length > 0) yield { files: piece };
}

function createDecoder(): Pick<AnalyzerParent, "take" | "decode"> {
  const lists = new Map<string, readonly unknown[]>();
  const coming = new Map<string, unknown[]>();
  let last: Review | undefined;
  const listOf = <Item>(name: string): readonly Item[] => {
    const list = coming.get(name) ?? lists.get(name);
    if (list === undefined) throw new Error("the analyzer left out what it never sent");
    lists.set(name, list);
    return list as readonly Item[];
  };
  return {
    take: (stretch) => {
      const items = coming.get(stretch.list) ?? [];
      const more = "items" in stretch ? stretch.items : stretchOf(lists.get(stretch.list) ?? [], stretch);
      for (const item of more) items.push(item);
      coming.set(stretch.list, items);
    },
    decode: (frame) => {
      const checklist = frame.checklist.map(({ findings, suppressed, ...head }, at) =>
        unlessSame(last?.checklist[at], {
          ...head,
          findings: listOf<Finding>(findings),
          ...(suppressed !== undefined && { suppressed: listOf<SuppressedFinding>(suppressed) }),
        }),
      );
      const { elements, unlinkedRules, totals } = frame.coverage;
      const coverage = {
        totals: unlessSame(last?.coverage.totals, totals),
        elements: listOf<CoverageElement>(elements),
        ...(unlinkedRules !== undefined && { unlinkedRules: listOf<UnlinkedRule>(unlinkedRules) }),
      };
      coming.clear();
      last = unlessSame<Review>(last, {
        ...frame,
        checklist: unlessSame(last?.checklist, checklist),
        coverage: unlessSame<Coverage>(last?.coverage, coverage),
      });
      return last;
    },
  };
}

function stretchOf(list: readonly unknown[], { from, count }: { readonly from: number; readonly count: number }) {
  return list.slice(from, from + count);
}

/** What was there before, where its parts are the same ones. */
function unlessSame<Whole extends object>(before: Whole | undefined, now: Whole): Whole {
  if (before === undefined) return now;
  const [left, right] = [Object.entries(before), new Map(Object.entries(now))];
  return left.length === right.size && left.every(([key, part]) => right.get(key) === part) ? before : now;
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
