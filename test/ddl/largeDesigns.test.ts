import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { test } from "node:test";
import { createAnalyzerProcess } from "../../src/node/analyzerProcess.ts";
import { createSpecReader, readSpec } from "../../src/spec/readSpec.ts";
import { largeContract, largeScript } from "../support/largeDesigns.ts";

const root = join(import.meta.dirname, "../..");
const never = new AbortController().signal;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Milliseconds of this process, so that others on the machine do not count. */
async function cost(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test("a script of 375 tables is read whole, in three times the promised 1.5 s at most", async () => {
  const script = largeScript();
  const spent = await cost(async () => {
    const { spec } = await readSpec([script]);
    const { tables, indexes } = spec.database;
    const foreignKeys = tables.flatMap(({ constraints }) => constraints).filter(({ type }) => type === "foreignKey");
    assert.deepEqual([tables.length, indexes.length, foreignKeys.length], [375, 539, 761]);
  });
  assert.ok(spent < 4500, `${spent} ms`);
});

test("a contract of 2.9 MB does not hold up the editor, whose process only sends and receives", async (context) => {
  const contract = largeContract();
  assert.ok(contract.text.length > 2_700_000);
  const analyzer = createAnalyzerProcess({ script: join(root, "dist/analyzer.cjs"), log });
  context.after(() => analyzer.dispose());
  await analyzer.readSpec([{ path: "a.md", text: "# A" }], never);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const spent = await cost(async () => {
    const { spec } = await analyzer.readSpec([contract], never);
    assert.deepEqual([spec.api.endpoints.length, spec.api.schemas.length], [329, 2275]);
  });
  delay.disable();
  // Blocked time cannot be longer than all the time spent here; the delay alone says more of a busy machine.
  assert.ok(Math.min(delay.max / 1e6, spent) < 250, `blocked ${delay.max / 1e6} ms, worked ${spent} ms`);
});

test("after an edit of one document, the others are not read again", async () => {
  const documents = ["database-design.md", "domain-model.md", "error-handling.md", "openapi.yaml"].map((path) => ({
    path,
    text: readFileSync(join(root, "test/fixtures/orders/docs", path), "utf8"),
  }));
  const read = createSpecReader();
  await read(documents);
  const times: number[] = [];
  for (let edit = 0; edit < 8; edit++) {
    const edited = documents.map((item, at) => (at === 0 ? { ...item, text: `${item.text}\nNote ${edit}.\n` } : item));
    times.push(await cost(() => read(edited)));
  }
  assert.ok(Math.min(...times) < 60, `best of ${times.map(Math.round).join(", ")} ms`);
});
