import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { createInProcessAnalyzer } from "../../src/node/analyzerInProcess.ts";
import { orderDocuments } from "../support/changedOrders.ts";
import { implementRun } from "../support/implementRun.ts";
import { memoryWorkspace } from "../support/memoryWorkspace.ts";
import { createDatabase, environment, grantAccess, type Server, startUvicorn } from "./support/backend.ts";
import { at, type Call, request, tokenFor } from "./support/client.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { readFolder, writeFolder } from "./support/folders.ts";
import { brownfieldPython, root } from "./support/paths.ts";
import { run } from "./support/processes.ts";

const begun = "1a2b3c4d5e6f";

/** The sample design, whose tables all have row policies, in a project whose one table has none. */
suite("row security comes into a project with rows", { timeout: 240_000 }, () => {
  const [ann, bob, customer] = [randomUUID(), randomUUID(), randomUUID()];
  let cluster: Cluster;
  let folder: string;
  let ownerUrl: string;
  let applicationUrl: string;
  let server: Server | undefined;

  before(async () => {
    const original = readFolder(join(root, "test/fixtures/brownfield/layers"));
    const disk: Record<string, string> = { ...original };
    const analyzer = createInProcessAnalyzer(join(root, "src/node"));
    const ports = { workspace: memoryWorkspace(original), analyzer };
    const { changes } = await implementRun(ports, { documents: orderDocuments() });
    for (const { path, after: text } of changes.acceptance({})) disk[path] = text ?? "";
    folder = writeFolder(disk);
    cluster = await startCluster("brownfield-security");
    const urls = await createDatabase(cluster, "layers");
    [ownerUrl, applicationUrl] = [urls.migrationUrl, urls.applicationUrl];
  });

  after(async () => {
    await server?.stop();
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("up over rows, down to what stood, and up again", async () => {
    await alembic("upgrade", begun);
    await sql(`INSERT INTO customers (id, name, email) VALUES ('${customer}', 'Ann', 'ann@example.org')`);
    const tables =
      "SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    const [stood, columns] = [await sql(tables), await sql(columnsOfCustomers)];
    await alembic("upgrade", "head");
    await alembic("check");
    await sql(`INSERT INTO orders (owner_id, customer_id) SELECT owner_id, id FROM customers`);
    await alembic("downgrade", begun);
    assert.deepEqual([await sql(tables), await sql(columnsOfCustomers)], [stood, columns]);
    assert.equal(await sql("SELECT name, email FROM customers"), "Ann|ann@example.org");
    assert.equal(await sql("SELECT count(*) FROM pg_policies"), "0");
    assert.equal(
      await sql("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'customers'"),
      "f|f",
    );
    await alembic("upgrade", "head");
    await alembic("check");
  });

  test("every caller sees the rows of their own, whoever owns the tables", async () => {
    await sql(`UPDATE customers SET owner_id = '${ann}'`);
    await grantAccess(cluster, "layers");
    for (const url of [ownerUrl, applicationUrl]) {
      server = await startUvicorn(["app.main:app"], folder, settings(url), brownfieldPython("uvicorn"));
      const order = await call("POST", "/orders", { token: token(ann), body: { customerId: customer } });
      assert.equal(order.status, 201, server.log());
      const path = `/orders/${at(order.body, "id")}`;
      const statuses = [token(ann), token(bob), ""].map(
        async (caller) => (await call("GET", path, { token: caller })).status,
      );
      assert.deepEqual(await Promise.all(statuses), [200, 404, 401], server.log());
      const totals = [ann, bob].map(async (user) =>
        at((await call("GET", "/customers", { token: token(user) })).body, "total"),
      );
      assert.deepEqual(await Promise.all(totals), [1, 0], server.log());
      const foreign = await call("POST", "/orders", { token: token(bob), body: { customerId: customer } });
      assert.deepEqual([foreign.status, at(foreign.body, "error", "code")], [404, "CUSTOMER_NOT_FOUND"]);
      await server.stop();
    }
  });

  const columnsOfCustomers = `SELECT string_agg(concat_ws(' ', column_name, data_type, is_nullable), ',' ORDER BY column_name)
    FROM information_schema.columns WHERE table_name = 'customers'`;

  const token = (sub: string): string => tokenFor({ sub, role: "sales" });

  const sql = (statement: string): Promise<string> => cluster.sql("layers", statement);

  const call = (method: string, path: string, options: Call) =>
    request(server?.url ?? "", method, `/api/v1${path}`, options);

  function settings(url: string): Readonly<Record<string, string>> {
    return { ...environment(url), DATABASE_URL: url.replace(/^postgresql:/, "postgresql+asyncpg:") };
  }

  async function alembic(...args: readonly string[]): Promise<void> {
    const { code, output } = await run(brownfieldPython("alembic"), args, { cwd: folder, env: settings(ownerUrl) });
    assert.equal(code, 0, output);
  }
});
