import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { catalogueTests } from "./orders/catalogue.ts";
import { customerTests } from "./orders/customers.ts";
import { errorTests } from "./orders/errors.ts";
import { fulfilmentTests } from "./orders/fulfilment.ts";
import { orderTests } from "./orders/lifeCycle.ts";
import { createShop, uuid } from "./orders/shop.ts";
import { transactionTests } from "./orders/transactions.ts";
import { at, request, text, tokenFor } from "./support/client.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

suite("the backend of the order-management sample", { timeout: 240_000 }, () => {
  let backend: RunningBackend;
  const shop = createShop(() => backend.server.url);
  const { bob, call, made, refused, address, makeFilledOrder } = shop;

  before(async () => {
    backend = await startBackend("orders", { logsStatements: true });
  });

  after(() => backend?.stop());

  test("every endpoint of the design is implemented", () => {
    assert.deepEqual(backend.project.compilation.needsDetail, []);
  });

  suite("operations and errors that have no route", () => {
    test("the health check is public", async () => {
      const answer = await call("GET", "/health", { token: "" });
      assert.deepEqual([answer.status, answer.body], [200, { status: "ok" }]);
    });

    test("an unknown path and an unknown method answer in the envelope", async () => {
      refused(await call("GET", "/nothing"), 404, "NOT_FOUND");
      refused(await call("PUT", "/orders"), 405, "METHOD_NOT_ALLOWED");
    });

    test("a correlation id of the client comes back, and only a UUID is taken", async () => {
      const id = randomUUID();
      const kept = await call("GET", "/customers", { headers: { "x-correlation-id": id } });
      const made = await call("GET", "/customers", { headers: { "x-correlation-id": "<script>" } });
      assert.equal(kept.headers.get("x-correlation-id"), id);
      assert.match(made.headers.get("x-correlation-id") ?? "", uuid);
    });

    const tokens: readonly (readonly [string, string])[] = [
      ["no token", ""],
      ["no JWT", "abc"],
      ["a foreign signature", tokenFor({ sub: randomUUID() }, "another-secret-0123456789-abcdefghijkl")],
      ["an expired token", tokenFor({ sub: randomUUID(), exp: 1 })],
      ["a token without subject", tokenFor({ role: "staff" })],
    ];
    for (const [what, token] of tokens) {
      test(`${what} is not authenticated`, async () => {
        refused(await call("GET", "/customers", { token }), 401, "UNAUTHENTICATED");
      });
    }

    test("every endpoint but the health check needs a token", async () => {
      const document = await request(backend.server.url, "GET", "/openapi.json");
      const paths = Object.entries(Object(at(document.body, "paths")));
      const operations = paths.flatMap(([path, item]) => Object.keys(Object(item)).map((method) => ({ path, method })));
      assert.equal(operations.length, 40);
      for (const { path, method } of operations.filter((operation) => !operation.path.endsWith("/health"))) {
        const concrete = path.replace(/\{\w+\}/g, randomUUID());
        refused(await request(backend.server.url, method.toUpperCase(), concrete), 401, "UNAUTHENTICATED");
      }
    });
  });

  customerTests(shop);
  catalogueTests(shop);
  orderTests(shop);
  fulfilmentTests(shop);
  transactionTests(shop, () => backend);

  test("two accounts see nothing of each other", async () => {
    const order = await makeFilledOrder();
    const customerId = text((await call("GET", `/orders/${order}`)).body, "customerId");
    const place = await made(`/customers/${customerId}/addresses`, address());
    const as = { token: bob };
    refused(await call("GET", `/orders/${order}`, as), 404, "ORDER_NOT_FOUND");
    refused(await call("POST", `/orders/${order}/submit`, as), 404, "ORDER_NOT_FOUND");
    refused(await call("GET", `/orders/${order}/items`, as), 404, "ORDER_NOT_FOUND");
    refused(await call("GET", `/customers/${customerId}`, as), 404, "CUSTOMER_NOT_FOUND");
    refused(
      await call("PATCH", `/customers/${customerId}`, { ...as, body: { name: "Mine" } }),
      404,
      "CUSTOMER_NOT_FOUND",
    );
    refused(await call("DELETE", `/customers/${customerId}/addresses/${place}`, as), 404, "CUSTOMER_NOT_FOUND");
    refused(await call("POST", "/orders", { ...as, body: { customerId } }), 404, "CUSTOMER_NOT_FOUND");
    assert.equal(at((await call("GET", `/orders?customerId=${customerId}`, as)).body, "total"), 0);
  });

  errorTests(() => backend, shop);
});
