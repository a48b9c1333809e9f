import type { SourceSpan } from "./model.ts";

/** The states that a field of an entity goes through, and by what. */
export interface StateMachine {
  readonly entity: string;
  readonly field: string;
  readonly states: readonly string[];
  readonly transitions: readonly StateTransition[];
  readonly source: SourceSpan;
}

export interface StateTransition {
  readonly from: string;
  readonly to: string;
  /** What brings it about, as the design names it: `submit`, `POST /orders/{id}/cancel`. */
  readonly trigger?: string;
  /** What has to hold beforehand, in the words of the design. */
  readonly guard?: string;
  readonly source: SourceSpan;
}
