import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type Answer, at, type Call, request, text, tokenFor, unreachedErrors } from "./support/client.ts";
import { documentedErrors, pathOfNobody } from "./support/documentedErrors.ts";
import { root } from "./support/paths.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

suite("the backend of the payments", { timeout: 240_000 }, () => {
  let backend: RunningBackend;
  const north = randomUUID();
  const as = (role: string, tenant: string) => tokenFor({ sub: `${role} of ${tenant}`, role, tenant_id: tenant });
  const cashier = as("cashier", north);
  const manager = as("manager", north);
  const stranger = as("manager", randomUUID());

  const call = (method: string, path: string, options: Call = {}) =>
    request(backend.server.url, method, `/v1${path}`, { token: cashier, ...options });
  const refused = (answer: Answer, status: number, code: string): void =>
    assert.deepEqual([answer.status, at(answer.body, "error", "code")], [status, code], JSON.stringify(answer.body));
  const card = { kind: "card", last_four: "4242", expires: "2030-01" };
  const pay = (method: unknown = card, more: Call = {}) =>
    call("POST", "/payments", { body: { amount: 1250, currency: "EUR", method }, ...more });
  const made = async (): Promise<string> => text((await pay()).body, "id");

  before(async () => {
    backend = await startBackend("payments", { logsStatements: true });
  });

  after(() => backend?.stop());

  test("nothing needs detail", () => {
    assert.deepEqual(backend.project.compilation.needsDetail, []);
  });

  const methods: readonly unknown[] = [
    card,
    { kind: "transfer", iban: "DE02120300000000202051" },
    { kind: "wallet", provider: "north", token: null },
  ];
  for (const method of methods) {
    test(`a payment by ${text(method, "kind")} comes back as it was made`, async () => {
      const answer = await pay(method);
      assert.deepEqual([answer.status, at(answer.body, "method")], [201, method]);
      assert.deepEqual((await call("GET", `/payments/${text(answer.body, "id")}`)).body, answer.body);
    });
  }

  const foreign: readonly (readonly [string, unknown, string])[] = [
    ["an unknown kind", { ...card, kind: "cash" }, "method"],
    ["no kind", { last_four: "4242", expires: "2030-01" }, "method"],
    ["the values of another kind", { kind: "card", iban: "DE02120300000000202051" }, "method.card.last_four"],
  ];
  for (const [what, method, field] of foreign) {
    test(`a method with ${what} is refused, and the fault says where`, async () => {
      const answer = await pay(method);
      refused(answer, 422, "INVALID_REQUEST");
      assert.equal(at(answer.body, "error", "details", 0, "field"), field);
    });
  }

  test("a payment moves along the states of the design only, and by whom it may be moved", async () => {
    const path = `/payments/${await made()}`;
    refused(await call("POST", `${path}/refund`, { token: manager }), 409, "PAYMENT_INVALID_STATE");
    const captured = await call("POST", `${path}/capture`);
    assert.deepEqual([captured.status, at(captured.body, "status")], [200, "captured"]);
    assert.match(text(captured.body, "captured_at"), /Z$/);
    refused(await call("POST", `${path}/cancel`), 409, "PAYMENT_INVALID_STATE");
    refused(await call("POST", `${path}/refund`), 403, "FORBIDDEN");
    assert.equal(at((await call("POST", `${path}/refund`, { token: manager })).body, "status"), "refunded");
  });

  test("of two who move a payment at the same time one wins", async () => {
    const id = await made();
    const held = backend.sql(`BEGIN; SELECT 1 FROM payments WHERE id = '${id}' FOR UPDATE; SELECT pg_sleep(1); COMMIT`);
    const answers = await Promise.all(["capture", "cancel"].map((action) => call("POST", `/payments/${id}/${action}`)));
    await held;
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
  });

  test("tenants see nothing of each other, whatever their role", async () => {
    const id = await made();
    for (const [method, path] of [
      ["GET", ""],
      ["POST", "/capture"],
      ["POST", "/refund"],
    ] as const) {
      refused(await call(method, `/payments/${id}${path}`, { token: stranger }), 404, "PAYMENT_NOT_FOUND");
    }
    const { body } = await call("GET", "/payments", { token: stranger });
    assert.deepEqual(body, { data: [], next_cursor: null });
    refused(await call("GET", `/payments/${id}`, { token: tokenFor({ sub: "nobody" }) }), 404, "PAYMENT_NOT_FOUND");
    refused(await pay(card, { token: tokenFor({ sub: "nobody", role: "cashier" }) }), 403, "FORBIDDEN");
  });

  test("every other designed error is answered, and what is refused says where", async () => {
    refused(await call("GET", "/nothing"), 404, "NOT_FOUND");
    refused(await call("PUT", "/payments"), 405, "METHOD_NOT_ALLOWED");
    refused(await request(backend.server.url, "GET", "/v1/payments"), 401, "UNAUTHORIZED");
    const free = await call("POST", "/payments", { body: { amount: 0, currency: "EUR", method: card } });
    refused(free, 422, "INVALID_REQUEST");
    assert.equal(at(free.body, "error", "details", 0, "field"), "amount");
  });

  test("a change that fails at its last step is undone", async () => {
    const path = `/payments/${await made()}`;
    await backend.sql(faultyCapture);
    refused(await call("POST", `${path}/capture`), 500, "INTERNAL_ERROR");
    assert.equal(at((await call("GET", path)).body, "status"), "pending");
    await backend.sql("DROP TRIGGER faulty_capture ON payments");
    assert.equal((await call("POST", `${path}/capture`)).status, 200);
  });

  test("a list by cursor keeps to the tenant and to the filter", async () => {
    for (let count = 0; count < 3; count += 1) await made();
    const first = await call("GET", "/payments?limit=2&status=pending");
    const next = await call("GET", `/payments?limit=2&status=pending&after=${text(first.body, "next_cursor")}`);
    const ids = [0, 1].flatMap((index) => [first, next].map(({ body }) => text(body, "data", index, "id")));
    assert.equal(new Set(ids).size, 4);
    const elsewhere = await call("GET", `/payments?after=${text(first.body, "next_cursor")}`, { token: stranger });
    assert.deepEqual(at(elsewhere.body, "data"), []);
  });

  test("pages by cursor neither repeat nor skip a payment when others come between", async () => {
    const tenant = as("cashier", randomUUID());
    const known: string[] = [];
    for (let count = 0; count < 7; count += 1) known.push(text((await pay(card, { token: tenant })).body, "id"));
    const seen: string[] = [];
    let after = "";
    for (let page = 0; page < 10; page += 1) {
      const { body } = await call("GET", `/payments?limit=2${after}`, { token: tenant });
      seen.push(...ids(body));
      await pay(card, { token: tenant });
      if (at(body, "next_cursor") === null) break;
      after = `&after=${text(body, "next_cursor")}`;
    }
    assert.deepEqual(seen, known.toReversed());
  });

  test("payments of the same moment are on one page each", async () => {
    const tenant = randomUUID();
    await backend.sql(`INSERT INTO payments (tenant_id, amount, currency, method, created_at)
      SELECT '${tenant}', n, 'EUR', '${JSON.stringify(card)}', '2026-01-01' FROM generate_series(1, 5) AS n`);
    const page = (after: string) => call("GET", `/payments?limit=2${after}`, { token: as("cashier", tenant) });
    const seen: string[] = [];
    for (let after: string | undefined = ""; after !== undefined && seen.length < 10; ) {
      const { body } = await page(after);
      seen.push(...ids(body));
      after = at(body, "next_cursor") === null ? undefined : `&after=${text(body, "next_cursor")}`;
    }
    assert.deepEqual([seen.length, new Set(seen).size], [5, 5]);
  });

  test("a list takes as many statements for one row as for two hundred", async () => {
    const tenant = randomUUID();
    await backend.sql(`INSERT INTO payments (tenant_id, amount, currency, method)
      SELECT '${tenant}', n, 'EUR', '${JSON.stringify(card)}' FROM generate_series(1, 200) AS n`);
    const list = (limit: number) => async () => {
      const { body } = await call("GET", `/payments?limit=${limit}`, { token: as("cashier", tenant) });
      assert.equal(ids(body).length, limit);
    };
    const [one, many] = [await backend.selects(list(1)), await backend.selects(list(100))];
    assert.ok(one > 0, "the statements are in the log");
    assert.equal(many, one);
  });

  test("every documented error of every endpoint is reached", async () => {
    const documented = await documentedErrors(join(root, "test/fixtures/payments/docs"));
    const { url } = backend.server;
    const body = { amount: 1, currency: "EUR", method: card };
    for (const endpoint of Object.keys(documented)) {
      const [method = "", path = ""] = endpoint.split(" ");
      const sent = endpoint === "POST /v1/payments" ? { body } : {};
      for (const token of ["", manager, as("guest", north)]) {
        await request(url, method, pathOfNobody(path, randomUUID()), { token, ...sent });
      }
      await request(url, method, `${pathOfNobody(path, "no-uuid")}?limit=0`, { token: manager });
    }
    const captured = `/payments/${await made()}/capture`;
    assert.equal((await call("POST", captured)).status, 200);
    refused(await call("POST", captured), 409, "PAYMENT_INVALID_STATE");
    assert.deepEqual(unreachedErrors(url, documented), []);
  });
});

function ids(page: unknown): readonly string[] {
  const rows = at(page, "data");
  return Array.isArray(rows) ? rows.map((row) => text(row, "id")) : [];
}

/** Lets the database fail when all has been written and the transaction is about to be committed. */
const faultyCapture = `CREATE FUNCTION faulty_capture() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'injected'; END $$;
  CREATE CONSTRAINT TRIGGER faulty_capture AFTER UPDATE ON payments DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION faulty_capture()`;
