import assert from "node:assert/strict";
import { test } from "node:test";
import type { Review } from "../../../../src/review/model.ts";
import { readEvidence } from "../../../../src/session/reports/evidence.ts";
import { memoryWorkspace } from "../../../support/memoryWorkspace.ts";

const at = (path: string, line: number) => ({ path, line, message: "m" });

const review: Review = {
  checklist: [
    { id: "annotations", title: "", status: "fail", findings: [at("a.py", 2), at("gone.py", 1), at("a.py", 99)] },
    {
      id: "secrets",
      title: "",
      status: "fail",
      findings: [at("a.py", 3)],
      suppressed: [{ ...at("a.py", 4), reason: "r" }],
    },
    { id: "format", title: "", status: "fail", findings: [at("a.py", 3), at("a.py", 4)] },
  ],
  coverage: {
    totals: { implemented: 1, missing: 0, mismatched: 0, extra: 0 },
    elements: [
      {
        id: "table:a",
        kind: "table",
        name: "a",
        status: "implemented",
        design: { path: "docs/a.sql", line: 1, endLine: 1 },
        code: { path: "a.py", line: 1, endLine: 1 },
      },
    ],
  },
};

test("evidence is the lines of code and design, but never one with a secret, whatever else is wrong in it", async () => {
  const workspace = memoryWorkspace({ "a.py": "one\r\n  two\nKEY = 'x'\nTOKEN = 'y'\n" });
  const evidence = await readEvidence(review, {
    workspace,
    documents: [{ path: "docs/a.sql", text: "CREATE TABLE a ();\n" }],
    codeFolder: "",
  });
  assert.deepEqual([...evidence].sort(), [
    ["a.py:1", "one"],
    ["a.py:2", "  two"],
    ["docs/a.sql:1", "CREATE TABLE a ();"],
  ]);
});
