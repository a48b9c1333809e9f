import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, compileDesign, fileOf, takes } from "../../support/compiledApi.ts";

const sql = `
  CREATE TABLE stock_items (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), on_hand int NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
    reserved int NOT NULL DEFAULT 0, min_level int NOT NULL DEFAULT 0, CHECK (reserved <= on_hand));
  CREATE TABLE wallets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), label text NOT NULL, balance numeric(12,2) NOT NULL DEFAULT 0);
  CREATE TABLE courses (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), seats int NOT NULL DEFAULT 0, credits int NOT NULL DEFAULT 0);`;

const answer = answers("{ type: object, properties: { id: { type: string } } }");
const body = (...properties: readonly string[]) =>
  takes(`{ type: object, required: [${properties[0]?.split(":")[0]}], properties: { ${properties.join(", ")} } }`);
const delta = body("delta: { type: integer }", "reason: { type: string }");
const amount = body("amount: { type: number }");
const described = (text: string) => `description: ${text}`;

const adjusted: readonly (readonly [endpoint: string, operation: string, service: string, lines: readonly string[]])[] =
  [
    [
      "POST /stock-items/{id}/adjust",
      `{ ${described("Adds delta to the stock on hand. Refused where it falls below what is reserved.")}, ${delta}, ${answer} }`,
      "stock_item",
      [
        "on_hand = found.on_hand + delta",
        "if on_hand < 0 or on_hand < found.reserved or on_hand >= 2**31:",
        "found.id, StockItemChanges(on_hand=on_hand)",
      ],
    ],
    [
      "POST /stock-items/{id}/release",
      `{ ${body("quantity: { type: integer }")}, ${answer} }`,
      "stock_item",
      [
        "if quantity < 0:",
        "reserved = found.reserved - quantity",
        "if reserved > found.on_hand or reserved >= 2**31 or reserved <= -(2**31):",
        "found.id, StockItemChanges(reserved=reserved)",
      ],
    ],
    [
      "POST /wallets/{id}/withdraw",
      `{ ${amount}, ${answer} }`,
      "wallet",
      [
        "if amount < 0:",
        "balance = found.balance - amount",
        "if balance >= Decimal(10) ** 10 or balance <= -(Decimal(10) ** 10):",
        "updated = await uow.wallets.update(found.id, WalletChanges(balance=balance))",
      ],
    ],
  ];

for (const [endpoint, operation, service, lines] of adjusted) {
  test(`${endpoint} changes a locked row: ${lines.at(-1)}`, async () => {
    const compilation = await compileDesign({ sql, operations: { [endpoint]: operation } });
    assert.deepEqual(compilation.needsDetail, []);
    const text = fileOf(compilation, `src/app/services/${service}.py`);
    assert.match(text, /found = await existing_\w+\(\s*uow, \w+, for_update=True/);
    const body = text.split("\n").map((line) => line.trim());
    assert.deepEqual(
      lines.filter((line) => !body.includes(line)),
      [],
    );
  });
}

const open: readonly (readonly [endpoint: string, operation: string])[] = [
  ["POST /courses/{id}/adjust", `{ ${delta}, ${answer} }`],
  ["POST /wallets/{id}/deposit", `{ ${described("Withdraws the amount from the wallet.")}, ${amount}, ${answer} }`],
  ["POST /wallets/{id}/transfer", `{ ${amount}, ${answer} }`],
  ["POST /wallets/{id}/deposit", `{ ${body("amount: { type: number }", "label: { type: string }")}, ${answer} }`],
];

for (const [endpoint, operation] of open) {
  test(`${endpoint} with ${operation.slice(0, 60)} is left open`, async () => {
    const { needsDetail } = await compileDesign({ sql, operations: { [endpoint]: operation } });
    assert.deepEqual(
      needsDetail.map(({ element }) => element),
      [`endpoint:${endpoint}`],
    );
  });
}
