import assert from "node:assert/strict";
import { test } from "node:test";
import { compileChange } from "../../../../src/compiler/delta/compileChange.ts";
import { acceptDrift, createDriftReader } from "../../../../src/compiler/delta/recordDrift.ts";
import { recordPath } from "../../../../src/compiler/delta/recordPath.ts";
import { readSpec } from "../../../../src/spec/readSpec.ts";

const specOf = async (status: string, type: string) => {
  const text = `openapi: 3.1.0
info: { title: Notes, version: "1" }
paths: { /notes: { post: { responses: { "${status}": { description: done } } } } }
`;
  const sql = `CREATE TABLE notes (id int PRIMARY KEY, title ${type} NOT NULL);`;
  return (
    await readSpec([
      { path: "docs/api.yaml", text },
      { path: "docs/schema.sql", text: sql },
    ])
  ).spec;
};

const recordOf = (spec: Awaited<ReturnType<typeof specOf>>, existing: Readonly<Record<string, string>> = {}): string =>
  compileChange(spec, existing).files.find(({ path }) => path === recordPath)?.text ?? "";

test("a design has not drifted from its own record, and has from an earlier one", async () => {
  const driftSince = createDriftReader();
  const before = await specOf("201", "varchar(80)");
  const now = await specOf("202", "varchar(120)");
  const record = recordOf(before);
  assert.deepEqual(driftSince(record, before), new Map());
  const drift = driftSince(record, now);
  assert.match(drift.get("endpoint:POST /notes")?.difference ?? "", /^status 201 → 202; /);
  assert.deepEqual(drift.get("column:notes.title")?.difference, "type varchar(80) → varchar(120)");
});

test("what is accepted is written into the record and nothing else of it changes", async () => {
  const driftSince = createDriftReader();
  const now = await specOf("202", "varchar(80)");
  const record = recordOf(await specOf("201", "varchar(80)"));
  const hashes = Object.fromEntries([...driftSince(record, now)].map(([id, { hash }]) => [id, hash]));
  const accepted = acceptDrift(record, hashes);
  assert.deepEqual(driftSince(accepted, now), new Map());
  const { accepted: added, ...rest } = JSON.parse(accepted);
  assert.deepEqual(added, hashes);
  assert.deepEqual(rest, JSON.parse(record));
  assert.equal(
    driftSince(accepted, await specOf("203", "varchar(80)")).get("endpoint:POST /notes")?.difference,
    "status 201 → 203",
  );
});

test("a design that is implemented anew has not drifted, and nothing needs to stay accepted", async () => {
  const now = await specOf("202", "varchar(80)");
  const first = acceptDrift(recordOf(await specOf("201", "varchar(80)")), {
    "endpoint:POST /notes": "0123456789abcdef",
  });
  const again = recordOf(now, { [recordPath]: first });
  assert.deepEqual(createDriftReader()(again, now), new Map());
  assert.equal(JSON.parse(again).accepted, undefined);
});

test("without a record that can be used nothing has drifted, and nothing can be accepted", async () => {
  const now = await specOf("202", "varchar(80)");
  for (const text of [undefined, "", "{", '{"format": 99}', '{"format": 1, "files": {}, "design": {}}']) {
    assert.deepEqual(createDriftReader()(text, now), new Map());
  }
  assert.throws(() => acceptDrift(undefined, {}), /NO_DESIGN_RECORD: There is no \.backend\/design\.json/);
  assert.throws(() => acceptDrift("{", {}), /NO_DESIGN_RECORD: /);
});
