import assert from "node:assert/strict";
import { test } from "node:test";
import { createCheckTool } from "../../../src/tools/check.ts";
import { askedApprovals, fakeShell } from "../../support/fakeShell.ts";
import { scratchFolder } from "../../support/scratchFolder.ts";
import { toolboxOver } from "../../support/toolbox.ts";

const root = "/ws";

function checkIn(tier: "sandbox" | "copy", answer: "once" | "run" | "no" = "no", askAlways = false) {
  const shell = fakeShell({ output: "fine", exitCode: 0 }, tier);
  const approvals = askedApprovals(answer);
  const commands = { shell, approvals, askAlways };
  const { ports } = toolboxOver(root, { commands });
  const tool = createCheckTool(commands, ports);
  const use = (input: unknown) =>
    tool.run(input, new AbortController().signal).catch((thrown: Error) => `! ${thrown.message}`);
  return { use, shell, approvals };
}

test("a check is one of a few fixed commands, on files of the workspace", async () => {
  const { use, shell } = checkIn("sandbox");
  await use({ check: "ruff" });
  await use({ check: "black", paths: ["./src//app", "/ws/migrations"] });
  await use({ check: "pytest", paths: ["-x", "--pdb"] });
  assert.deepEqual(shell.commands, [
    "ruff check -- .",
    "black --check --diff --quiet -- src/app migrations",
    "pytest -q --maxfail=20 -- -x --pdb",
  ]);
  assert.match(await use({ check: "ruff", paths: ["../x"] }), /^! PATH_OUTSIDE/);
  assert.match(await use({ check: "ruff", paths: ["a b; rm x"] }), /^! CHECK_PATHS/);
  assert.match(await use({ check: "ruff", paths: ["$(id)"] }), /^! CHECK_PATHS/);
  assert.match(await use({ check: "alembic", paths: ["src"] }), /^! CHECK_PATHS/);
  assert.match(await use({ check: "rm" }), /^! Check was called wrongly/);
  assert.match(await use({ check: "ruff", options: "--fix" }), /^! Check was called wrongly/);
  assert.equal(shell.commands.length, 3);
});

test("in the sandbox only the database is asked about; elsewhere what runs the project's code is, too", async () => {
  const asked = async (tier: "sandbox" | "copy", askAlways = false) => {
    const { use, approvals } = checkIn(tier, "once", askAlways);
    for (const check of ["ruff", "ruff-format", "black", "isort", "mypy", "pytest", "alembic"]) await use({ check });
    return approvals.asked.map(({ command }) => command.split(" ")[0]);
  };
  assert.deepEqual(await asked("sandbox"), ["alembic"]);
  assert.deepEqual(await asked("copy"), ["mypy", "pytest", "alembic"]);
  assert.equal((await asked("sandbox", true)).length, 7);
});

test("what was allowed of a check allows no command, and the other way round", async (context) => {
  const approvals = askedApprovals("run");
  const shell = fakeShell();
  const commands = { shell, approvals };
  const { use, ports } = toolboxOver(scratchFolder(context), { commands });
  const check = createCheckTool(commands, ports);
  const signal = new AbortController().signal;
  await check.run({ check: "mypy" }, signal);
  await check.run({ check: "mypy" }, signal);
  assert.equal(approvals.asked.length, 1);
  await use("Bash", { command: "mypy -- ." });
  await use("Bash", { command: "mypy -- .; rm -rf x" });
  assert.equal(approvals.asked.length, 3);
});

test("a refused check does not run", async () => {
  const { use, shell } = checkIn("copy", "no");
  assert.match(await use({ check: "mypy" }), /^! DECLINED/);
  assert.deepEqual(shell.commands, []);
});

test("C19 no check is started as a module, which a file of the workspace could be", async () => {
  const { use, shell } = checkIn("sandbox", "once");
  for (const check of ["ruff", "ruff-format", "black", "isort", "mypy", "pytest", "alembic"]) await use({ check });
  assert.equal(shell.commands.length, 7);
  assert.deepEqual(
    shell.commands.filter((command) => /^python|\s-m\s|\//.test(command.split(" -- ")[0] ?? "")),
    [],
  );
});
