import type { Problem } from "../reading.ts";
import type { AssumptionLedger, DesignAssumption, Inference } from "./assumptions.ts";
import type { Decision, Decisions } from "./decisions.ts";

/** Holds every inference against what the user has decided about it. */
export function createLedger(decisions: Decisions): AssumptionLedger {
  const assumptions = new Map<string, DesignAssumption>();
  return {
    assume: (inference) => {
      const known = assumptions.get(inference.id);
      if (known) return known;
      const settled = settle(inference, decisions.byId.get(inference.id));
      assumptions.set(inference.id, settled);
      return settled;
    },
    get assumptions() {
      return [...assumptions.values()];
    },
  };
}

/** A decision about something else than what is assumed now is stale and does not count. */
function settle(inference: Inference, decision: Decision | undefined): DesignAssumption {
  if (!decision || isStale(inference, decision)) return { ...inference, state: "open" };
  return decision.corrected === undefined || sameValue(decision.corrected) === sameValue(inference.value)
    ? { ...inference, state: "confirmed" }
    : { ...inference, value: decision.corrected, assumed: inference.value, state: "corrected" };
}

function isStale({ value }: Inference, { assumed }: Decision): boolean {
  return assumed !== undefined && sameValue(assumed) !== sameValue(value);
}

/** Decisions that do not count, because something else is assumed now, or nothing any more. */
export function staleDecisions({ assumptions }: AssumptionLedger, { byId }: Decisions): readonly Problem[] {
  const current = new Map(assumptions.map((assumption) => [assumption.id, assumption]));
  return [...byId].flatMap(([id, decision]): Problem[] => {
    const { path, line } = decision.source;
    const assumption = current.get(id);
    const namesNothing = id.startsWith("resource:") && /^none$/i.test(decision.corrected ?? "");
    if (namesNothing) return [];
    if (!assumption) {
      const message = `Nothing is assumed as ${id} any more, the documents say it or no longer have it; delete the entry.`;
      return [{ path, line, severity: "info", code: "SPEC-DECISIONS", message }];
    }
    if (assumption.state !== "open") return [];
    const message = `What was decided about ${id} is out of date, because ${assumption.value} is assumed now; look at it again.`;
    return [{ path, line, severity: "warning", code: "SPEC-DECISIONS", message }];
  });
}

function sameValue(value: string): string {
  return value.replace(/\s+/g, " ").trim();
}
