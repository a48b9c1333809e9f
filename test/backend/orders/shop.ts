import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Answer, at, type Call, request, text, tokenFor } from "../support/client.ts";

export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type Shop = ReturnType<typeof createShop>;

/** Callers of the sample's API, and what most tests need of it; `url` is known once the server runs. */
export function createShop(url: () => string) {
  const alice = tokenFor({ sub: randomUUID(), role: "sales" });
  const bob = tokenFor({ sub: randomUUID(), role: "sales" });
  const staff = tokenFor({ sub: randomUUID(), role: "staff" });

  const call = (method: string, path: string, options: Call = {}): Promise<Answer> =>
    request(url(), method, `/api/v1${path}`, { token: alice, ...options });

  /** The id of what a successful POST made. */
  const made = async (path: string, body: unknown, token = alice): Promise<string> => {
    const answer = await call("POST", path, { body, token });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return text(answer.body, "id");
  };

  const customer = (overrides = {}) => ({ name: "Ada & Co", email: `${randomUUID()}@example.com`, ...overrides });
  const address = (overrides = {}) => ({
    line1: "Main St 1",
    postalCode: "12345",
    city: "Ulm",
    country: "DE",
    ...overrides,
  });
  const word = () => randomUUID().slice(0, 8);
  const sku = () => `SKU-${word().toUpperCase()}`;
  const makeCustomer = (overrides = {}) => made("/customers", customer(overrides));
  const makeCategory = (overrides = {}) =>
    made("/categories", { slug: `c-${word()}`, name: "Tools", ...overrides }, staff);
  const makeProduct = async (overrides = {}) =>
    made(
      "/products",
      { categoryId: await makeCategory(), sku: sku(), name: "Hammer", price: "19.90", ...overrides },
      staff,
    );
  const makeOrder = async (items: readonly unknown[] = []) =>
    made("/orders", { customerId: await makeCustomer(), items });
  const makeFilledOrder = async () => makeOrder([{ productId: await makeProduct(), quantity: 2 }]);

  const refused = (answer: Answer, status: number, code: string): void => {
    const seen = { status: answer.status, code: at(answer.body, "error", "code") };
    assert.deepEqual(seen, { status, code }, JSON.stringify(answer.body));
    assert.deepEqual(Object.keys(Object(at(answer.body, "error"))), [
      "code",
      "message",
      "correlationId",
      "timestamp",
      "details",
    ]);
    assert.match(text(answer.body, "error", "correlationId"), uuid);
    assert.equal(answer.headers.get("x-correlation-id"), text(answer.body, "error", "correlationId"));
    assert.match(text(answer.body, "error", "timestamp"), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  };

  return {
    alice,
    bob,
    staff,
    call,
    made,
    refused,
    customer,
    address,
    word,
    sku,
    makeCustomer,
    makeCategory,
    makeProduct,
    makeOrder,
    makeFilledOrder,
  };
}
