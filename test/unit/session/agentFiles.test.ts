import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { createOfflineModel } from "../../../src/models/offline.ts";
import { readAgentFolder } from "../../../src/node/agentFolder.ts";
import { readAgent } from "../../../src/session/agentFiles.ts";
import { tinyCompilation } from "../../support/designFixture.ts";

const shipped = await readAgentFolder(join(import.meta.dirname, "../../../agents"));

test("the shipped agent can be read, and has the skills and rules that the offline engine claims to follow", async () => {
  const { agent, problems } = readAgent(shipped);
  assert.deepEqual(problems, []);
  assert.deepEqual(agent.definition.tools, ["Read", "Write", "Edit", "Bash", "Grep", "Glob"]);
  assert.deepEqual(
    agent.skills.map(({ kind, name }) => `${kind} ${name}`),
    [
      "skill backend-patterns",
      "skill postgres-patterns",
      "skill python-patterns",
      "rule common/coding-style",
      "rule python/coding-style",
      "rule python/patterns",
      "rule python/security",
    ],
  );
  const signal = new AbortController().signal;
  const messages = [{ role: "user", parts: [{ type: "text", text: "Implement the design." }] }] as const;
  const loads: unknown[] = [];
  for await (const event of createOfflineModel(tinyCompilation).stream({ system: "", tools: [], messages, signal })) {
    if (event.type !== "end") continue;
    for (const part of event.message.parts) {
      if (part.type === "toolCall" && part.name === "Skill") loads.push(Object.values(part.input as object)[0]);
    }
  }
  assert.deepEqual(loads.sort(), agent.skills.map(({ name }) => name).sort());
});

test("a workspace's files narrow and replace; a broken definition takes nothing away and is reported", () => {
  const definition = (text: string) => ({ path: ".claude/agents/backend-implementer.md", text });
  const narrowed = readAgent(shipped, {
    definition: definition('---\nname: ours\ndescription: d\ntools: ["Read", "Teleport"]\n---\nOurs.'),
    skills: [{ path: ".claude/rules/python/security.md", text: "Our rule." }],
  });
  assert.deepEqual(narrowed.agent.definition.tools, ["Read"]);
  assert.equal(narrowed.agent.definition.instructions, "Ours.");
  assert.equal(narrowed.agent.skills.find(({ name }) => name === "python/security")?.text, "Our rule.");

  const broken = readAgent(shipped, { definition: definition("---js\nprocess.exit()\n---\n"), skills: [] });
  assert.deepEqual(broken.agent.definition, readAgent(shipped).agent.definition);
  assert.equal(broken.problems.length, 1);
  assert.throws(() => readAgent({ definition: undefined, skills: [] }), { code: "AGENT_MISSING" });
});
