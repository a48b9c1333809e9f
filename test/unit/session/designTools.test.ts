import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as z from "zod";
import { answerTool, designToolInputs } from "../../../src/session/designTools.ts";
import type { Known } from "../../../src/session/questions/answerQuestion.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { reviewWith } from "../../support/designFixture.ts";

async function knownOf(text: string, findings = 1): Promise<Known> {
  const review = reviewWith({ secrets: "A key stands in the code." });
  const checklist = review.checklist.map((item) => ({
    ...item,
    findings: item.findings.flatMap((finding) => Array.from({ length: findings }, () => finding)),
  }));
  return { reading: await readSpec([{ path: "schema.sql", text }]), review: { ...review, checklist } };
}

const sql =
  "CREATE TABLE orders (id uuid PRIMARY KEY, note text DEFAULT 'x');\nCREATE INDEX idx_note ON orders (note);\n";

test("the manifest's input schemas are those that the input is checked by", () => {
  const path = join(import.meta.dirname, "../../../package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  const wanted = Object.fromEntries(
    Object.entries(designToolInputs).map(([name, schema]) => {
      const { $schema: _, additionalProperties: __, ...json } = z.toJSONSchema(schema, { io: "input" });
      return [name, json];
    }),
  );
  const tools: { name: string; inputSchema: unknown }[] = manifest.contributes.languageModelTools;
  if (process.env["UPDATE_GOLDEN"] === "1") {
    for (const tool of tools) tool.inputSchema = wanted[tool.name];
    writeFileSync(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
  }
  assert.deepEqual(Object.fromEntries(tools.map(({ name, inputSchema }) => [name, inputSchema])), wanted);
});

test("the specification is given whole, by kinds, or one element of it", async () => {
  const known = await knownOf(sql);
  const ask = (input: unknown): string => answerTool("backend_spec", input, known);
  assert.match(
    ask(undefined),
    /^Read from schema\.sql\. .*data[\s\S]*## Tables\n- orders[\s\S]*## Indexes\n- idx_note/,
  );
  assert.equal(ask({ kinds: ["index"] }), "## Indexes\n- idx_note: btree on orders(note)");
  assert.match(ask({ element: "table orders" }), /^### Table `orders`/);
});

test("the coverage is what is not as designed, unless something else is asked for", async () => {
  const known = await knownOf(sql);
  const totals = "Coverage of the design: 1 implemented, 0 missing, 0 mismatched; 0 beyond the design.";
  assert.equal(answerTool("backend_coverage", {}, known), `${totals}\n\nNo element asked for.`);
  assert.equal(
    answerTool("backend_coverage", { status: ["implemented"] }, known),
    `${totals}\n\n1 element asked for:\n\n- entity:Order is implemented (\`docs/domain.md:3\`)`,
  );
});

test("a checklist item comes with its findings, bounded", async () => {
  const text = answerTool("backend_check", { items: ["secrets"] }, await knownOf(sql, 40));
  assert.match(
    text,
    /^- secrets \(Item secrets\): fail\n {2}- src\/app\/domain\/order\.py:1: A key stands in the code\.\n/,
  );
  assert.match(text, /… and 10 more$/);
});

test("an input that is not as the schema says is told so", async () => {
  const known = await knownOf(sql);
  assert.match(answerTool("backend_check", { items: ["beauty"] }, known), /^The input is not as the schema says\. /);
});

test("a secret of a document does not leave, and a large design is cut at a line", async () => {
  const token = ["ghp", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("_");
  const secret = answerTool(
    "backend_spec",
    {},
    await knownOf(`CREATE TABLE keys (id uuid PRIMARY KEY, value text DEFAULT '${token}');`),
  );
  assert.ok(!secret.includes(token));
  assert.match(secret, /«secret:github-token»/);
  const tables = Array.from({ length: 900 }, (_, index) => `CREATE TABLE t${index} (id uuid PRIMARY KEY);`).join("\n");
  const large = answerTool("backend_spec", {}, await knownOf(tables));
  assert.ok(large.length < 24_200);
  assert.match(large, /\n\n\[Cut: \d+ of \d+ characters\. Ask for kinds, or for one element\.\]$/);
});
