import assert from "node:assert/strict";
import { test } from "node:test";
import { costOf } from "../../../src/models/pricing.ts";

const million = 1_000_000;
const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

const cases = [
  ["input and output", "claude-opus-5-5", { ...usage, input: million, output: million }, 24],
  ["a dated id", "claude-haiku-4-5-20251001", { ...usage, output: million }, 5],
  ["reading and writing a cache", "claude-sonnet-5-5", { ...usage, cacheRead: million, cacheWrite: million }, 2.6],
  ["writing for an hour", "claude-opus-5-5", { ...usage, cacheWrite: million, hourCacheWrite: million }, 8],
  ["a short prompt of Haiku", "claude-haiku-5-5", { ...usage, input: 100_000 }, 0.01],
  ["a long prompt of Haiku", "claude-haiku-5-5", { ...usage, input: 200_000 }, 0.1],
  ["a model without a price", "gpt-9", { ...usage, input: million }, undefined],
] as const;

for (const [name, model, used, expected] of cases) {
  test(`the cost of ${name}`, () => {
    const cost = costOf(model, used);
    assert.equal(cost === undefined ? undefined : Math.round(cost * 1e6) / 1e6, expected);
  });
}
