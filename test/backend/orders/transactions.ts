import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { at, tokenFor } from "../support/client.ts";
import type { RunningBackend } from "../support/runningBackend.ts";
import type { Shop } from "./shop.ts";

/** What holds of every operation, shown where there is most of it: an order and its items are two tables. */
export function transactionTests(shop: Shop, backend: () => RunningBackend): void {
  const { call, refused, makeCustomer, makeProduct, makeFilledOrder } = shop;

  suite("transactions and statements", () => {
    test("when the write of the items fails, the order before it is undone", async () => {
      const { sql } = backend();
      const customerId = await makeCustomer();
      const body = { customerId, items: [{ productId: await makeProduct(), quantity: 77 }] };
      const stored = () => sql(`SELECT count(*) FROM orders WHERE customer_id = '${customerId}'`);
      await sql(faulty("order_items", "NEW.quantity = 77"));
      refused(await call("POST", "/orders", { body }), 500, "INTERNAL_ERROR");
      assert.equal(await stored(), "0");
      await sql("DROP TRIGGER faulty ON order_items");
      assert.equal((await call("POST", "/orders", { body })).status, 201);
      assert.equal(await stored(), "1");
    });

    test("when the history of an order cannot be written, the order does not move", async () => {
      const { sql } = backend();
      const id = await makeFilledOrder();
      const state = () => sql(`SELECT status FROM orders WHERE id = '${id}'`);
      await sql(faulty("order_status_history", "true"));
      refused(await call("POST", `/orders/${id}/submit`), 500, "INTERNAL_ERROR");
      assert.equal(await state(), "draft");
      await sql("DROP TRIGGER faulty ON order_status_history");
      assert.equal((await call("POST", `/orders/${id}/submit`)).status, 200);
      assert.equal(await state(), "submitted");
    });

    test("of requests that move an order at the same time one wins, and the others see it", async () => {
      const id = await makeFilledOrder();
      const held = backend().sql(
        `BEGIN; SELECT 1 FROM orders WHERE id = '${id}' FOR UPDATE; SELECT pg_sleep(1); COMMIT`,
      );
      const answers = await Promise.all(Array.from({ length: 4 }, () => call("POST", `/orders/${id}/submit`)));
      await held;
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409]);
    });

    test("orders with their items take as many statements for one order as for a page of them", async () => {
      const { sql, selects } = backend();
      const owner = await sql("SELECT gen_random_uuid()");
      const token = tokenFor({ sub: owner, role: "sales" });
      const productId = await makeProduct();
      await sql(`WITH buyer AS (
          INSERT INTO customers (owner_id, name, email) VALUES ('${owner}', 'Many', 'many@example.org') RETURNING id
        ), opened AS (
          INSERT INTO orders (owner_id, customer_id) SELECT '${owner}', id FROM buyer, generate_series(1, 200) RETURNING id
        ) SELECT count(*) FROM opened`);
      await sql(`INSERT INTO order_items (order_id, product_id, quantity)
        SELECT id, '${productId}', 2 FROM orders WHERE owner_id = '${owner}'`);
      const list = (limit: number) => async () => {
        const { body } = await call("GET", `/orders?limit=${limit}`, { token });
        const rows = at(body, "data");
        assert.ok(Array.isArray(rows));
        assert.deepEqual([rows.length, at(body, "total")], [limit, 200]);
        assert.ok(rows.every((row) => at(row, "items", 0, "quantity") === 2));
      };
      const [one, many] = [await selects(list(1)), await selects(list(100))];
      assert.ok(one > 0, "the statements are in the log");
      assert.equal(many, one);
    });
  });
}

/** Lets the database fail at some new rows of a table, as no constraint of the design does. */
function faulty(table: string, condition: string): string {
  return `CREATE OR REPLACE FUNCTION faulty() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF ${condition} THEN RAISE EXCEPTION 'injected'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER faulty BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION faulty()`;
}
