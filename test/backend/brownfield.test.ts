import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { after, before, suite, test } from "node:test";
import { createInProcessAnalyzer } from "../../src/node/analyzerInProcess.ts";
import type { Review } from "../../src/review/model.ts";
import type { RunResult } from "../../src/session/events.ts";
import { reviewWorkspace } from "../../src/session/proposedState.ts";
import { readBaseline, sinceBaseline, writeBaseline } from "../../src/session/reports/baseline.ts";
import type { DesignDocument } from "../../src/spec/model.ts";
import { readSpec } from "../../src/spec/readSpec.ts";
import { implementRun } from "../support/implementRun.ts";
import { memoryWorkspace } from "../support/memoryWorkspace.ts";
import { createDatabase, jwtSecret, type Server, startUvicorn } from "./support/backend.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { python, root, workFolder } from "./support/paths.ts";
import { run } from "./support/processes.ts";

const fixtures = join(root, "test/fixtures/brownfield");

/** Projects that somebody has begun by hand: their application, and the head of their migrations. */
const projects = [
  { name: "layers", application: "app.main:app", head: "1a2b3c4d5e6f" },
  { name: "features", application: "src.main:app", head: "0001" },
  { name: "flat", application: "main:app", head: "0001" },
] as const;

const customer = "00000000-0000-0000-0000-000000000001";

for (const { name, application, head } of projects) {
  suite(`a project in ${name}`, { timeout: 240_000 }, () => {
    const analyzer = createInProcessAnalyzer(join(root, "src/node"));
    const original = readFolder(join(fixtures, name));
    const disk: Record<string, string> = { ...original };
    let result: RunResult;
    let earlier: Review;
    let cluster: Cluster;
    let folder: string;
    let environment: Readonly<Record<string, string>>;
    let server: Server | undefined;

    before(async () => {
      const documents = designDocuments();
      const { spec } = await readSpec(documents);
      earlier = await reviewWorkspace(spec, memoryWorkspace(original), analyzer, new AbortController().signal);
      const implemented = await implementRun({ workspace: memoryWorkspace(original), analyzer }, { documents });
      result = implemented.result;
      for (const { path, after: text } of implemented.changes.acceptance({})) disk[path] = text ?? "";
      folder = writeFolder(disk);
      cluster = await startCluster(`brownfield-${name}`);
      const { migrationUrl } = await createDatabase(cluster, name);
      environment = {
        DATABASE_URL: migrationUrl.replace("postgresql://", "postgresql+asyncpg://"),
        APP_JWT_SECRET: jwtSecret,
        PYTHONDONTWRITEBYTECODE: "1",
      };
    });

    after(async () => {
      await server?.stop();
      await cluster?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test("every line that stood stands, in its order", () => {
      const broken = Object.entries(original).filter(([path, text]) => !holdsLines(disk[path] ?? "", text));
      assert.deepEqual(
        broken.map(([path]) => path),
        [],
      );
    });

    test("what was missing is there, and nothing twice", () => {
      assert.deepEqual(result.needsDetail, []);
      assert.deepEqual([result.changes?.unknown, result.changes?.decisions], [[], []]);
      const open = result.review?.coverage.elements.filter(
        ({ status }) => status === "missing" || status === "mismatched",
      );
      assert.deepEqual(open, []);
      const added = Object.keys(disk).filter((path) => original[path] === undefined);
      assert.deepEqual(
        added.filter((path) => /(^|\/)(README\.md|pyproject\.toml|alembic\.ini|env\.py)$/.test(path)),
        [],
      );
    });

    test("the checklist has nothing new to say", () => {
      assert.ok(result.review);
      const review = sinceBaseline(result.review, readBaseline(writeBaseline(earlier), "baseline"));
      const failing = review.checklist.filter(({ status }) => status === "fail" || status === "review");
      assert.deepEqual(
        failing.map(({ id, findings }) => [id, findings]),
        [],
      );
    });

    test("the migrations go on from the head, over a table with rows", async () => {
      await alembic("upgrade", head);
      await cluster.sql(
        name,
        `INSERT INTO customers (id, name, email) VALUES ('${customer}', 'Ann', 'ann@example.org')`,
      );
      await alembic("upgrade", "head");
      assert.equal((await alembic("heads")).trim().split("\n").length, 1);
      await alembic("check");
    });

    test("the application starts, and answers old and new routes", async () => {
      server = await startUvicorn([application], folder, environment);
      const { url, log } = server;
      const call = async (method: string, path: string, body?: unknown) => {
        const answer = await fetch(`${url}/api/v1${path}`, {
          method,
          headers: { "content-type": "application/json" },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await answer.text();
        return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
      };
      const old = await call("GET", `/customers/${customer}`);
      assert.deepEqual([old.status, old.body.name], [200, "Ann"], log());
      const made = await call("POST", "/orders", { customerId: customer, total: "3.50" });
      assert.deepEqual([made.status, made.body.status, made.body.customerId], [201, "draft", customer], log());
      const read = await call("GET", `/orders/${made.body.id}`);
      assert.deepEqual([read.status, read.body], [200, made.body]);
      assert.equal((await call("GET", "/customers")).body.length, 1);
      const refused = await call("DELETE", `/customers/${customer}`);
      assert.deepEqual([refused.status, refused.body.error.code], [409, "CUSTOMER_IN_USE"]);
      const unknown = await call("GET", `/orders/${customer}`);
      assert.deepEqual([unknown.status, unknown.body.error.code], [404, "ORDER_NOT_FOUND"]);
      assert.equal((await call("POST", "/customers", { name: "Bob", email: "bob@example.org" })).status, 201);
    });

    test("again there is nothing to do", async () => {
      const again = await implementRun(
        { workspace: memoryWorkspace(disk), analyzer },
        { documents: designDocuments() },
      );
      assert.deepEqual(
        again.changes.files().map(({ path }) => path),
        [],
      );
    });

    test("a changed design goes into the files of before, beside what was edited there", async () => {
      const service = Object.keys(disk).find((path) => disk[path]?.includes("class OrderService:")) ?? "";
      disk[service] = (disk[service] ?? "").replace('"""', '"""Ours. ');
      const workspace = memoryWorkspace({ ...disk });
      const { changes, result: changed } = await implementRun(
        { workspace, analyzer },
        { documents: changedDocuments() },
      );
      const created = changes.files().filter(({ kind }) => kind !== "modify");
      assert.equal(created.length, 1, JSON.stringify(created.map(({ path }) => path)));
      assert.match(created[0]?.path ?? "", /versions\/.*_change_order\.py$/);
      assert.deepEqual([changed.changes?.conflicts, changed.changes?.unknown], [[], []]);
      for (const { path, after: text } of changes.acceptance({})) disk[path] = text ?? "";
      assert.match(disk[service] ?? "", /^"""Ours\. /);
      const open = changed.review?.coverage.elements.filter(
        ({ status }) => status === "missing" || status === "mismatched",
      );
      assert.deepEqual(open, []);
      for (const [path, text] of Object.entries(disk)) writeInto(folder, path, text);
      await alembic("upgrade", "head");
      await alembic("check");
    });

    async function alembic(...args: readonly string[]): Promise<string> {
      const { code, output } = await run(python("alembic"), args, { cwd: folder, env: environment });
      assert.equal(code, 0, output);
      return output;
    }
  });
}

function designDocuments(): readonly DesignDocument[] {
  return Object.entries(readFolder(join(fixtures, "docs"))).map(([path, text]) => ({ path: `docs/${path}`, text }));
}

/** Orders have a note and can be deleted. */
function changedDocuments(): readonly DesignDocument[] {
  const route = "  /orders/{orderId}:\n";
  return designDocuments().map(({ path, text }) => ({
    path,
    text: text
      .replace("  total        numeric(12,2)", "  note         varchar(200),\n  total        numeric(12,2)")
      .replace(
        route,
        `${route}    delete: { tags: [Orders], operationId: deleteOrder, responses: { "204": { description: Gone } } }\n`,
      ),
  }));
}

function readFolder(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

function writeFolder(files: Readonly<Record<string, string>>): string {
  mkdirSync(workFolder, { recursive: true });
  const folder = mkdtempSync(join(workFolder, "brownfield-"));
  for (const [path, text] of Object.entries(files)) writeInto(folder, path, text);
  return folder;
}

function writeInto(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Whether all lines of the part stand in the whole, in their order. */
function holdsLines(whole: string, part: string): boolean {
  const lines = whole.split("\n");
  let at = 0;
  return part.split("\n").every((line) => {
    const found = lines.indexOf(line, at);
    at = found + 1;
    return found >= 0;
  });
}
