import assert from "node:assert/strict";
import { test } from "node:test";
import { warmUp } from "../../../src/node/warmUp.ts";
import type { SpecReading } from "../../../src/spec/reading.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

test("what is read to be ready holds every kind of element and no fault", async () => {
  const readings: SpecReading[] = [];
  await warmUp(
    () => async (documents) => {
      const reading = await readSpec(documents);
      readings.push(reading);
      return reading;
    },
    () => readings.length > 0,
  );
  const [{ spec, problems }] = readings as [SpecReading];
  assert.equal(readings.length, 1);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === "error"),
    [],
  );
  assert.deepEqual(
    [spec.api.endpoints, spec.database.tables, spec.database.indexes, spec.database.policies, spec.errors.codes].map(
      ({ length }) => length,
    ),
    [18, 6, 6, 6, 6],
  );
  assert.deepEqual([spec.domain.entities.length, spec.domain.rules.length], [6, 6]);
});

test("a call that has come is not kept waiting", async () => {
  await warmUp(
    () => assert.fail("read"),
    () => true,
  );
});
