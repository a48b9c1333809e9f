import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { suite, test } from "node:test";
import { at, text, tokenFor } from "../support/client.ts";
import { type Shop, uuid } from "./shop.ts";

export function customerTests(shop: Shop): void {
  const { bob, call, made, refused, customer, address, word, makeCustomer } = shop;

  suite("customers and addresses", () => {
    test("a customer is added, read, changed and deleted", async () => {
      const body = customer({ creditLimit: "5000.00", phone: "+49 1" });
      const added = await call("POST", "/customers", { body });
      assert.equal(added.status, 201);
      const { id, createdAt, updatedAt, ...rest } = Object(added.body);
      assert.deepEqual(rest, { ...body, vatId: null, paymentTerms: "net30" });
      assert.match(id, uuid);
      assert.ok(createdAt && updatedAt);
      assert.deepEqual((await call("GET", `/customers/${id}`)).body, added.body);
      const changed = await call("PATCH", `/customers/${id}`, { body: { phone: null, paymentTerms: "net14" } });
      assert.deepEqual(
        [changed.status, at(changed.body, "phone"), at(changed.body, "paymentTerms")],
        [200, null, "net14"],
      );
      assert.equal(at(changed.body, "name"), body.name);
      const deleted = await call("DELETE", `/customers/${id}`);
      assert.deepEqual([deleted.status, deleted.body], [204, undefined]);
      refused(await call("GET", `/customers/${id}`), 404, "CUSTOMER_NOT_FOUND");
      refused(await call("PATCH", `/customers/${id}`, { body: {} }), 404, "CUSTOMER_NOT_FOUND");
      refused(await call("DELETE", `/customers/${id}`), 404, "CUSTOMER_NOT_FOUND");
    });

    test("lists are paged, counted and narrowed", async () => {
      const token = tokenFor({ sub: randomUUID(), role: "sales" });
      for (const name of ["Alpha", "Beta", "alphabet"]) await made("/customers", customer({ name }), token);
      const names = async (query: string) => {
        const { status, body } = await call("GET", `/customers?${query}`, { token });
        assert.equal(status, 200, JSON.stringify(body));
        const rows = at(body, "data");
        assert.ok(Array.isArray(rows));
        return [at(body, "total"), rows.map((row) => text(row, "name"))];
      };
      assert.deepEqual(await names(""), [3, ["alphabet", "Beta", "Alpha"]]);
      assert.deepEqual(await names("limit=1&offset=1"), [3, ["Beta"]]);
      assert.deepEqual(await names("q=ALPHA"), [2, ["alphabet", "Alpha"]]);
      assert.deepEqual(await names("paymentTerms=prepaid"), [0, []]);
      assert.deepEqual(await names("createdFrom=2000-01-01T00:00:00Z&createdTo=2001-01-01T00:00:00Z"), [0, []]);
      refused(await call("GET", "/customers?limit=101"), 400, "VALIDATION_ERROR");
      refused(await call("GET", "/customers?createdFrom=yesterday"), 400, "VALIDATION_ERROR");
    });

    const invalid: readonly (readonly [string, unknown, string])[] = [
      ["a missing name", { email: "a@example.com" }, "name"],
      ["no e-mail address", customer({ email: "nobody" }), "email"],
      ["a name that is too long", customer({ name: "x".repeat(201) }), "name"],
      ["an unknown property", customer({ ownerId: randomUUID() }), "ownerId"],
      ["terms outside the closed set", customer({ paymentTerms: "never" }), "paymentTerms"],
      ["money with three digits after the point", customer({ creditLimit: "1.234" }), "creditLimit"],
      ["a body that is no JSON", "{", "1"],
    ];
    for (const [what, body, field] of invalid) {
      test(`${what} is refused with the field`, async () => {
        const answer = await call("POST", "/customers", { body });
        refused(answer, 400, "VALIDATION_ERROR");
        assert.equal(at(answer.body, "error", "details", 0, "field"), field);
        assert.ok(text(answer.body, "error", "details", 0, "reason").length > 3);
      });
    }

    test("values that only the database refuses are invalid requests, too", async () => {
      refused(await call("POST", "/customers", { body: customer({ name: "a\u0000b" }) }), 400, "VALIDATION_ERROR");
      refused(await call("POST", "/customers", { body: customer({ creditLimit: "-1.00" }) }), 400, "VALIDATION_ERROR");
      const id = await makeCustomer();
      refused(await call("PATCH", `/customers/${id}`, { body: { name: null } }), 400, "VALIDATION_ERROR");
      refused(await call("GET", "/customers/no-uuid"), 400, "VALIDATION_ERROR");
    });

    test("an e-mail address is unique in an account, whatever its case", async () => {
      const email = `${word()}@example.com`;
      await makeCustomer({ email });
      refused(
        await call("POST", "/customers", { body: customer({ email: email.toUpperCase() }) }),
        409,
        "CUSTOMER_EMAIL_TAKEN",
      );
      const other = await makeCustomer();
      refused(await call("PATCH", `/customers/${other}`, { body: { email } }), 409, "CUSTOMER_EMAIL_TAKEN");
      await made("/customers", customer({ email }), bob);
    });

    test("addresses live under their customer", async () => {
      const id = await makeCustomer();
      const added = await call("POST", `/customers/${id}/addresses`, { body: address({ isDefault: true }) });
      assert.equal(added.status, 201);
      const path = `/customers/${id}/addresses/${text(added.body, "id")}`;
      assert.deepEqual([at(added.body, "customerId"), at(added.body, "kind")], [id, "shipping"]);
      const list = await call("GET", `/customers/${id}/addresses?kind=shipping`);
      assert.deepEqual(list.body, { data: [added.body], total: 1, limit: 20, offset: 0 });
      const changed = await call("PATCH", path, { body: { city: "Bonn" } });
      assert.deepEqual([changed.status, at(changed.body, "city")], [200, "Bonn"]);
      const second = { body: address({ isDefault: true }) };
      refused(await call("POST", `/customers/${id}/addresses`, second), 409, "ADDRESS_DEFAULT_TAKEN");
      refused(
        await call("POST", `/customers/${id}/addresses`, { body: address({ country: "Germany" }) }),
        400,
        "VALIDATION_ERROR",
      );
      refused(
        await call("POST", `/customers/${randomUUID()}/addresses`, { body: address() }),
        404,
        "CUSTOMER_NOT_FOUND",
      );
      refused(await call("GET", `/customers/${randomUUID()}/addresses`), 404, "CUSTOMER_NOT_FOUND");
      const stranger = await makeCustomer();
      const wrong = path.replace(id, stranger);
      refused(await call("PATCH", wrong, { body: {} }), 404, "ADDRESS_NOT_FOUND");
      refused(await call("DELETE", wrong), 404, "ADDRESS_NOT_FOUND");
      assert.equal((await call("DELETE", path)).status, 204);
    });

    test("what orders use cannot be deleted", async () => {
      const id = await makeCustomer();
      const place = await made(`/customers/${id}/addresses`, address());
      await made("/orders", { customerId: id, shippingAddressId: place });
      refused(await call("DELETE", `/customers/${id}/addresses/${place}`), 409, "ADDRESS_IN_USE");
      refused(await call("DELETE", `/customers/${id}`), 409, "CUSTOMER_IN_USE");
    });
  });
}
