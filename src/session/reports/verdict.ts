import type { Coverage, Review } from "../../review/model.ts";

/** What makes a check fail: findings that are certain, findings to be judged, elements of the design not implemented. */
export const failureKinds = ["fail", "review", "coverage"] as const;

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
  return (
    checklist.some(({ status }) => (status === "fail" || status === "review") && kinds.includes(status)) ||
    (kinds.includes("coverage") && gapsOf(coverage).length > 0)
  );
}

/** The elements of the design that the code lacks or has differently. */
export function gapsOf({ elements }: Coverage): Coverage["elements"] {
  return elements.filter(({ status }) => status === "missing" || status === "mismatched");
}
