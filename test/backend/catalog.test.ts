import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { type Answer, at, type Call, request, text, tokenFor } from "./support/client.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

suite("the backend of the catalogue", { timeout: 240_000 }, () => {
  let backend: RunningBackend;
  let supplierId = "";
  const editor = tokenFor({ sub: "ed", role: "editor" });
  const reader = tokenFor({ sub: "rea" });

  const call = (method: string, path: string, options: Call = {}) =>
    request(backend.server.url, method, `/api/v3${path}`, { token: editor, ...options });
  const refused = (answer: Answer, status: number, code: string): void =>
    assert.deepEqual([answer.status, at(answer.body, "error", "code")], [status, code], JSON.stringify(answer.body));
  const product = (sku: string, more = {}) => ({ supplierId, sku, name: `Product ${sku}`, price: 2.5, ...more });
  const add = (sku: string, more = {}, key: string = randomUUID()) =>
    call("POST", "/products", { body: product(sku, more), headers: { "idempotency-key": key } });
  const list = async (
    query: string,
  ): Promise<{ readonly skus: readonly string[]; readonly next: string | undefined }> => {
    const { body, status } = await call("GET", `/products?${query}`, { token: reader });
    assert.equal(status, 200, JSON.stringify(body));
    const items = at(body, "items");
    const next = at(body, "nextCursor");
    assert.equal(at(body, "hasMore"), next !== undefined);
    return {
      skus: Array.isArray(items) ? items.map((item) => text(item, "sku")) : [],
      next: typeof next === "string" ? next : undefined,
    };
  };

  before(async () => {
    backend = await startBackend("catalog", { logsStatements: true });
    supplierId = text((await call("POST", "/suppliers", { body: { name: "First" } })).body, "id");
  });

  after(() => backend?.stop());

  test("nothing needs detail", () => {
    assert.deepEqual(backend.project.compilation.needsDetail, []);
  });

  test("an answer says where the new row is and which version it has", async () => {
    const made = await add("NEW-1");
    assert.equal(made.status, 201);
    const place = made.headers.get("location") ?? "";
    assert.equal(place, `/api/v3/products/${text(made.body, "id")}`);
    const found = await request(backend.server.url, "GET", place, { token: reader });
    assert.deepEqual([found.body, found.headers.get("etag")], [made.body, made.headers.get("etag")]);
    assert.ok(!("note" in Object(found.body)), "a value that is not there is left out");
  });

  test("a role is needed to write, and a token to read", async () => {
    refused(await call("POST", "/suppliers", { token: reader, body: { name: "Other" } }), 403, "FORBIDDEN");
    refused(await request(backend.server.url, "GET", "/api/v3/products"), 401, "UNAUTHENTICATED");
  });

  test("a request with the same key has effect once and gets the same answer", async () => {
    const key = randomUUID();
    const first = await add("ONCE-1", {}, key);
    const again = await add("ONCE-1", {}, key);
    assert.deepEqual([again.status, again.body], [201, first.body]);
    for (const name of ["location", "etag"]) assert.equal(again.headers.get(name), first.headers.get(name));
    refused(await add("ONCE-2", {}, key), 409, "IDEMPOTENCY_KEY_REUSED");
    assert.equal(await backend.sql("SELECT count(*) FROM products WHERE sku LIKE 'ONCE-%'"), "1");
  });

  test("the same key of another caller is another key", async () => {
    const key = randomUUID();
    const supplier = (sub: string, name: string) =>
      call("POST", "/suppliers", {
        body: { name },
        headers: { "idempotency-key": key },
        token: tokenFor({ sub, role: "editor" }),
      });
    const names = ["Of ed", "Of flo"];
    const made = [await supplier("ed", "Of ed"), await supplier("flo", "Of flo")];
    assert.deepEqual(
      made.map(({ status, body }) => [status, text(body, "name")]),
      names.map((name) => [201, name]),
    );
    await backend.sql("DELETE FROM suppliers WHERE name LIKE 'Of %'");
  });

  test("the same key at the same time has effect once, too", async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => add("RACE-1", {}, key)));
    const made = answers.filter(({ status }) => status === 201);
    assert.ok(made.length >= 1, JSON.stringify(answers.map(({ body }) => body)));
    assert.equal(new Set(made.map(({ body }) => text(body, "id"))).size, 1);
    for (const answer of answers.filter(({ status }) => status !== 201)) refused(answer, 409, "IDEMPOTENCY_KEY_REUSED");
  });

  test("a key that may be left out changes nothing when it is", async () => {
    const supplier = (name: string, headers = {}) => call("POST", "/suppliers", { body: { name }, headers });
    assert.equal((await supplier("Keyless")).status, 201);
    refused(await supplier("Keyless"), 409, "SUPPLIER_NAME_TAKEN");
    const headers = { "idempotency-key": randomUUID() };
    const first = await supplier("Keyed", headers);
    assert.deepEqual((await supplier("Keyed", headers)).body, first.body);
    await backend.sql("DELETE FROM suppliers WHERE name LIKE 'Key%'");
  });

  test("a key whose request failed is free again", async () => {
    const key = randomUUID();
    refused(await add("GONE-1", { supplierId: randomUUID() }, key), 404, "SUPPLIER_NOT_FOUND");
    assert.equal((await add("GONE-1", {}, key)).status, 201);
  });

  test("of two writers who have seen the same version the second is refused", async () => {
    const made = await add("SHARED-1");
    const path = `/products/${text(made.body, "id")}`;
    const seen = { "if-match": made.headers.get("etag") ?? "" };
    const [one, two] = await Promise.all([
      call("PATCH", path, { body: { price: 3 }, headers: seen }),
      call("PATCH", path, { body: { price: 4 }, headers: seen }),
    ]);
    assert.deepEqual([one.status, two.status].sort(), [200, 412]);
    refused(one.status === 412 ? one : two, 412, "PRECONDITION_FAILED");
    const latest = one.status === 200 ? one : two;
    assert.equal(at(latest.body, "version"), 2);
    refused(await call("DELETE", path, { headers: seen }), 412, "PRECONDITION_FAILED");
    refused(await call("PATCH", path, { body: { price: 5 } }), 400, "VALIDATION_ERROR");
    const any = await call("PATCH", path, { body: { note: null }, headers: { "if-match": "*" } });
    assert.equal(any.status, 200);
    assert.equal((await call("DELETE", path)).status, 204);
    refused(await call("GET", path), 404, "PRODUCT_NOT_FOUND");
  });

  test("a batch is added as a whole or not at all", async () => {
    const made = await call("POST", "/products/batch", { body: [product("BULK-1"), product("BULK-2")] });
    assert.equal(made.status, 201);
    assert.deepEqual([at(made.body, 0, "sku"), at(made.body, 1, "sku")], ["BULK-1", "BULK-2"]);
    refused(
      await call("POST", "/products/batch", { body: [product("BULK-3"), product("BULK-1")] }),
      409,
      "PRODUCT_SKU_TAKEN",
    );
    assert.equal(await backend.sql("SELECT count(*) FROM products WHERE sku = 'BULK-3'"), "0");
    refused(await call("POST", "/products/batch", { body: [] }), 400, "VALIDATION_ERROR");
  });

  test("a list is sorted as asked, and only by what the contract names", async () => {
    for (const [index, price] of [5, 1, 3].entries()) await add(`SORT-${index}`, { price, name: `Sorted ${index}` });
    assert.deepEqual((await list("q=Sorted&sort=price")).skus, ["SORT-1", "SORT-2", "SORT-0"]);
    assert.deepEqual((await list("q=Sorted&sort=-price")).skus, ["SORT-0", "SORT-2", "SORT-1"]);
    assert.deepEqual((await list("q=Sorted")).skus, ["SORT-2", "SORT-1", "SORT-0"]);
    refused(await call("GET", "/products?sort=version"), 400, "VALIDATION_ERROR");
    for (const name of ["Alpha", "Beta"]) await call("POST", "/suppliers", { body: { name } });
    const down = await call("GET", "/suppliers?sortBy=name&order=desc&pageSize=2");
    assert.deepEqual([at(down.body, 0, "name"), at(down.body, 1, "name")], ["First", "Beta"]);
    assert.equal(down.headers.get("x-total-count"), "3");
  });

  test("pages by cursor neither repeat nor skip a row when others come and go", async () => {
    const skus = Array.from({ length: 9 }, (_, index) => `PAGE-${index}`);
    for (const sku of skus) await add(sku, { name: "Paged", price: 7 });
    for (const sort of ["newest", "price", "-price"]) {
      const seen: string[] = [];
      let cursor = "";
      for (let page = 0; page < 20; page += 1) {
        const { skus: shown, next } = await list(`q=Paged&sort=${sort}&limit=2${cursor}`);
        seen.push(...shown);
        await add(`LATE-${sort.replace("-", "X").toUpperCase()}-${page}`, {
          name: "Paged",
          price: sort === "price" ? 1 : 9,
        });
        if (next === undefined) break;
        cursor = `&cursor=${next}`;
      }
      const expected = skus.filter((sku) => seen.includes(sku));
      assert.deepEqual([expected.length, new Set(seen).size], [skus.length, seen.length], `${sort}: ${seen}`);
      await backend.sql("DELETE FROM products WHERE sku LIKE 'LATE-%'");
    }
  });

  test("a cursor that is none of this list is refused", async () => {
    const { next } = await list("limit=1&sort=price");
    for (const cursor of ["abc", `${next}x`, Buffer.from('["price","x","y"]').toString("base64url"), "W10"]) {
      refused(await call("GET", `/products?sort=price&cursor=${cursor}`), 400, "CURSOR_INVALID");
    }
    refused(await call("GET", `/products?sort=name&cursor=${next}`), 400, "CURSOR_INVALID");
  });

  test("a list takes as many statements for one row as for two hundred", async () => {
    const rows = Array.from({ length: 200 }, (_, index) => product(`MANY-${index}`));
    await call("POST", "/products/batch", { body: rows.slice(0, 100) });
    await call("POST", "/products/batch", { body: rows.slice(100) });
    const one = await backend.selects(async () => assert.equal((await list("limit=1")).skus.length, 1));
    const many = await backend.selects(async () => assert.equal((await list("limit=200")).skus.length, 200));
    assert.ok(one > 0, "the statements are in the log");
    assert.equal(many, one);
  });

  test("every designed error that a client can cause is answered", async () => {
    refused(await call("GET", "/nothing"), 404, "NOT_FOUND");
    refused(await call("PUT", "/products"), 405, "METHOD_NOT_ALLOWED");
    refused(await call("GET", `/suppliers/${randomUUID()}`), 404, "SUPPLIER_NOT_FOUND");
    refused(await call("POST", "/suppliers", { body: { name: "First" } }), 409, "SUPPLIER_NAME_TAKEN");
    refused(await call("DELETE", `/suppliers/${supplierId}`), 409, "SUPPLIER_IN_USE");
  });

  test("what the database undoes for a passing reason is tried again, as often as designed", async () => {
    await backend.sql(undone(2));
    assert.equal((await add("AGAIN-1")).status, 201);
    await backend.sql(undone(3));
    refused(await add("AGAIN-2"), 500, "INTERNAL_ERROR");
    assert.equal(await backend.sql("SELECT string_agg(sku, ',') FROM products WHERE sku LIKE 'AGAIN-%'"), "AGAIN-1");
    await backend.sql("DROP TRIGGER undo ON products");
  });

  test("what nobody foresaw is an internal error, tells nothing, and leaves nothing half done", async () => {
    await backend.sql(faultyProduct);
    const batch = await call("POST", "/products/batch", { body: [product("FAULT-1"), product("FAULT-2")] });
    refused(batch, 500, "INTERNAL_ERROR");
    assert.ok(!JSON.stringify(batch.body).includes("injected"), JSON.stringify(batch.body));
    assert.equal(await backend.sql("SELECT count(*) FROM products WHERE sku LIKE 'FAULT-%'"), "0");
    const key = randomUUID();
    refused(await add("FAULT-2", {}, key), 500, "INTERNAL_ERROR");
    await backend.sql("DROP TRIGGER faulty_product ON products");
    assert.equal((await add("FAULT-2", {}, key)).status, 201);
  });
});

/** Lets the database undo so many transactions; a sequence counts on when they are undone. */
const undone = (times: number) => `DROP SEQUENCE IF EXISTS undone; CREATE SEQUENCE undone;
  CREATE OR REPLACE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  BEGIN IF nextval('undone') <= ${times} THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END IF;
  RETURN NEW; END $$;
  CREATE OR REPLACE TRIGGER undo BEFORE INSERT ON products FOR EACH ROW EXECUTE FUNCTION undo()`;

/** Lets the database fail at one row, as no constraint of the design does. */
const faultyProduct = `CREATE FUNCTION faulty_product() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN IF NEW.sku = 'FAULT-2' THEN RAISE EXCEPTION 'injected'; END IF; RETURN NEW; END $$;
  CREATE TRIGGER faulty_product BEFORE INSERT ON products FOR EACH ROW EXECUTE FUNCTION faulty_product()`;
