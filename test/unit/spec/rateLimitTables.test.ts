import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";

const endpoints = `# API contract

Base path: \`/api/v1\`

### GET /orders

### POST /orders

### GET /orders/{orderId}

### POST /auth/login

### GET /customers/{customerId}/orders
`;

async function limitsOf(table: string) {
  const { spec, notUnderstood } = await readSpec([
    { path: "api.md", text: `${endpoints}\n## Rate limits\n\n${table}\n` },
  ]);
  const limits = Object.fromEntries(
    spec.api.endpoints.flatMap(({ name, callLimit }) => (callLimit === undefined ? [] : [[name, callLimit]])),
  );
  return { limits, count: spec.api.endpoints.length, notUnderstood: notUnderstood.length };
}

const tables: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  [
    "one column, and a row for all others",
    "| Endpoint | Limit |\n|---|---|\n| `POST /auth/login` | 5 requests per minute per IP address |\n| All other endpoints | 100/min |",
    {
      "GET /api/v1/orders": "100/min",
      "POST /api/v1/orders": "100/min",
      "GET /api/v1/orders/{orderId}": "100/min",
      "POST /api/v1/auth/login": "5 requests per minute per IP address",
      "GET /api/v1/customers/{customerId}/orders": "100/min",
    },
  ],
  [
    "columns for the calls, the window and who is counted",
    "| Path | Requests | Window | Per |\n|---|---|---|---|\n| /orders | 10 | 15 minutes | user |\n| /auth/* | 5 | minute | IP address |",
    {
      "GET /api/v1/orders": "10 requests per 15 minutes per user",
      "POST /api/v1/orders": "10 requests per 15 minutes per user",
      "POST /api/v1/auth/login": "5 requests per minute per IP address",
    },
  ],
  [
    "a parameter by another name, and the most exact row first",
    "| Endpoint | Limit |\n|---|---|\n| /orders/* | 50 per hour |\n| GET /orders/:id | 20 per hour |",
    {
      "GET /api/v1/orders": "50 per hour",
      "POST /api/v1/orders": "50 per hour",
      "GET /api/v1/orders/{orderId}": "20 per hour",
    },
  ],
];
for (const [what, table, expected] of tables) {
  test(`a table of rate limits is read: ${what}`, async () => {
    assert.deepEqual(await limitsOf(table), { limits: expected, count: 5, notUnderstood: 0 });
  });
}

test("a row that says no limit is told, and adds no endpoint by accident", async () => {
  const { limits } = await limitsOf("| Plan | Limit |\n|---|---|\n| Free | 10 requests per day |");
  assert.deepEqual(limits, {});
});
