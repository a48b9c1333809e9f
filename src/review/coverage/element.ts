import type { DesignElement, SourceSpan } from "../../spec/model.ts";
import type { CoverageElement } from "../model.ts";

type Designed = Pick<DesignElement, "id" | "kind" | "name" | "source">;

export function missing({ id, kind, name, source }: Designed, difference?: string): CoverageElement {
  return { id, kind, name, status: "missing", design: source, ...(difference !== undefined && { difference }) };
}

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
