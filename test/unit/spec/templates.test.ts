import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../../src/compiler/compile.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { review } from "../review/reviewing.ts";
import { documentsIn } from "./fixtures.ts";

test("the templates are read to the last line, without a problem, and everything in them can be implemented", async () => {
  const { spec, problems, notUnderstood, documents } = await readSpec(documentsIn("agents/templates"));
  assert.deepEqual([problems, notUnderstood], [[], []]);
  assert.deepEqual(
    documents.map(({ path, kinds }) => [path, kinds]),
    [
      ["api-contract.md", ["api"]],
      ["database-design.md", ["database"]],
      ["domain-model.md", ["domain"]],
      ["error-handling.md", ["errors"]],
    ],
  );
  const { needsDetail, files } = await compile(spec);
  assert.deepEqual(needsDetail, []);
  const { checklist, coverage } = await review(spec, files);
  assert.deepEqual(
    checklist.map(({ status }) => status),
    Array.from({ length: 12 }, () => "pass"),
  );
  assert.deepEqual([coverage.totals.missing, coverage.totals.mismatched], [0, 0]);
});
