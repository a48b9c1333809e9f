import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { createAnalyzerProcess } from "../../src/node/analyzerProcess.ts";
import { createSpecReader, readSpec } from "../../src/spec/readSpec.ts";
import { largeContract, largeDump, largeScript, manyEndpoints } from "../support/largeDesigns.ts";

const root = join(import.meta.dirname, "../..");
const never = new AbortController().signal;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Milliseconds of this thread, so that others on the machine do not count. */
async function cost(work: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
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

test("H05 500 endpoints and 3,000 tables are read in 3 s and 300 MB, twice that at most", async (context) => {
  const designs = [manyEndpoints(), largeDump()];
  const before = process.memoryUsage().rss;
  const spent = await cost(async () => {
    const { spec } = await readSpec(designs);
    assert.deepEqual([spec.api.endpoints.length, spec.database.tables.length], [500, 3000]);
  });
  const memory = (process.memoryUsage().rss - before) / 1e6;
  context.diagnostic(`${Math.round(spent)} ms, ${Math.round(memory)} MB`);
  assert.ok(spent < 6000 && memory < 600, `${spent} ms, ${memory} MB`);
});

test("a contract of 2.9 MB does not hold up the editor, whose process only sends and receives", async (context) => {
  const contract = largeContract();
  assert.ok(contract.text.length > 2_700_000);
  const analyzer = createAnalyzerProcess({ script: join(root, "dist/analyzer.cjs"), log });
  context.after(() => analyzer.dispose());
  const { spec } = await analyzer.readSpec([contract], never);
  assert.deepEqual([spec.api.endpoints.length, spec.api.schemas.length], [329, 2275]);
  // The best of several, because a busy machine makes everybody wait; what we do ourselves is in all of them.
  const longest: number[] = [];
  for (let edit = 0; edit < 5; edit++) {
    const edited = { ...contract, text: `${contract.text}\n# ${edit}\n` };
    longest.push(await longestDelay(() => analyzer.readSpec([edited], never)));
  }
  assert.ok(Math.min(...longest) < 50, `blocked ${longest.map(Math.round).join(", ")} ms`);
});

/** Milliseconds for which this process did not answer while the work was under way. */
async function longestDelay(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await setTimeout(20);
  delay.reset();
  await work();
  await setTimeout(20);
  delay.disable();
  return delay.max / 1e6;
}

test("after an edit of one document, neither the others nor the rest of it are read again", async () => {
  const documents = ["database-design.md", "domain-model.md", "error-handling.md", "openapi.yaml"].map((path) => ({
    path,
    text: readFileSync(join(root, "test/fixtures/orders/docs", path), "utf8"),
  }));
  const read = createSpecReader();
  await read(documents);
  for (const at of documents.keys()) {
    const times: number[] = [];
    for (let edit = 0; edit < 24; edit++) {
      const edited = documents.map((item, own) =>
        own === at ? { ...item, text: `${item.text}\n\n# ${edit}\n` } : item,
      );
      times.push(await cost(() => read(edited)));
    }
    assert.ok(Math.min(...times) < 30, `${documents[at]?.path}: ${times.map(Math.round).join(", ")} ms`);
  }
});
