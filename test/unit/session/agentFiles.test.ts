import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { createOfflineModel } from "../../../src/models/offline.ts";
import { readAgentFolder } from "../../../src/node/agentFolder.ts";
import { readAgent } from "../../../src/session/agentFiles.ts";
import { planRun } from "../../../src/session/planRun.ts";
import { fakeAnalyzer, tinyCompilation } from "../../support/designFixture.ts";
import { memoryWorkspace } from "../../support/memoryWorkspace.ts";

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

test("a plan names what was read, the files by step, and what is open; it proposes nothing", async () => {
  const documents = [{ path: "docs/domain.md", text: "# Order" }];
  const { report } = await planRun(documents, memoryWorkspace({}), fakeAnalyzer(), new AbortController().signal);
  assert.equal(
    report,
    `## Plan

0 endpoints, 0 tables, 0 row policies, 1 entity, 0 business rules, 0 error codes.

- \`docs/domain.md\`: domain

### Files

1. **Models and DTOs** — 2 files
   - \`pyproject.toml\`
   - \`src/app/domain/order.py\`
2. **Migrations** — 0 files
3. **Repositories** — 0 files
4. **Services** — 1 file
   - \`src/app/services/order.py\`
5. **Endpoints** — 0 files
6. **Auth and middleware** — 0 files
7. **Central error handling** — 0 files

### Assumptions

- Keys are UUIDs. (\`docs/domain.md:3\`)

### Needs detail

- \`endpoint:POST /magic\`: no rule says what it does (\`docs/domain.md:3\`)

### Skills Used

None`,
  );
});
