/** Catalogue F, what a sweeping accept leaves to the person (research/security.md §3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { reasonForOwnYes } from "../../../src/changes/ownYes.ts";
import { createSnapshotKeys, readSnapshot } from "../../../src/changes/snapshot.ts";
import { newPackages } from "../../../src/session/newPackages.ts";
import { implementRun } from "../../support/implementRun.ts";
import { memoryWorkspace } from "../../support/memoryWorkspace.ts";
import { call, say, scriptedModel } from "../../support/scriptedModel.ts";

test("F14 what would be deleted is deleted by a click on the very file only", () => {
  const changes = createChangeSet();
  changes.propose("migrations/0001.py", "x = 1\n", undefined);
  changes.propose("app/new.py", undefined, "y = 1\n");
  changes.propose("app/changed.py", "a\nb\n", "a\n");
  const swept = () => changes.acceptance({}).map(({ path }) => path);
  assert.deepEqual(swept(), ["app/new.py", "app/changed.py"]);
  assert.deepEqual(changes.files().map(reasonForOwnYes), ["it would be deleted", undefined, undefined]);
  changes.accepted({});
  assert.deepEqual(
    changes.files().map(({ path }) => path),
    ["migrations/0001.py"],
  );
  assert.equal(changes.acceptance({ path: "migrations/0001.py" }).length, 1);
});

test("F14 a file of the engine's own that nobody has edited is swept away with the rest, after a reload too", () => {
  const changes = createChangeSet();
  changes.proposeObsolete("app/old.py", "x = 1\n");
  changes.propose("app/kept.py", "x = 1\n", undefined);
  const { snapshot } = readSnapshot(createSnapshotKeys(0)(changes.snapshot()));
  const reloaded = createChangeSet();
  reloaded.restore(JSON.parse(JSON.stringify(snapshot)));
  for (const each of [changes, reloaded]) {
    assert.deepEqual(
      each.acceptance({}).map(({ path }) => path),
      ["app/old.py"],
    );
  }
});

test("F12 every package that is proposed to be installed is named in the report", async () => {
  const before = "fastapi==0.115.0\n-r base.txt\n# requests\nSQLAlchemy[asyncio] >= 2.0\n";
  const model = scriptedModel(
    [call("Read", { file_path: "requirements.txt" })],
    [call("Write", { file_path: "requirements.txt", content: `${before}reqeusts==2.32\nFastAPI==0.115.1\n` }, "2")],
    [say("Done.\n\n### Skills Used\n\nNone")],
  );
  const workspace = memoryWorkspace({ "requirements.txt": before });
  const { result } = await implementRun({ model, workspace, scaffoldFirst: false });
  assert.match(result.report, /### New packages\n\n- `reqeusts` \(`requirements\.txt`\)\n/);
});

test("F12 packages are found wherever a project lists them, and nothing else is taken for one", () => {
  const pyproject = `[project]
name = "shop"
keywords = ["api"]
dependencies = [
  "fastapi>=0.115", # the framework
  'evil @ https://evil.example/evil.whl',
  "uvicorn[standard]",
]

[project.optional-dependencies]
test = ["Pytest_Asyncio==0.24"]

[dependency-groups]
dev = [ "ruff" ]

[build-system]
requires = ["hatchling"]

[tool.poetry.dependencies]
python = "^3.11"
httpx = "^0.27"

[tool.ruff]
select = ["E", "F"]
`;
  const lines =
    "--index-url https://evil.example/simple\n-e git+https://evil.example/a.git\ngit+https://evil.example/b.git\nx.y_Z~=1\n\n";
  const changes = createChangeSet();
  changes.propose("pyproject.toml", undefined, pyproject);
  changes.propose("requirements/dev.txt", "old==1\n", `old==2\n${lines}`);
  changes.propose("docs/requirements.md", undefined, "fastapi\n");
  assert.deepEqual(newPackages(changes), [
    {
      path: "pyproject.toml",
      names: [
        "fastapi",
        "evil @ https://evil.example/evil.whl",
        "uvicorn",
        "pytest-asyncio",
        "ruff",
        "hatchling",
        "httpx",
      ],
    },
    {
      path: "requirements/dev.txt",
      names: [
        "--index-url https://evil.example/simple",
        "-e git+https://evil.example/a.git",
        "git+https://evil.example/b.git",
        "x-y-z",
      ],
    },
  ]);
});
