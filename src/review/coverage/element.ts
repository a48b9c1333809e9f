import type { DesignElement, SourceSpan } from "../../spec/model.ts";
import type { ComputedPlace } from "../facts/computedPlaces.ts";
import type { CoverageElement } from "../model.ts";

/** What an element of the coverage takes from the design. */
export type Designed = Pick<DesignElement, "id" | "kind" | "name" | "source">;

export function missing({ id, kind, name, source }: Designed, difference?: string): CoverageElement {
  return { id, kind, name, status: "missing", design: source, ...(difference !== undefined && { difference }) };
}

/** Missing as far as is seen: the place may make it, and a person who knows can link it. */
export function unseen(element: Designed, { span, how }: Pick<ComputedPlace, "span" | "how">): CoverageElement {
  const link = linkable.has(element.kind) ? " Link it if it is made there." : "";
  const difference = `Cannot be seen: ${span.path}:${span.line} ${how}.${link}`;
  return { ...missing(element, difference), unseenAt: span };
}

const linkable: ReadonlySet<DesignElement["kind"]> = new Set(["endpoint", "table"]);

/** Implemented when nothing differs. `differences` are clauses without a full stop. */
export function found(element: Designed, code: SourceSpan, differences: readonly string[]): CoverageElement {
  const { id, kind, name, source } = element;
  const status = differences.length === 0 ? "implemented" : "mismatched";
  const difference = differences.length === 0 ? {} : { difference: `${differences.join("; ")}.` };
  return { id, kind, name, status, design: source, code, ...difference };
}

export function extra(kind: DesignElement["kind"], name: string, code: SourceSpan): CoverageElement {
  return { id: `${kind}:${name}`, kind, name, status: "extra", code };
}
