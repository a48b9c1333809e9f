import assert from "node:assert/strict";
import { test } from "node:test";
import { createSkillShelf, readSkills } from "../../../src/agent/skills.ts";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { createOverlay } from "../../../src/changes/overlay.ts";
import { createToolbox } from "../../../src/tools/toolbox.ts";
import type { ToolPorts } from "../../../src/tools/toolPorts.ts";
import { approveAll, askedApprovals, declineAll, fakeShell } from "../../support/fakeShell.ts";
import { memoryWorkspace } from "../../support/memoryWorkspace.ts";

const names = ["Read", "Write", "Edit", "Bash", "Grep", "Glob"];
const skill = { path: "agents/skills/backend-patterns/SKILL.md", text: "---\ndescription: d\n---\nUse layers." };

function toolbox(files: Readonly<Record<string, string>>, overrides: Partial<ToolPorts> = {}) {
  const disk = memoryWorkspace(files);
  const changes = createChangeSet();
  const shelf = createSkillShelf(readSkills([skill]).skills);
  const overlay = createOverlay(disk, changes);
  const ports: ToolPorts = { disk, overlay, changes, shelf, root: "/ws", seen: new Map(), ...overrides };
  const tools = createToolbox(names, ports);
  /** What the model reads: the tool's answer, or its refusal after "! ". */
  const use = async (name: string, input: unknown): Promise<string> => {
    const tool = tools.find((candidate) => candidate.name === name);
    if (!tool) return "! no such tool";
    try {
      return await tool.run(input, new AbortController().signal);
    } catch (thrown) {
      return `! ${(thrown as Error).message}`;
    }
  };
  return { use, changes, shelf, tools };
}

const main = "import fastapi\n\napp = fastapi.FastAPI()\n";

test("the definition's tools come in its order, Skill always, Bash only where commands can run", () => {
  assert.deepEqual(
    toolbox({}).tools.map(({ name, kind }) => `${name} ${kind}`),
    ["Read read", "Write propose", "Edit propose", "Grep read", "Glob read", "Skill read"],
  );
  const commands = { shell: fakeShell(), approvals: approveAll };
  assert.ok(toolbox({}, { commands }).tools.some(({ name }) => name === "Bash"));
  const ports = { commands } as unknown as ToolPorts;
  assert.throws(() => createToolbox(["Teleport"], ports), { code: "TOOL_UNKNOWN" });
});

test("every tool tells its parameters as JSON Schema and takes no others", async () => {
  const { tools } = toolbox({}, { commands: { shell: fakeShell(), approvals: approveAll } });
  assert.deepEqual(
    Object.fromEntries(tools.map(({ name, inputSchema }) => [name, Object.keys(inputSchema["properties"] as object)])),
    {
      Read: ["file_path", "offset", "limit"],
      Write: ["file_path", "content"],
      Edit: ["file_path", "old_string", "new_string", "replace_all"],
      Bash: ["command", "timeout", "description", "database"],
      Grep: ["pattern", "path", "glob", "output_mode"],
      Glob: ["pattern", "path"],
      Check: ["check", "paths"],
      Skill: ["skill"],
    },
  );
  for (const { inputSchema } of tools) assert.equal(inputSchema["additionalProperties"], false);
});

test("Read numbers lines, pages, and shows what is proposed", async () => {
  const { use, changes } = toolbox({ "app/main.py": main, "long.txt": "x\n".repeat(3000) });
  assert.equal(
    await use("Read", { file_path: "/ws/app/main.py" }),
    "1\timport fastapi\n2\t\n3\tapp = fastapi.FastAPI()\n4\t",
  );
  assert.equal(
    await use("Read", { file_path: "app/main.py", offset: 3, limit: 1 }),
    "3\tapp = fastapi.FastAPI()\n(4 lines in all; go on with offset 4)",
  );
  assert.match(await use("Read", { file_path: "long.txt" }), /\(3001 lines in all; go on with offset 2001\)$/);
  assert.match(await use("Read", { file_path: "app/main.py", offset: 9 }), /^! READ_RANGE/);
  assert.match(await use("Read", { file_path: "no.py" }), /^! NO_FILE: no.py does not exist/);
  changes.propose("app/main.py", main, "proposed\n");
  assert.equal(await use("Read", { file_path: "app/main.py" }), "1\tproposed\n2\t");
});

test("Write proposes; files that were not read, tests, frontend and binary are refused", async () => {
  const { use, changes } = toolbox({ "app/main.py": main });
  assert.equal(
    await use("Write", { file_path: "app/new.py", content: "a = 1\nb = 2\n" }),
    "Proposed app/new.py: 2 lines added, 0 lines removed.",
  );
  assert.equal(changes.proposedText("app/new.py"), "a = 1\nb = 2\n");
  assert.match(await use("Write", { file_path: "app/main.py", content: "" }), /^! UNREAD/);
  assert.match(await use("Write", { file_path: "tests/test_a.py", content: "" }), /^! OUT_OF_SCOPE: .*Phase 4/);
  assert.match(
    await use("Write", { file_path: "src/App.tsx", content: "" }),
    /^! OUT_OF_SCOPE: .*frontend-implementer/,
  );
  assert.match(await use("Write", { file_path: "a.py", content: "\0" }), /^! CONTENT_BINARY/);
  assert.match(await use("Write", { file_path: "a.py", content: "x".repeat(2_000_001) }), /^! CONTENT_SIZE/);
  assert.match(await use("Write", { file_path: "a.py" }), /^! Write was called wrongly.\n✖ .*→ at content/s);
  assert.deepEqual(
    changes.files().map(({ path }) => path),
    ["app/new.py"],
  );
});

test("a hunk that the user rejected is not proposed again, and the model is told", async () => {
  const { use, changes } = toolbox({ "app/main.py": main });
  await use("Read", { file_path: "app/main.py" });
  await use("Edit", { file_path: "app/main.py", old_string: "app =", new_string: "api =" });
  changes.reject({});
  await use("Read", { file_path: "app/main.py" });
  assert.equal(
    await use("Edit", { file_path: "app/main.py", old_string: "app =", new_string: "api =" }),
    "app/main.py needs no change.\nLeft out what the user has rejected before (1).",
  );
});

test("Edit works on what was read, and says so when that has changed", async () => {
  const { use, changes } = toolbox({ "app/main.py": main });
  const edit = { file_path: "app/main.py", old_string: "app =", new_string: "api =" };
  assert.match(await use("Edit", edit), /^! UNREAD/);
  await use("Read", { file_path: "app/main.py" });
  changes.propose("app/main.py", main, `${main}# more\n`);
  assert.match(await use("Edit", edit), /^! STALE/);
  await use("Read", { file_path: "app/main.py" });
  assert.match(await use("Edit", edit), /^Proposed app\/main.py/);
  assert.equal(changes.proposedText("app/main.py"), `${main}# more\n`.replace("app =", "api ="));
  assert.match(await use("Edit", { ...edit, file_path: "no.py" }), /^! NO_FILE/);
});

test("a placeholder is refused by Write and Edit, and the file stays as it is", async () => {
  const { use, changes } = toolbox({ "app/main.py": main });
  await use("Read", { file_path: "app/main.py" });
  const rest = "# ... rest unchanged";
  assert.match(await use("Write", { file_path: "app/main.py", content: `import os\n${rest}\n` }), /^! PLACEHOLDER/);
  assert.match(
    await use("Edit", { file_path: "app/main.py", old_string: "app =", new_string: `${rest}\napp =` }),
    /^! PLACEHOLDER/,
  );
  assert.deepEqual(changes.files(), []);
});

test("a rewrite that loses most of a file is refused once, and taken when it is sent again", async () => {
  const { use, changes } = toolbox({ "app/long.py": "x = 1\n".repeat(100) });
  await use("Read", { file_path: "app/long.py" });
  const write = { file_path: "app/long.py", content: "x = 1\n" };
  assert.match(await use("Write", write), /^! SHRINK: app\/long\.py has 100 lines of text and would have 1\./);
  assert.match(await use("Write", { ...write, content: "x = 2\n" }), /^! SHRINK/);
  assert.deepEqual(changes.files(), []);
  assert.match(await use("Write", { ...write, content: "x = 2\n" }), /^Proposed app\/long\.py/);
});

test("findings of the analyzers come back with the proposal", async () => {
  const { use } = toolbox({}, { inspect: async (path) => [`- line 1: no annotation in ${path}`] });
  assert.equal(
    await use("Write", { file_path: "a.py", content: "x\n" }),
    "Proposed a.py: 1 line added, 0 lines removed.\nFindings to correct:\n- line 1: no annotation in a.py",
  );
});

test("Grep and Glob search the proposed state and nothing secret", async () => {
  const { use, changes } = toolbox({ "app/a.py": "x = 1\ny = 2\n", "b.md": "x = 3\n", ".env": "x = secret\n" });
  changes.propose("app/new.py", undefined, "x = 4\n");
  assert.equal(await use("Grep", { pattern: "^x =" }), "app/a.py\napp/new.py\nb.md");
  assert.equal(
    await use("Grep", { pattern: "x|y", output_mode: "content", path: "app" }),
    "app/a.py:1:x = 1\napp/a.py:2:y = 2\napp/new.py:1:x = 4",
  );
  assert.equal(await use("Grep", { pattern: "(?i)X", output_mode: "count", glob: "*.{md,txt}" }), "b.md:1");
  assert.equal(await use("Grep", { pattern: "nothing" }), "No matches.");
  assert.match(await use("Grep", { pattern: "(" }), /^! GREP_REGEX/);
  assert.match(await use("Grep", { pattern: "x", path: "../.." }), /^! PATH_OUTSIDE/);
  assert.equal(await use("Glob", { pattern: "**/*.py" }), "app/a.py\napp/new.py");
  assert.equal(await use("Glob", { pattern: "*.py", path: "app" }), "app/a.py\napp/new.py");
  assert.equal(await use("Glob", { pattern: "app/[a-m]*.py" }), "app/a.py");
  assert.equal(await use("Glob", { pattern: "*", path: "." }), "app/a.py\napp/new.py\nb.md");
  assert.equal(await use("Glob", { pattern: "src/**" }), "No files match.");
});

test("Bash asks with the exact command; what it changes is proposed or refused by name", async () => {
  const shell = fakeShell({
    output: "2 files reformatted",
    changes: [
      { path: "app/a.py", text: "x = 1\n" },
      { path: "gone.py", text: undefined },
      { path: ".git/hooks/x", text: "evil" },
      { path: "tests/test_a.py", text: "" },
    ],
  });
  const approvals = askedApprovals("once");
  const { use, changes } = toolbox({ "app/a.py": "x=1\n", "gone.py": "y\n" }, { commands: { shell, approvals } });
  const lines = (await use("Bash", { command: "black  ." })).split("\n");
  assert.deepEqual(
    approvals.asked.map(({ command }) => command),
    ["black  ."],
  );
  assert.deepEqual(lines.slice(0, 4), [
    "2 files reformatted",
    "Exit code: 0.",
    "Proposed app/a.py: 1 line added, 1 line removed.",
    "Proposed gone.py: 0 lines added, 1 line removed.",
  ]);
  assert.match(lines[4] ?? "", /^PATH_NEVER/);
  assert.match(lines[5] ?? "", /^OUT_OF_SCOPE/);
  assert.deepEqual(
    changes
      .files()
      .map(({ path, kind }) => `${kind} ${path}`)
      .sort(),
    ["delete gone.py", "modify app/a.py"],
  );
});

test("a declined or oversized command never reaches the shell", async () => {
  const shell = fakeShell();
  const { use } = toolbox({}, { commands: { shell, approvals: declineAll } });
  assert.match(await use("Bash", { command: "rm -rf /" }), /^! DECLINED/);
  assert.match(await use("Bash", { command: "x".repeat(9000) }), /^! COMMAND_SIZE/);
  assert.deepEqual(shell.commands, []);
});

test("Skill gives the text and counts as loaded; an unknown one names the others", async () => {
  const { use, shelf } = toolbox({});
  assert.equal(await use("Skill", { skill: "backend-patterns" }), "Use layers.");
  assert.match(await use("Skill", { skill: "cooking" }), /^! NO_SKILL: .*backend-patterns/);
  assert.deepEqual(
    shelf.loaded().map(({ name }) => name),
    ["backend-patterns"],
  );
});
