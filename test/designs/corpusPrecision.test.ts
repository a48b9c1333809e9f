import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf } from "../../src/spec/elements.ts";
import { corpusReadings, skip } from "./corpus.ts";
import { sample } from "./corpusSample.ts";

test("of 200 elements drawn by chance, 98 % are what the document says", { skip }, async () => {
  const found = new Set(
    (await corpusReadings()).flatMap(({ document, reading }) =>
      elementsOf(reading.spec).map(({ id, source }) => `${document.path}:${source.line} ${id}`),
    ),
  );
  const faults = sample.filter(([, , , fault]) => fault !== undefined);
  console.log(`  ${sample.length - faults.length} of ${sample.length} are true`);
  assert.ok(sample.length >= 200 && faults.length <= sample.length * 0.02);
  const lost = sample.filter(([path, line, id]) => !found.has(`${path}:${line} ${id}`));
  assert.deepEqual(lost, []);
});
