import assert from "node:assert/strict";
import { test } from "node:test";
import { runCalls } from "../../../src/agent/calls.ts";
import { call, reply } from "../../support/scriptedModel.ts";

test("B44 of 400 calls in one answer fifty run, and each is answered", async () => {
  const ran: string[] = [];
  const tool = { name: "Read", description: "", inputSchema: {}, kind: "read" as const };
  const run = async (input: unknown) => {
    ran.push(String(input));
    return "ok";
  };
  const calls = Array.from({ length: 400 }, (_, index) => call("Read", `${index}`, `id${index}`));
  const session = runCalls(reply(calls), [{ ...tool, run }], new AbortController().signal);
  let step = await session.next();
  while (!step.done) step = await session.next();
  const answered = step.value;
  assert.equal(ran.length, 50);
  assert.deepEqual(
    answered.map((each) => [each.call.id, each.isError]),
    calls.map(({ id }, index) => [id, index >= 50]),
  );
  assert.match(answered[399]?.output ?? "", /^TOOL_LIMIT: .*50 calls/);
});
