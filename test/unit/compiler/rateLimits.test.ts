import assert from "node:assert/strict";
import { test } from "node:test";
import { rateOf } from "../../../src/compiler/rateLimits.ts";

const refusals: readonly (readonly [string, readonly [number, number, boolean] | undefined])[] = [
  ["More than 10 requests per minute and user", [10, 60, false]],
  ["at most 1,000 calls an hour", [1000, 3600, false]],
  ["5 attempts per 15 minutes per IP address", [5, 900, true]],
  ["100/min", [100, 60, false]],
  ["20 req/s per client", [20, 1, true]],
  ["Limited to 3 uploads a day", [3, 86_400, false]],
  ["Too many requests", undefined],
  ["0 requests per minute", undefined],
];

for (const [description, expected] of refusals) {
  test(`an answer 429 says how often: ${description}`, () => {
    const rate = rateOf({ responses: [{ status: 429, description }] });
    assert.deepEqual(rate && [rate.calls, rate.seconds, rate.perAddress], expected);
  });
}

const descriptions: readonly (readonly [string, readonly [number, number] | undefined])[] = [
  ["Uploads a file. Rate limit: 10 requests per minute.", [10, 60]],
  ["Sends 5 reminders a day to the customer.", undefined],
  ["Returns up to 100 items per page.", undefined],
];

for (const [description, expected] of descriptions) {
  test(`the text of an endpoint says how often, or something else: ${description}`, () => {
    const rate = rateOf({ description, responses: [] });
    assert.deepEqual(rate && [rate.calls, rate.seconds], expected);
  });
}
