import assert from "node:assert/strict";
import { test } from "node:test";
import { type ModelClient, ModelError } from "../../../src/agent/model.ts";
import { readSkills } from "../../../src/agent/skills.ts";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import type { RunResult, SessionEvent } from "../../../src/session/events.ts";
import { type ImplementPorts, type ImplementRequest, implement } from "../../../src/session/implement.ts";
import type { RunState } from "../../../src/session/runState.ts";
import { emptySpec, fakeAnalyzer, reviewWith, tinyCompilation } from "../../support/designFixture.ts";
import { memoryWorkspace } from "../../support/memoryWorkspace.ts";
import { call, say, scriptedModel } from "../../support/scriptedModel.ts";

const agent = {
  definition: {
    name: "backend-implementer",
    description: "",
    tools: ["Read", "Write", "Edit", "Grep", "Glob"],
    model: "opus",
    instructions: "You implement.",
  },
  skills: readSkills([
    { path: "agents/skills/backend-patterns/SKILL.md", text: "---\ndescription: Layers\n---\nB" },
    { path: "agents/rules/python/security.md", text: "Secrets from the environment." },
  ]).skills,
};

interface Run {
  readonly lines: readonly string[];
  readonly result: RunResult;
  readonly changes: ImplementPorts["changes"];
}

async function run(request: Partial<ImplementRequest> = {}, overrides: Partial<ImplementPorts> = {}): Promise<Run> {
  const changes = createChangeSet();
  const ports: ImplementPorts = {
    workspace: memoryWorkspace({ "src/app/old.py": "", "notes.md": "" }),
    root: "/ws",
    changes,
    analyzer: fakeAnalyzer(),
    agent,
    ...overrides,
  };
  const full: ImplementRequest = {
    kind: "implement",
    documents: [{ path: "docs/domain.md", text: "# Order" }],
    instructions: "",
    signal: new AbortController().signal,
    ...request,
  };
  const lines: string[] = [];
  const session = implement(full, ports);
  for (;;) {
    const { value, done } = await session.next();
    if (done) return { lines, result: value, changes: ports.changes };
    lines.push(...describe(value));
  }
}

function describe(event: SessionEvent): string[] {
  switch (event.type) {
    case "stepStarted":
      return [`step ${event.step} ${event.title}`];
    case "stepFinished":
      return [`done ${event.step}: ${event.files.join(" ")}`];
    case "agent":
      if (event.event.type === "text") return [`says ${event.event.delta}`];
      return event.event.type === "stopped" ? [`stopped ${event.event.reason}`] : [];
    case "specRead":
    case "reviewed":
    case "finished":
      return [event.type];
    case "state":
      return [];
  }
}

test("offline, each of the seven steps is told once and in order, and the state is reviewed as proposed", async () => {
  const analyzer = fakeAnalyzer();
  const { lines, result, changes } = await run({}, { analyzer });
  assert.deepEqual(lines, [
    "specRead",
    "step 1 Models and DTOs",
    "done 1: pyproject.toml src/app/domain/order.py",
    "step 2 Migrations",
    "done 2: ",
    "step 3 Repositories",
    "done 3: ",
    "step 4 Services",
    "done 4: src/app/services/order.py",
    "step 5 Endpoints",
    "done 5: ",
    "step 6 Auth and middleware",
    "done 6: ",
    "step 7 Central error handling",
    "done 7: ",
    "stopped finished",
    "reviewed",
    "finished",
  ]);
  assert.deepEqual(analyzer.reviewed, [
    ["pyproject.toml", "src/app/domain/order.py", "src/app/old.py", "src/app/services/order.py"],
  ]);
  assert.deepEqual(
    changes
      .files()
      .map(({ path }) => path)
      .sort(),
    tinyCompilation.files.map(({ path }) => path).sort(),
  );
  assert.equal(result.stopped, "finished");
  assert.deepEqual(
    result.skillsUsed.map(({ name }) => name),
    ["backend-patterns", "python/security"],
  );
  assert.deepEqual(result.needsDetail, tinyCompilation.needsDetail);
});

test("the report has score, checklist, coverage, assumptions and needs detail, and ends with the skills", async () => {
  const { result } = await run({}, { analyzer: fakeAnalyzer({ reviews: [reviewWith({ size: "too long" })] }) });
  const headings = [...result.report.matchAll(/^#+ .*$/gm)].map(([line]) => line);
  assert.deepEqual(headings, [
    "## Backend proposed",
    "### Quality checklist",
    "### Coverage of the design",
    "### Assumptions",
    "### Needs detail",
    "### Skills Used",
  ]);
  assert.match(result.report, /3 files to review, checklist 11 of 12, design coverage 1 of 1 \(1 needs detail\)\./);
  assert.match(result.report, /- ✗ Item size: 1 finding\n/);
  assert.match(result.report, /\| \| Implemented \|\n\|---\|---\|\n\| \w+ \| 1 of 1 \|\n/);
  assert.match(result.report, /- `endpoint:POST \/magic`: no rule says what it does \(`docs\/domain.md:3`\)/);
  assert.match(result.report, /### Skills Used\n\n- \*\*backend-patterns\*\*: .+\n- \*\*python\/security\*\*: .+$/);
});

test("a model completes what the offline engine has proposed, and what fails is fed back to it", async () => {
  const edit = { file_path: "src/app/services/order.py", old_string: "...", new_string: "pass" };
  const model = scriptedModel(
    [call("Read", { file_path: "src/app/services/order.py" })],
    [say("Filling in.\n"), call("Edit", edit)],
    [say("Done.")],
    [say("Now it is done.\n\n### Skills "), say("Used\n- **cooking**: well\n")],
  );
  const failing = reviewWith({ size: "too long" });
  const analyzer = fakeAnalyzer({ reviews: [failing, failing, failing, reviewWith()] });
  const { lines, result, changes } = await run({ instructions: "Be brief." }, { model, analyzer });
  assert.deepEqual(lines.slice(lines.indexOf("done 7: ") + 1), [
    "says Filling in.\n",
    "step 4 Services",
    "says Done.",
    "says Now it is done.\n\n",
    "done 4: src/app/services/order.py",
    "stopped finished",
    "reviewed",
    "finished",
  ]);
  assert.equal(lines.filter((line) => line.startsWith("stopped")).length, 1);
  const first = JSON.stringify(model.requests[0]?.messages);
  for (const part of ["- Order (aggregate root)", "endpoint:POST /magic", "Be brief.", "too long"]) {
    assert.ok(first.includes(part), part);
  }
  assert.match(
    JSON.stringify(model.requests[3]?.messages.at(-1)),
    /Not done yet.*Item size: src\/app\/domain\/order.py:1: too long/,
  );
  assert.equal(changes.proposedText("src/app/services/order.py"), "class OrderService: pass\n");
  assert.ok(!result.report.includes("cooking"));
  assert.equal(result.state?.messages.length, 8);
});

test("without scaffolding the model starts from the design alone", async () => {
  const model = scriptedModel([call("Write", { file_path: "src/app/main.py", content: "x = 1\n" })], [say("Done.")]);
  const { changes, result } = await run({}, { model, scaffoldFirst: false });
  assert.deepEqual(
    changes.files().map(({ path }) => path),
    ["src/app/main.py"],
  );
  assert.deepEqual([result.assumptions, result.needsDetail, result.skillsUsed], [[], [], []]);
  assert.match(result.report, /### Skills Used\n\nNone$/);
});

test("a model that fails leaves the proposals and can be continued from its history", async () => {
  const failing = scriptedModel([call("Read", { file_path: "notes.md" })], new ModelError("auth", "invalid key"));
  const { result } = await run({}, { model: failing });
  assert.deepEqual([result.stopped, result.detail], ["modelFailed", "invalid key"]);
  assert.ok(result.review);
  const resume = JSON.parse(JSON.stringify(result.state));

  const model = scriptedModel([say("Done.")]);
  await run({ kind: "continue", resume }, { model });
  const messages = model.requests[0]?.messages ?? [];
  assert.deepEqual(
    messages.map(({ role }) => role),
    ["user", "assistant", "user"],
  );
  assert.deepEqual(
    messages.at(-1)?.parts.map(({ type }) => type),
    ["toolResult", "text"],
  );
});

test("fix gives the model what the review holds against the state as it is", async () => {
  const model = scriptedModel([say("Done.")]);
  const failing = reviewWith({ secrets: "a password" });
  // Once for what is certain, once for what is left of it.
  const analyzer = fakeAnalyzer({ reviews: [failing, failing, reviewWith()] });
  const { changes } = await run({ kind: "fix" }, { model, analyzer });
  assert.match(JSON.stringify(model.requests[0]?.messages[0]), /# Failing.*a password/);
  assert.deepEqual(changes.files(), []);
});

test("what is another agent's work is declined by name and nothing is proposed", async () => {
  const { lines, result, changes } = await run({ instructions: "write unit tests for the orders" });
  assert.deepEqual(lines, ["finished"]);
  assert.equal(result.stopped, "refused");
  assert.match(result.report, /Phase 4.*Nothing was proposed[\s\S]*### Skills Used\n\nNone$/);
  assert.deepEqual(changes.files(), []);
});

test("a cancelled run ends as cancelled, wherever it was", async () => {
  const early = await run({ signal: AbortSignal.abort() });
  assert.deepEqual([early.result.stopped, early.lines], ["cancelled", ["finished"]]);

  const controller = new AbortController();
  const model = scriptedModel([say("…"), call("Read", { file_path: "notes.md" })], [say("never")]);
  const stopping: ModelClient = {
    ...model,
    stream: (asked) => {
      controller.abort();
      return model.stream(asked);
    },
  };
  const late = await run({ signal: controller.signal }, { model: stopping });
  assert.equal(late.result.stopped, "cancelled");
  assert.equal(late.result.review, undefined);
  assert.deepEqual(
    late.result.state?.messages.map(({ role }) => role),
    ["user", "assistant", "user"],
  );
  assert.match(late.result.report, /^## Cancelled\n\n`\/continue` goes on from here\.\n\n3 files to review\./);
});

test("a run that was cancelled before the model had a turn is continued from its beginning", async () => {
  const controller = new AbortController();
  const workspace = memoryWorkspace({});
  const readText = async (path: string) => void (path.startsWith("docs/") || controller.abort());
  const stopping = { ...workspace, list: async () => [], readText };
  const unused = scriptedModel();
  const { result } = await run({ signal: controller.signal }, { model: unused, workspace: stopping });
  assert.deepEqual([result.stopped, result.state?.messages, unused.requests], ["cancelled", [], []]);
  const resume = result.state;
  assert.ok(resume);
  const { changes } = await run({ kind: "continue", resume }, { model: scriptedModel([say("Done.")]) });
  assert.equal(changes.files().length, 3);
});

test("nothing to start from is said in words the user can act on", async () => {
  await assert.rejects(run({ documents: [] }), { code: "NO_DOCUMENTS", message: /Open the domain model.*Templates/ });
  await assert.rejects(run({ documents: [{ path: "a.md", text: "  \n" }] }), { code: "NO_DOCUMENTS" });
  const problem = {
    path: "a.sql",
    line: 4,
    severity: "error",
    code: "SPEC-DIALECT",
    message: "This is MySQL.",
  } as const;
  await assert.rejects(run({}, { analyzer: fakeAnalyzer({ spec: emptySpec, problems: [problem] }) }), {
    code: "NO_DESIGN",
    message: /a\.sql:4: This is MySQL\./,
  });
  const model = scriptedModel();
  await assert.rejects(run({ kind: "continue" }, { model }), nothingToContinue);
});

const nothingToContinue = { code: "NOTHING_TO_CONTINUE", message: /\/implement.*\/check/ };

test("the offline engine goes on with nothing: it would propose the whole design anew", async () => {
  const resume: RunState = { version: 1, model: "m", messages: [], loadedSkills: [] };
  for (const request of [{ kind: "continue" }, { kind: "continue", resume }] as const) {
    const changes = createChangeSet();
    await assert.rejects(run(request, { changes }), nothingToContinue);
    assert.deepEqual(changes.files(), []);
  }
});

test("A34: documents that change during a run are named in its report, and it goes by what it was given", async () => {
  const files: Record<string, string> = { "docs/domain.md": "# Order", "docs/same.md": "# Same" };
  const seen: string[] = [];
  const analyzer = fakeAnalyzer();
  const documents = Object.entries(files).map(([path, text]) => ({ path, text }));
  const { result } = await run(
    { documents: [...documents, { path: "pasted text", text: "# Paste" }] },
    {
      workspace: memoryWorkspace(files),
      analyzer: {
        ...analyzer,
        readSpec: (given, signal) => {
          seen.push(...given.map(({ text }) => text));
          delete files["docs/domain.md"];
          return analyzer.readSpec(given, signal);
        },
      },
    },
  );
  assert.deepEqual(seen, ["# Order", "# Same", "# Paste"]);
  assert.deepEqual(result.changedDocuments, ["docs/domain.md"]);
  assert.match(result.report, /`docs\/domain\.md` changed after the run started/);
});
