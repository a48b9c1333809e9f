import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, compileDesign, fileOf } from "../../support/compiledApi.ts";

const sql = `
  CREATE TABLE invoices (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), total_amount numeric(12,2) NOT NULL DEFAULT 0,
    line_count int NOT NULL DEFAULT 0);
  CREATE TABLE invoice_lines (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    invoice_id uuid NOT NULL REFERENCES invoices (id) ON DELETE CASCADE, hours int NOT NULL, rate numeric(12,2) NOT NULL,
    amount numeric(12,2) NOT NULL);`;

const schemas = {
  InvoiceLine: "{ type: object, properties: { id: { type: string }, hours: { type: integer } } }",
  Invoice:
    "{ type: object, properties: { id: { type: string }, lines: { type: array, items: { $ref: '#/components/schemas/InvoiceLine' } } } }",
};
const operations = {
  "GET /invoices/{id}": `{ ${answers("{ $ref: '#/components/schemas/Invoice' }")} }`,
  "DELETE /invoices/{id}/lines/{lineId}": "{ responses: { '204': { description: Gone. } } }",
};

const read: readonly (readonly [sentence: string, kept: string | undefined])[] = [
  [
    "The total of an invoice is the sum of hours × rate of its lines.",
    "total_amount=sum((item.hours * item.rate for item in found.lines), Decimal())",
  ],
  [
    "An invoice's total equals the sum of its line amounts.",
    "total_amount=sum((item.amount for item in found.lines), Decimal())",
  ],
  [
    "The total amount of an invoice is computed as the sum of rate times hours over all invoice lines.",
    "total_amount=sum((item.rate * item.hours for item in found.lines), Decimal())",
  ],
  ["The line count of an invoice is the number of its lines.", "line_count=len(found.lines)"],
  ["The total of an invoice is the sum of hours × discount of its lines.", undefined],
  ["The total of a customer is the sum of hours × rate of its lines.", undefined],
  ["The total of an invoice is the sum of hours × rate of its lines minus the discount.", undefined],
];

for (const [sentence, kept] of read) {
  test(`${sentence} ${kept ?? "is not understood"}`, async () => {
    const more = { "domain.md": `# Domain Model\n\n## Invoice\n\n- id\n\n## Business rules\n\n- BR-1: ${sentence}\n` };
    const compilation = await compileDesign({ sql, schemas, operations, more });
    const text = fileOf(compilation, "src/app/services/totals.py").replace(/\s+/g, " ");
    const [, changes] = /InvoiceChanges\( ?(.*?),? ?\) updated/.exec(text) ?? [];
    assert.equal(changes, kept);
    assert.equal(
      compilation.needsDetail.some(({ element }) => element === "rule:BR-1"),
      kept === undefined,
    );
    const service = fileOf(compilation, "src/app/services/invoice_line.py")
      .split("\n")
      .map((line) => line.trim());
    const locks = service.indexOf("await uow.invoices.find_by_id(invoice_id, for_update=True)");
    const keeps = service.indexOf("await keep_invoice_totals(uow, found.invoice_id)");
    assert.deepEqual([locks >= 0, keeps > locks], kept === undefined ? [false, false] : [true, true]);
  });
}

const described: readonly (readonly [description: string, computed: string | undefined])[] = [
  ["hours times rate", "return self.hours * self.rate"],
  ["Computed: `amount` - `rate`.", "return self.amount - self.rate"],
  ["the amount plus the rate", "return self.amount + self.rate"],
  ["amount minus discount", undefined],
  ["What is left", undefined],
];

for (const [description, computed] of described) {
  test(`an optional property that is "${description}" is ${computed ?? "left out"}`, async () => {
    const line = `{ type: object, required: [id], properties: { id: { type: string }, worth: { type: number, description: "${description}" } } }`;
    const compilation = await compileDesign({ sql, operations: { "GET /invoice-lines/{id}": `{ ${answers(line)} }` } });
    const entity = fileOf(compilation, "src/app/domain/invoice_line.py");
    assert.equal(/def worth\(self\) -> Decimal:[\s\S]*?(return .*)/.exec(entity)?.[1], computed);
  });
}
