import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { libraryDocuments } from "./fixtures.ts";

const expectedFolder = join(import.meta.dirname, "../../fixtures/spec/expected");

// Whole readings, reviewed like code; UPDATE_GOLDEN=1 writes them anew.
for (const document of libraryDocuments()) {
  test(`${document.path} reads as recorded`, async () => {
    const { spec, problems, notUnderstood } = await readSpec([document]);
    const own = problems.filter((problem) => problem.code !== "SPEC-MISSING-KIND");
    const reading = JSON.parse(JSON.stringify({ spec, problems: own, notUnderstood }));
    const file = join(expectedFolder, `${document.path}.json`);
    if (process.env["UPDATE_GOLDEN"]) writeFileSync(file, `${JSON.stringify(reading, null, 1)}\n`);
    assert.deepEqual(reading, JSON.parse(readFileSync(file, "utf8")));
  });
}

test("Windows line ends and a byte order mark change nothing", async () => {
  for (const document of libraryDocuments()) {
    const plain = await readSpec([document]);
    const windows = await readSpec([{ ...document, text: `\uFEFF${document.text.replaceAll("\n", "\r\n")}` }]);
    assert.deepEqual(windows, plain, document.path);
  }
});
