import { proposedRanges } from "../changes/hunks.ts";
import { createItemParts } from "../changes/itemParts.ts";
import { originsOf } from "../changes/layers.ts";
import type { Decision, Hunk, Origin, ProposedFile } from "../changes/model.ts";
import type { ReviewComment } from "../changes/userWords.ts";
import type { Assumption, StepNumber } from "../compiler/compilation.ts";
import { stepOf } from "../compiler/steps.ts";
import type { CoverageElement } from "../review/model.ts";
import type { SourceSpan } from "../spec/model.ts";
import type { SkillUse } from "./events.ts";
import type { RunRationale, TurnWords } from "./runRationale.ts";

/** What the rationale of a change is found in. */
export interface RationaleSources {
  readonly files: readonly ProposedFile[];
  readonly elements: readonly CoverageElement[];
  readonly known: RunRationale;
}

/** An element of the design, and where it stands. */
export interface DesignOrigin {
  readonly name: string;
  readonly design: SourceSpan;
}

export interface EngineRationale {
  /** What the change implements, in the order of the work; after it what else takes it. */
  readonly elements: readonly DesignOrigin[];
  readonly assumptions: readonly Assumption[];
  /** The skills and rules that a file of this layer follows. */
  readonly skills: readonly SkillUse[];
}

/** Why the offline engine proposes a change; undefined when it had no hand in it. */
export function engineRationale(
  file: ProposedFile,
  hunk: Hunk,
  { files, elements, known }: RationaleSources,
): EngineRationale | undefined {
  if (!originsOf([hunk]).includes("engine")) return undefined;
  const designed = elements.filter(({ status }) => status !== "extra");
  const within = designed.filter(isWithin(file, hunk));
  const own = within.filter(({ kind }) => !partKinds.has(kind));
  const found = own.length > 0 ? own : within.length > 0 ? within : takersOf(file, hunk, { files, elements: designed });
  const ids = new Set([...within, ...found].map(({ id }) => id));
  const uses = new Set(skillsOfStep[stepOf(file.path)]);
  return {
    elements: found.flatMap(({ name, design }) => (design === undefined ? [] : [{ name, design }])),
    assumptions: known.assumptions.filter(({ element }) => element !== undefined && ids.has(element)),
    skills: known.skills.filter(({ name }) => uses.has(name) || (name === pythonStyle && file.path.endsWith(".py"))),
  };
}

/** Columns and fields are told by the table or entity that they are of. */
const partKinds: ReadonlySet<CoverageElement["kind"]> = new Set(["column", "field"]);

const pythonStyle = "python/coding-style";

/** What of the engine's skills and rules shows in the files of each step. */
const skillsOfStep: Readonly<Record<StepNumber, readonly string[]>> = {
  1: ["python-patterns", "common/coding-style"],
  2: ["postgres-patterns"],
  3: ["backend-patterns", "python/patterns", "python/security"],
  4: ["backend-patterns", "python-patterns"],
  5: ["backend-patterns", "common/coding-style"],
  6: ["python/security", "common/coding-style"],
  7: ["backend-patterns"],
};

function isWithin(file: ProposedFile, hunk: Hunk): (element: CoverageElement) => boolean {
  const range = proposedRanges(file).find((each) => each.hunk === hunk);
  return ({ code }) =>
    range !== undefined && code?.path === file.path && range.start < code.endLine && code.line <= range.end;
}

/** The elements that the change is taken with: what they name leads to it. Worked out only where nothing stands in it. */
function takersOf(
  { path }: ProposedFile,
  { id }: Hunk,
  { files, elements }: Pick<RationaleSources, "files" | "elements">,
): readonly CoverageElement[] {
  const partsOf = createItemParts(files);
  const takes = ({ code }: CoverageElement): boolean =>
    code !== undefined && partsOf(code).some((part) => part.path === path && part.hunkIds.includes(id));
  return elements.filter((element) => takerKinds.has(element.kind) && takes(element));
}

const takerKinds: ReadonlySet<CoverageElement["kind"]> = new Set(["endpoint", "table", "entity", "rule"]);

/** One thing in the history of a change, oldest first. */
export type StoryPart =
  | { readonly type: "words"; readonly turn: TurnWords }
  | { readonly type: "comment"; readonly comment: ReviewComment }
  | { readonly type: "rejection"; readonly reason: string };

export interface StorySources {
  readonly known: RunRationale;
  readonly comments: readonly ReviewComment[];
  readonly decisions: readonly Decision[];
}

/**
 * What model and user have said of a change and of those in whose place it stands: the model's words, the user's answer,
 * and what the model said when it proposed something else for it.
 */
export function storyOf({ path }: Pick<ProposedFile, "path">, hunk: Hunk, sources: StorySources): readonly StoryPart[] {
  const { comments, decisions } = sources;
  const turns = sources.known.turns.filter((turn) => turn.path === path);
  const told = new Set<string>();
  const tell = (id: string): readonly StoryPart[] => {
    if (told.has(id)) return [];
    told.add(id);
    const turn = turns.findLast(({ hunks }) => hunks.some((each) => each.id === id));
    const before = turn?.hunks.find((each) => each.id === id)?.before ?? [];
    const reasons = decisions.flatMap(({ reason, files }) =>
      reason !== undefined && files.some((file) => file.path === path && file.hunks.some((each) => each.id === id))
        ? [{ type: "rejection", reason } as const]
        : [],
    );
    return [
      ...before.flatMap(tell),
      ...(turn === undefined ? [] : [{ type: "words", turn } as const]),
      ...comments.flatMap((comment) =>
        comment.path === path && comment.hunkId === id ? [{ type: "comment", comment } as const] : [],
      ),
      ...reasons,
    ];
  };
  const story = tell(hunk.id);
  const last = turns.at(-1);
  // The user's edit of a change has made another one of it.
  const isKnown = story.some(({ type }) => type === "words") || !byModel(hunk.origins) || last === undefined;
  return isKnown ? withoutEchoes(story) : [{ type: "words", turn: last }, ...story];
}

function byModel(origins: readonly Origin[] = []): boolean {
  return origins.includes("model") || origins.includes("command");
}

/** Several calls of one turn have the same words. */
function withoutEchoes(story: readonly StoryPart[]): readonly StoryPart[] {
  return story.filter((part, index) => {
    const earlier = story[index - 1];
    if (part.type !== "words" || earlier?.type !== "words") return true;
    return part.turn.words !== earlier.turn.words || part.turn.command !== earlier.turn.command;
  });
}
