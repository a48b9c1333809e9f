import type { DesignSpec, Endpoint, Rule } from "../../spec/model.ts";
import { words } from "../../support/words.ts";
import type { ErrorCatalogue } from "../errorClasses.ts";
import type { AggregatePlan, ErrorClassPlan } from "../plan.ts";
import { resourcePath, targetOf } from "../resourcePaths.ts";
import { stateField } from "../transitions.ts";

/** A rule that no document states: the errors of these endpoints name the state in which they are refused. */
export interface RuleInCode {
  readonly rule: Rule;
  readonly error: ErrorClassPlan;
  /** Ids of the endpoints whose errors have the code. */
  readonly endpoints: ReadonlySet<string>;
}

/**
 * What codes like `TICKET_CLOSED` say of the endpoints that may answer with them: a closed ticket cannot be changed by them, or
 * deleted, or be given parts. Only where the code is made of the row's name and one of its states.
 */
export function rulesInCodes(
  spec: DesignSpec,
  aggregates: readonly AggregatePlan[],
  { classes }: ErrorCatalogue,
): readonly RuleInCode[] {
  const rules = new Map<string, RuleInCode>();
  for (const error of classes) {
    const named = aggregates.flatMap((aggregate) => stateIn(error.code, aggregate) ?? [])[0];
    if (!named) continue;
    for (const endpoint of spec.api.endpoints.filter(({ errorCodes }) => errorCodes.includes(error.code))) {
      const said = sentence(endpoint, named, { aggregates, spec });
      if (said === undefined) continue;
      const text = `${said} (${error.code})`;
      const endpoints = new Set([...(rules.get(text)?.endpoints ?? []), endpoint.id]);
      rules.set(text, { error, endpoints, rule: madeRule(text, endpoint) });
    }
  }
  return [...rules.values()];
}

interface NamedState {
  readonly aggregate: AggregatePlan;
  /** In the words of the code. */
  readonly state: string;
}

function stateIn(code: string, aggregate: AggregatePlan): NamedState | undefined {
  const said = words(code).join(" ");
  const subject = words(aggregate.className).join(" ");
  const members = stateField(aggregate)?.enum?.members ?? [];
  const member = members.find(({ value }) => said === `${subject} ${words(value).join(" ")}`);
  return member && { aggregate, state: words(member.value).join(" ") };
}

interface Design {
  readonly spec: DesignSpec;
  readonly aggregates: readonly AggregatePlan[];
}

function sentence(endpoint: Endpoint, { aggregate, state }: NamedState, design: Design): string | undefined {
  const path = resourcePath(endpoint, design.aggregates, design.spec.api);
  const target = targetOf(path);
  if (!target || path.rest.length > 0) return undefined;
  const row = words(aggregate.className).join(" ");
  const article = /^[aeiou]/.test(state) ? "An" : "A";
  if (target.aggregate === aggregate) {
    if (endpoint.method === "DELETE") return `${article} ${state} ${row} cannot be deleted`;
    return /^(?:PUT|PATCH)$/.test(endpoint.method) ? `${article} ${state} ${row} cannot be changed` : undefined;
  }
  const isPart = path.steps.some((step) => step.aggregate === aggregate);
  const parts = words(target.aggregate.plural).join(" ");
  if (!isPart || endpoint.method !== "POST") return undefined;
  return `${parts.charAt(0).toUpperCase()}${parts.slice(1)} cannot be added to ${article.toLowerCase()} ${state} ${row}`;
}

function madeRule(text: string, { source }: Endpoint): Rule {
  return { id: `rule:${text}`, kind: "rule", name: text, text, source, confidence: "inferred" };
}
