import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compile } from "../../src/compiler/compile.ts";
import { readSpec } from "../../src/spec/readSpec.ts";
import { largeDesign } from "../support/largeDesign.ts";

/** Twice to four times of what a machine with nothing else to do needs. */
const processorSeconds = 10;
const megabytes = 700;

suite("a design of 300 tables and 500 endpoints", { timeout: 240_000 }, () => {
  test("compiles whole, in seconds and in the memory of an editor", async () => {
    const { spec } = await readSpec(largeDesign({ tables: 300, endpoints: 500 }));
    assert.deepEqual([spec.database.tables.length, spec.api.endpoints.length], [300, 500]);
    const begun = process.cpuUsage();
    const { files, needsDetail } = compile(spec);
    const { user, system } = process.cpuUsage(begun);
    assert.deepEqual(needsDetail, []);
    assert.equal(files.filter(({ path }) => /persistence\/models\/ledger/.test(path)).length, 300);
    assert.deepEqual(
      files.filter(({ path, text }) => path.startsWith("migrations/versions/") && text.split("\n").length > 400),
      [],
    );
    assert.ok((user + system) / 1e6 < processorSeconds, `${(user + system) / 1e6} s of the processor`);
    assert.ok(process.memoryUsage().rss / 1e6 < megabytes, `${process.memoryUsage().rss / 1e6} MB`);
  });
});
