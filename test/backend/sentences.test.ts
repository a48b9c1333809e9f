import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { staticTools } from "./support/backend.ts";
import { type Answer, at, request, text, tokenFor } from "./support/client.ts";
import { python } from "./support/paths.ts";
import { run } from "./support/processes.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

/** The rules of `fixtures/mailorder` about a row and another one, a person or a moment, each broken once. */
suite("rules about more than one row", { timeout: 240_000 }, () => {
  const ann = "00000000-0000-4000-8000-00000000000a";
  const bob = "00000000-0000-4000-8000-00000000000b";
  const cat = "00000000-0000-4000-8000-00000000000c";
  const tokens: Readonly<Record<string, string>> = {
    ann: tokenFor({ sub: ann, role: "customer" }),
    bob: tokenFor({ sub: bob, role: "customer" }),
    cat: tokenFor({ sub: cat, role: "clerk" }),
  };
  let backend: RunningBackend;

  const call = (who: string, method: string, path: string, body?: unknown): Promise<Answer> =>
    request(backend.server.url, method, `/api/v1${path}`, {
      ...(tokens[who] !== undefined && { token: tokens[who] }),
      ...(body !== undefined && { body }),
    });
  const refused = (answer: Answer, status: number, code: string): void =>
    assert.deepEqual([answer.status, at(answer.body, "error", "code")], [status, code], JSON.stringify(answer.body));
  const done = (answer: Answer, status = 200): Answer => {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    return answer;
  };
  const product = async (values: object = {}): Promise<string> =>
    text(done(await call("cat", "POST", "/products", { name: "Tea", ...values }), 201).body, "id");
  const ordered = async (values: object = {}): Promise<string> =>
    `/orders/${text(done(await call("ann", "POST", "/orders", values), 201).body, "id")}`;

  before(async () => {
    backend = await startBackend("mailorder");
    await backend.sql(`INSERT INTO users (id, email, password_hash, role) VALUES
      ('${ann}', 'ann@example.com', 'x', 'customer'), ('${bob}', 'bob@example.com', 'x', 'customer'),
      ('${cat}', 'cat@example.com', 'x', 'clerk')`);
  });

  after(() => backend?.stop());

  for (const [tool, args] of staticTools) {
    test(`${tool} finds nothing`, async () => {
      const { code, output } = await run(python(tool), args, { cwd: backend.project.folder });
      assert.equal(code, 0, output);
    });
  }

  test("every rule is kept", () => {
    assert.deepEqual(backend.project.compilation.needsDetail, []);
  });

  test("BR-1: what is discontinued comes neither with an order nor into one", async () => {
    const [good, gone] = [await product(), await product({ discontinued: true })];
    const lines = [good, gone].map((product_id) => ({ product_id, quantity: 1 }));
    refused(await call("ann", "POST", "/orders", { lines }), 409, "PRODUCT_DISCONTINUED");
    const order = await ordered({ lines: lines.slice(0, 1) });
    refused(await call("ann", "POST", `${order}/order-lines`, lines[1]), 409, "PRODUCT_DISCONTINUED");
    done(await call("ann", "POST", `${order}/order-lines`, lines[0]), 201);
  });

  test("BR-2: the check of the table is answered with the code", async () => {
    const product_id = await product();
    const stock = (reserved: number) => call("cat", "POST", "/stock-items", { product_id, on_hand: 2, reserved });
    refused(await stock(3), 409, "INSUFFICIENT_STOCK");
    done(await stock(2), 201);
  });

  test("BR-3: lines of a placed order are neither made, changed nor removed", async () => {
    const line = { product_id: await product(), quantity: 1 };
    const order = await ordered();
    const path = `${order}/order-lines`;
    const own = `${path}/${text(done(await call("ann", "POST", path, line), 201).body, "id")}`;
    done(await call("ann", "PATCH", own, { quantity: 2 }));
    done(await call("ann", "POST", `${order}/place`));
    refused(await call("ann", "POST", path, line), 409, "ORDER_NOT_EDITABLE");
    refused(await call("ann", "PATCH", own, { quantity: 3 }), 409, "ORDER_NOT_EDITABLE");
    refused(await call("ann", "DELETE", own), 409, "ORDER_NOT_EDITABLE");
    assert.equal(at(done(await call("ann", "GET", order)).body, "lines", 0, "quantity"), 2);
  });

  test("BR-3: of a line and the placing at the same time one waits for the other", async () => {
    const line = { product_id: await product(), quantity: 1 };
    const order = await ordered();
    const answers = await Promise.all([
      ...Array.from({ length: 2 }, () => call("ann", "POST", `${order}/order-lines`, line)),
      call("ann", "POST", `${order}/place`),
    ]);
    assert.deepEqual(
      answers.filter(({ status }) => ![200, 201, 409].includes(status)),
      [],
    );
  });

  test("BR-4: an order is there for its customer and for clerks, and for nobody else", async () => {
    const line = { product_id: await product(), quantity: 1 };
    const order = await ordered({ lines: [line] });
    for (const who of ["ann", "cat"]) done(await call(who, "GET", order));
    refused(await call("bob", "GET", order), 404, "ORDER_NOT_FOUND");
    refused(await call("bob", "PATCH", order, { labels: [] }), 404, "ORDER_NOT_FOUND");
    refused(await call("bob", "POST", `${order}/place`), 404, "ORDER_NOT_FOUND");
    refused(await call("bob", "POST", `${order}/order-lines`, line), 404, "ORDER_NOT_FOUND");
    refused(await call("bob", "GET", `${order}/notes`), 404, "ORDER_NOT_FOUND");
    assert.deepEqual(done(await call("bob", "GET", "/orders")).body, []);
    assert.ok(JSON.stringify(done(await call("cat", "GET", "/orders")).body).includes(order.slice(8)));
  });

  test("BR-5: of many lines at the same time three come through", async () => {
    const line = { product_id: await product(), quantity: 1 };
    refused(await call("ann", "POST", "/orders", { lines: [line, line, line, line] }), 409, "ORDER_LINES_LIMIT");
    const path = `${await ordered({ lines: [line] })}/order-lines`;
    const answers = await Promise.all(Array.from({ length: 5 }, () => call("ann", "POST", path, line)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 409, 409, 409]);
  });

  test("BR-6: without a tracking number nothing is delivered, and what is in another state says so first", async () => {
    const order = await ordered();
    refused(await call("ann", "POST", `${order}/deliver`), 409, "INVALID_STATUS");
    for (const step of ["place", "ship"]) done(await call("ann", "POST", `${order}/${step}`));
    refused(await call("ann", "POST", `${order}/deliver`), 409, "TRACKING_NUMBER_REQUIRED");
    assert.equal(at(done(await call("ann", "GET", order)).body, "status"), "shipped");
    done(await call("ann", "PATCH", order, { tracking_number: "T1" }));
    done(await call("ann", "POST", `${order}/deliver`));
  });

  test("BR-7: only clerks handle, and nobody who is not there", async () => {
    const order = await ordered();
    for (const handler_id of [bob, "00000000-0000-4000-8000-00000000000f"]) {
      refused(await call("cat", "PATCH", order, { handler_id }), 422, "HANDLER_NOT_CLERK");
    }
    done(await call("cat", "PATCH", order, { handler_id: cat }));
    done(await call("cat", "PATCH", order, { labels: ["a"] }));
  });

  test("BR-8: internal notes are in no list and under no address for customers", async () => {
    const order = await ordered();
    const note = async (values: object) =>
      text(done(await call("cat", "POST", `${order}/notes`, { body: "Text", ...values }), 201).body, "id");
    const [open, hidden] = [await note({}), await note({ internal: true })];
    const listed = async (who: string) => {
      const { body } = done(await call(who, "GET", `${order}/notes`));
      return Array.isArray(body) ? body.map((item) => text(item, "id")).sort() : body;
    };
    assert.deepEqual([await listed("ann"), await listed("cat")], [[open], [open, hidden].sort()]);
    refused(await call("ann", "GET", `/notes/${hidden}`), 404, "NOTE_NOT_FOUND");
    refused(await call("ann", "DELETE", `/notes/${hidden}`), 404, "NOTE_NOT_FOUND");
    done(await call("cat", "GET", `/notes/${hidden}`));
  });

  test("BR-9: a delivered order takes no notes", async () => {
    const order = await ordered();
    done(await call("ann", "POST", `${order}/notes`, { body: "Text" }), 201);
    await backend.sql(`UPDATE orders SET status = 'delivered' WHERE id = '${order.slice(8)}'`);
    refused(await call("ann", "POST", `${order}/notes`, { body: "Text" }), 409, "ORDER_DELIVERED");
  });

  test("BR-10: a list in a column has a limit, when it is made and when it is changed", async () => {
    const labels = ["a", "b", "c"];
    refused(await call("ann", "POST", "/orders", { labels }), 422, "VALIDATION_ERROR");
    const order = await ordered({ labels: labels.slice(1) });
    refused(await call("ann", "PATCH", order, { labels }), 422, "VALIDATION_ERROR");
  });

  test("BR-11: an order is withdrawn while it is time", async () => {
    const [early, late] = [await ordered(), await ordered()];
    for (const order of [early, late]) done(await call("ann", "POST", `${order}/place`));
    await backend.sql(
      `UPDATE orders SET placed_at = now() - interval '14 days 1 minute' WHERE id = '${late.slice(8)}'`,
    );
    refused(await call("ann", "POST", `${late}/withdraw`), 409, "WITHDRAWN_TOO_LATE");
    done(await call("ann", "POST", `${early}/withdraw`));
  });

  test("BR-12: who has been switched off is told so, with the right password only", async () => {
    const script = 'from app.core.passwords import hash_password; print(hash_password("horse"))';
    const { output } = await run(python("python"), ["-c", script], { cwd: join(backend.project.folder, "src") });
    const hash = output.trim();
    assert.match(hash, /^\$argon2id\$/);
    await backend.sql(`INSERT INTO users (email, password_hash, active) VALUES
      ('on@example.com', '${hash}', true), ('off@example.com', '${hash}', false)`);
    const login = (email: string, password: string) => call("nobody", "POST", "/login", { email, password });
    done(await login("on@example.com", "horse"));
    refused(await login("off@example.com", "horse"), 403, "USER_INACTIVE");
    refused(await login("off@example.com", "wrong"), 401, "INVALID_CREDENTIALS");
  });
});
