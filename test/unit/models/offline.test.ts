import assert from "node:assert/strict";
import { test } from "node:test";
import type { AssistantMessage, Message } from "../../../src/agent/messages.ts";
import { createOfflineModel } from "../../../src/models/offline.ts";
import { tinyCompilation } from "../../support/designFixture.ts";

const start: Message = { role: "user", parts: [{ type: "text", text: "Implement the design." }] };

async function answer(messages: readonly Message[]): Promise<AssistantMessage> {
  const request = { system: "", tools: [], messages, signal: new AbortController().signal };
  for await (const event of createOfflineModel(tinyCompilation).stream(request)) {
    if (event.type === "end") return event.message;
  }
  throw new Error("no message");
}

/** Plays the whole conversation; calls whose id `fails` names are answered as refused. */
async function conversation(fails: readonly string[] = []): Promise<AssistantMessage[]> {
  const messages: Message[] = [start];
  const answers: AssistantMessage[] = [];
  for (;;) {
    const message = await answer(messages);
    answers.push(message);
    const calls = message.parts.filter((part) => part.type === "toolCall");
    if (calls.length === 0) return answers;
    const results = calls.map(
      ({ id }) => ({ type: "toolResult", callId: id, content: "", isError: fails.includes(id) }) as const,
    );
    messages.push(message, { role: "user", parts: results });
  }
}

const textOf = ({ parts }: AssistantMessage) =>
  parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
const callsOf = ({ parts }: AssistantMessage) =>
  parts.flatMap((part) => (part.type === "toolCall" ? [[part.name, Object.values(part.input as object)[0]]] : []));

test("one turn for each step that has files, the others told along, the skills loaded first", async () => {
  const [models, services, closing] = await conversation();
  assert.ok(models && services && closing);
  assert.equal(textOf(models), "**1 Models and DTOs** — 2 files\n\n");
  assert.deepEqual(callsOf(models), [
    ["Skill", "backend-patterns"],
    ["Skill", "python-patterns"],
    ["Skill", "postgres-patterns"],
    ["Skill", "common/coding-style"],
    ["Skill", "python/coding-style"],
    ["Skill", "python/patterns"],
    ["Skill", "python/security"],
    ["Write", "pyproject.toml"],
    ["Write", "src/app/domain/order.py"],
  ]);
  assert.match(textOf(services), /^\*\*2 Migrations\*\* — nothing to do\n\n[\s\S]*\*\*4 Services\*\* — 1 file\n\n$/);
  assert.deepEqual(callsOf(services), [["Write", "src/app/services/order.py"]]);
});

test("the closing text tells what was refused, what needs detail and which skills were there", async () => {
  const closing = (await conversation(["offline-skill-7", "offline-1-2"])).at(-1);
  assert.ok(closing);
  const text = textOf(closing);
  assert.match(
    text,
    /^Proposed 2 files from the design\.\n1 file could not be proposed\.\n1 element of the design left open/,
  );
  assert.match(text, /### Skills Used\n\n- \*\*backend-patterns\*\*: /);
  assert.ok(!text.includes("python/security"));
});

test("the same history gets the same answer, and call identifiers are unique", async () => {
  const first = await conversation();
  assert.deepEqual(await conversation(), first);
  const ids = first.flatMap(({ parts }) => parts.flatMap((part) => (part.type === "toolCall" ? [part.id] : [])));
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[\w-]+$/);
});
