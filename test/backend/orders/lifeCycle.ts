import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { suite, test } from "node:test";
import { at, text } from "../support/client.ts";
import type { Shop } from "./shop.ts";

export function orderTests(shop: Shop): void {
  const { call, refused, makeCustomer, makeProduct, makeOrder, makeFilledOrder } = shop;

  suite("orders", () => {
    test("an order opens with its items in one transaction, priced by the database", async () => {
      const productId = await makeProduct({ price: "19.90" });
      const customerId = await makeCustomer();
      const body = {
        customerId,
        items: [{ productId, quantity: 3 }],
        requestedDeliveryDate: "2030-01-31",
        notes: "ring",
      };
      const { status, body: order } = await call("POST", "/orders", { body });
      assert.equal(status, 201, JSON.stringify(order));
      const seen = ["status", "currency", "totalAmount", "requestedDeliveryDate", "notes"].map((name) =>
        at(order, name),
      );
      assert.deepEqual(seen, ["draft", "EUR", "59.70", "2030-01-31", "ring"]);
      assert.match(text(order, "number"), /^SO-\d{8}$/);
      const item = ["unitPrice", "quantity", "lineTotal"].map((name) => at(order, "items", 0, name));
      assert.deepEqual(item, ["19.90", 3, "59.70"]);
      assert.deepEqual((await call("GET", `/orders/${text(order, "id")}`)).body, order);
      const found = await call(
        "GET",
        `/orders?q=${text(order, "number").toLowerCase()}&status=draft&customerId=${customerId}`,
      );
      assert.deepEqual(found.body, { data: [order], total: 1, limit: 20, offset: 0 });
      const changed = await call("PATCH", `/orders/${text(order, "id")}`, { body: { notes: null } });
      assert.deepEqual([changed.status, at(changed.body, "notes")], [200, null]);
    });

    test("a failing item leaves no order behind", async () => {
      const customerId = await makeCustomer();
      const items = [
        { productId: await makeProduct(), quantity: 1 },
        { productId: randomUUID(), quantity: 1 },
      ];
      refused(await call("POST", "/orders", { body: { customerId, items } }), 404, "PRODUCT_NOT_FOUND");
      assert.equal(at((await call("GET", `/orders?customerId=${customerId}`)).body, "total"), 0);
    });

    test("wrong orders are refused", async () => {
      const productId = await makeProduct();
      const customerId = await makeCustomer();
      const post = (body: unknown) => call("POST", "/orders", { body });
      const twice = [
        { productId, quantity: 1 },
        { productId, quantity: 2 },
      ];
      refused(await post({ customerId: randomUUID() }), 404, "CUSTOMER_NOT_FOUND");
      refused(await post({ customerId, shippingAddressId: randomUUID() }), 404, "ADDRESS_NOT_FOUND");
      refused(await post({ customerId, items: twice }), 409, "ORDER_ITEM_DUPLICATE");
      refused(await post({ customerId, items: [{ productId, quantity: 0 }] }), 400, "VALIDATION_ERROR");
      refused(await post({ customerId, status: "paid" }), 400, "VALIDATION_ERROR");
      refused(await call("PATCH", `/orders/${randomUUID()}`, { body: {} }), 404, "ORDER_NOT_FOUND");
      const id = await makeOrder();
      refused(
        await call("PATCH", `/orders/${id}`, { body: { shippingAddressId: randomUUID() } }),
        404,
        "ADDRESS_NOT_FOUND",
      );
      refused(await call("GET", "/orders?status=lost"), 400, "VALIDATION_ERROR");
    });

    test("items change while the order is a draft, and the total follows", async () => {
      const id = await makeFilledOrder();
      const productId = await makeProduct({ price: "5.00" });
      const added = await call("POST", `/orders/${id}/items`, { body: { productId, quantity: 2, unitPrice: "4.50" } });
      assert.deepEqual([added.status, at(added.body, "lineTotal"), at(added.body, "orderId")], [201, "9.00", id]);
      const path = `/orders/${id}/items/${text(added.body, "id")}`;
      assert.equal(at((await call("PATCH", path, { body: { quantity: 4 } })).body, "lineTotal"), "18.00");
      assert.equal(at((await call("GET", `/orders/${id}`)).body, "totalAmount"), "57.80");
      const list = await call("GET", `/orders/${id}/items?limit=1`);
      assert.deepEqual([at(list.body, "total"), at(list.body, "limit")], [2, 1]);
      refused(
        await call("POST", `/orders/${id}/items`, { body: { productId, quantity: 1 } }),
        409,
        "ORDER_ITEM_DUPLICATE",
      );
      refused(
        await call("POST", `/orders/${randomUUID()}/items`, { body: { productId, quantity: 1 } }),
        404,
        "ORDER_NOT_FOUND",
      );
      refused(await call("GET", `/orders/${randomUUID()}/items`), 404, "ORDER_NOT_FOUND");
      refused(await call("PATCH", path, { body: { quantity: 0 } }), 400, "VALIDATION_ERROR");
      refused(await call("PATCH", path.replace(id, await makeOrder()), { body: {} }), 404, "ORDER_ITEM_NOT_FOUND");
      assert.equal((await call("DELETE", path)).status, 204);
      refused(await call("DELETE", path), 404, "ORDER_ITEM_NOT_FOUND");
    });

    test("an order goes its way, and every other way is refused", async () => {
      const id = await makeFilledOrder();
      const actions = ["submit", "pay", "ship", "deliver"];
      for (const [step, action] of actions.entries()) {
        const forbidden = [...actions, ...(step === 3 ? ["cancel"] : [])].filter((other) => other !== action);
        for (const other of forbidden) {
          refused(await call("POST", `/orders/${id}/${other}`), 409, "ORDER_INVALID_TRANSITION");
        }
        const answer = await call("POST", `/orders/${id}/${action}`);
        const state = ["submitted", "paid", "shipped", "delivered"][step];
        assert.deepEqual([answer.status, at(answer.body, "status")], [200, state]);
      }
      refused(await call("POST", `/orders/${id}/cancel`), 409, "ORDER_INVALID_TRANSITION");
      const history = await call("GET", `/orders/${id}/history`);
      const rows = at(history.body, "data");
      assert.ok(Array.isArray(rows));
      assert.deepEqual(rows.map((row) => text(row, "toStatus")).sort(), [
        "delivered",
        "draft",
        "paid",
        "shipped",
        "submitted",
      ]);
      refused(await call("GET", `/orders/${randomUUID()}/history`), 404, "ORDER_NOT_FOUND");
    });

    test("an empty order stays a draft; a submitted one keeps its items", async () => {
      refused(await call("POST", `/orders/${await makeOrder()}/submit`), 409, "ORDER_EMPTY");
      const id = await makeFilledOrder();
      const item = text((await call("GET", `/orders/${id}/items`)).body, "data", 0, "id");
      assert.equal((await call("POST", `/orders/${id}/submit`)).status, 200);
      const body = { productId: await makeProduct(), quantity: 1 };
      refused(await call("POST", `/orders/${id}/items`, { body }), 409, "ORDER_NOT_EDITABLE");
      refused(await call("PATCH", `/orders/${id}/items/${item}`, { body: { quantity: 9 } }), 409, "ORDER_NOT_EDITABLE");
      refused(await call("DELETE", `/orders/${id}/items/${item}`), 409, "ORDER_NOT_EDITABLE");
      const cancelled = await call("POST", `/orders/${id}/cancel`);
      assert.deepEqual([cancelled.status, at(cancelled.body, "status")], [200, "cancelled"]);
    });
  });
}
