import type { DesignAssumption } from "../spec/join/assumptions.ts";
import { decisionsPath } from "../spec/join/decisionsFile.ts";
import { type Linkable, withDecision, withLink, withoutDecision } from "../spec/join/writeDecision.ts";
import { UserFacingError } from "../support/errors.ts";

/** What a person decided about one assumption; without `corrected` it is right as it is. */
export interface DecisionRequest {
  readonly id: string;
  readonly corrected?: string;
}

/**
 * The text of the decisions file with these decisions. Throws a {@link UserFacingError} when an
 * assumption is not made, or when the file as it is cannot be added to.
 */
export function decide(
  text: string | undefined,
  assumptions: readonly DesignAssumption[],
  requests: readonly DecisionRequest[],
): string {
  return (
    requests.reduce<string | undefined>((current, { id, corrected }) => {
      const assumption = assumptions.find((candidate) => candidate.id === id);
      if (!assumption) {
        const message = `Nothing is assumed as "${id}", so it cannot be decided. List what is assumed with "plan --assumptions".`;
        throw new UserFacingError("NO_ASSUMPTION", message);
      }
      return valid(withDecision(current, assumption, corrected));
    }, text) ?? ""
  );
}

/** The text without what it decides about the assumption, which is open again. */
export function undecide(text: string, assumption: Pick<DesignAssumption, "id" | "kind">): string {
  return valid(withoutDecision(text, assumption));
}

/** The text with an element linked to a function; without `target` it is not linked any more. */
export function linkElement(text: string | undefined, element: Linkable, target?: string): string {
  return valid(withLink(text, element, target));
}

function valid(text: string | undefined): string {
  if (text !== undefined) return text;
  const message = `${decisionsPath} is no valid YAML map, so nothing can be changed in it. Correct it or delete it.`;
  throw new UserFacingError("DECISIONS_BROKEN", message);
}
