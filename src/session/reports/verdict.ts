import { gapsOf } from "../../review/gaps.ts";
import type { Review } from "../../review/model.ts";

/**
 * What makes a check fail: findings that are certain; what a person must judge, findings and elements that are missing as far as
 * can be seen; other elements of the design not implemented; and elements that the design has changed since.
 */
export const failureKinds = ["fail", "review", "coverage", "drift"] as const;

export type FailureKind = (typeof failureKinds)[number];

/** What fails a check when nobody says otherwise. */
export const usualFailures: readonly FailureKind[] = ["fail", "coverage"];

/** The kinds that a comma-separated list names; `none` names none. The first word that is no kind otherwise. */
export function readFailureKinds(text: string): readonly FailureKind[] | { readonly unknown: string } {
  const words = text.split(",").map((word) => word.trim());
  if (words.length === 1 && words[0] === "none") return [];
  const kinds = failureKinds.filter((kind) => words.includes(kind));
  const unknown = words.find((word) => !failureKinds.some((kind) => kind === word));
  return unknown === undefined ? kinds : { unknown };
}

export function isFailing({ checklist, coverage }: Review, kinds: readonly FailureKind[]): boolean {
  const gaps = gapsOf(coverage);
  return (
    checklist.some(({ status }) => (status === "fail" || status === "review") && kinds.includes(status)) ||
    (kinds.includes("coverage") && gaps.some(({ unseenAt }) => unseenAt === undefined)) ||
    (kinds.includes("review") && gaps.some(({ unseenAt }) => unseenAt !== undefined)) ||
    (kinds.includes("drift") && coverage.elements.some(({ drift }) => drift !== undefined))
  );
}
