import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import type { ChangeSet } from "../../src/changes/model.ts";
import { createInProcessAnalyzer } from "../../src/node/analyzerInProcess.ts";
import type { RunResult } from "../../src/session/events.ts";
import type { DesignDocument } from "../../src/spec/model.ts";
import { designEdits, edited, orderDocuments } from "../support/changedOrders.ts";
import { implementRun } from "../support/implementRun.ts";
import { memoryWorkspace } from "../support/memoryWorkspace.ts";
import {
  createDatabase,
  type Database,
  environment,
  grantAccess,
  type Server,
  startUvicorn,
} from "./support/backend.ts";
import { at, request, tokenFor } from "./support/client.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { python, root, workFolder } from "./support/paths.ts";
import { run } from "./support/processes.ts";

const stock = "stock_quantity: Mapped[int] = mapped_column";

/** What a person changes in generated files: a text that stands there once, and what comes in its place. */
const handEdits: readonly (readonly [path: string, text: string, replacement: string])[] = [
  ["src/app/main.py", '"""', '"""Our shop. '],
  ["src/app/services/order.py", "class OrderService:", "ORDERS_PER_DAY = 400\n\n\nclass OrderService:"],
  ["src/app/services/customer.py", "class CustomerService:", "VIP_LIMIT = 5000\n\n\nclass CustomerService:"],
  ["src/app/core/logging.py", '"""', '"""Ours. '],
  ["src/app/domain/order.py", '"""', '"""What we sell. '],
  ["src/app/persistence/unit_of_work.py", '"""', '"""With our locks. '],
  ["src/app/persistence/repositories/order.py", '"""', '"""Tuned by hand. '],
  ["src/app/api/deps.py", '"""', '"""Ours, too. '],
  ["README.md", "## Check it", "## Call us\n\nExtension 7.\n\n## Check it"],
  ["pyproject.toml", '    "alembic>=1.13",\n', '    "alembic>=1.13",\n    "structlog>=24.1",\n'],
  // The design changes these very lines.
  ["src/app/api/routers/orders.py", '"/{orderId}/submit"', '"/{orderId}/send"'],
  [
    "src/app/persistence/models/product.py",
    `${stock}(server_default=sa.text("0"))`,
    `${stock}(server_default=sa.text("1"))`,
  ],
];

const [account, category, product, customer, order] = [9, 1, 2, 3, 4].map(
  (last) => `00000000-0000-0000-0000-00000000000${last}`,
);

/** What stands in the database when the design changes. */
const rows = `INSERT INTO categories (id, slug, name) VALUES ('${category}', 'tea', 'Tea');
  INSERT INTO products (id, category_id, sku, name, price, stock_quantity)
    VALUES ('${product}', '${category}', 'TEA-1', 'Assam', 3.5, 7);
  INSERT INTO customers (id, owner_id, name, email, vat_id)
    VALUES ('${customer}', '${account}', 'Ann', 'ann@example.org', 'DE1');
  INSERT INTO orders (id, owner_id, customer_id) VALUES ('${order}', '${account}', '${customer}');
  INSERT INTO order_items (order_id, product_id, quantity) VALUES ('${order}', '${product}', 2);
  UPDATE orders SET status = 'submitted' WHERE id = '${order}'`;

const state = "SELECT status, total_amount, (SELECT count(*) FROM customers) FROM orders";

/** The head of the first design's migrations. */
const firstHead = "0003";

suite("a changed design after edits by hand", { timeout: 240_000 }, () => {
  const disk: Record<string, string> = {};
  const generated: Record<string, string> = {};
  let changes: ChangeSet;
  let result: RunResult;
  let folder: string;
  let cluster: Cluster;
  let database: Database;
  let server: Server | undefined;

  const writeAll = (): void => {
    for (const [path, text] of Object.entries(disk)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };

  const alembic = async (...args: readonly string[]): Promise<void> => {
    const env = environment(database.migrationUrl);
    const { code, output } = await run(python("alembic"), args, { cwd: folder, env });
    assert.equal(code, 0, output);
  };

  before(async () => {
    await implement(orderDocuments(), disk);
    Object.assign(generated, disk);
    mkdirSync(workFolder, { recursive: true });
    folder = mkdtempSync(join(workFolder, "edits-"));
    writeAll();
    cluster = await startCluster("edits");
    database = await createDatabase(cluster, "edits");
    await alembic("upgrade", "head");
    await cluster.sql("edits", rows);
    for (const [path, text, replacement] of handEdits) {
      assert.ok(disk[path]?.includes(text), `${path} has no ${text}`);
      disk[path] = (disk[path] ?? "").replace(text, () => replacement);
    }
    ({ changes, result } = await propose(edited(orderDocuments(), designEdits), disk));
  });

  after(async () => {
    await server?.stop();
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("only the difference is proposed", async () => {
    const fresh: Record<string, string> = {};
    await implement(edited(orderDocuments(), designEdits), fresh);
    const differing = Object.keys(fresh).filter((path) => fresh[path] !== generated[path] && !/versions\//.test(path));
    const proposed = changes.files().map(({ path }) => path);
    assert.deepEqual(proposed.filter((path) => !/versions\//.test(path)).sort(), differing.sort());
    assert.deepEqual(
      proposed.filter((path) => /versions\//.test(path)),
      ["migrations/versions/0004_change_design.py", "migrations/versions/0005_drop_retired_data.py"],
    );
  });

  test("where both have changed the same lines there is a conflict, and nowhere else", () => {
    const conflicting = changes.files().filter(({ conflicts }) => conflicts.length > 0);
    assert.deepEqual(conflicting.map(({ path }) => path).sort(), [
      "src/app/api/routers/orders.py",
      "src/app/persistence/models/product.py",
    ]);
    assert.deepEqual(result.changes?.conflicts.toSorted(), conflicting.map(({ path }) => path).sort());
  });

  test("accepting everything loses no edit", () => {
    for (const { path, after: text } of changes.acceptance({})) {
      if (text === undefined) delete disk[path];
      else disk[path] = text;
    }
    assert.ok(handEdits.length >= 10 && designEdits.length >= 10);
    const lost = handEdits.filter(([path, , replacement]) => !disk[path]?.includes(replacement));
    assert.deepEqual(lost, []);
  });

  test("what comes out passes the type checker", async () => {
    // The person settles the two conflicts as the design wants.
    const settle = (path: string, text: string, replacement: string): void => {
      disk[path] = (disk[path] ?? "").replace(text, () => replacement);
    };
    settle("src/app/api/routers/orders.py", "{orderId}/send", "{orderId}/place");
    settle(
      "src/app/persistence/models/product.py",
      `${stock}(server_default`,
      `${stock}(sa.BigInteger(), server_default`,
    );
    writeAll();
    const { code, output } = await run(python("mypy"), ["--strict", "src"], { cwd: folder });
    assert.equal(code, 0, output);
  });

  test("a database with rows takes the difference, gives it back and takes it again", async () => {
    await alembic("upgrade", "head");
    assert.equal(await cluster.sql("edits", state), "submitted|7.00|1");
    assert.equal(await cluster.sql("edits", "SELECT priority FROM orders"), "0");
    await alembic("downgrade", firstHead);
    assert.equal(await cluster.sql("edits", state), "submitted|7.00|1");
    assert.equal(await cluster.sql("edits", "SELECT count(vat_id) FROM customers"), "0");
    await alembic("upgrade", "head");
  });

  test("the application runs on it, as designed now", async () => {
    await grantAccess(cluster, "edits");
    const application = ["--factory", "app.main:create_app", "--app-dir", "src"];
    server = await startUvicorn(application, folder, environment(database.applicationUrl));
    const { url } = server;
    const token = tokenFor({ sub: account, role: "sales" });
    const call = (method: string, path: string) => request(`${url}/api/v1`, method, path, { token });
    const { status, body } = await call("GET", `/customers/${customer}`);
    assert.deepEqual([status, at(body, "name"), at(body, "vatId")], [200, "Ann", undefined], server.log());
    assert.deepEqual(at((await call("GET", `/orders/${order}/notes`)).body, "total"), 0, server.log());
    assert.equal((await call("POST", `/orders/${order}/submit`)).status, 404);
    assert.equal(at((await call("POST", `/orders/${order}/place`)).body, "error", "code"), "ORDER_INVALID_TRANSITION");
    assert.equal((await call("POST", `/orders/${order}/pay`)).status, 200);
    assert.equal((await call("POST", `/orders/${order}/ship`)).status, 202);
  });

  test("the accepted state takes no further proposal", async () => {
    const again = await propose(edited(orderDocuments(), designEdits), disk);
    assert.deepEqual(again.changes.files(), []);
  });
});

async function propose(documents: readonly DesignDocument[], disk: Readonly<Record<string, string>>) {
  const analyzer = createInProcessAnalyzer(join(root, "src/node"));
  return implementRun({ workspace: memoryWorkspace(disk), analyzer, changes: createChangeSet() }, { documents });
}

/** Implements and accepts everything. */
async function implement(documents: readonly DesignDocument[], disk: Record<string, string>): Promise<void> {
  const { changes } = await propose(documents, disk);
  for (const { path, after: text } of changes.acceptance({})) disk[path] = text ?? "";
}
