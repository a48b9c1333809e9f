import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { suite, test } from "node:test";
import { at, text } from "../support/client.ts";
import type { Shop } from "./shop.ts";

export function fulfilmentTests(shop: Shop): void {
  const { call, refused, word, makeFilledOrder } = shop;

  suite("payments and shipments", () => {
    test("payments are recorded for an order", async () => {
      const id = await makeFilledOrder();
      const body = { method: "card", amount: "39.80", reference: word() };
      const added = await call("POST", `/orders/${id}/payments`, { body });
      assert.deepEqual([added.status, at(added.body, "amount"), at(added.body, "orderId")], [201, "39.80", id]);
      const path = `/orders/${id}/payments/${text(added.body, "id")}`;
      assert.deepEqual((await call("GET", path)).body, added.body);
      assert.deepEqual(at((await call("GET", `/orders/${id}/payments`)).body, "data"), [added.body]);
      refused(await call("POST", `/orders/${id}/payments`, { body }), 409, "PAYMENT_REFERENCE_TAKEN");
      refused(
        await call("POST", `/orders/${id}/payments`, { body: { ...body, method: "cash" } }),
        400,
        "VALIDATION_ERROR",
      );
      refused(await call("POST", `/orders/${randomUUID()}/payments`, { body }), 404, "ORDER_NOT_FOUND");
      refused(await call("GET", `/orders/${randomUUID()}/payments`), 404, "ORDER_NOT_FOUND");
      refused(await call("GET", `/orders/${id}/payments/${randomUUID()}`), 404, "PAYMENT_NOT_FOUND");
    });

    test("shipments are recorded and completed", async () => {
      const id = await makeFilledOrder();
      const body = { carrier: "dhl", trackingNumber: word(), shippedAt: "2026-01-01T10:00:00+01:00" };
      const added = await call("POST", `/orders/${id}/shipments`, { body });
      assert.deepEqual([added.status, at(added.body, "shippedAt")], [201, "2026-01-01T09:00:00Z"]);
      const path = `/orders/${id}/shipments/${text(added.body, "id")}`;
      const done = await call("PATCH", path, { body: { deliveredAt: "2026-01-02T09:00:00Z" } });
      assert.deepEqual([done.status, at(done.body, "deliveredAt")], [200, "2026-01-02T09:00:00Z"]);
      assert.equal(at((await call("GET", `/orders/${id}/shipments`)).body, "total"), 1);
      refused(await call("POST", `/orders/${id}/shipments`, { body }), 409, "SHIPMENT_TRACKING_TAKEN");
      refused(await call("PATCH", path, { body: { deliveredAt: "2025-01-02T09:00:00Z" } }), 400, "VALIDATION_ERROR");
      refused(await call("PATCH", path, { body: { deliveredAt: "2026-01-02T09:00:00" } }), 400, "VALIDATION_ERROR");
      refused(await call("PATCH", `/orders/${id}/shipments/${randomUUID()}`, { body: {} }), 404, "SHIPMENT_NOT_FOUND");
      refused(await call("POST", `/orders/${randomUUID()}/shipments`, { body }), 404, "ORDER_NOT_FOUND");
      refused(await call("GET", `/orders/${randomUUID()}/shipments`), 404, "ORDER_NOT_FOUND");
    });
  });
}
