import assert from "node:assert/strict";
import { test } from "node:test";
import { maxNudges } from "../../../src/agent/loop.ts";
import type { Message } from "../../../src/agent/messages.ts";
import { fakeAnalyzer, reviewWith, tinyCompilation } from "../../support/designFixture.ts";
import { implementRun } from "../../support/implementRun.ts";
import { call, reply, say, scriptedModel, type Turn } from "../../support/scriptedModel.ts";

const service = "src/app/services/order.py";

function textOf(message: Message | undefined): string {
  return message?.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n") ?? "";
}

test("the model is given the scaffold, what needs detail and what fails, and edits over the scaffold", async () => {
  const model = scriptedModel(
    [call("Read", { file_path: service })],
    [call("Edit", { file_path: service, old_string: "...", new_string: "limit = 3" }, "2")],
    [say("Done.")],
  );
  const analyzer = fakeAnalyzer({ reviews: [reviewWith({ size: "too long" }), reviewWith()] });
  const { result, changes } = await implementRun({ model, analyzer });

  const task = textOf(model.requests[0]?.messages[0]);
  const section = (title: string) => task.split(/^# /m).find((text) => text.startsWith(title)) ?? "";
  for (const { path } of tinyCompilation.files) assert.ok(section("Already proposed").includes(`- ${path}`), path);
  assert.match(section("Needs detail"), /- endpoint:POST \/magic: no rule says what it does/);
  assert.match(section("Failing"), /- Item size: src\/app\/domain\/order\.py:1: too long/);

  // One proposal for the file, not one for the scaffold and another over it.
  assert.equal(changes.proposedText(service), "class OrderService: limit = 3\n");
  assert.equal(changes.files().length, tinyCompilation.files.length);
  assert.deepEqual([result.stopped, result.model], ["finished", "Scripted"]);
});

test("the model's word is not enough: what fails comes back, but no more than twice", async () => {
  const model = scriptedModel([say("Done.")], [say("Now.")], [say("Really.")], [say("never asked")]);
  const analyzer = fakeAnalyzer({ reviews: [reviewWith({ errors: "no handler" })] });
  const { result } = await implementRun({ model, analyzer });
  assert.equal(model.requests.length, 1 + maxNudges);
  for (const { messages } of model.requests.slice(1))
    assert.match(textOf(messages.at(-1)), /Not done yet.*no handler/s);
  assert.equal(result.stopped, "finished");
  assert.match(result.report, /checklist 11 of 12/);
});

test("a budget pauses the run before the next turn, and /continue goes on from there", async () => {
  const usage = { input: 500_000, output: 10_000, cacheRead: 0, cacheWrite: 0 };
  const turn = { ...reply([call("Read", { file_path: "notes.md" })]), usage };
  const opus = (...turns: readonly Turn[]) => {
    const model = scriptedModel(...turns);
    return { ...model, info: { provider: "anthropic" as const, id: "claude-opus-5-5", label: "Claude" } };
  };
  const stopped = await implementRun({ model: opus(turn, turn, turn), budget: { dollars: 3 } });
  assert.deepEqual(
    [stopped.result.stopped, stopped.result.detail],
    ["paused", "BUDGET: the run has used $4.40 of the $3.00 it may, so it pauses."],
  );
  assert.match(stopped.result.report, /^## Paused\n\nBUDGET: .* `\/continue` goes on from here\./);
  assert.match(stopped.result.report, /1,000,000 tokens in \(0 % from the cache\), 20,000 out, about \$4\.40\.\n/);
  assert.equal(stopped.changes.files().length, tinyCompilation.files.length);

  const { state } = stopped.result;
  assert.ok(state);
  const model = opus([say("Done.")]);
  const resumed = await implementRun({ model, budget: { dollars: 3 } }, { kind: "continue", resume: state });
  assert.equal(resumed.result.stopped, "finished");
  assert.deepEqual(model.requests[0]?.messages.slice(0, 4), state.messages.slice(0, 4));
});

test("offline and for a model that does not tell, nothing is said of tokens", async () => {
  for (const model of [undefined, scriptedModel([say("Done.")])]) {
    const { result } = await implementRun(model ? { model } : {});
    assert.deepEqual([result.usage, result.cost], [undefined, undefined]);
    assert.ok(!result.report.includes("tokens"));
  }
});
