import { addUsage, noUsage, type Usage } from "../agent/messages.ts";
import type { ModelInfo } from "../agent/model.ts";
import { costOf } from "../models/pricing.ts";

/** What one run may use before it pauses; what is undefined is not limited, but for the time. */
export interface Budget {
  /** Estimated dollars. Not watched for a model whose price is not known. */
  readonly dollars?: number;
  /** Tokens of every kind, those from the cache included. */
  readonly tokens?: number;
  /** An hour when undefined. */
  readonly minutes?: number;
}

/** What the model of a run has used so far. */
export interface Spending {
  add(usage: Usage): void;
  /** Undefined until a model has said what it used; `cost` in estimated dollars, where its price is known. */
  facts(): { readonly usage?: Usage; readonly cost?: number };
  /** Why the run must pause; undefined while it is within the budget. */
  exceeded(): string | undefined;
}

const defaultMinutes = 60;

export function createSpending(model: ModelInfo | undefined, budget: Budget = {}): Spending {
  const started = performance.now();
  let usage = noUsage;
  let cost: number | undefined;
  return {
    add: (used) => {
      usage = addUsage(usage, used);
      const more = model && costOf(model.id, used);
      if (more !== undefined) cost = (cost ?? 0) + more;
    },
    facts: () => (tokensOf(usage) === 0 ? {} : { usage, ...(cost === undefined ? {} : { cost }) }),
    exceeded: () => {
      const { dollars, tokens, minutes = defaultMinutes } = budget;
      if (dollars !== undefined && (cost ?? 0) >= dollars) return paused(dollarText(cost ?? 0), dollarText(dollars));
      const used = tokensOf(usage);
      if (tokens !== undefined && used >= tokens) return paused(`${amount(used)} tokens`, `${amount(tokens)} tokens`);
      const passed = (performance.now() - started) / 60_000;
      return passed >= minutes ? paused(`${Math.floor(passed)} minutes`, `${minutes} minutes`) : undefined;
    },
  };
}

/** For the headline of a report: what went in, how much of it from a cache, what came out, what it cost. */
export function spendingText({ usage, cost }: ReturnType<Spending["facts"]>): string {
  if (!usage) return "";
  const read = usage.input + usage.cacheRead + usage.cacheWrite;
  const cached = read === 0 ? 0 : Math.round((100 * usage.cacheRead) / read);
  const price = cost === undefined ? "" : `, about ${dollarText(cost)}`;
  if (usage.estimated) return `about ${amount(read)} tokens in, ${amount(usage.output)} out${price}`;
  return `${amount(read)} tokens in (${cached} % from the cache), ${amount(usage.output)} out${price}`;
}

function paused(used: string, allowed: string): string {
  return `BUDGET: the run has used ${used} of the ${allowed} it may, so it pauses.`;
}

function tokensOf({ input, output, cacheRead, cacheWrite }: Usage): number {
  return input + output + cacheRead + cacheWrite;
}

function dollarText(dollars: number): string {
  return `$${dollars.toFixed(dollars < 0.1 ? 3 : 2)}`;
}

function amount(tokens: number): string {
  return tokens.toLocaleString("en-US");
}
