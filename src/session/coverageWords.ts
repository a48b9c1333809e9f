import type { CoverageElement, CoverageStatus } from "../review/model.ts";
import { counted } from "../support/words.ts";

/** What a line says of the coverage. Reports say it in English, the editor in its own language. */
export interface CoverageWords {
  readonly status: Readonly<Record<CoverageStatus, string>>;
  /** What is missing may stand at a place where nobody can see it. */
  readonly unseen: string;
  readonly unseenAt: (place: string) => string;
  /** A business rule is linked to its function by somebody; that it does what it says is never claimed. */
  readonly linked: string;
  readonly unlinked: string;
  readonly implementing: (name: string) => string;
  readonly differingFrom: (name: string) => string;
  readonly differing: (how: string) => string;
  /** How many parts are not as designed. */
  readonly partsAmiss: (amount: number) => string;
  readonly designChanged: string;
  readonly designChangedSince: (difference: string) => string;
  /** Of how many parts the design has changed since. */
  readonly partsChanged: (amount: number) => string;
}

/** Words for people; "differs" is what a mismatch is to them. */
export const statusWords: CoverageWords["status"] = {
  implemented: "implemented",
  missing: "missing",
  mismatched: "differs from the design",
  extra: "not in the design",
};

export const englishCoverageWords: CoverageWords = {
  status: statusWords,
  unseen: "missing, cannot be seen",
  unseenAt: (place) => `missing, cannot be seen (${place})`,
  linked: "linked",
  unlinked: "not linked to a function",
  implementing: (name) => `implements ${name}`,
  differingFrom: (name) => `differs from ${name}`,
  differing: (how) => `differs: ${how}`,
  partsAmiss: (amount) => `${counted(amount, "part")} of it ${amount === 1 ? "is" : "are"} not as designed`,
  designChanged: "design changed",
  designChangedSince: (difference) => `design changed since it was implemented: ${difference}`,
  partsChanged: (amount) => `design of ${counted(amount, "part")} of it changed since`,
};

/** How many of what is missing cannot be seen, to stand behind their number; empty where all can. */
export function unseenPart(elements: readonly Pick<CoverageElement, "unseenAt">[]): string {
  const amount = elements.filter(({ unseenAt }) => unseenAt).length;
  return amount === 0 ? "" : ` (${amount} of them cannot be seen)`;
}
