import assert from "node:assert/strict";
import { test } from "node:test";
import { type IsortFiles, readStyleSettings } from "../../../../src/review/facts/pyproject.ts";

const cases: readonly (readonly [string | undefined, ReturnType<typeof readStyleSettings>])[] = [
  [undefined, { lineLength: 88, targetVersion: undefined, knownFirstParty: [], isort: {} }],
  ["not [ toml", { lineLength: 88, targetVersion: undefined, knownFirstParty: [], isort: {} }],
  [
    '[project]\nrequires-python = ">=3.11"\n[tool.black]\nline-length = 100 # wide\n',
    { lineLength: 100, targetVersion: "py311", knownFirstParty: [], isort: {} },
  ],
  [
    '[tool.ruff]\nline-length = 120\ntarget-version = "py313"\n[tool.ruff.lint.isort]\nknown-first-party = [\n  "app",\n  "lib",\n]\n',
    { lineLength: 120, targetVersion: "py313", knownFirstParty: ["app", "lib"], isort: {} },
  ],
  [
    '[tool.isort]\nprofile = "black"\nforce_sort_within_sections = true\nlines_after_imports = 2\n',
    {
      lineLength: 88,
      targetVersion: undefined,
      knownFirstParty: [],
      isort: { "force-sort-within-sections": true, "lines-after-imports": 2 },
    },
  ],
];

for (const [text, expected] of cases) {
  test(`style settings of ${JSON.stringify(text)}`, () => assert.deepEqual(readStyleSettings(text), expected));
}

const imports =
  "[isort]\nforce_single_line = True\nlines_after_imports = 1\nknown_first_party =\n    app\n    lib, tools\n";

/** In the order in which isort looks. */
const sources: readonly (readonly [
  what: string,
  pyproject: string | undefined,
  IsortFiles,
  Record<string, unknown>,
])[] = [
  [
    "setup.cfg",
    undefined,
    { "setup.cfg": `[metadata]\nname = x\n${imports}` },
    { "force-single-line": true, "lines-after-imports": 1 },
  ],
  [
    "tool:isort of tox.ini",
    undefined,
    { "tox.ini": "[tool:isort]\ncombine_as_imports: true\n" },
    { "combine-as-imports": true },
  ],
  [
    "a setup.cfg without it, then tox.ini",
    undefined,
    { "setup.cfg": "[mypy]\n", "tox.ini": imports },
    { "force-single-line": true, "lines-after-imports": 1 },
  ],
  [
    "pyproject.toml before setup.cfg",
    "[tool.isort]\nlines_after_imports = 2\n",
    { "setup.cfg": imports },
    { "lines-after-imports": 2 },
  ],
  [
    ".isort.cfg before all",
    "[tool.isort]\nlines_after_imports = 2\n",
    { ".isort.cfg": "[settings]\n# one\norder_by_type = false\n", "setup.cfg": imports },
    { "order-by-type": false },
  ],
  [
    "ruff's own before all of isort's",
    "[tool.ruff.lint.isort]\nlines-after-imports = 3\n",
    { "setup.cfg": imports },
    { "force-single-line": true, "lines-after-imports": 3 },
  ],
];

for (const [what, pyproject, files, expected] of sources) {
  test(`isort is set by ${what}`, () => assert.deepEqual(readStyleSettings(pyproject, files).isort, expected));
}

test("first-party packages of an INI file stand on lines or between commas", () => {
  assert.deepEqual(readStyleSettings(undefined, { "setup.cfg": imports }).knownFirstParty, ["app", "lib", "tools"]);
});
