import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { request, unreachedErrors } from "../support/client.ts";
import { documentedErrors, pathOfNobody } from "../support/documentedErrors.ts";
import { root } from "../support/paths.ts";
import type { RunningBackend } from "../support/runningBackend.ts";
import type { Shop } from "./shop.ts";

/**
 * The last tests of the suite: what every endpoint refuses in the same way is asked of all of them, the rest is what
 * the tests before have met, and an error that nobody has met fails. The database is gone afterwards.
 */
export function errorTests(backend: () => RunningBackend, shop: Shop): void {
  const { alice, staff, customer, address, word, sku, call, made, refused, makeCategory, makeProduct, makeCustomer } =
    shop;
  const folder = join(root, "test/fixtures/orders/docs");
  const nobody = randomUUID();
  const item = { productId: nobody, quantity: 1 };
  const bodies: Readonly<Record<string, unknown>> = {
    "POST /customers": customer(),
    "PATCH /customers": { name: "Ada" },
    "POST /addresses": address(),
    "PATCH /addresses": { city: "Ulm" },
    "POST /categories": { slug: `c-${word()}`, name: "Tools", parentId: nobody },
    "PATCH /categories": { name: "Tools" },
    "POST /products": { categoryId: nobody, sku: sku(), name: "Saw", price: "1.00" },
    "PATCH /products": { name: "Saw" },
    "POST /orders": { customerId: nobody, items: [item] },
    "PATCH /orders": { notes: "Soon" },
    "POST /items": item,
    "PATCH /items": { quantity: 2 },
    "POST /payments": { method: "card", amount: "1.00", reference: word() },
    "POST /shipments": { carrier: "dhl" },
    "PATCH /shipments": { trackingNumber: word() },
  };

  /** A request that is right in its form, by whoever may do it, about rows that are not there. */
  const ask = (endpoint: string, options: { readonly token?: string; readonly id?: string } = {}) => {
    const [method = "", path = ""] = endpoint.split(" ");
    const name = path.split("/").findLast((segment) => !segment.startsWith("{"));
    const body = bodies[`${method} /${name}`];
    const { token = staff, id = nobody } = options;
    return request(backend().server.url, method, pathOfNobody(path, id), {
      token,
      ...(body !== undefined && { body }),
    });
  };

  test("what may not be made may not be changed to either", async () => {
    const as = { token: staff };
    const slug = `c-${word()}`;
    await makeCategory({ slug });
    const category = `/categories/${await makeCategory()}`;
    refused(await call("PATCH", category, { ...as, body: { slug } }), 409, "CATEGORY_SLUG_TAKEN");
    const taken = sku();
    await makeProduct({ sku: taken });
    const product = `/products/${await makeProduct()}`;
    refused(await call("PATCH", product, { ...as, body: { sku: taken } }), 409, "PRODUCT_SKU_TAKEN");
    refused(await call("PATCH", product, { ...as, body: { categoryId: nobody } }), 404, "CATEGORY_NOT_FOUND");
    const addresses = `/customers/${await makeCustomer()}/addresses`;
    await made(addresses, address({ kind: "billing", isDefault: true }));
    const second = `${addresses}/${await made(addresses, address({ kind: "billing" }))}`;
    refused(await call("PATCH", second, { body: { isDefault: true } }), 409, "ADDRESS_DEFAULT_TAKEN");
    const order = `/orders/${await shop.makeFilledOrder()}`;
    refused(await call("POST", `${order}/items`, { body: item }), 404, "PRODUCT_NOT_FOUND");
    const trackingNumber = word();
    await made(`${order}/shipments`, { carrier: "dhl", trackingNumber });
    const parcel = `${order}/shipments/${await made(`${order}/shipments`, { carrier: "dhl" })}`;
    refused(await call("PATCH", parcel, { body: { trackingNumber } }), 409, "SHIPMENT_TRACKING_TAKEN");
  });

  test("every documented error of every endpoint is reached", async () => {
    const documented = await documentedErrors(folder);
    const { url } = backend().server;
    const guarded = Object.keys(documented).filter((endpoint) => !endpoint.endsWith("/health"));
    for (const endpoint of guarded) {
      const [method = "", path = ""] = endpoint.split(" ");
      await ask(endpoint, { token: "" });
      await ask(endpoint, { token: alice });
      await ask(endpoint);
      await ask(endpoint, { id: "no-uuid" });
      if (method === "GET") await request(url, method, `${pathOfNobody(path, nobody)}?limit=0`, { token: staff });
      else await request(url, method, pathOfNobody(path, nobody), { token: staff, body: { quantity: [], name: [] } });
    }
    await backend().sql(
      "ALTER SCHEMA public RENAME TO hidden; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO public",
    );
    for (const endpoint of guarded) await ask(endpoint);
    await backend().cluster.stop();
    for (const endpoint of guarded) await ask(endpoint);
    assert.deepEqual(unreachedErrors(url, documented), []);
  });
}
