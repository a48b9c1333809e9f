import assert from "node:assert/strict";
import { test } from "node:test";
import { compileDesign } from "../../support/compiledApi.ts";

const sql = `CREATE TABLE accounts (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE TABLE shops (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), run_by uuid NOT NULL REFERENCES accounts (id),
  region text NOT NULL, slug text NOT NULL, code text NOT NULL, UNIQUE (run_by, slug), UNIQUE (region, run_by, code));
CREATE UNIQUE INDEX shops_code_key ON shops (region, lower(code));`;

/** Whether a key of the table keeps the rule. */
const rules: Readonly<Record<string, boolean>> = {
  "The slug of a shop is unique per account": true,
  "The slug of a shop is unique within its account": true,
  "The slug of a shop is unique per region": false,
  "The slug of a shop is unique per account and region": false,
  "The slug of a shop is unique per account, whatever its case": false,
  "The code of a shop is unique per region and account": true,
  "The code of a shop is unique per region, whatever its case": true,
  "The code of a shop is unique per account": false,
};
for (const [text, isKept] of Object.entries(rules)) {
  test(`${isKept ? "kept" : "not kept"} by a key: ${text}`, async () => {
    const more = { "domain.md": `# Domain model\n\n## Business rules\n\n- BR-1: ${text}\n` };
    const { needsDetail } = await compileDesign({ sql, more });
    assert.equal(!needsDetail.some(({ element }) => element === "rule:BR-1"), isKept);
  });
}
