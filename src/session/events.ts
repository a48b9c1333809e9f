import type { AgentEvent, ModelErrorKind, StopReason, Usage } from "../agent/messages.ts";
import type { Assumption, NeedsDetail, StepNumber } from "../compiler/compilation.ts";
import type { Review } from "../review/model.ts";
import type { SpecReading } from "../spec/reading.ts";
import type { ChangeFacts } from "./reconcile.ts";
import type { RunState } from "./runState.ts";

/** What a run tells its surface (chat, palette, terminal), in order; `finished` is always the last. */
export type SessionEvent =
  | { readonly type: "specRead"; readonly reading: SpecReading }
  | { readonly type: "stepStarted"; readonly step: StepNumber; readonly title: string }
  | { readonly type: "stepFinished"; readonly step: StepNumber; readonly files: readonly string[] }
  | { readonly type: "agent"; readonly event: AgentEvent }
  /** How far a run with a model has come: to be kept, so that it can be gone on with after a crash. */
  | { readonly type: "state"; readonly state: RunState }
  | { readonly type: "reviewed"; readonly review: Review }
  | { readonly type: "finished"; readonly result: RunResult };

export interface RunResult {
  readonly stopped: StopReason;
  readonly detail?: string;
  /** What kind of failure of the model ended the run, when one did. */
  readonly failure?: ModelErrorKind;
  readonly model: string;
  readonly review?: Review;
  readonly assumptions: readonly Assumption[];
  readonly needsDetail: readonly NeedsDetail[];
  /** How the proposals met what stands; undefined when the offline engine took no part. */
  readonly changes?: ChangeFacts;
  /** Paths of design documents that were edited or deleted while the run used what they said before. */
  readonly changedDocuments?: readonly string[];
  /** Names of skills and rules that were really loaded. */
  readonly skillsUsed: readonly SkillUse[];
  readonly milliseconds: number;
  /** Tokens that the model used, all turns together; undefined when none was asked or it does not tell. */
  readonly usage?: Usage;
  /** Estimated dollars for `usage`; undefined when the model's price is not known. */
  readonly cost?: number;
  /** The final Markdown, ending in `### Skills Used`. */
  readonly report: string;
  /** For `/continue`; undefined when no model was asked that could go on. */
  readonly state?: RunState;
}

export interface SkillUse {
  readonly name: string;
  readonly how: string;
}
