import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { DesignDocument } from "../../src/spec/model.ts";
import { readSpec } from "../../src/spec/readSpec.ts";
import { corpus, skip } from "./corpus.ts";

function studyAbroad(paths: readonly string[]): DesignDocument[] {
  const root = join(corpus, "vihang-hub__studyAbroad");
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

test("a whole real set reads completely", { skip }, async () => {
  const reading = await readSpec(
    studyAbroad([
      "docs/api/openapi.yaml",
      "docs/database/schema.sql",
      "docs/database/rls-policies.sql",
      "docs/design/error-handling.md",
      "specs/001-mvp-uk-study-migration/data-model.md",
    ]),
  );
  const { api, database, domain, errors } = reading.spec;
  const own = ["users", "reports", "payments"];
  assert.deepEqual(
    {
      endpoints: api.endpoints.length,
      tables: database.tables
        .filter((table) => table.source.path.endsWith("schema.sql"))
        .map((table) => [table.name, table.rowSecurity]),
      indexes: database.indexes.filter((index) => own.includes(index.table)).length,
      policies: database.policies.length,
      codes: errors.codes.filter((code) => code.status !== undefined).length,
      envelope: errors.envelope?.fields.map((field) => `${field.path.join(".")} ${field.role}`),
      validation: errors.validation,
      machines: domain.stateMachines.map((machine) => [machine.entity, machine.transitions.length]),
      faults: reading.problems.filter((problem) => problem.severity === "error"),
    },
    {
      endpoints: 9,
      tables: own.map((name) => [name, "enabled"]),
      indexes: 18,
      policies: 12,
      codes: 16,
      envelope: [
        "error.code code",
        "error.message message",
        "error.correlationId correlationId",
        "error.timestamp timestamp",
        "error.details details",
      ],
      validation: { status: 400, code: "VALIDATION_ERROR" },
      machines: [
        ["reports", 3],
        ["payments", 3],
      ],
      faults: [],
    },
  );
});

/** Processor milliseconds of the whole process, so that other work on the machine does not count. */
async function processorTime(document: DesignDocument): Promise<number> {
  await readSpec([{ path: "warm-up.sql", text: "CREATE TABLE a (id int);" }]);
  const before = process.cpuUsage();
  await readSpec([document]);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test("an OpenAPI document of 2.9 MB is read in less than 4 s", { skip }, async () => {
  const text = readFileSync(join(corpus, "plaid__plaid-openapi/2020-09-14.yml"), "utf8");
  const milliseconds = await processorTime({ path: "plaid.yml", text });
  console.log(`  2.9 MB of OpenAPI: ${Math.round(milliseconds)} ms`);
  assert.ok(milliseconds < 4000, `${milliseconds} ms`);
});

test("a schema of 375 tables, 539 indexes and 761 foreign keys is read in less than 1.5 s", async () => {
  const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  const column = (index: number): string =>
    index % 2 ? `c${index} integer NOT NULL CHECK (c${index} >= 0)` : `c${index} varchar(255) NOT NULL`;
  const columns = range(12).map(column).join(", -- a note\n  ");
  const tables = range(375).map((index) => `CREATE TABLE t${index} (\n  id serial PRIMARY KEY,\n  ${columns}\n);`);
  const indexes = range(539).map((index) => `CREATE INDEX i${index} ON t${index % 375} (c1, lower(c2));`);
  const keys = range(761).map(
    (index) =>
      `ALTER TABLE t${index % 375} ADD CONSTRAINT k${index} FOREIGN KEY (c1) REFERENCES t${(index * 7) % 375} (id);`,
  );
  const text = [...tables, ...indexes, ...keys].join("\n\n");
  const milliseconds = await processorTime({ path: "large.sql", text });
  console.log(`  375 tables in SQL: ${Math.round(milliseconds)} ms`);
  assert.ok(milliseconds < 1500, `${milliseconds} ms`);
});
