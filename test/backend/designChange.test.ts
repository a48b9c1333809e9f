import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Compilation } from "../../src/compiler/compilation.ts";
import { compileChange } from "../../src/compiler/delta/compileChange.ts";
import type { DesignDocument } from "../../src/spec/model.ts";
import { readSpec } from "../../src/spec/readSpec.ts";
import { designEdits, edited, orderDocuments } from "../support/changedOrders.ts";
import { alembic, createDatabase, type GeneratedProject } from "./support/backend.ts";
import { type Catalog, catalogDifferences, readCatalog } from "./support/catalog.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { root, workFolder } from "./support/paths.ts";

interface Case {
  readonly name: string;
  readonly before: readonly DesignDocument[];
  readonly after: readonly DesignDocument[];
  /** Rows that stand when the design changes, as the superuser. */
  readonly rows: string;
  /** What the rows are afterwards. */
  readonly question: string;
  readonly answer: string;
  /** The same of what the downgrade leaves. */
  readonly downgraded: string;
}

const id = (last: number) => `'00000000-0000-0000-0000-00000000000${last}'`;

const cases: readonly Case[] = [
  {
    name: "orders",
    before: orderDocuments(),
    after: edited(orderDocuments(), designEdits),
    rows: `INSERT INTO categories (id, slug, name) VALUES (${id(1)}, 'tea', 'Tea');
      INSERT INTO products (id, category_id, sku, name, price, stock_quantity) VALUES (${id(2)}, ${id(1)}, 'TEA-1', 'Assam', 3.5, 7);
      INSERT INTO customers (id, owner_id, name, email) VALUES (${id(3)}, ${id(9)}, 'Ann', 'ann@example.org');
      INSERT INTO orders (id, owner_id, customer_id) VALUES (${id(4)}, ${id(9)}, ${id(3)});
      INSERT INTO order_items (order_id, product_id, quantity) VALUES (${id(4)}, ${id(2)}, 2);
      UPDATE orders SET status = 'submitted' WHERE id = ${id(4)}`,
    question:
      "SELECT status, total_amount, stock_quantity, (SELECT count(*) FROM order_status_history) FROM orders, products",
    answer: "submitted|7.00|7|2",
    downgraded: "submitted|7.00|7|2",
  },
  {
    name: "everything",
    before: [sqlFixture("before.sql")],
    after: [sqlFixture("after.sql")],
    rows: `INSERT INTO accounts (id, name, nickname, plan, balance, visits, code, settings)
        VALUES (${id(1)}, 'ann', 'annie', 'team', 1.2345, 3, ${id(7)}, '{"a": 1}');
      INSERT INTO visits (account_id, seconds, pages) VALUES (${id(1)}, 7200, 2)`,
    question: `SELECT a.name, a.plan, a.balance, a.visits, a.code, v.seconds, v.rate, v.remark
      FROM accounts a JOIN visits v ON v.account_id = a.id`,
    answer: "ANN|team|1.23|3|00000000-0000-0000-0000-000000000007|7200|2|none",
    downgraded: "ANN|team|1.2300|3|00000000-0000-0000-0000-000000000007|7200|120|none",
  },
];

for (const { name, ...change } of cases) {
  suite(`a changed design: ${name}`, { timeout: 240_000 }, () => {
    let cluster: Cluster;
    let old: GeneratedProject;
    let fresh: GeneratedProject;
    let url: string;
    let start: Catalog;

    const migrate = async (project: GeneratedProject, at: string, ...args: readonly string[]) => {
      const { code, output } = await alembic(project, at, ...args);
      assert.equal(code, 0, output);
    };

    before(async () => {
      cluster = await startCluster(`change-${name}`);
      old = await write(change.before);
      url = (await createDatabase(cluster, name)).migrationUrl;
      await migrate(old, url, "upgrade", "head");
      await cluster.sql(name, change.rows);
      start = await readCatalog(cluster, name);
    });

    after(async () => {
      await cluster?.stop();
      old?.remove();
      fresh?.remove();
    });

    test("a database with rows becomes what a new one is", async () => {
      await write(change.after, old);
      await migrate(old, url, "upgrade", "head");
      fresh = await write(change.after);
      const target = await createDatabase(cluster, `${name}_fresh`);
      await migrate(fresh, target.migrationUrl, "upgrade", "head");
      const designed = await readCatalog(cluster, `${name}_fresh`);
      assert.deepEqual(catalogDifferences(unordered(designed), unordered(await readCatalog(cluster, name))), []);
      assert.equal(await cluster.sql(name, change.question), change.answer);
    });

    test("the models agree", async () => {
      await migrate(old, url, "check");
    });

    test("the way back leads to the tables of before, with the rows, and on again", async () => {
      await migrate(old, url, "downgrade", lastOf(old.compilation));
      assert.deepEqual(catalogDifferences(unordered(start), unordered(await readCatalog(cluster, name))), []);
      assert.equal(await cluster.sql(name, change.question), change.downgraded);
      await migrate(old, url, "upgrade", "head");
      await migrate(old, url, "check");
    });
  });
}

function sqlFixture(name: string): DesignDocument {
  return { path: name, text: readFileSync(join(root, "test/fixtures/delta", name), "utf8") };
}

/** Implements a design in a new folder, or over what stands. */
async function write(documents: readonly DesignDocument[], over?: GeneratedProject): Promise<GeneratedProject> {
  const { spec } = await readSpec(documents);
  const standing = over?.compilation.files.map(({ path, text }) => [path, text] as const) ?? [];
  const compilation = compileChange(spec, Object.fromEntries(standing));
  mkdirSync(workFolder, { recursive: true });
  const folder = over?.folder ?? mkdtempSync(join(workFolder, "change-"));
  for (const { path, text } of compilation.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { spec, folder, compilation, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function lastOf({ files }: Compilation): string {
  const names = files.flatMap(({ path }) => /versions\/(\d+)_/.exec(path)?.[1] ?? []);
  return names.sort().at(-1) ?? "base";
}

/** A column that is added stands last, whatever its place in the design. */
function unordered(catalog: Catalog): Catalog {
  return new Map([...catalog].map(([key, definition]) => [key, definition.replace(/^#\d+ /, "")]));
}
