import type { Usage } from "../agent/messages.ts";

/** Dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Kept for five minutes; writing for an hour costs twice the input. */
  readonly cacheWrite: number;
  readonly cacheRead: number;
}

/** When the table below was copied from the provider's price list (research/model-clients.md §6). */
export const pricesAsOf = "2026-11";

const prices: Readonly<Record<string, Price>> = {
  "claude-opus-5-5": { input: 4, output: 20, cacheWrite: 5, cacheRead: 0.2 },
  "claude-sonnet-5-5": { input: 2, output: 10, cacheWrite: 2.5, cacheRead: 0.1 },
  "claude-haiku-5-5": { input: 0.1, output: 0.5, cacheWrite: 0.125, cacheRead: 0.01 },
  "claude-fable-5-2": { input: 8, output: 40, cacheWrite: 10, cacheRead: 0.2 },
  "claude-opus-5": { input: 5, output: 25, cacheWrite: 6.25, cacheRead: 0.5 },
  "claude-haiku-4-5": { input: 1, output: 5, cacheWrite: 1.25, cacheRead: 0.1 },
};

/** Haiku 5.5 asks five times as much for a whole request whose prompt is longer than this. */
const longPrompt = 100_000;

/**
 * Estimated dollars for the usage of one request; undefined for a model whose price is not known.
 * The sum over requests is the cost of a run.
 */
export function costOf(modelId: string, usage: Usage): number | undefined {
  const price = prices[modelId.replace(/-\d{8}$/, "")];
  if (!price) return undefined;
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  const factor = modelId.startsWith("claude-haiku-5-5") && prompt > longPrompt ? 5 : 1;
  const hour = usage.hourCacheWrite ?? 0;
  const dollars =
    usage.input * price.input +
    usage.output * price.output +
    usage.cacheRead * price.cacheRead +
    (usage.cacheWrite - hour) * price.cacheWrite +
    hour * price.input * 2;
  return (dollars * factor) / 1_000_000;
}
