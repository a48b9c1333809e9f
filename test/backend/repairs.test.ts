import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { type Answer, at, request, text, tokenFor } from "./support/client.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

/** What the rows of `fixtures/repairs` take from others, and what is kept of their parts. */
suite("values that follow from other rows", { timeout: 240_000 }, () => {
  const customer = randomUUID();
  const token = tokenFor({ sub: customer });
  let backend: RunningBackend;

  const call = (method: string, path: string, body?: unknown) =>
    request(backend.server.url, method, `/api/v1${path}`, { token, ...(body === undefined ? {} : { body }) });
  const part = async (price: string, currency = "EUR"): Promise<string> =>
    text((await call("POST", "/parts", { name: "Chain", price, currency })).body, "id");
  const open = (...items: readonly object[]): Promise<Answer> => call("POST", "/jobs", { items });
  const refused = (answer: Answer, status: number, code: string): void =>
    assert.deepEqual([answer.status, at(answer.body, "error", "code") ?? at(answer.body, "code")], [status, code]);
  const sums = async (path: string): Promise<readonly unknown[]> => {
    const { body } = await call("GET", path);
    return [at(body, "total"), at(body, "itemCount")];
  };

  before(async () => {
    backend = await startBackend("repairs");
    await backend.sql(`INSERT INTO users (id, email) VALUES ('${customer}', 'c@example.com')`);
  });

  after(() => backend?.stop());

  test("nothing of the design is left open", () => {
    assert.deepEqual(backend.project.compilation.needsDetail, []);
  });

  test("a job has the prices of its parts, a number of its own, and whoever opened it", async () => {
    const [chain, bell] = [await part("12.50"), await part("4.00")];
    const { status, body } = await open({ partId: chain, quantity: 2 }, { partId: bell, quantity: 1 });
    assert.deepEqual(
      [status, at(body, "customerId"), at(body, "total"), at(body, "itemCount"), at(body, "status")],
      [201, customer, "29.00", 2, "open"],
      JSON.stringify(body),
    );
    assert.match(text(body, "number"), /^\d{8}-[0-9A-Z]{11}$/);
    const other = await open({ partId: chain, quantity: 1 });
    assert.notEqual(at(other.body, "number"), at(body, "number"));
  });

  test("sums follow what is added, changed and removed, also by many at once", async () => {
    const [chain, bell] = [await part("10.00"), await part("1.00")];
    const path = `/jobs/${text((await open({ partId: chain, quantity: 1 })).body, "id")}`;
    const added = await call("POST", `${path}/items`, { partId: bell, quantity: 3 });
    assert.deepEqual([added.status, at(added.body, "price"), ...(await sums(path))], [201, "1.00", "13.00", 2]);
    const item = `${path}/items/${text(added.body, "id")}`;
    assert.equal((await call("PATCH", item, { quantity: 5 })).status, 200);
    assert.deepEqual(await sums(path), ["15.00", 2]);
    assert.equal((await call("DELETE", item)).status, 204);
    assert.deepEqual(await sums(path), ["10.00", 1]);
    const all = Array.from({ length: 8 }, () => call("POST", `${path}/items`, { partId: bell, quantity: 1 }));
    assert.deepEqual(new Set((await Promise.all(all)).map(({ status }) => status)), new Set([201]));
    assert.deepEqual(await sums(path), ["18.00", 9]);
  });

  test("a part that is not there and another currency leave nothing behind", async () => {
    const [chain, foreign] = [await part("10.00"), await part("10.00", "USD")];
    refused(await open({ partId: randomUUID(), quantity: 1 }), 404, "PART_NOT_FOUND");
    refused(await open({ partId: chain, quantity: 1 }, { partId: foreign, quantity: 1 }), 422, "VALIDATION_ERROR");
    const path = `/jobs/${text((await open({ partId: chain, quantity: 1 })).body, "id")}`;
    refused(await call("POST", `${path}/items`, { partId: foreign, quantity: 1 }), 422, "VALIDATION_ERROR");
    assert.deepEqual(await sums(path), ["10.00", 1]);
  });

  test("a job is started with an item only, and by its life cycle", async () => {
    const chain = await part("10.00");
    const { body } = await open({ partId: chain, quantity: 1 });
    const path = `/jobs/${text(body, "id")}`;
    const item = `${path}/items/${text(body, "items", 0, "id")}`;
    refused(await call("POST", `${path}/finish`), 409, "INVALID_TRANSITION");
    assert.equal((await call("DELETE", item)).status, 204);
    refused(await call("POST", `${path}/start`), 409, "INVALID_TRANSITION");
    assert.equal((await call("POST", `${path}/items`, { partId: chain, quantity: 1 })).status, 201);
    assert.equal((await call("POST", `${path}/start`)).status, 200);
    const finished = await call("POST", `${path}/finish`);
    assert.deepEqual([finished.status, at(finished.body, "status")], [200, "finished"]);
    const moment = text(finished.body, "finishedAt");
    const after = async (time: string): Promise<readonly unknown[]> => {
      const { body: jobs } = await call("GET", `/jobs?finishedAfter=${encodeURIComponent(time)}`);
      return Array.isArray(jobs) ? jobs.map((job) => at(job, "id")) : [jobs];
    };
    assert.deepEqual(await after("2020-01-01T00:00:00Z"), [at(body, "id")]);
    assert.deepEqual(await after(moment), []);
  });

  test("the stock is adjusted within what the checks of the table allow, by many at once", async () => {
    const path = `/parts/${await part("1.00")}`;
    const adjust = (delta: number) => call("POST", `${path}/adjust`, { delta, reason: "count" });
    const all = await Promise.all(Array.from({ length: 10 }, () => adjust(1)));
    assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([200]));
    refused(await adjust(-11), 409, "NOT_ENOUGH_PARTS");
    refused(await adjust(2 ** 31), 422, "VALIDATION_ERROR");
    const { body } = await adjust(-4);
    assert.deepEqual([at(body, "inStock"), at(body, "free")], [6, 6]);
    await backend.sql(`UPDATE parts SET put_aside = 5 WHERE id = '${path.slice("/parts/".length)}'`);
    refused(await adjust(-2), 409, "NOT_ENOUGH_PARTS");
    assert.equal(at((await adjust(1)).body, "free"), 2);
  });

  test("warranties of a job are those of its items", async () => {
    const chain = await part("10.00");
    const [one, other] = [await open({ partId: chain, quantity: 1 }), await open({ partId: chain, quantity: 1 })];
    const item = text(one.body, "items", 0, "id");
    await backend.sql(`INSERT INTO warranties (item_id, text) VALUES ('${item}', 'Two years')`);
    const shown = async (job: Answer) => (await call("GET", `/jobs/${text(job.body, "id")}/warranties`)).body;
    assert.deepEqual([at(await shown(one), 0, "text"), await shown(other)], ["Two years", []]);
    refused(await call("GET", `/jobs/${randomUUID()}/warranties`), 404, "JOB_NOT_FOUND");
  });
});
