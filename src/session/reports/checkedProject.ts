import type { Review } from "../../review/model.ts";

/** What a report says. */
export interface CheckedProject {
  /** With a baseline: what is not in it. */
  readonly review: Review;
  /** Everything, where `review` leaves out what a baseline knows. */
  readonly whole?: Review;
  /** Nothing says what was implemented, so that nobody knows what the design has changed since. */
  readonly isUnrecorded?: boolean;
}
