import type { Review, SourceText } from "../review/model.ts";
import type { AnalyzerCall, ReviewDelta, SentCall } from "./analyzerProtocol.ts";

/** The other side of `createAnalyzerParent`. Calls are to be decoded, and reviews encoded, in the order of the wire. */
export interface AnalyzerChild {
  decode(call: SentCall): AnalyzerCall;
  encode(review: Review): ReviewDelta;
}

export function createAnalyzerChild(): AnalyzerChild {
  let files: ReadonlyMap<string, SourceText> = new Map();
  const others = new Map<string, unknown>();
  const sent = new Map<string, string>();
  /** Null when it is what was sent the last time. */
  const unlessSent = <Part extends object>(name: string, part: Part): Part | null => {
    const text = JSON.stringify(part);
    if (sent.get(name) === text) return null;
    sent.set(name, text);
    return part;
  };
  return {
    decode: ({ project, ...call }) => {
      if (!project) return call;
      const changed = new Map(project.changed.map((source) => [source.path, source]));
      const paths = project.paths ?? [...files.keys()];
      files = new Map(paths.flatMap((path) => sourceOf(path, changed, files)));
      const argument = call.argument as Readonly<Record<string, unknown>>;
      for (const [key, value] of Object.entries(argument)) others.set(key, value);
      const kept = project.kept.map((key) => [key, others.get(key)] as const);
      return { ...call, argument: { ...argument, ...Object.fromEntries(kept), files: [...files.values()] } };
    },
    encode: (review) => ({
      ...review,
      checklist: review.checklist.map((item, index) => unlessSent(`checklist ${index}`, item)),
      coverage: unlessSent("coverage", review.coverage),
    }),
  };
}

function sourceOf(path: string, ...sources: readonly ReadonlyMap<string, SourceText>[]): [string, SourceText][] {
  const source = sources.map((known) => known.get(path)).find((known) => known !== undefined);
  return source ? [[path, source]] : [];
}
