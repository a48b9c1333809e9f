import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { recordPath } from "../../src/compiler/delta/recordPath.ts";
import { createInProcessAnalyzer } from "../../src/node/analyzerInProcess.ts";
import { readBaseline, withBaseline, writeBaseline } from "../../src/review/baseline.ts";
import type { Review } from "../../src/review/model.ts";
import { sinceBaseline } from "../../src/review/sinceBaseline.ts";
import type { RunResult } from "../../src/session/events.ts";
import { reviewWorkspace } from "../../src/session/proposedState.ts";
import type { DesignDocument } from "../../src/spec/model.ts";
import { readSpec } from "../../src/spec/readSpec.ts";
import { implementRun } from "../support/implementRun.ts";
import { memoryWorkspace } from "../support/memoryWorkspace.ts";
import { createDatabase, type Server, startUvicorn } from "./support/backend.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { readFolder, writeFolder, writeInto } from "./support/folders.ts";
import { brownfieldPython, root, workFolder } from "./support/paths.ts";
import { run } from "./support/processes.ts";

const mypyCache = join(workFolder, "mypy-cache-brownfield");

const fixtures = join(root, "test/fixtures/brownfield");

/** A project that somebody has begun by hand. */
interface Project {
  readonly name: string;
  /** Where in the repository it lies; undefined: it is the repository. */
  readonly below?: string;
  readonly application: string;
  /** Of the migrations. */
  readonly head: string;
  /** Where its database is, as the project wants it said. */
  readonly settings: (url: URL) => Readonly<Record<string, string>>;
  /** What contradicts the design and is left to the team. */
  readonly differences: readonly string[];
  /** Endpoints whose answers lack what the design adds to their tables. */
  readonly short?: readonly string[];
}

const asynchronous: Project["settings"] = ({ host, username, pathname }) => ({
  DATABASE_URL: `postgresql+asyncpg://${username}@${host}${pathname}`,
});

const projects: readonly Project[] = [
  { name: "layers", application: "app.main:app", head: "1a2b3c4d5e6f", settings: asynchronous, differences: [] },
  { name: "features", application: "src.main:app", head: "0001", settings: asynchronous, differences: [] },
  { name: "flat", application: "main:app", head: "0001", settings: asynchronous, differences: [], short: [] },
  { name: "modules", application: "shop.app:app", head: "7d3a1c5e9b20", settings: asynchronous, differences: [] },
  {
    name: "bigger",
    application: "app.main:app",
    head: "9c2f4be1aa03",
    settings: ({ host, username, pathname }) => ({
      DATABASE_URL: `postgresql+psycopg://${username}@${host}${pathname}`,
    }),
    differences: [],
  },
  {
    name: "template",
    below: "backend",
    application: "app.main:app",
    head: "e2412789c190",
    settings: ({ hostname, port, username, pathname }) => ({
      POSTGRES_SERVER: hostname,
      POSTGRES_PORT: port,
      POSTGRES_USER: username,
      POSTGRES_DB: pathname.slice(1),
    }),
    differences: ["column:customers.created_at"],
  },
];

/** Its answer has what the table had; what the design adds to the table is for its owner to show. */
const shortAnswer = ["endpoint:GET /api/v1/customers/{customerId}"];

const customer = "00000000-0000-0000-0000-000000000001";

for (const { name, below = "", application, head, settings, differences, short = shortAnswer } of projects) {
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
        ...settings(new URL(migrationUrl)),
        PYTHONDONTWRITEBYTECODE: "1",
      };
    });

    after(async () => {
      await server?.stop();
      await cluster?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test("all that stood stands, in its order", () => {
      const broken = Object.entries(original).filter(([path, text]) => !holdsAll(disk[path] ?? "", text));
      assert.deepEqual(
        broken.map(([path]) => path),
        [],
      );
    });

    test("what was missing is there, and nothing twice", () => {
      assert.deepEqual(result.needsDetail, []);
      assert.deepEqual([result.changes?.unknown, result.changes?.decisions.length], [[], differences.length]);
      assert.deepEqual(openElements(result.review), [...short, ...differences]);
      const added = Object.keys(disk).filter((path) => original[path] === undefined);
      assert.deepEqual(
        added.filter((path) => /(^|\/)(README\.md|pyproject\.toml|alembic\.ini|env\.py)$/.test(path)),
        [],
      );
      assert.deepEqual(
        added.filter((path) => path !== recordPath && !path.startsWith(below)),
        [],
      );
    });

    test("the checklist has nothing new to say", () => {
      assert.ok(result.review);
      const review = sinceBaseline(withBaseline(result.review, readBaseline(writeBaseline(earlier), "baseline")));
      const failing = review.checklist.filter(({ status }) => status === "fail" || status === "review");
      assert.deepEqual(
        failing.map(({ id, findings }) => [id, findings]),
        [],
      );
    });

    test("type checker and linter have nothing new to say", async () => {
      const before = writeFolder(original);
      const checks: readonly (readonly [string, ...(readonly string[])])[] = [
        ["ruff", "check", "--output-format=concise", "."],
        // To mypy what `declarative_base()` gives is no class.
        ...(name === "bigger"
          ? []
          : [["mypy", "--no-error-summary", "--hide-error-context", `--cache-dir=${mypyCache}`, "."] as const]),
      ];
      for (const [tool, ...args] of checks) {
        const findings = async (cwd: string) =>
          (await run(brownfieldPython(tool), args, { cwd: join(cwd, below), env: environment })).output
            .split("\n")
            .filter((line) => /^\S+\.py:\d+/.test(line))
            .map((line) => line.replace(/:\d+(?::\d+)?:/, ":"));
        const known = new Set(await findings(before));
        assert.deepEqual(
          (await findings(folder)).filter((line) => !known.has(line)),
          [],
        );
      }
      rmSync(before, { recursive: true, force: true });
    });

    test("the migrations go on from the head, over a table with rows", async () => {
      await alembic("upgrade", head);
      await cluster.sql(
        name,
        `INSERT INTO customers (id, name, email, created_at) VALUES ('${customer}', 'Ann', 'ann@example.org', now())`,
      );
      await alembic("upgrade", "head");
      assert.equal((await alembic("heads")).trim().split("\n").length, 1);
      await alembic("check");
    });

    test("the application starts, and answers old and new routes", async () => {
      server = await startUvicorn([application], join(folder, below), environment, brownfieldPython("uvicorn"));
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
      const [known] = (await call("GET", "/customers")).body;
      assert.deepEqual([known.phone, known.points, known.credit, known.tier], [null, 0, "0.00", "basic"]);
      const refused = await call("DELETE", `/customers/${customer}`);
      assert.deepEqual([refused.status, refused.body.error.code], [409, "CUSTOMER_IN_USE"]);
      const unknown = await call("GET", `/orders/${customer}`);
      assert.deepEqual([unknown.status, unknown.body.error.code], [404, "ORDER_NOT_FOUND"]);
      const bob = { name: "Bob", email: "bob@example.org", phone: "+49 30 1", tier: "gold" };
      const added = await call("POST", "/customers", bob);
      assert.deepEqual([added.status, added.body.tier, added.body.phone], [201, "gold", bob.phone], server.log());
      const taken = await call("POST", "/customers", { ...bob, email: "rob@example.org" });
      assert.deepEqual([taken.status, taken.body.error.code], [409, "CUSTOMER_PHONE_TAKEN"]);
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
      assert.deepEqual(openElements(changed.review), [...short, ...differences]);
      for (const [path, text] of Object.entries(disk)) writeInto(folder, path, text);
      await alembic("upgrade", "head");
      await alembic("check");
    });

    async function alembic(...args: readonly string[]): Promise<string> {
      const { code, output } = await run(brownfieldPython("alembic"), args, {
        cwd: join(folder, below),
        env: environment,
      });
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

/** Whether all words and signs of the part stand in the whole, in their order; a line may be broken anew. */
function holdsAll(whole: string, part: string): boolean {
  const wordsOf = (text: string): readonly string[] => text.match(/\w+|[^\w\s]/g) ?? [];
  const words = wordsOf(whole);
  let at = 0;
  return wordsOf(part).every((word) => {
    const found = words.indexOf(word, at);
    at = found + 1;
    return found >= 0;
  });
}

function openElements(review: Review | undefined): readonly string[] {
  const elements = review?.coverage.elements ?? [];
  return elements.filter(({ status }) => status === "missing" || status === "mismatched").map(({ id }) => id);
}
