import type { Review } from "../../review/model.ts";
import type { UnreadSource } from "../proposedState.ts";

/** What a report says. */
export interface CheckedProject {
  /** With a baseline: what is not in it. */
  readonly review: Review;
  /** Everything, where `review` leaves out what a baseline knows. */
  readonly whole?: Review;
  /** Why nobody can know what the design has changed since it was implemented. */
  readonly unknownDrift?: string | undefined;
  /** What was not looked at. */
  readonly unread?: readonly UnreadSource[];
}
