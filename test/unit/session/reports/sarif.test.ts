import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import Ajv from "ajv";
import * as z from "zod";
import type { Finding, Review } from "../../../../src/review/model.ts";
import { sarifReport } from "../../../../src/session/reports/sarif.ts";
import { withCodeIn } from "../../../../src/session/reports/withCodeIn.ts";
import { hostileEvidence, hostileReview, hostileText } from "./hostileReview.ts";

const require = createRequire(import.meta.url);

/** The schema that code scanning names, as published; the package holds no more than that schema and matchers for it. */
function schemaErrors(log: unknown): readonly string[] {
  const ajv = new Ajv({ schemaId: "auto", unknownFormats: "ignore", allErrors: true });
  ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json"));
  const validate = ajv.compile(require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"));
  validate(log);
  return (validate.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message}`);
}

const folder = "back end/";
const inFolder = [...hostileEvidence].map(([key, line]) => [folder + key, line] as const);
const context = { version: "1.2.3", evidence: new Map([...hostileEvidence, ...inFolder]) };

const noted = {
  review: withCodeIn(folder, hostileReview),
  unknownDrift: hostileText,
  unread: [{ path: hostileText, why: "too large" }],
};

const written = () => JSON.parse(sarifReport(noted, context));

test("the log follows the published schema", () => {
  assert.deepEqual(schemaErrors(written()), []);
  const wrong = written();
  wrong.runs[0].results[0].level = "bad";
  wrong.runs[0].results[1].locations[0].physicalLocation.region.startLine = 0;
  assert.equal(schemaErrors(wrong).length, 2);
});

/** The properties that "SARIF support for code scanning" calls required, and its limits for them. */
const text = (most: number) => z.object({ text: z.string().min(1).max(most) });
const accepted = z.object({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.object({
      tool: z.object({
        driver: z.object({
          name: z.string().min(1),
          rules: z.array(
            z.object({
              id: z.string().min(1),
              name: z.string().max(255),
              shortDescription: text(1024),
              fullDescription: text(1024),
              help: z.object({ text: z.string().min(1) }),
              properties: z.object({ tags: z.array(z.string()).max(10), precision: z.enum(["high", "very-high"]) }),
            }),
          ),
        }),
      }),
      results: z.array(
        z.object({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level: z.enum(["note", "warning", "error"]),
          message: text(10_000),
          locations: z.tuple([
            z.object({
              physicalLocation: z.object({
                artifactLocation: z.object({ uri: z.string().regex(/^(?!\/)[^\s\\]+$/), uriBaseId: z.string() }),
                region: z.object({
                  startLine: z.int().min(1),
                  startColumn: z.int().min(1),
                  endLine: z.int().min(1),
                  endColumn: z.int().min(1),
                }),
              }),
            }),
          ]),
          partialFingerprints: z.object({ primaryLocationLineHash: z.string().regex(/^[0-9a-f]+:\d+$/) }),
        }),
      ),
    }),
  ]),
});

test("the log has what code scanning requires, and rules that its results name", () => {
  const [{ tool, results }] = accepted.parse(written()).runs;
  for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex]?.id, ruleId);
  assert.equal(new Set(tool.driver.rules.map(({ id }) => id)).size, tool.driver.rules.length);
});

test("results are the findings and gaps with their places, the most severe first", () => {
  const [{ results }] = accepted.parse(written()).runs;
  const rows = results.map(({ ruleId, level, locations: [{ physicalLocation }], partialFingerprints }) => {
    const { artifactLocation, region } = physicalLocation;
    const { startLine, startColumn, endColumn } = region;
    const hash = partialFingerprints.primaryLocationLineHash;
    return [ruleId, level, artifactLocation.uri.slice(0, 22), startLine, startColumn, endColumn, hash.slice(-4)];
  });
  const end = 4 + hostileText.length + 1;
  assert.deepEqual(rows, [
    ["annotations", "error", "back%20end/src/%C3%A4%", 3, 5, end, "aa:1"],
    ["annotations", "error", "back%20end/src/%C3%A4%", 9, 1, 1, "aa:2"],
    ["secrets", "error", "back%20end/src/key.py", 1, 1, 1, "cc:1"],
    ["coverage-missing", "error", "src/%C3%A4%20b/%3C/pre", 3, 5, end, rows[3]?.[6]],
    ["coverage-mismatched", "error", "back%20end/src/%C3%A4%", 3, 5, end, rows[4]?.[6]],
    ["nPlusOne", "warning", "back%20end/src/a.py", 1, 1, 1, "dd:1"],
    ["design-drift", "warning", "src/%C3%A4%20b/%3C/pre", 3, 5, end, rows[6]?.[6]],
    ["annotations", "note", "back%20end/src/a.py", 1, 1, 1, "bb:1"],
  ]);
});

test("what lies outside the folder keeps its absolute address", () => {
  const missing = { id: "table:a", kind: "table", name: "a", status: "missing" } as const;
  const places = ["/elsewhere/a b.sql", "C:/else where/ä.sql"];
  const elements = places.map((path) => ({ ...missing, design: { path, line: 1, endLine: 1 } }));
  const finding = { path: "a.py", line: 1, message: "m", fingerprint: "aa" };
  const checklist: Review["checklist"] = [{ id: "size", title: "Size", status: "fail", findings: [finding] }];
  const review = withCodeIn("/srv/back end/", { checklist, coverage: { ...hostileReview.coverage, elements } });
  const { results } = JSON.parse(sarifReport({ review }, context)).runs[0];
  assert.deepEqual(
    results.map((result: { locations: { physicalLocation: { artifactLocation: object } }[] }) => {
      return result.locations[0]?.physicalLocation.artifactLocation;
    }),
    [
      { uri: "file:///srv/back%20end/a.py" },
      { uri: "file:///elsewhere/a%20b.sql" },
      { uri: "file:///C%3A/else%20where/%C3%A4.sql" },
    ],
  );
});

test("a suppressed finding is a note with its reason", () => {
  const suppressed = written().runs[0].results.filter((result: object) => "suppressions" in result);
  assert.deepEqual(
    suppressed.map(({ level, suppressions }: { level: string; suppressions: object[] }) => [level, suppressions]),
    [["note", [{ kind: "inSource", status: "accepted", justification: hostileText }]]],
  );
});

test("more results than code scanning takes are cut to the most severe, and that is said", () => {
  const many = (amount: number, line: number): Finding[] =>
    Array.from({ length: amount }, () => ({ path: "a.py", line, message: "m", fingerprint: "aa" }));
  const judged = many(10, 1).map((finding) => ({ ...finding, needsJudgement: true }));
  const items: Review["checklist"] = [
    { id: "nPlusOne", title: "N+1", status: "review", findings: judged },
    { id: "format", title: "Format", status: "fail", findings: many(24_995, 2) },
  ];
  const { results, invocations } = JSON.parse(sarifReport({ review: { ...hostileReview, checklist: items } }, context))
    .runs[0];
  const amount = (level: string) => results.filter((result: { level: string }) => result.level === level).length;
  assert.deepEqual([results.length, amount("error"), amount("warning")], [25_000, 24_997, 3]);
  assert.match(invocations[0].toolExecutionNotifications[0].message.text, /^25008 results were found; the 25000 most/);
});
