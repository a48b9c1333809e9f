import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../src/agent/messages.ts";
import { cacheBreakpoints } from "../../../src/models/cachePlan.ts";
import { reply } from "../../support/scriptedModel.ts";

const user = (blocks: number): Message => ({
  role: "user",
  parts: Array.from({ length: blocks }, () => ({ type: "text", text: "x" })),
});
const assistant = (blocks: number) => reply(user(blocks).parts as { type: "text"; text: string }[]);

const design = { message: 0, ttl: "1h" } as const;

const cases: readonly (readonly [name: string, messages: readonly Message[], expected: unknown])[] = [
  ["the first request", [user(1)], [design]],
  ["a small turn", [user(1), assistant(2), user(2)], [design]],
  ["a large first turn, whose beginning is marked anyway", [user(1), assistant(20), user(20)], [design]],
  ["fifteen blocks since the last request", [user(1), assistant(1), user(1), assistant(8), user(7)], [design]],
  [
    "sixteen blocks since the last request",
    [user(1), assistant(1), user(1), assistant(8), user(8)],
    [design, { message: 2, ttl: "5m" }],
  ],
];

for (const [name, messages, expected] of cases) {
  test(`cache breakpoints: ${name}`, () => assert.deepEqual(cacheBreakpoints(messages), expected));
}
