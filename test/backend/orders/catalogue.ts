import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { suite, test } from "node:test";
import { at } from "../support/client.ts";
import type { Shop } from "./shop.ts";

export function catalogueTests(shop: Shop): void {
  const { alice, staff, call, refused, word, sku, makeCustomer, makeCategory, makeProduct, makeOrder } = shop;

  suite("catalogue", () => {
    test("staff keep categories, everybody reads them", async () => {
      const parent = await makeCategory();
      const slug = `c-${word()}`;
      const id = await makeCategory({ slug, parentId: parent, position: 3 });
      const read = await call("GET", `/categories/${id}`);
      assert.deepEqual(
        [at(read.body, "slug"), at(read.body, "parentId"), at(read.body, "position")],
        [slug, parent, 3],
      );
      const children = await call("GET", `/categories?parentId=${parent}`);
      assert.deepEqual([at(children.body, "total"), at(children.body, "data", 0, "id")], [1, id]);
      const changed = await call("PATCH", `/categories/${id}`, { token: staff, body: { name: "Nails" } });
      assert.deepEqual([changed.status, at(changed.body, "name")], [200, "Nails"]);
      refused(await call("DELETE", `/categories/${parent}`, { token: staff }), 409, "CATEGORY_IN_USE");
      assert.equal((await call("DELETE", `/categories/${id}`, { token: staff })).status, 204);
      refused(await call("GET", `/categories/${id}`), 404, "CATEGORY_NOT_FOUND");
    });

    test("wrong categories are refused", async () => {
      const slug = `c-${word()}`;
      await makeCategory({ slug });
      const post = (body: unknown, token = staff) => call("POST", "/categories", { body, token });
      refused(await post({ slug, name: "Again" }), 409, "CATEGORY_SLUG_TAKEN");
      refused(await post({ slug: "Not A Slug", name: "x" }), 400, "VALIDATION_ERROR");
      refused(await post({ slug: `c-${word()}`, name: "x", parentId: randomUUID() }), 404, "CATEGORY_NOT_FOUND");
      refused(await post({ slug: `c-${word()}`, name: "x" }, alice), 403, "FORBIDDEN");
      refused(
        await call("PATCH", `/categories/${randomUUID()}`, { token: staff, body: {} }),
        404,
        "CATEGORY_NOT_FOUND",
      );
    });

    test("a product keeps tags, free-form attributes and an exact price", async () => {
      const categoryId = await makeCategory();
      const body = { categoryId, sku: sku(), name: "Saw", price: "0.10", tags: ["steel"], attributes: { weight: 1.5 } };
      const added = await call("POST", "/products", { token: staff, body });
      assert.equal(added.status, 201, JSON.stringify(added.body));
      const { id, createdAt, updatedAt, ...rest } = Object(added.body);
      assert.deepEqual(rest, { ...body, description: null, stockQuantity: 0, active: true });
      assert.ok(createdAt && updatedAt);
      const list = await call(
        "GET",
        `/products?categoryId=${categoryId}&q=SAW&active=true&priceFrom=0.05&priceTo=0.20`,
      );
      assert.deepEqual([at(list.body, "total"), at(list.body, "data", 0, "id")], [1, id]);
      const changed = await call("PATCH", `/products/${id}`, { token: staff, body: { price: "0.20", tags: [] } });
      assert.deepEqual([at(changed.body, "price"), at(changed.body, "tags")], ["0.20", []]);
    });

    test("a deleted product is gone from the catalogue and stays in old orders", async () => {
      const id = await makeProduct();
      const order = await makeOrder([{ productId: id, quantity: 1 }]);
      assert.equal((await call("DELETE", `/products/${id}`, { token: staff })).status, 204);
      refused(await call("GET", `/products/${id}`), 404, "PRODUCT_NOT_FOUND");
      assert.equal(at((await call("GET", `/orders/${order}`)).body, "items", 0, "productId"), id);
      const again = { customerId: await makeCustomer(), items: [{ productId: id, quantity: 1 }] };
      refused(await call("POST", "/orders", { body: again }), 404, "PRODUCT_NOT_FOUND");
    });

    test("wrong products are refused", async () => {
      const taken = sku();
      await makeProduct({ sku: taken });
      const categoryId = await makeCategory();
      const post = (overrides: object, token = staff) =>
        call("POST", "/products", { token, body: { categoryId, sku: sku(), name: "x", price: "1.00", ...overrides } });
      refused(await post({ sku: taken }), 409, "PRODUCT_SKU_TAKEN");
      refused(await post({ categoryId: randomUUID() }), 404, "CATEGORY_NOT_FOUND");
      refused(await post({ price: "0.00" }), 400, "VALIDATION_ERROR");
      refused(await post({ price: "12345678901.00" }), 400, "VALIDATION_ERROR");
      refused(await post({}, alice), 403, "FORBIDDEN");
      refused(await call("DELETE", `/products/${randomUUID()}`, { token: staff }), 404, "PRODUCT_NOT_FOUND");
      refused(await call("PATCH", `/products/${randomUUID()}`, { token: alice, body: {} }), 403, "FORBIDDEN");
    });
  });
}
