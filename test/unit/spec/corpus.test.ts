import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { elementsOf } from "../../../src/spec/elements.ts";
import type { DesignDocument } from "../../../src/spec/model.ts";
import type { SpecReading } from "../../../src/spec/reading.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const corpus = join(import.meta.dirname, "../../../../shared/corpus");
const skip = existsSync(join(corpus, "MANIFEST.tsv"))
  ? false
  : "the corpus of real designs is not beside the repository";

/** Larger files are left to the benchmark. */
const largest = 250_000;

interface CorpusFile {
  readonly document: DesignDocument;
  readonly notes: string;
}

function corpusFiles(): CorpusFile[] {
  const rows = readFileSync(join(corpus, "MANIFEST.tsv"), "utf8").trim().split("\n").slice(1);
  return rows.flatMap((row) => {
    const [repository = "", , path = "", , , , size = "0", , , notes = ""] = row.split("\t");
    if (Number(size) > largest) return [];
    const text = readFileSync(join(corpus, repository.replace("/", "__"), path), "utf8");
    return [{ document: { path: `${repository}/${path}`, text }, notes }];
  });
}

const counts: readonly (readonly [kind: string, note: RegExp, found: (reading: SpecReading) => number])[] = [
  ["endpoints", /(?:endpoints|ops) (\d+)/, ({ spec }) => spec.api.endpoints.length],
  ["tables in SQL", /CREATE TABLE (\d+)/, ({ spec }) => spec.database.tables.length],
  ["indexes in SQL", /INDEX (\d+)/, ({ spec }) => spec.database.indexes.length],
  ["policies in SQL", /POLICY (\d+)/, ({ spec }) => spec.database.policies.length],
  [
    "entities and tables in Markdown",
    /entities (\d+)/,
    ({ spec }) => spec.database.tables.length + spec.domain.entities.length + spec.domain.valueObjects.length,
  ],
  ["error codes", /error codes (\d+)/, ({ spec }) => spec.errors.codes.length],
];

/** What was reached when this was written; a change of a reader must not lose any of it. */
const floor: Readonly<Record<string, number>> = {
  endpoints: 0.97,
  "tables in SQL": 0.99,
  "indexes in SQL": 0.98,
  "policies in SQL": 0.96,
  "entities and tables in Markdown": 0.55,
  "error codes": 0.82,
};

test("real designs are read: recall per kind", { skip }, async () => {
  const totals = new Map<string, { expected: number; found: number }>();
  for (const { document, notes } of corpusFiles()) {
    const reading = await readSpec([document]);
    const ids = elementsOf(reading.spec).map((element) => element.id);
    assert.equal(new Set(ids).size, ids.length, document.path);
    for (const [kind, note, found] of counts) {
      const expected = Number(note.exec(notes)?.[1] ?? 0);
      const total = totals.get(kind) ?? { expected: 0, found: 0 };
      totals.set(kind, {
        expected: total.expected + expected,
        found: total.found + Math.min(expected, found(reading)),
      });
    }
  }
  for (const [kind, { expected, found }] of totals) {
    const recall = found / expected;
    console.log(`  ${kind}: ${found} of ${expected} (${Math.round(recall * 100)} %)`);
    assert.ok(recall >= (floor[kind] ?? 0), `${kind}: ${recall}`);
  }
});

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
