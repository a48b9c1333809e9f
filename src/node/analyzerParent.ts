import type { Review, SourceText } from "../review/model.ts";
import type { AnalyzerCall, ReviewDelta, SentCall } from "./analyzerProtocol.ts";

/** What one forked process has been sent and has answered, so that neither is sent twice. */
export interface AnalyzerParent {
  encode(call: AnalyzerCall): SentCall;
  decode(review: ReviewDelta): Review;
}

type ProjectArgument = Readonly<Record<string, unknown>> & { readonly files: readonly SourceText[] };

/** The methods that are asked again and again about the same project. */
const ofProject: ReadonlySet<string> = new Set(["review", "tidy"]);

export function createAnalyzerParent(): AnalyzerParent {
  let files: ReadonlyMap<string, string> = new Map();
  let others: ReadonlyMap<string, unknown> = new Map();
  let last: Review | undefined;
  return {
    encode: (call) => {
      if (!ofProject.has(call.method)) return call;
      const { files: sources, ...rest } = call.argument as ProjectArgument;
      const before = files;
      files = new Map(sources.map(({ path, text }) => [path, text]));
      const known = others;
      others = new Map([...known, ...Object.entries(rest)]);
      const kept = Object.keys(rest).filter((key) => known.has(key) && known.get(key) === rest[key]);
      const changed = sources.filter(({ path, text }) => before.get(path) !== text);
      const paths = sources.map(({ path }) => path);
      const isSameTree = isSameList([...before.keys()], paths);
      return {
        ...call,
        argument: Object.fromEntries(Object.entries(rest).filter(([key]) => !kept.includes(key))),
        project: { ...(isSameTree ? {} : { paths }), changed, kept },
      };
    },
    decode: (review) => {
      const before = last;
      last = {
        ...review,
        checklist: review.checklist.map((item, index) => item ?? present(before?.checklist[index])),
        coverage: review.coverage ?? present(before?.coverage),
      };
      return last;
    },
  };
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the analyzer left out what it never sent");
  return value;
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
