import type { Confidence, Schema } from "../model.ts";
import type { Problem } from "../reading.ts";
import type { DesignAssumption } from "./assumptions.ts";
import type { Decisions } from "./decisions.ts";
import { readShape } from "./shapeText.ts";

/** The shape that the user wrote; undefined when it cannot be read or names a schema that does not exist. */
export function correctedShape(text: string, isSchema: (name: string) => boolean): Schema | undefined {
  const schema = readShape(text);
  return schema && references(schema).every(isSchema) ? schema : undefined;
}

/** A decided fact is as good as one that a document states. */
export function confidenceOf({ state }: DesignAssumption): Confidence {
  return state === "open" ? "inferred" : "declared";
}

export interface CorrectionContext {
  readonly decisions: Decisions;
  readonly problems: Problem[];
}

/** Names a correction that cannot be used, where it stands. */
export function refuse({ decisions, problems }: CorrectionContext, id: string, why: string): void {
  const source = decisions.byId.get(id)?.source;
  if (!source) return;
  const message = `The correction of ${id} is not used: ${why}.`;
  problems.push({ path: source.path, line: source.line, severity: "warning", code: "SPEC-DECISIONS", message });
}

function references(schema: Schema): readonly string[] {
  const inner = (schema.properties ?? []).map((property) => property.schema);
  const parts = [...(schema.items ? [schema.items] : []), ...inner, ...(schema.variants ?? [])];
  return [...(schema.ref === undefined ? [] : [schema.ref]), ...parts.flatMap(references)];
}
