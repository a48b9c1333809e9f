import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { parse } from "yaml";
import { contractDifferences } from "./contract/differences.ts";
import { nodeAt } from "./contract/schemas.ts";
import { type Answer, at, request, text } from "./support/client.ts";
import { root } from "./support/paths.ts";
import { type RunningBackend, startBackend } from "./support/runningBackend.ts";

const documents = join(root, "test/fixtures/variants/values/docs");

suite("the backend of value objects held in several columns", { timeout: 240_000 }, () => {
  let backend: RunningBackend;
  const name = { firstName: "Ada", lastName: "Lovelace" };
  const homeAddress = { street: "Main Street 1", city: "London", extra: null };
  const insurance = { company: "Mutual", number: "4711", validUntil: "2030-12-31" };
  const euro = (amount: number) => ({ amount, currency: "EUR" });

  const call = (method: string, path: string, body?: unknown) =>
    request(backend.server.url, method, `/v1${path}`, body === undefined ? {} : { body });
  const admitted = async (more = {}): Promise<Answer> => call("POST", "/patients", { name, homeAddress, ...more });
  const refused = (answer: Answer, field: string): void =>
    assert.deepEqual(
      [answer.status, at(answer.body, "error", "code"), at(answer.body, "error", "details", 0, "field")],
      [422, "VALIDATION_ERROR", field],
      JSON.stringify(answer.body),
    );
  const row = (columns: string, id: string) => backend.sql(`SELECT ${columns} FROM patients WHERE id = '${id}'`);

  before(async () => {
    backend = await startBackend("values", { documents });
  });

  after(() => backend?.stop());

  test("nothing needs detail", () => {
    assert.deepEqual(backend.project.compilation.needsDetail, []);
  });

  test("the application documents every operation as the contract does", async () => {
    const contract: unknown = parse(readFileSync(join(documents, "openapi.yaml"), "utf8"));
    const { body } = await request(backend.server.url, "GET", "/openapi.json");
    const differences = contractDifferences(nodeAt({ contract }, "contract"), nodeAt({ body }, "body"), () => true);
    assert.deepEqual(differences, []);
  });

  test("each part is stored in its column, and comes back as the whole", async () => {
    const made = await admitted({ insurance });
    const id = text(made.body, "id");
    assert.deepEqual([made.status, made.body], [201, { id, name, homeAddress, insurance, allergies: [] }]);
    assert.deepEqual((await call("GET", `/patients/${id}`)).body, made.body);
    const columns =
      "first_name, last_name, home_address_street, home_address_extra, insurance_number, insurance_valid_until";
    assert.equal(await row(columns, id), "Ada|Lovelace|Main Street 1||4711|2030-12-31");
  });

  test("one that may be missing is null in all of its columns, and null in answers", async () => {
    const made = await admitted();
    const id = text(made.body, "id");
    assert.deepEqual([made.status, at(made.body, "insurance")], [201, null]);
    assert.equal(await row("insurance_company IS NULL AND insurance_number IS NULL", id), "t");
    const { body } = await call("GET", "/patients?limit=100");
    assert.deepEqual(
      Object(at(body, "items")).find((item: unknown) => at(item, "id") === id),
      made.body,
    );
  });

  test("a change replaces it as a whole, leaves the others, and null clears it", async () => {
    const id = text((await admitted({ insurance })).body, "id");
    const moved = await call("PATCH", `/patients/${id}`, { homeAddress: { street: "Side Street 2", city: "Paris" } });
    assert.deepEqual(
      [moved.status, at(moved.body, "homeAddress"), at(moved.body, "name"), at(moved.body, "insurance")],
      [200, { street: "Side Street 2", city: "Paris", extra: null }, name, insurance],
    );
    const other = { company: "Other", number: "12" };
    const changed = await call("PATCH", `/patients/${id}`, { insurance: other });
    assert.deepEqual([changed.status, at(changed.body, "insurance")], [200, other]);
    assert.equal(await row("insurance_company, insurance_valid_until IS NULL", id), "Other|t");
    const cleared = await call("PATCH", `/patients/${id}`, { insurance: null });
    assert.deepEqual([cleared.status, at(cleared.body, "insurance")], [200, null]);
    assert.equal(await row("insurance_company IS NULL", id), "t");
  });

  test("what a replacement leaves out becomes null", async () => {
    const id = text((await admitted({ insurance })).body, "id");
    const replaced = await call("PUT", `/patients/${id}`, { name, homeAddress });
    assert.deepEqual([replaced.status, at(replaced.body, "insurance")], [200, null]);
  });

  test("children have their own", async () => {
    const patientId = text((await admitted()).body, "id");
    const lines = [
      { label: "Visit", fee: euro(40), discount: euro(5) },
      { label: "Letter", fee: euro(10.5) },
    ];
    const made = await call("POST", "/invoices", { patientId, total: euro(45.5), lines });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const shown = Object(at(made.body, "lines")).map(({ id: _, ...line }: { readonly id: string }) => line);
    assert.deepEqual(at(made.body, "total"), euro(45.5));
    assert.deepEqual(
      shown.toSorted((left: { readonly label: string }, right: { readonly label: string }) =>
        left.label < right.label ? 1 : -1,
      ),
      [lines[0], { ...lines[1], discount: null }],
    );
    assert.deepEqual((await call("GET", `/invoices/${text(made.body, "id")}`)).body, made.body);
  });

  const wrong: readonly (readonly [what: string, total: unknown, field: string])[] = [
    ["without a part", { amount: 5 }, "currency"],
    ["with a value that the value object refuses", euro(-1), "amount"],
    ["with more digits than the column keeps", euro(1.234), "total.amount"],
    ["in a currency that the check does not list", { amount: 5, currency: "CHF" }, "total.currency"],
    ["that is no object", 5, "total"],
  ];
  for (const [what, total, field] of wrong) {
    test(`one ${what} is refused`, async () => {
      const lines = [{ label: "Visit", fee: euro(40) }];
      refused(await call("POST", "/invoices", { patientId: randomUUID(), total, lines }), field);
    });
  }

  test("what the check of the table demands of a part is refused with the place of it", async () => {
    const lines = [{ label: "Visit", fee: euro(0) }];
    refused(await call("POST", "/invoices", { patientId: randomUUID(), total: euro(0), lines }), "fee.amount");
  });
});
