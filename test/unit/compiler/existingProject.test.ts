import assert from "node:assert/strict";
import { test } from "node:test";
import type { GeneratedFile } from "../../../src/compiler/compilation.ts";
import { fitToProject, projectLineWidth } from "../../../src/compiler/existingProject.ts";
import { mergeToml } from "../../../src/compiler/tomlMerge.ts";

const cases: readonly (readonly [title: string, present: string, additions: string, merged: string])[] = [
  ["a missing section is added at the end", "[a]\nx = 1\n", "[b]\ny = 2\n", "[a]\nx = 1\n\n[b]\ny = 2\n"],
  [
    "a missing key is added to its section",
    "[a]\nx = 1\n\n[b]\ny = 2\n",
    "[a]\nz = 3\n",
    "[a]\nx = 1\nz = 3\n\n[b]\ny = 2\n",
  ],
  ["a value that both have stays", "[a]\nx = 1 # ours\n", "[a]\nx = 2\n", "[a]\nx = 1 # ours\n"],
  [
    "missing requirements are added, versions stay",
    '[project]\ndependencies = [\n    "FastAPI>=0.100", # pinned by hand\n    "structlog"\n]\n',
    '[project]\ndependencies = ["fastapi>=0.115", "asyncpg>=0.30"]\n',
    '[project]\ndependencies = [\n    "FastAPI>=0.100", # pinned by hand\n    "structlog",\n    "asyncpg>=0.30",\n]\n',
  ],
  [
    "requirements on one line become a list of lines",
    '[project]\ndependencies = ["structlog"]\n',
    '[project]\ndependencies = [\n    "asyncpg>=0.30",\n]\n',
    '[project]\ndependencies = [\n    "structlog",\n    "asyncpg>=0.30",\n]\n',
  ],
  [
    "arrays that are no requirements stay",
    '[a]\nselect = ["E"]\n',
    '[a]\nselect = ["E", "F"]\n',
    '[a]\nselect = ["E"]\n',
  ],
  [
    "a quoted key is a key",
    '[a]\n"x/*" = 1\n',
    '[a]\n# why\n"y/*" = 2\n\n[b]\nz = 3\n',
    '[a]\n"x/*" = 1\n# why\n"y/*" = 2\n\n[b]\nz = 3\n',
  ],
  [
    "an extra that is needed is added to the package",
    '[project]\ndependencies = ["pydantic>=2.10", "sqlalchemy", "uvicorn[standard]"]\n',
    '[project]\ndependencies = ["pydantic[email]>=2.12", "sqlalchemy[asyncio]>=2", "uvicorn"]\n',
    '[project]\ndependencies = ["pydantic[email]>=2.10", "sqlalchemy[asyncio]", "uvicorn[standard]"]\n',
  ],
  [
    "comments stay where they are",
    "# top\n[a]\n# about x\nx = 1\n# end\n",
    "[a]\nx = 1\n",
    "# top\n[a]\n# about x\nx = 1\n# end\n",
  ],
  ["brackets in strings do not count", '[a]\nx = "["\ny = 1\n', "[a]\nz = 2\n", '[a]\nx = "["\ny = 1\nz = 2\n'],
  ["an empty document becomes the other one", "", "[a]\nx = 1\n", "[a]\nx = 1\n"],
];

for (const [title, present, additions, merged] of cases) {
  test(title, () => {
    assert.equal(mergeToml(present, additions), merged);
    assert.equal(mergeToml(merged, additions), merged, "a second time changes nothing");
  });
}

test("the project's own line width is taken, ruff's before black's", () => {
  assert.equal(projectLineWidth({}), 88);
  assert.equal(projectLineWidth({ "pyproject.toml": "[tool.black]\nline-length = 100\n" }), 100);
  const both = "[tool.black]\nline-length = 100\n[tool.ruff]\nline-length = 120 # wide\n";
  assert.equal(projectLineWidth({ "pyproject.toml": both }), 120);
  assert.equal(projectLineWidth({ "pyproject.toml": '[tool.black]\nline-length = "wide"\n' }), 88);
});

test("files that a team keeps by hand are added to, the others are written as generated", () => {
  const file = (path: string, text: string): GeneratedFile => ({ path, text, step: 1 });
  const fit = (path: string, generated: string, present: string) =>
    fitToProject(file(path, generated), { [path]: present }).map(({ text }) => text);
  assert.deepEqual(fit("README.md", "# Generated\n", "# Ours\n"), []);
  assert.deepEqual(fit(".gitignore", ".env\n.venv/\n", "dist/\n.env\n"), ["dist/\n.env\n.venv/\n"]);
  assert.deepEqual(fit(".env.example", "# Fill in\nAPP_A=1\nAPP_B=2\n", "APP_A=x"), ["APP_A=x\nAPP_B=2\n"]);
  assert.deepEqual(fit("src/app/main.py", "new\n", "old\n"), ["new\n"]);
});
