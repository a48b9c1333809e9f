import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { unknownDrift } from "../../../../src/compiler/delta/recordDrift.ts";
import type { Review } from "../../../../src/review/model.ts";
import { textReport } from "../../../../src/session/reports/text.ts";

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../../../package.json"), "utf8"));
const [pattern] = manifest.contributes.problemPatterns;

const at = (path: string, line: number) => ({ path, line, endLine: line });

const review: Review = {
  checklist: [
    {
      id: "annotations",
      status: "fail",
      title: "Annotations",
      findings: [{ path: "src/my app/a.py", line: 4, message: "list_all has no return type: add one" }],
      suppressed: [{ path: "src/b.py", line: 7, message: "run has no return type", reason: "a stub: kept" }],
    },
  ],
  coverage: {
    totals: { implemented: 1, missing: 2, mismatched: 1, extra: 0 },
    elements: [
      { id: "endpoint:GET /a", kind: "endpoint", name: "GET /a", status: "missing", design: at("docs/api.yaml", 12) },
      {
        id: "table:a",
        kind: "table",
        name: "a",
        status: "mismatched",
        difference: "no column b",
        design: at("docs/schema.sql", 1),
        code: at("src/models.py", 30),
      },
      {
        id: "index:a",
        kind: "index",
        name: "a",
        status: "implemented",
        design: at("docs/schema.sql", 9),
        drift: { difference: "columns a → a, b", hash: "ee" },
      },
      { id: "rule:BR-1", kind: "rule", name: "BR-1", status: "missing", design: at("docs/domain.md", 5) },
      {
        id: "rule:BR-3",
        kind: "rule",
        name: "BR-3",
        status: "implemented",
        design: at("docs/domain.md", 7),
        drift: { difference: "a text → another", hash: "ff" },
      },
    ],
    unlinkedRules: [{ id: "rule:BR-2", name: "BR-2", text: "Only staff: change it", design: at("docs/domain.md", 6) }],
  },
};

test("the problem matcher of the manifest finds what has to be done, and nothing else of the report", () => {
  const regexp = new RegExp(pattern.regexp);
  const parts = ["severity", "file", "line", "message", "code"];
  const matches = textReport({ review })
    .split("\n")
    .flatMap((line) => {
      const match = regexp.exec(line);
      return match ? [parts.map((part) => match[pattern[part]])] : [];
    });
  assert.deepEqual(matches, [
    [undefined, "src/my app/a.py", "4", "list_all has no return type: add one", "annotations"],
    [undefined, "docs/api.yaml", "12", "endpoint:GET /a is missing", undefined],
    [undefined, "src/models.py", "30", "table:a is mismatched: no column b", undefined],
    [undefined, "docs/domain.md", "5", "rule:BR-1 is missing", undefined],
    [undefined, "docs/schema.sql", "9", "index:a: columns a → a, b", undefined],
    [undefined, "docs/domain.md", "7", "rule:BR-3: a text → another", undefined],
    ["note", "docs/domain.md", "6", "rule:BR-2 is linked to no function: Only staff: change it", undefined],
  ]);
});

test("a check without a record of what was implemented says that drift is not known, and what to do", () => {
  const nothing: Review = { ...review, coverage: { ...review.coverage, elements: [] } };
  assert.match(
    textReport({ review: nothing, unknownDrift: unknownDrift(undefined) }),
    /### Drift\n\nWhat the design has changed .* is not known: there is no \.backend\/design\.json, .* Implement the design once, and commit that file\.\n/,
  );
  assert.doesNotMatch(textReport({ review: nothing }), /### Drift/);
});
