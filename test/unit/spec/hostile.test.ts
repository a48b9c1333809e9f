import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";

/** Milliseconds; generous, because the machine that runs the tests does other things too. */
const slowest = 5000;

const hostile: readonly (readonly [string, string])[] = [
  ["deep YAML", `openapi: 3.0.0\npaths: ${"[".repeat(20000)}`],
  [
    "alias bomb",
    `openapi: 3.0.0\na: &a [x, x]\n${Array.from({ length: 20 }, (_, i) => `b${i}: &b${i} [*${i === 0 ? "a" : `b${i - 1}`}, *${i === 0 ? "a" : `b${i - 1}`}]`).join("\n")}`,
  ],
  [
    "circle of references",
    `openapi: 3.0.0\npaths: {}\ncomponents:\n  schemas:\n    A: { allOf: [{ $ref: '#/components/schemas/A' }] }\n    B: { oneOf: [{ $ref: '#/components/schemas/B' }], properties: { b: { $ref: '#/x' } } }\nx: { $ref: '#/x' }`,
  ],
  [
    "prototype keys",
    'openapi: 3.0.0\npaths:\n  /__proto__: { get: { responses: { constructor: {} } } }\n  /a: { get: { $ref: "#/constructor/prototype" } }',
  ],
  ["deep lists", Array.from({ length: 100 }, (_, i) => `${" ".repeat(i * 2)}- a`).join("\n")],
  ["long line", `# Errors\n\n${"a ".repeat(100_000)}`],
  ["many pipes", `# API\n\n${"|".repeat(20_000)}\n${"|-".repeat(20_000)}|\n`],
  ["open fence", `# API\n\n\`\`\`sql\nCREATE TABLE a (${"x int,".repeat(20_000)}`],
  ["no text", ""],
  ["arrows", `# State transitions\n\n${"a → ".repeat(20_000)}`],
  ["open comment", "# Errors\n\n```json\n{ /* ".repeat(500)],
];

for (const [what, text] of hostile) {
  test(`hostile input: ${what}`, async () => {
    const started = performance.now();
    await readSpec([{ path: "hostile", text }]);
    assert.ok(performance.now() - started < slowest, `${Math.round(performance.now() - started)} ms`);
  });
}
