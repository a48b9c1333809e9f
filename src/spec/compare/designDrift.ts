import { createHash } from "node:crypto";
import type { DesignFacts } from "./designFacts.ts";
import { changesOf, type Facts } from "./facts.ts";

/** How an element of the design has changed. */
export interface Drift {
  /** What differs, in words: `status 200 → 201; request field note added`. */
  readonly difference: string;
  /** Of what the design decides about the element now; the same decisions have the same hash. */
  readonly hash: string;
}

/** The hash of an element that a design does not have any more. */
export const removedHash = "removed";

/**
 * The elements of a design that decide something else than they did, or are not in it any more, by id. One that is new
 * has not drifted from anything. What `accepted` holds with the hash that it has now is left out.
 */
export function designDrift(
  before: DesignFacts,
  now: DesignFacts,
  accepted: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, Drift> {
  const schemaChanges = new Map<string, readonly string[]>();
  const inSchema = (name: string): readonly string[] => {
    const [old, current] = [before.schemas.get(name), now.schemas.get(name)];
    const known = schemaChanges.get(name) ?? (old && current ? changesOf(old, current, `${name}.`) : []);
    schemaChanges.set(name, known);
    return known;
  };
  const drift = new Map<string, Drift>();
  for (const [id, old] of before.elements) {
    const current = now.elements.get(id);
    if (!current) {
      if (accepted[id] !== removedHash) drift.set(id, { difference: "not in the design any more", hash: removedHash });
      continue;
    }
    const shared = current.schemas.filter((name) => old.schemas.includes(name));
    const changes = [...changesOf(old.facts, current.facts), ...shared.flatMap(inSchema)];
    if (changes.length === 0) continue;
    const hash = elementHash(now, id);
    if (accepted[id] !== hash) drift.set(id, { difference: told(changes), hash });
  }
  return drift;
}

/** Of everything that a design decides about an element, the schemas that it uses included. */
function elementHash({ elements, schemas }: DesignFacts, id: string): string {
  const element = elements.get(id);
  const keys = (facts: Facts | undefined) => [...(facts ?? [])].map(([name, { key }]) => [name, key]).sort();
  const parts = [keys(element?.facts), ...(element?.schemas ?? []).map((name) => [name, keys(schemas.get(name))])];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

const mostChanges = 6;

function told(changes: readonly string[]): string {
  const more = changes.length > mostChanges ? [`${changes.length - mostChanges} more changes`] : [];
  return [...changes.slice(0, mostChanges), ...more].join("; ");
}
