import assert from "node:assert/strict";
import { test } from "node:test";
import { readStyleSettings } from "../../../../src/review/facts/pyproject.ts";

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
