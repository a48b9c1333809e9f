import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isFailing, readFailureKinds } from "../../src/session/reports/verdict.ts";
import { scratchFolder } from "../support/scratchFolder.ts";
import { run } from "./running.ts";

const design = `openapi: 3.1.0
info: { title: Notes, version: "1" }
paths:
  /notes: { get: { operationId: listNotes, responses: { "200": { description: The notes } } } }
`;

const route = `"""Notes & <more>."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/other")
async def other(page: int, size) -> None:
    print(page, size, "<script>alert(1)</script>")


def ignored(size) -> None:  # backend: ignore[annotations] the "plug-in" calls it
    print(size)
`;

function project(context: TestContext): string {
  return scratchFolder(context, { "docs/api.yaml": design, "code/src/app main.py": route });
}

function check(folder: string, ...args: readonly string[]) {
  return run(folder, "check", "code", "--docs", "docs", ...args);
}

test("text lists findings, gaps and what is ignored with the reason", async (context) => {
  const { code, stdout } = await check(project(context));
  assert.equal(code, 1);
  assert.match(stdout, /^src\/app main\.py:9: Missing type annotation.*\[annotations\]$/m);
  assert.match(stdout, /^docs\/api\.yaml:4: endpoint:GET \/notes is missing$/m);
  assert.match(stdout, /^src\/app main\.py:13: ignored \[annotations\]: the "plug-in" calls it$/m);
});

test("json is the shape of --json", async (context) => {
  const folder = project(context);
  const [long, short] = await Promise.all([check(folder, "--format", "json"), check(folder, "--json")]);
  assert.equal(long.stdout, short.stdout);
  assert.deepEqual(Object.keys(JSON.parse(long.stdout)), ["checklist", "coverage"]);
});

/** What the SARIF 2.1.0 schema requires of the objects that are written, and what code scanning requires beside it. */
test("sarif has the required properties, rules that its results name, and the suppression", async (context) => {
  const { stdout } = await check(project(context), "--format", "sarif");
  const log = JSON.parse(stdout);
  assert.deepEqual([log.version, log.runs.length], ["2.1.0", 1]);
  assert.match(log.$schema, /sarif-2\.1\.0\.json$/);
  const { driver } = log.runs[0].tool;
  assert.equal(typeof driver.name, "string");
  assert.deepEqual(
    new Set(driver.rules.map((rule: object) => Object.keys(rule).join())),
    new Set(["id,name,shortDescription"]),
  );
  for (const { ruleId, ruleIndex, level, message, locations } of log.runs[0].results) {
    assert.equal(driver.rules[ruleIndex].id, ruleId);
    assert.ok(["error", "warning", "note"].includes(level));
    assert.ok(message.text.length > 0);
    const { artifactLocation, region } = locations[0].physicalLocation;
    assert.ok(Number.isInteger(region.startLine) && region.startLine >= 1);
    assert.doesNotMatch(artifactLocation.uri, /^\/|\\| /);
  }
  const ids = new Set(log.runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId));
  assert.ok(ids.has("annotations") && ids.has("coverage-missing"));
  const suppressions = log.runs[0].results.flatMap((result: { suppressions?: object[] }) => result.suppressions ?? []);
  assert.deepEqual(suppressions, [{ kind: "inSource", status: "accepted", justification: 'the "plug-in" calls it' }]);
});

test("junit counts its cases and escapes what stands in them", async (context) => {
  const { stdout } = await check(project(context), "--format", "junit");
  assert.match(stdout, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /);
  const [, tests, failures, skipped] = stdout.match(/tests="(\d+)" failures="(\d+)" errors="0" skipped="(\d+)"/) ?? [];
  const amount = (pattern: RegExp) => String(stdout.match(pattern)?.length ?? 0);
  assert.deepEqual([tests, failures, skipped], [amount(/<testcase /g), amount(/<failure /g), amount(/<skipped /g)]);
  assert.match(
    stdout,
    /<testcase name="endpoint GET \/notes" classname="coverage\.endpoint">\n {6}<failure message="missing">/,
  );
  assert.doesNotMatch(stdout, /&(?!amp;|lt;|gt;|quot;|#39;)/);
});

test("html holds the code as evidence, escaped, and nothing from elsewhere", async (context) => {
  const folder = scratchFolder(context, {
    "docs/api.yaml": design,
    "code/main.py": 'API_KEY = "x9</pre><script>alert(1)</script>"\n',
  });
  const { stdout } = await check(folder, "--format", "html");
  assert.match(stdout, /^<!doctype html>/);
  assert.match(stdout, /<pre>API_KEY = &quot;x9&lt;\/pre&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;<\/pre>/);
  assert.doesNotMatch(stdout, /<script|<link|<img|src=|url\(|https?:\/\//);
});

test("a baseline leaves out what is known, wherever its line moved", async (context) => {
  const folder = project(context);
  assert.equal((await check(folder, "--write-baseline", "known.json")).code, 0);
  const known = JSON.parse(readFileSync(join(folder, "known.json"), "utf8"));
  assert.deepEqual(Object.keys(known), ["version", "findings", "coverage"]);
  assert.deepEqual([(await check(folder, "--baseline", "known.json")).code], [0]);
  const moved = scratchFolder(context, {
    "docs/api.yaml": design,
    "known.json": JSON.stringify(known),
    "code/src/app main.py": `${route.replace("app = ", "VERSION = 1\napp = ")}\n\ndef added(x) -> None:\n    print(x)\n`,
  });
  const { code, stdout } = await check(moved, "--baseline", "known.json", "--json");
  const { checklist, coverage } = JSON.parse(stdout);
  const failing = checklist.filter(({ status }: { status: string }) => status === "fail");
  assert.deepEqual(
    [code, failing.map(({ id }: { id: string }) => id), coverage.totals.missing],
    [1, ["annotations"], 0],
  );
  assert.deepEqual(
    failing[0].findings.map(({ line }: { line: number }) => line),
    [18],
  );
});

const exits: readonly (readonly [kinds: string, code: number])[] = [
  ["review", 0],
  ["everything", 2],
];

test("each kind of failure is one of its own", () => {
  const coverage = { totals: { implemented: 0, missing: 1, mismatched: 0, extra: 0 }, elements: [] };
  const item = { id: "nPlusOne", title: "", findings: [] } as const;
  const element = { id: "table:a", kind: "table", name: "a", status: "missing" } as const;
  const failing = (kinds: string, status: "review" | "fail" | "pass", missing: boolean) => {
    const read = readFailureKinds(kinds);
    const review = { checklist: [{ ...item, status }], coverage: { ...coverage, elements: missing ? [element] : [] } };
    return "unknown" in read ? read.unknown : isFailing(review, read);
  };
  assert.deepEqual(
    ["none", "fail", "review", "coverage", "fail,coverage", "fail,what"].map((kinds) => [
      failing(kinds, "fail", false),
      failing(kinds, "review", false),
      failing(kinds, "pass", true),
    ]),
    [
      [false, false, false],
      [true, false, false],
      [false, true, false],
      [false, false, true],
      [true, false, true],
      ["what", "what", "what"],
    ],
  );
});

test("--fail-on decides what exits 1", async (context) => {
  const folder = project(context);
  for (const [kinds, code] of exits) assert.equal((await check(folder, "--fail-on", kinds)).code, code, kinds);
});

test("unknown formats and broken baselines exit 2 and say why", async (context) => {
  const folder = project(context);
  const wrong = await check(folder, "--format", "pdf");
  assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /^USAGE: There is no format "pdf"; take text, json, sarif, junit, html\./);
  assert.match(
    (await check(folder, "--baseline", "docs/api.yaml")).stderr,
    /^BASELINE: docs\/api\.yaml is no baseline;/,
  );
  assert.match((await check(folder, "--baseline", "nowhere")).stderr, /^UNREADABLE: nowhere cannot be read/);
});
