import assert from "node:assert/strict";
import { test } from "node:test";
import { outOf, projectFolder, within } from "../../../../src/compiler/brownfield/projectFolder.ts";
import { recordPath } from "../../../../src/compiler/delta/recordPath.ts";

const repository = {
  "pyproject.toml": "",
  "scripts/bump.py": "",
  "backend/pyproject.toml": "",
  "backend/app/main.py": "app",
  [recordPath]: "{}",
};

const cases: readonly (readonly [what: string, paths: readonly string[], application: string, folder: string])[] = [
  ["the workspace itself", ["pyproject.toml", "app/main.py"], "app/main.py", ""],
  ["a folder with packages of its own", Object.keys(repository), "backend/app/main.py", "backend/"],
  ["one with Alembic alone", ["services/shop/alembic.ini"], "services/shop/src/shop/main.py", "services/shop/"],
  ["nothing that tells", ["backend/app/main.py"], "backend/app/main.py", ""],
];

for (const [what, paths, application, folder] of cases) {
  test(`the project lies in ${what}`, () => {
    const existing = Object.fromEntries(paths.map((path) => [path, ""]));
    assert.equal(projectFolder(existing, application), folder);
  });
}

test("a project is compiled by the paths in its folder, and proposed by those of the workspace", () => {
  assert.deepEqual(within("backend/", repository), { "pyproject.toml": "", "app/main.py": "app", [recordPath]: "{}" });
  const path = "app/models.py";
  const compiled = outOf("backend/", {
    files: [
      { path, text: "", step: 1 },
      { path: recordPath, text: "", step: 7 },
    ],
    assumptions: [],
    needsDetail: [],
    last: { [path]: { hash: "1" } },
    decisions: [{ text: `${path} loses data.`, path }, { text: "Decide." }],
  });
  assert.deepEqual(compiled, {
    files: [
      { path: `backend/${path}`, text: "", step: 1 },
      { path: recordPath, text: "", step: 7 },
    ],
    assumptions: [],
    needsDetail: [],
    last: { [`backend/${path}`]: { hash: "1" } },
    decisions: [{ text: `backend/${path} loses data.`, path: `backend/${path}` }, { text: "Decide." }],
  });
});
