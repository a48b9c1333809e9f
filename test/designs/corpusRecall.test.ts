import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf } from "../../src/spec/elements.ts";
import type { Column, Constraint, SqlType } from "../../src/spec/model.ts";
import { type CorpusReading, corpusReadings, skip } from "./corpus.ts";
import * as counted from "./corpusCounts.ts";

/** One figure of the reading: what the documents have, and what was found of it. */
interface Measure {
  readonly what: string;
  /** The least share that is found. */
  readonly bar: number;
  readonly expected: (item: CorpusReading) => number;
  readonly found: (item: CorpusReading) => number;
}

const isMarkdown = ({ document }: CorpusReading): boolean => document.path.endsWith(".md");
const isSql = ({ document }: CorpusReading): boolean => document.path.endsWith(".sql");
const columnsOf = ({ reading }: CorpusReading): Column[] =>
  reading.spec.database.tables.flatMap((table) => table.columns);
const constraintsOf = ({ reading }: CorpusReading): Constraint[] =>
  reading.spec.database.tables.flatMap((table) => table.constraints);
const thingsOf = ({ reading: { spec } }: CorpusReading): number =>
  spec.database.tables.length + spec.domain.entities.length + spec.domain.valueObjects.length;

function fieldsOf({ reading: { spec } }: CorpusReading): number {
  const models = [...spec.domain.entities, ...spec.domain.valueObjects];
  return sum(models.map((model) => model.fields.length));
}

/** The hand count of the document, else the manifest's. */
function noted(note: RegExp, byHand: counted.HandCount = {}): Measure["expected"] {
  return ({ document, notes }) => byHand[document.path] ?? Number(note.exec(notes)?.[1] ?? 0);
}

const only =
  (fits: (item: CorpusReading) => boolean, count: (item: CorpusReading) => number): Measure["found"] =>
  (item) =>
    fits(item) ? count(item) : 0;

const statuses = /error codes \d+ \((\d+) with status/;
const isTyped = ({ confidence, type }: { confidence: string; type: SqlType }): boolean =>
  confidence === "declared" || type.name !== "text";

const measures: readonly Measure[] = [
  {
    what: "endpoints in OpenAPI",
    bar: 1,
    expected: noted(/; ops (\d+)/),
    found: ({ reading, notes }) => (notes.includes("; ops ") ? reading.spec.api.endpoints.length : 0),
  },
  {
    what: "endpoints in Markdown",
    bar: 0.99,
    expected: noted(/endpoints (\d+)/, counted.endpoints),
    found: only(isMarkdown, ({ reading }) => reading.spec.api.endpoints.length),
  },
  {
    what: "tables in DBML",
    bar: 1,
    expected: noted(/^Table (\d+)/),
    found: only(
      ({ document }) => document.path.endsWith(".dbml"),
      ({ reading }) => reading.spec.database.tables.length,
    ),
  },
  {
    what: "tables in SQL",
    bar: 1,
    expected: noted(/CREATE TABLE (\d+)/),
    found: only(isSql, ({ reading }) => reading.spec.database.tables.length),
  },
  {
    what: "indexes in SQL",
    bar: 1,
    expected: noted(/INDEX (\d+)/),
    found: only(isSql, ({ reading }) => reading.spec.database.indexes.length),
  },
  {
    what: "constraints in SQL",
    bar: 1,
    expected: only(isSql, writtenConstraints),
    found: only(isSql, (item) => constraintsOf(item).length),
  },
  {
    what: "policies in SQL",
    bar: 1,
    // The 13th stands in a comment.
    expected: noted(/POLICY (\d+)/, { "vihang-hub/studyAbroad/docs/database/rls-policies.sql": 12 }),
    found: only(isSql, ({ reading }) => reading.spec.database.policies.length),
  },
  {
    what: "tables in Markdown",
    bar: 0.97,
    expected: only((item) => item.kind === "db", noted(/entities (\d+)/, counted.tables)),
    found: only((item) => isMarkdown(item) && item.kind === "db", thingsOf),
  },
  {
    what: "columns with a type in Markdown",
    bar: 0.85,
    expected: only(isMarkdown, (item) => columnsOf(item).length),
    found: only(isMarkdown, (item) => columnsOf(item).filter(isTyped).length),
  },
  {
    what: "indexes in Markdown",
    bar: 0.85,
    expected: noted(/^$/, counted.markdownIndexes),
    found: only(
      ({ document }) => document.path in counted.markdownIndexes,
      ({ reading }) => reading.spec.database.indexes.length,
    ),
  },
  {
    what: "constraints in Markdown",
    bar: 0.85,
    expected: noted(/^$/, counted.markdownConstraints),
    found: only(
      ({ document }) => document.path in counted.markdownConstraints,
      (item) => constraintsOf(item).length,
    ),
  },
  {
    what: "entities in Markdown",
    bar: 0.95,
    expected: only(
      (item) => item.kind === "domain" || item.kind === "mixed",
      noted(/entities (\d+)/, counted.entities),
    ),
    found: only((item) => isMarkdown(item) && (item.kind === "domain" || item.kind === "mixed"), thingsOf),
  },
  {
    what: "fields of the entities that have some",
    bar: 0.99,
    expected: noted(/^$/, counted.fields),
    found: only(({ document }) => document.path in counted.fields, fieldsOf),
  },
  {
    what: "error codes",
    bar: 0.96,
    expected: noted(/error codes (\d+)/, counted.errorCodes),
    found: only(isMarkdown, ({ reading }) => reading.spec.errors.codes.length),
  },
  {
    what: "error codes with status",
    bar: 0.92,
    expected: (item) =>
      counted.errorCodesWithStatus[item.document.path] ??
      Math.min(noted(statuses)(item), noted(/error codes (\d+)/, counted.errorCodes)(item)),
    found: only(
      isMarkdown,
      ({ reading }) => reading.spec.errors.codes.filter(({ status }) => status !== undefined).length,
    ),
  },
];

/** What the text of a script says, counted without a parser: key words outside comments, texts and bodies. */
function writtenConstraints({ document }: CorpusReading): number {
  const bare = document.text
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'/g, " ")
    .replace(/\bWITH\s+CHECK\b|CREATE\s+UNIQUE\s+INDEX|(?:GRANT|REVOKE)[^;]*;/gi, " ");
  const words = /\bPRIMARY\s+KEY\b|\bREFERENCES\b|\bUNIQUE\b|\bCHECK\s*\(/gi;
  return [...bare.matchAll(words)].length + (elsewhere[document.path] ?? 0);
}

const elsewhere: Readonly<Record<string, number>> = {
  // Three inside DO blocks; four come with columns that are there already (ADD COLUMN IF NOT EXISTS).
  "2040844697/rib-sys/db/init.sql": -1,
  // Inside DO blocks.
  "BjornMelin/tripsage-ai/supabase/migrations/20260120000000_base_schema.sql": 1,
  // A check of a table that another script creates.
  "AI-Kurukshetra/nextgen-clinical-trial-management-platform/supabase/migrations/20260314000001_ctms_schema.sql": -1,
  // A check of a domain.
  "devrimgunduz/pagila/pagila-schema.sql": -1,
};

test("real designs are read: recall of every kind, and what is too much", { skip }, async () => {
  const items = await corpusReadings();
  const failures: string[] = [];
  for (const { what, bar, expected, found } of measures) {
    const counts = items.map((item) => ({ path: item.document.path, expected: expected(item), found: found(item) }));
    const total = sum(counts.map((count) => count.expected));
    const recall = sum(counts.map((count) => Math.min(count.expected, count.found))) / total;
    const surplus = sum(counts.map((count) => Math.max(0, count.found - count.expected)));
    console.log(`  ${what}: ${percent(recall)} of ${total}, ${surplus} too many (bar ${percent(bar)})`);
    const differing = counts.filter((count) => count.expected !== count.found);
    const detail = differing.map((count) => `\n    ${count.path}: ${count.found} of ${count.expected}`).join("");
    if (recall < bar || surplus > total * 0.02) failures.push(`${what}: ${percent(recall)}${detail}`);
  }
  assert.deepEqual(failures, []);
});

test("ids of real designs are unique", { skip }, async () => {
  for (const { document, reading } of await corpusReadings()) {
    const ids = elementsOf(reading.spec).map((element) => element.id);
    assert.equal(new Set(ids).size, ids.length, document.path);
  }
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}
