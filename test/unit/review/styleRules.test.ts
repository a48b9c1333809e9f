import assert from "node:assert/strict";
import { test } from "node:test";
import { styleRules } from "../../../src/review/styleRules.ts";
import { emptySpec, review } from "./reviewing.ts";

const black = (length: number) => `[tool.black]\nline-length = ${length}\n`;
const project = '[project]\nname = "x"\n';
const workspace = '[tool.uv.workspace]\nmembers = ["*"]\n';

const cases: readonly (readonly [
  what: string,
  pyprojects: Readonly<Record<string, string>>,
  lengths: Readonly<Record<string, number>>,
])[] = [
  ["none", {}, { "a.py": 88, "a/b.py": 88 }],
  ["one at the top", { "pyproject.toml": black(100) }, { "a.py": 100, "src/app/b.py": 100 }],
  [
    "several backends",
    { "a/pyproject.toml": black(100), "b/pyproject.toml": black(120) },
    { "a/src/a.py": 100, "b/src/b.py": 120, "ab/c.py": 100 },
  ],
  [
    "a workspace whose style stands at its top",
    { "pyproject.toml": workspace + black(100), "a/pyproject.toml": project },
    { "a/a.py": 100, "b.py": 100 },
  ],
  [
    "a workspace that says nothing of style",
    { "pyproject.toml": workspace, "a/pyproject.toml": project + black(100) },
    { "a/a.py": 100, "b.py": 100 },
  ],
  [
    "one within another",
    { "pyproject.toml": project + black(100), "plugins/x/pyproject.toml": project + black(79) },
    { "a.py": 100, "plugins/a.py": 100, "plugins/x/a.py": 79 },
  ],
  ["one beside", { "backend/pyproject.toml": project + black(100) }, { "tests/a.py": 100 }],
];

for (const [what, pyprojects, lengths] of cases) {
  test(`the length of lines where there is ${what}`, () => {
    const sources = Object.entries(pyprojects).map(([path, text]) => ({ path, text }));
    const files = [...sources, ...Object.keys(lengths).map((path) => ({ path, text: "" }))];
    const found = Object.keys(lengths).map((path) => [path, styleRules(files, path).settings.lineLength] as const);
    assert.deepEqual(Object.fromEntries(found), lengths);
  });
}

test("each backend of a folder of several is formatted as it says itself", async () => {
  const text = `X = "${"a".repeat(70)}", "${"b".repeat(20)}"\n`;
  const { checklist } = await review(emptySpec, [
    { path: "a/pyproject.toml", text: black(120) },
    { path: "a/x.py", text },
    { path: "b/pyproject.toml", text: black(88) },
    { path: "b/x.py", text },
  ]);
  const paths = checklist.find(({ id }) => id === "format")?.findings.map(({ path }) => path);
  assert.deepEqual(paths, ["b/x.py"]);
});
