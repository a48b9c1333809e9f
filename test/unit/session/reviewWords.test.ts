import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../src/agent/messages.ts";
import { createReviewWords } from "../../../src/session/reviewWords.ts";
import { implementRun } from "../../support/implementRun.ts";
import { call, say, scriptedModel } from "../../support/scriptedModel.ts";

const comment = { path: "app/a.py", hunkId: "h1", excerpt: "limit = 3", text: "Take it from the settings." };
const line = 'The user says of "limit = 3" in app/a.py: Take it from the settings.';

function textOf(message: Message | undefined): string {
  return message?.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n") ?? "";
}

test("each line is given once, and none that a history holds", () => {
  const lines = ["one", "two"];
  const said = createReviewWords(() => lines, [{ role: "user", parts: [{ type: "text", text: "Look:\n- one" }] }]);
  assert.deepEqual(said(), ["two"]);
  lines.push("three");
  assert.deepEqual([said(), said()], [["three"], []]);
});

test("what the user said of the proposals stands in the task, and what is said meanwhile comes with the next turn", async () => {
  const comments = [comment];
  const model = scriptedModel([call("Read", { file_path: "notes.md" })], [say("Done.")], [say("Done.")]);
  const { result, changes } = await implementRun({
    model,
    comments: () => (model.requests.length < 1 ? comments : [...comments, { ...comment, text: "And log it." }]),
  });
  const [task, turn] = model.requests.map(({ messages }) => textOf(messages.at(-1)));
  assert.ok(task?.includes(`# Review\n`) && task.includes(`- ${line}`), task);
  assert.match(turn ?? "", /- The user says of "limit = 3" in app\/a\.py: And log it\./);
  assert.ok(!turn?.includes(line));

  const [first] = changes.files();
  changes.reject({ path: first?.path ?? "" }, "No such file.");
  const next = scriptedModel([say("Done.")]);
  assert.ok(result.state);
  const request = { kind: "continue", resume: result.state } as const;
  await implementRun({ model: next, changes, comments: () => comments }, request);
  const asked = textOf(next.requests[0]?.messages.at(-1));
  assert.match(asked, new RegExp(`- The user rejected .* in ${first?.path}: No such file\\.`));
  assert.ok(!asked.includes(line), "it is not said twice");
});
