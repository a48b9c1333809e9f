import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../src/agent/messages.ts";
import { createReviewWords } from "../../../src/session/reviewWords.ts";
import { implementRun } from "../../support/implementRun.ts";
import { call, say, scriptedModel } from "../../support/scriptedModel.ts";

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
  const later = "The user rejected something later: Log it.";
  const model = scriptedModel([call("Read", { file_path: "notes.md" })], [say("Done.")], [say("Done.")]);
  const { result } = await implementRun({
    model,
    said: () => (model.requests.length < 1 ? [line] : [line, later]),
  });
  const [task, turn] = model.requests.map(({ messages }) => textOf(messages.at(-1)));
  assert.ok(task?.includes(`# Review\n`) && task.includes(`- ${line}`), task);
  assert.ok(turn?.includes(`- ${later}`), turn);
  assert.ok(!turn?.includes(line));

  const next = scriptedModel([say("Done.")]);
  assert.ok(result.state);
  await implementRun({ model: next, said: () => [line, later, "newest"] }, { kind: "continue", resume: result.state });
  const asked = textOf(next.requests[0]?.messages.at(-1));
  assert.match(asked, /\n- newest$/);
  assert.ok(!asked.includes(line) && !asked.includes(later), "it is not said twice");
});
