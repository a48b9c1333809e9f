import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";

const openapi = (type: string): string =>
  `\`\`\`yaml\nopenapi: 3.0.0\npaths:\n  /orders:\n    get:\n      responses:\n        "200":\n          content:\n            application/json:\n              schema: { type: ${type} }\n\`\`\`\n`;

test("of a whole document and its parts, the parts count, and what only the whole has stays", async () => {
  const whole = `# Architecture\n\n## API\n\n${openapi("string")}\n## Error codes\n\n| Code | HTTP status |\n|---|---|\n| \`A_ONE\` | 404 |\n| \`B_TWO\` | 409 |\n`;
  const api = "# API\n\n### GET /orders\n\n**Response 200**\n\n```json\n[1]\n```\n";
  const errors = "# Error codes\n\n| Code | HTTP status |\n|---|---|\n| `A_ONE` | 410 |\n";
  const { spec, problems } = await readSpec([
    { path: "docs/architecture.md", text: whole },
    { path: "docs/architecture/api.md", text: api },
    { path: "docs/architecture/errors.md", text: errors },
  ]);
  assert.deepEqual(
    spec.errors.codes.map(({ name, status }) => [name, status]),
    [
      ["B_TWO", 409],
      ["A_ONE", 410],
    ],
  );
  assert.deepEqual(
    spec.api.endpoints.map(({ source, responses }) => [source.path, responses[0]?.schema?.type]),
    [["docs/architecture/api.md", "array"]],
  );
  const warnings = problems.filter(({ code }) => ["SPEC-WHOLE", "SPEC-DUPLICATE", "SPEC-STATUS"].includes(code));
  assert.deepEqual(
    warnings.map(({ path, code }) => `${path} ${code}`),
    ["docs/architecture.md SPEC-WHOLE", "docs/architecture.md SPEC-DUPLICATE", "docs/architecture.md SPEC-STATUS"],
  );
});

test("a folder of another name is no part, and endpoints of a style guide are no contract", async () => {
  const { spec, problems } = await readSpec([
    { path: "docs/orders.md", text: "# Orders API\n\n### GET /orders\n" },
    { path: "docs/order/api.md", text: "# API\n\n### GET /items\n" },
    { path: "docs/api-standards.md", text: "# API standards\n\n### GET /examples\n\n### POST /widgets\n" },
  ]);
  assert.deepEqual(
    spec.api.endpoints.map(({ name }) => name),
    ["GET /orders", "GET /items"],
  );
  assert.deepEqual(
    problems
      .filter(({ code }) => code === "SPEC-WHOLE" || code === "SPEC-GUIDE")
      .map(({ path, line }) => `${path}:${line}`),
    ["docs/api-standards.md:3"],
  );
});
