import assert from "node:assert/strict";
import { test } from "node:test";
import { createSpending, spendingText } from "../../../src/session/spending.ts";

const opus = { provider: "anthropic", id: "claude-opus-5-5", label: "" } as const;
const unpriced = { provider: "vscode", id: "copilot/x", label: "" } as const;
const used = { input: 1000, output: 500, cacheRead: 8000, cacheWrite: 1000, hourCacheWrite: 400 };

test("turns are summed, and said with the share that came from the cache", () => {
  const spending = createSpending(opus);
  spending.add(used);
  spending.add(used);
  const facts = spending.facts();
  assert.deepEqual(facts.usage, {
    input: 2000,
    output: 1000,
    cacheRead: 16_000,
    cacheWrite: 2000,
    hourCacheWrite: 800,
  });
  assert.equal(spendingText(facts), "20,000 tokens in (80 % from the cache), 1,000 out, about $0.044");
});

test("without a price there is no cost, and nothing at all without usage", () => {
  const spending = createSpending(unpriced, { dollars: 0.001 });
  assert.deepEqual(spending.facts(), {});
  spending.add(used);
  assert.equal(spendingText(spending.facts()), "10,000 tokens in (80 % from the cache), 500 out");
  assert.equal(spending.exceeded(), undefined);
});

const budgets = [
  [{}, undefined],
  [{ dollars: 1 }, undefined],
  [{ dollars: 0.02 }, "BUDGET: the run has used $0.022 of the $0.020 it may, so it pauses."],
  [{ tokens: 10_501 }, undefined],
  [{ tokens: 10_000 }, "BUDGET: the run has used 10,500 tokens of the 10,000 tokens it may, so it pauses."],
  [{ minutes: 0 }, "BUDGET: the run has used 0 minutes of the 0 minutes it may, so it pauses."],
] as const;

for (const [budget, expected] of budgets) {
  test(`the budget ${JSON.stringify(budget)} ${expected ? "is spent" : "lets the run go on"}`, () => {
    const spending = createSpending(opus, budget);
    spending.add(used);
    assert.equal(spending.exceeded(), expected);
  });
}

test("what is estimated is said to be", () => {
  const spending = createSpending(unpriced);
  spending.add({ input: 12_000, output: 300, cacheRead: 0, cacheWrite: 0, estimated: true });
  assert.equal(spendingText(spending.facts()), "about 12,000 tokens in, 300 out");
});
