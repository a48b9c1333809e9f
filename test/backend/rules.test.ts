import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { type Answer, at, request, text } from "./support/client.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

/** The rules of `fixtures/rules`, each broken once; the ids are those of its domain model. */
suite("rules that a sentence states", { timeout: 240_000 }, () => {
  let backend: RunningBackend;
  let halls = 0;

  const call = (method: string, path: string, body?: unknown) =>
    request(backend.server.url, method, `/api/v1${path}`, body === undefined ? {} : { body });
  const refused = (answer: Answer, status: number, code: string): void =>
    assert.deepEqual([answer.status, at(answer.body, "error", "code")], [status, code], JSON.stringify(answer.body));
  const hall = async (name = `Hall ${++halls}`): Promise<Answer> => call("POST", "/halls", { name, seats: 80 });
  const booking = { title: "Ball", guests: 60, starts_on: "2031-02-01", ends_on: "2031-02-02" };
  const book = async (values: object = {}): Promise<Answer> =>
    call("POST", "/bookings", { hall_id: text((await hall()).body, "id"), ...booking, ...values });
  const booked = async (): Promise<string> => `/bookings/${text((await book()).body, "id")}`;

  before(async () => {
    backend = await startBackend("rules");
  });

  after(() => backend?.stop());

  test("what no form says needs detail, and says where it is to be written", () => {
    assert.deepEqual(
      backend.project.compilation.needsDetail.map(({ element, source }) => [element, source.line]),
      [
        ["rule:BR-12", 55],
        ["rule:BR-13", 56],
      ],
    );
  });

  const broken: readonly (readonly [string, object, number, string])[] = [
    ["BR-1, a range", { guests: 101 }, 422, "VALIDATION_ERROR"],
    ["BR-1, from below", { guests: 0 }, 422, "VALIDATION_ERROR"],
    ["BR-2, a length, in German", { title: "x".repeat(41) }, 400, "BOOKING_TITLE_TOO_LONG"],
    ["BR-3, an order", { starts_on: "2031-02-03" }, 400, "BOOKING_DATES_INVALID"],
  ];
  for (const [rule, values, status, code] of broken) {
    test(`${rule}: neither made nor changed to`, async () => {
      refused(await book(values), status, code);
      const path = await booked();
      refused(await call("PATCH", path, values), status, code);
      assert.deepEqual((await call("GET", path)).status, 200);
    });
  }

  const extras: readonly (readonly [string, object, number, string | undefined])[] = [
    ["BR-14, of all money", { price: "5000.01", price_currency: "EUR" }, 400, "EXTRA_TOO_DEAR"],
    ["an amount below zero", { price: "-0.01", price_currency: "EUR" }, 422, "VALIDATION_ERROR"],
    ["a currency in no code", { price: "1.00", price_currency: "eur" }, 422, "VALIDATION_ERROR"],
    ["an address of no form", { contact: "nobody" }, 422, "VALIDATION_ERROR"],
    ["an address that is too long", { contact: `${"x".repeat(60)}@example.com` }, 422, "VALIDATION_ERROR"],
    [
      "what is money, and an address",
      { price: "5000.00", price_currency: "EUR", contact: "a@b.example" },
      201,
      undefined,
    ],
    ["neither", {}, 201, undefined],
  ];
  for (const [what, values, status, code] of extras) {
    test(`value objects are held in their columns: ${what}`, async () => {
      const { status: given, body } = await call("POST", `${await booked()}/extras`, { name: "Piano", ...values });
      assert.deepEqual([given, at(body, "error", "code")], [status, code], JSON.stringify(body));
    });
  }

  test("BR-3: what fits is taken, and a refused change leaves nothing behind", async () => {
    const path = await booked();
    assert.equal((await call("PATCH", path, { ends_on: "2031-02-01" })).status, 200);
    refused(await call("PATCH", path, { title: "Other", ends_on: "2031-01-01" }), 400, "BOOKING_DATES_INVALID");
    const { body } = await call("GET", path);
    assert.deepEqual([at(body, "title"), at(body, "ends_on")], ["Ball", "2031-02-01"]);
  });

  test("BR-4, BR-5: a confirmed booking is neither changed nor deleted, a draft is both", async () => {
    const path = await booked();
    assert.equal((await call("PATCH", path, { title: "Gala" })).status, 200);
    assert.equal((await call("POST", `${path}/confirm`)).status, 200);
    refused(await call("PATCH", path, { title: "Ball" }), 409, "BOOKING_LOCKED");
    refused(await call("DELETE", path), 409, "BOOKING_LOCKED");
    assert.equal((await call("DELETE", await booked())).status, 204);
  });

  test("BR-6: of many who add at the same time three come through", async () => {
    const path = await booked();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call("POST", `${path}/extras`, { name: "Piano" })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 201, 409, 409, 409, 409, 409]);
    refused(await call("POST", `${path}/extras`, { name: "Piano" }), 409, "BOOKING_FULL");
  });

  test("BR-7: only the rows in the state count", async () => {
    const hall_id = text((await hall()).body, "id");
    const [first] = [await book({ hall_id }), await book({ hall_id })];
    refused(await book({ hall_id }), 409, "HALL_DRAFTS_LIMIT");
    assert.equal((await call("POST", `/bookings/${text(first?.body, "id")}/confirm`)).status, 200);
    assert.equal((await book({ hall_id })).status, 201);
  });

  test("BR-8, BR-9: a length in Japanese, and a name that is unique whatever its case", async () => {
    refused(await hall("n".repeat(21)), 422, "VALIDATION_ERROR");
    assert.equal((await hall("Blue hall")).status, 201);
    refused(await hall("BLUE HALL"), 409, "HALL_NAME_TAKEN");
  });

  test("a table of rate limits is kept: the 41st call of an address in a minute waits", async () => {
    const answers: Answer[] = [];
    while (answers.at(-1)?.status !== 429 && answers.length < 60) answers.push(await hall());
    const refusal = answers.at(-1);
    assert.ok(refusal && answers.length <= 41);
    refused(refusal, 429, "RATE_LIMITED");
    const wait = Number(refusal.headers.get("retry-after"));
    assert.ok(wait >= 1 && wait <= 60, String(wait));
    assert.equal((await call("GET", "/bookings")).status, 200);
  });
});
