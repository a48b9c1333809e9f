import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { parse } from "yaml";
import { scratchFolder } from "../support/scratchFolder.ts";
import { repository, run } from "./running.ts";

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

const rules = `# Notes

| Entity | Field | Type |
|---|---|---|
| Note | text | string |

## Business rules

- BR-1: A note that is published is not changed.
`;

test("text lists findings, gaps, rules and what is ignored with the reason, as the problem matcher reads them", async (context) => {
  const folder = project(context);
  writeFileSync(join(folder, "docs/domain.md"), rules);
  const { code, stdout } = await check(folder);
  assert.equal(code, 1);
  assert.match(stdout, /^code\/src\/app main\.py:9: Missing type annotation.*\[annotations\]$/m);
  assert.match(stdout, /^docs\/api\.yaml:4: endpoint:GET \/notes is missing$/m);
  assert.match(stdout, /^code\/src\/app main\.py:13: ignored \[annotations\]: the "plug-in" calls it$/m);
  assert.match(stdout, /^docs\/domain\.md:9: note: rule:BR-1 is linked to no function: A note that is published/m);
  const [{ regexp }] = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")).contributes.problemPatterns;
  const lines = stdout.split("\n").filter((line) => /^[^-`].*:\d+: /.test(line) && !line.includes(": ignored ["));
  assert.deepEqual(
    lines.filter((line) => !new RegExp(regexp).test(line)),
    [],
  );
  assert.equal(stdout.split("\n").filter((line) => new RegExp(regexp).test(line)).length, lines.length);
});

test("json is the shape of --json", async (context) => {
  const folder = project(context);
  const [long, short] = await Promise.all([check(folder, "--format", "json"), check(folder, "--json")]);
  assert.equal(long.stdout, short.stdout);
  assert.deepEqual(Object.keys(JSON.parse(long.stdout)), ["checklist", "coverage"]);
});

test("reports are written to files beside what is printed, with the same findings", async (context) => {
  const folder = project(context);
  const files = ["--sarif", "out/r.sarif", "--junit", "out/r.xml", "--html", "out/r.html"];
  const { code, stdout } = await check(folder, ...files);
  assert.equal(code, 1);
  assert.match(stdout, /^## Review/);
  const [sarif, junit, html] = await Promise.all(
    ["sarif", "junit", "html"].map(async (format) => (await check(folder, "--format", format)).stdout),
  );
  const written = (name: string) => readFileSync(join(folder, "out", name), "utf8");
  assert.deepEqual([written("r.sarif"), written("r.xml"), written("r.html")], [sarif, junit, html]);
});

test("addresses in sarif are relative to where the check was started", async (context) => {
  const { stdout } = await check(project(context), "--format", "sarif");
  const { results } = JSON.parse(stdout).runs[0];
  const uris = results.map(
    (result: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
      result.locations[0]?.physicalLocation.artifactLocation.uri,
  );
  assert.deepEqual(new Set(uris), new Set(["code/src/app%20main.py", "docs/api.yaml"]));
});

test("html holds the code as evidence, but not the line of a secret", async (context) => {
  const folder = scratchFolder(context, {
    "docs/api.yaml": design,
    "code/main.py": 'API_KEY = "x9-Value-of-It"\n\n\ndef f(x: str, y) -> None:\n    """</pre>"""\n',
  });
  const { stdout } = await check(folder, "--format", "html");
  assert.match(stdout, /<pre><code>def f\(x: str, y\) -&gt; None:<\/code><\/pre>/);
  assert.match(stdout, /<code>code\/main\.py:1<\/code> API_KEY/);
  assert.ok(!stdout.includes("x9-Value"));
});

test("a baseline leaves out what is known, wherever its line moved", async (context) => {
  const folder = project(context);
  assert.equal((await check(folder, "--write-baseline", "known.json")).code, 0);
  const known = JSON.parse(readFileSync(join(folder, "known.json"), "utf8"));
  assert.deepEqual(Object.keys(known), ["version", "findings", "gaps"]);
  assert.deepEqual([(await check(folder, "--baseline", "known.json")).code], [0]);
  const moved = scratchFolder(context, {
    "docs/api.yaml": design,
    "known.json": JSON.stringify(known),
    "code/src/app main.py": `${route.replace("app = ", "VERSION = 1\napp = ")}\n\ndef added(x) -> None:\n    print(x)\n`,
  });
  const { code, stdout } = await check(moved, "--baseline", "known.json", "--json");
  const { checklist, coverage, wholeProject } = JSON.parse(stdout);
  const failing = checklist.filter(({ status }: { status: string }) => status === "fail");
  assert.deepEqual(
    [code, failing.map(({ id }: { id: string }) => id), coverage.totals.missing],
    [1, ["annotations"], 0],
  );
  assert.deepEqual(
    failing[0].findings.map(({ line }: { line: number }) => line),
    [18],
  );
  const all = wholeProject.checklist.find(({ id }: { id: string }) => id === "annotations");
  assert.deepEqual([all.status, all.findings, wholeProject.coverage.totals.missing], ["fail", 2, 1]);
  const text = (await check(moved, "--baseline", "known.json")).stdout;
  assert.match(text, /^## Review since the baseline$/m);
  assert.match(text, /^- ✗ All functions have type annotations: 1 finding \(2 in the whole project\)$/m);
});

test("the documented step of GitHub Actions is a command line that is understood", async (context) => {
  const guide = readFileSync(join(repository, "docs/continuous-integration.md"), "utf8");
  const workflow = parse(/```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? "");
  const steps: readonly { run?: string; with?: { sarif_file?: string } }[] = workflow.jobs.check.steps;
  const line = steps.find(({ run }) => run?.includes("cli.cjs"))?.run ?? "";
  const folder = scratchFolder(context, { "docs/api.yaml": design, "backend/main.py": route });
  const words = line.match(/"[^"]*"|\S+/g)?.slice(2) ?? [];
  const baseline = words[words.indexOf("--baseline") + 1] ?? "";
  assert.equal((await run(folder, "check", "backend", "--docs", "docs", "--write-baseline", baseline)).code, 0);
  const { code, stderr } = await run(folder, ...words);
  assert.deepEqual([code, stderr], [0, ""]);
  const uploaded = steps.flatMap((step) => step.with?.sarif_file ?? []);
  assert.deepEqual(uploaded, ["reports/backend.sarif"]);
  for (const file of uploaded) assert.equal(JSON.parse(readFileSync(join(folder, file), "utf8")).version, "2.1.0");
});

const exits: readonly (readonly [kinds: string, code: number])[] = [
  ["review", 0],
  ["everything", 2],
];

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
    /^BASELINE: docs\/api\.yaml is no baseline, so/,
  );
  assert.match((await check(folder, "--baseline", "nowhere")).stderr, /^UNREADABLE: nowhere cannot be read/);
  const both = await check(folder, "--baseline", "a.json", "--write-baseline", "b.json");
  assert.match(both.stderr, /^USAGE: Give --baseline or --write-baseline, not both\./);
});

test("a design that has moved on is told in every report, and can be accepted", async (context) => {
  const contract = (status: string) => `openapi: 3.1.0
info: { title: Notes, version: "1" }
paths:
  /notes:
    get: { operationId: listNotes, responses: { "200": { description: The notes } } }
    post: { operationId: makeNote, responses: { "${status}": { description: Made } } }
components: { schemas: { Note: { type: object, properties: { id: { type: integer } } } } }
`;
  const sql = "CREATE TABLE notes (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, title text NOT NULL);\n";
  const folder = scratchFolder(context, { "docs/api.yaml": contract("200"), "docs/schema.sql": sql });
  assert.equal((await run(folder, "implement", "docs", "--out", "code")).code, 0);
  assert.equal((await check(folder, "--fail-on", "drift")).code, 0);
  writeFileSync(join(folder, "docs/api.yaml"), contract("201").replace("The notes", "Every note"));
  const { code, stdout } = await check(
    folder,
    "--fail-on",
    "drift",
    "--sarif",
    "r.sarif",
    "--junit",
    "r.xml",
    "--html",
    "r.html",
  );
  assert.equal(code, 1);
  assert.match(stdout, /^docs\/api\.yaml:6: endpoint:POST \/notes: status 200 → 201$/m);
  const written = (name: string) => readFileSync(join(folder, name), "utf8");
  const ids = JSON.parse(written("r.sarif")).runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId);
  assert.ok(ids.includes("design-drift"));
  for (const name of ["r.xml", "r.html"]) assert.match(written(name), /status 200 → 201/);
  const stray = await check(folder, "--accept-drift", "endpoint:GET /notes");
  assert.deepEqual([stray.code, stray.stdout], [2, ""]);
  assert.match(stray.stderr, /^NO_DRIFT: The design of "endpoint:GET \/notes" is not known to have changed/);
  assert.equal((await check(folder, "--fail-on", "drift", "--accept-drift", "all")).code, 0);
  assert.equal((await check(folder, "--fail-on", "drift")).code, 0);
  writeFileSync(join(folder, "docs/api.yaml"), contract("202"));
  assert.equal((await check(folder, "--fail-on", "drift")).code, 1);
  await run(folder, "implement", "docs", "--out", "code");
  assert.equal((await check(folder, "--fail-on", "drift")).code, 0);
});

test("a .env that version control does not ignore is a finding by its names, and no report has a value", async (context) => {
  const environment = "APP_JWT_SECRET=9fB2kQ7xLz0VtR4mYc8WnE1sHd6JpA3u\nAPP_NAME=notes\nAPP_DB_PASSWORD=\n";
  const files = { "docs/api.yaml": design, "code/main.py": route, "code/.env.example": "APP_JWT_SECRET=change-me\n" };
  const folder = scratchFolder(context, { ...files, "code/.env": environment });
  const found = async () => {
    const { checklist } = JSON.parse((await check(folder, "--json")).stdout);
    return checklist.find(({ id }: { id: string }) => id === "secrets").findings;
  };
  const [secret, ...others] = await found();
  assert.deepEqual([secret.path, secret.line, others], [".env", 1, []]);
  assert.equal(
    secret.message,
    "APP_JWT_SECRET has a secret as its value; version control does not ignore this file: add it to .gitignore, and give the secret a new value.",
  );
  for (const format of ["text", "json", "sarif", "junit", "html"]) {
    const { stdout } = await check(folder, "--format", format);
    assert.ok(stdout.includes("APP_JWT_SECRET") && !stdout.includes("9fB2kQ7x"), format);
  }
  writeFileSync(join(folder, "code/.gitignore"), ".env\n");
  assert.deepEqual(await found(), []);
});
