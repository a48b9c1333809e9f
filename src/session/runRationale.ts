import type { ChangeSetSnapshot, SelectionPart } from "../changes/model.ts";
import type { Assumption } from "../compiler/compilation.ts";
import type { RunResult, SkillUse } from "./events.ts";

/** Why proposals are as they are, as far as runs have told it. Plain JSON. */
export interface RunRationale {
  /** Oldest first. */
  readonly turns: readonly TurnWords[];
  /** What the engine has assumed. */
  readonly assumptions: readonly Assumption[];
  readonly skills: readonly SkillUse[];
}

export const noRationale: RunRationale = { turns: [], assumptions: [], skills: [] };

/** What a model said in the turn in which it changed the proposal for a file. Untrusted text. Plain JSON. */
export interface TurnWords {
  readonly path: string;
  /** The changes that came of the turn; `before` are those in whose place they stand, rejected ones with a reason as well. */
  readonly hunks: readonly { readonly id: string; readonly before: readonly string[] }[];
  /** The name of the model. */
  readonly model: string;
  /** Empty where the model has not said anything yet. */
  readonly words: string;
  /** `earlier`: the turn itself was silent, and these are the last words before it. */
  readonly how: "said" | "thought" | "earlier";
  /** The command that has made the change. */
  readonly command?: string;
}

/** With what a run tells at its end. One in which the engine took no part has compiled nothing, and so assumed nothing new. */
export function withResult(known: RunRationale, { changes, assumptions, skillsUsed }: RunResult): RunRationale {
  return {
    ...known,
    ...(changes && { assumptions }),
    ...(skillsUsed.length > 0 && { skills: skillsUsed }),
  };
}

/** So many turns are kept, the newest. */
const mostTurns = 400;

export function withTurns(turns: readonly TurnWords[], added: readonly TurnWords[]): readonly TurnWords[] {
  return [...turns, ...added].slice(-mostTurns);
}

/** As {@link livingNotes} does for notes: what is said of changes that neither wait nor can come back is left out. */
export function livingTurns(
  turns: readonly TurnWords[],
  { files, decisions }: Pick<ChangeSetSnapshot, "files" | "decisions">,
): readonly TurnWords[] {
  const all = [...files, ...decisions.flatMap((decision) => decision.files)];
  const living = new Set(all.flatMap(({ path, hunks }) => hunks.map(({ id }) => `${path}:${id}`)));
  const kept: TurnWords[] = [];
  for (const turn of turns.toReversed()) {
    const hunks = turn.hunks.filter(({ id }) => living.has(`${turn.path}:${id}`));
    for (const id of hunks.flatMap((hunk) => hunk.before)) living.add(`${turn.path}:${id}`);
    if (hunks.length > 0) kept.push({ ...turn, hunks });
  }
  return kept.toReversed();
}

/** The changes in whose place others stand: what was said of them still means something. */
export function replacedBy(turns: readonly TurnWords[]): readonly SelectionPart[] {
  return turns.map(({ path, hunks }) => ({ path, hunkIds: hunks.flatMap(({ before }) => before) }));
}
