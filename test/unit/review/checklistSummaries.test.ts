import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checklistSummaries } from "../../../src/review/checklistSummaries.ts";
import { checklistIds } from "../../../src/review/model.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/checklist.md"), "utf8");

test("every item has a section that Problems can link to, and the page and the tree say the same", () => {
  const headings = [...page.matchAll(/^## (\w+)$/gm)].map(([, id]) => id);
  assert.deepEqual(headings, [...checklistIds]);
  const text = page.replace(/\s+/g, " ");
  for (const id of checklistIds) {
    const { decides, how, unseen } = checklistSummaries[id];
    const section = `## ${id} ${decides} **How.** ${how} **What it cannot see.** ${unseen}`;
    assert.ok(text.includes(section), section);
  }
});
