import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checks } from "../../../src/review/checks/checklist.ts";
import { checklistIds, type SourceText } from "../../../src/review/model.ts";
import { emptySpec, fixtures, overlay, readDesign, readFolder, review } from "./reviewing.ts";

const backend = readFolder(join(fixtures, "library/backend"));
const design = await readDesign(join(fixtures, "library/docs"));

test("the checks are the checklist, in its order", () => {
  assert.deepEqual(
    checks.map((check) => check.id),
    checklistIds,
  );
});

test("a sound backend passes every check", async () => {
  const { checklist } = await review(design, backend);
  assert.deepEqual(
    checklist.map(({ id, status, findings }) => ({ id, status, findings })),
    checklistIds.map((id) => ({ id, status: "pass", findings: [] })),
  );
});

test("nothing applies where there is no code", async () => {
  const { checklist } = await review(emptySpec, [{ path: "README.md", text: "# Nothing\n" }]);
  assert.deepEqual(new Set(checklist.map((item) => item.status)), new Set(["notApplicable"]));
});

/**
 * A folder `<check>` or `<check>.<variant>` of faults is laid over the sound backend. The check must
 * find exactly the lines that end in `# finds`, and nothing in any other file.
 */
for (const folder of readdirSync(join(fixtures, "findings"))) {
  test(`${folder}: finds the seeded faults and nothing else`, async () => {
    const faults = readFolder(join(fixtures, "findings", folder));
    const { checklist } = await review(design, overlay(backend, faults));
    const [id, variant] = folder.split(".");
    const item = checklist.find((candidate) => candidate.id === id);
    assert.deepEqual(places(item?.findings ?? []), places(faults.flatMap(marked)));
    assert.equal(item?.status, variant === "review" ? "review" : "fail");
    assert.deepEqual(
      item?.findings.filter(({ message }) => !/; .*[.)]$|\.$/.test(message)),
      [],
    );
  });
}

function marked({ path, text }: SourceText): { path: string; line: number }[] {
  return text.split("\n").flatMap((line, index) => (line.endsWith("# finds") ? [{ path, line: index + 1 }] : []));
}

function places(findings: readonly { readonly path: string; readonly line: number }[]): string[] {
  return [...new Set(findings.map(({ path, line }) => `${path}:${line}`))].sort();
}
