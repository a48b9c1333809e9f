import type { DesignSpec } from "../model.ts";
import type { Problem } from "../reading.ts";
import type { Decisions } from "./decisions.ts";

interface Linking {
  readonly decisions: Decisions;
  readonly problems: Problem[];
}

/** The design with its rules linked as a person decided; a link of a rule that the design does not have is a problem. */
export function withLinkedRules(spec: DesignSpec, { decisions: { rules: links }, problems }: Linking): DesignSpec {
  if (links.size === 0) return spec;
  const { rules } = spec.domain;
  const names = new Set(rules.map(({ name }) => name));
  for (const [name, { source }] of links) {
    if (names.has(name)) continue;
    const message = `The decisions file links the business rule ${name}, which the design does not have. Take the line out, or correct the name.`;
    problems.push({ path: source.path, line: source.line, severity: "warning", code: "SPEC-DECISIONS", message });
  }
  const linked = rules.map((rule) => {
    const target = links.get(rule.name)?.corrected;
    return target === undefined ? rule : { ...rule, linkedTo: target };
  });
  return { ...spec, domain: { ...spec.domain, rules: linked } };
}
