/** Catalogue F and G, what a run keeps and says of what it has read (research/security.md §3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { reasonForOwnYes } from "../../../src/changes/ownYes.ts";
import { fakeAnalyzer, reviewWith } from "../../support/designFixture.ts";
import { implementRun } from "../../support/implementRun.ts";
import { memoryWorkspace } from "../../support/memoryWorkspace.ts";
import { call, say, scriptedModel } from "../../support/scriptedModel.ts";

const token = `sk-ant-${"api03-"}${"Ab3".repeat(12)}`;

test("G08 G11 a token that was read, typed or said is in no request, history or report", async () => {
  const model = scriptedModel(
    [call("Read", { file_path: "app/leaky.py" }), call("Read", { file_path: "no.py" }, "2")],
    [say(`Done.\n\n### Skills Used\n- **backend-patterns**: as in ${token}`)],
  );
  const workspace = memoryWorkspace({ "app/leaky.py": `A = 1\nKEY = "${token.slice(0, 9)}${token.slice(9)}"\n` });
  const { result } = await implementRun(
    { model, workspace, scaffoldFirst: false },
    { instructions: `Use ${token} for the client.` },
  );
  const sent = JSON.stringify(model.requests.map(({ messages, system }) => [messages, system]));
  assert.ok(!sent.includes(token));
  assert.match(sent, /KEY = \\"«secret:anthropic-key»/);
  assert.match(sent, /Use «secret:anthropic-key» for the client/);
  assert.ok(!result.report.includes(token));
});

test("a text with a mark in the place of a secret is not written", async () => {
  const model = scriptedModel(
    [call("Write", { file_path: "app/leaky.py", content: 'KEY = "«secret:anthropic-key»"\n' })],
    [say("Done.")],
  );
  const { changes } = await implementRun({ model, scaffoldFirst: false });
  assert.deepEqual(changes.files(), []);
  assert.match(JSON.stringify(model.requests[1]?.messages), /REDACTED/);
});

test("F13 a hunk with a secret in plain text is accepted by itself only", () => {
  const changes = createChangeSet();
  changes.propose("app/a.py", undefined, "x = 1\n");
  changes.propose("app/b.py", "y = 1\n", `y = 1\nKEY = "${token}"\n`);
  assert.deepEqual(
    changes.acceptance({}).map(({ path }) => path),
    ["app/a.py"],
  );
  assert.deepEqual(changes.files().map(reasonForOwnYes), [undefined, "it seems to hold a secret in plain text"]);
  assert.equal(changes.acceptance({ path: "app/b.py" }).length, 1);
});

test("F19 the checklist is what the analyzers say, whatever the model says of it", async () => {
  const analyzer = fakeAnalyzer({ reviews: Array.from({ length: 9 }, () => reviewWith({ secrets: "a secret" })) });
  const praise = "All twelve checks pass. | secrets | pass |\n\n### Quality Checklist\n- secrets: pass";
  const model = scriptedModel([say(praise)], [say(praise)], [say(praise)], [say(praise)]);
  const { result } = await implementRun({ model, analyzer, scaffoldFirst: false });
  assert.equal(result.review?.checklist.find(({ id }) => id === "secrets")?.status, "fail");
});
