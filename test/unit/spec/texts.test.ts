import assert from "node:assert/strict";
import { test } from "node:test";
import { readAccess } from "../../../src/spec/markdown/access.ts";
import { columnText } from "../../../src/spec/markdown/columnText.ts";
import type { Item } from "../../../src/spec/markdown/document.ts";
import { basePathIn, endpointsAtStart, endpointsIn, withBasePath } from "../../../src/spec/markdown/endpointLines.ts";
import { codesInCell, yesOrNo } from "../../../src/spec/markdown/errorTables.ts";
import { fieldNames, readFieldItem } from "../../../src/spec/markdown/fieldTables.ts";
import { jsonExamples, shapeOf } from "../../../src/spec/markdown/jsonShape.ts";
import { plainText, splitRow, withoutNumber } from "../../../src/spec/markdown/text.ts";
import { limitsIn, nestProperties, schemaOfType } from "../../../src/spec/markdown/typeText.ts";
import type { Schema } from "../../../src/spec/model.ts";

/** One test a row: input, and what the function makes of it. */
function table<Input, Output>(
  name: string,
  read: (input: Input) => Output,
  rows: readonly (readonly [Input, Output])[],
): void {
  for (const [input, expected] of rows) {
    test(`${name}: ${JSON.stringify(input)}`, () => assert.deepEqual(read(input), expected));
  }
}

table("plain text", plainText, [
  ["**Bold** `code` [link](https://x.y) *it*", "Bold code link it"],
  ["a_b_c and 2 * 3 * 4", "a_b_c and 2 * 3 * 4"],
  ["one<br>two \\| three", "one two | three"],
]);

table("row", splitRow, [
  ["| a | b |", ["a", "b"]],
  ["| `x | y` | b \\| c |", ["`x | y`", "b | c"]],
  ["a | | c", ["a", "", "c"]],
  ["| lone ` tick | b |", ["lone ` tick", "b"]],
]);

table("heading without number", withoutNumber, [
  ["3.2 Orders", "Orders"],
  ["1. Terms", "Terms"],
  ["2FA tokens", "2FA tokens"],
]);

const endpoint = (text: string): string[] =>
  endpointsIn(text).map((line) => `${line.method} ${line.path} ${line.query.map((item) => item.name)}`.trim());

table("endpoint in a heading", endpoint, [
  ["### `GET /api/items/:id` — one item", ["GET /api/items/{id}"]],
  ["2.1 POST /auth/otp [PostgREST]", ["POST /auth/otp"]],
  ["GET/PUT /x/<int:id>", ["GET /x/{id}", "PUT /x/{id}"]],
  ["GET /sites?study_id=:id&page=1", ["GET /sites study_id,page"]],
  ["**DELETE** https://a.example/v1/x/[id].", ["DELETE /v1/x/{id}"]],
  ["Getting started", []],
  ["WIDGET /x", []],
]);

table("endpoint at the start of a line", (text: string) => endpointsAtStart(text).length, [
  ["**Endpoint**: `POST /x`", 1],
  ["GET /x", 1],
  ["Example: GET /x", 0],
  ["Users can request data export (GET /users/me/export)", 0],
]);

table("base path", basePathIn, [
  ["**Base URL:** `https://api.example.com/api/v1/`", "/api/v1"],
  ["- Basis-Pfad: `/api`", "/api"],
  ["Base URL: https://api.example.com", ""],
  ["All routes are prefixed with `/api/`", "/api"],
  ["The database is fast", undefined],
]);

table("path behind a base path", ([base, path]: readonly [string, string]) => withBasePath(base, path), [
  [["/api/v1", "/orders"], "/api/v1/orders"],
  [["/api/v1", "/api/v1/orders"], "/api/v1/orders"],
  [["/api/v1/orders", "/orders/{id}"], "/api/v1/orders/{id}"],
]);

const bearer = (...scopes: string[]) => [{ scheme: "bearerAuth", scopes }];

table("access", readAccess, [
  ["Required (Bearer token)", bearer()],
  ["ADMIN, SUPERUSER", bearer("ADMIN", "SUPERUSER")],
  ["Any authenticated user", bearer()],
  ["✅", bearer()],
  ["Public", []],
  ["❌ No", []],
  ["不要", []],
  ["—", undefined],
]);

table("type", schemaOfType as (text: string) => Schema, [
  ["string(255)", { type: "string", maxLength: 255 }],
  ["UUID | null", { type: "string", format: "uuid", nullable: true }],
  ["List[OrderItem]", { type: "array", items: { type: "ref", ref: "OrderItem" } }],
  ["list of string", { type: "array", items: { type: "string" } }],
  ["`draft` \\| `sent`", { type: "string", enum: ["draft", "sent"] }],
  [
    "Draft | Sent",
    {
      type: "union",
      variants: [
        { type: "ref", ref: "Draft" },
        { type: "ref", ref: "Sent" },
      ],
    },
  ],
  ['"draft" | "sent"', { type: "string", enum: ["draft", "sent"] }],
  ["enum(a, b)", { type: "string", enum: ["a", "b"] }],
  ['"bearer"', { type: "string", enum: ["bearer"] }],
  ['"eyJ..."', { type: "string" }],
  ['"…"', { type: "string" }],
  ["Optional[int]", { type: "integer", nullable: true }],
  ["decimal(10,2)", { type: "string", format: "decimal" }],
  ["datetime?", { type: "string", format: "date-time", nullable: true }],
  ["Record<string, any>", { type: "object", additional: { type: "any" } }],
  ["whatever this is", { type: "any" }],
]);

table("limits", ([text, type]: readonly [string, Schema["type"]]) => limitsIn(text, { type }), [
  [["min 1, max 255 chars", "string"], { type: "string", minLength: 1, maxLength: 255 }],
  [["min_length=1, max_length=40", "string"], { type: "string", minLength: 1, maxLength: 40 }],
  [["1–80 characters", "string"], { type: "string", minLength: 1, maxLength: 80 }],
  [["≥ 0", "integer"], { type: "integer", minimum: 0 }],
  [["> 0", "number"], { type: "number", exclusiveMinimum: 0 }],
  [["one of: a, b or c", "string"], { type: "string", enum: ["a", "b", "c"] }],
  [["pattern `^[A-Z]{3}$`", "string"], { type: "string", pattern: "^[A-Z]{3}$" }],
  [["Human-readable name", "string"], { type: "string" }],
]);

const field = (raw: string): readonly unknown[] | undefined => {
  const item: Item = { raw, line: 1, endLine: 1, children: [] };
  const row = readFieldItem(item);
  return row && [row.name, row.type, row.required, row.description];
};

table("listed field", field, [
  ["`id`: string (UUID) - Unique identifier", ["id", "string (UUID)", undefined, "Unique identifier"]],
  ["status: String - Current state (a, b)", ["status", "String", undefined, "Current state (a, b)"]],
  ["**email** (string, required): the address", ["email", "string", true, "the address"]],
  ["`isActive`: boolean — whether it runs", ["isActive", "boolean", undefined, "whether it runs"]],
  ["`user_id`: Internal identity", ["user_id", "", undefined, "Internal identity"]],
  ["nickname?: string", ["nickname", "string", false, ""]],
  ["Has many orders", undefined],
]);

table("field names in a cell", fieldNames, [
  ["`created_at`, `updated_at`", ["created_at", "updated_at"]],
  ["created_at / updated_at", ["created_at", "updated_at"]],
  ["items[].sku", ["items[].sku"]],
  ["Two words", []],
]);

table("codes in a cell", codesInCell, [
  ["`A_ONE`, `B_TWO`", ["A_ONE", "B_TWO"]],
  ["`ENRICH-TIMEOUT`", ["ENRICH-TIMEOUT"]],
  ["`https://x.example/problems/order-not-found`", ["order-not-found"]],
  ["SlugAlreadyExists (409)", ["SlugAlreadyExists"]],
  ["validation_error", ["validation_error"]],
  ["Something went wrong", []],
]);

table("yes or no", yesOrNo, [
  ["Yes, after 1 s", true],
  ["✗", false],
  ["不可", false],
  ["是", true],
  ["perhaps", undefined],
]);

table(
  "column",
  (type: string) =>
    columnText({
      name: "order",
      type,
      required: undefined,
      constraints: "",
      description: "",
      default: "",
      location: "",
      line: 1,
    }).definition,
  [
    ["VARCHAR(20) NOT NULL DEFAULT 'x'", `"order" varchar(20) NOT NULL DEFAULT 'x'`],
    ["TIMESTAMP WITH TIME ZONE", `"order" timestamp with time zone`],
    ["UUID FK → users(id)", `"order" uuid`],
    ["enum('a', 'b')", `"order" text CHECK ("order" IN ('a', 'b'))`],
    ["DECIMAL(10,2), CHECK (x > (1 + 2)), UNIQUE", `"order" decimal(10,2) UNIQUE CHECK (x > (1 + 2))`],
    ["OrderStatus", `"order" order_status`],
  ],
);

table(
  "foreign key",
  (text: string) =>
    columnText({
      name: "a",
      type: text,
      required: undefined,
      constraints: "",
      description: "",
      default: "",
      location: "",
      line: 1,
    }).foreignKey,
  [
    ["uuid FK → wallets **ON DELETE RESTRICT**", "REFERENCES wallets ON DELETE RESTRICT"],
    ["uuid REFERENCES users(id) ON DELETE SET NULL", "REFERENCES users (id) ON DELETE SET NULL"],
    ["uuid -> users.id", "REFERENCES users (id)"],
    ["uuid FK to auth.users(id)", "REFERENCES auth.users (id)"],
    ["uuid", ""],
  ],
);

table("JSON example", (text: string) => jsonExamples(text), [
  ['{ "a": 1, // one\n "b": [1, ...], }', [{ a: 1, b: [1] }]],
  ['// first\n{"a": 1}\n\n// second\n{"b": 2}', [{ a: 1 }, { b: 2 }]],
  ['{ "url": "https://a//b" }', [{ url: "https://a//b" }]],
  ["not JSON", []],
]);

test("a shape is read from sample values and from type words", () => {
  const shape = shapeOf({
    id: "uuid",
    at: "2026-01-01T00:00:00Z",
    name: "string (optional, max 20)",
    n: null,
    list: [{ price: 1.5 }],
  });
  assert.deepEqual(shape, {
    type: "object",
    properties: [
      { name: "id", required: true, schema: { type: "string", format: "uuid" } },
      { name: "at", required: true, schema: { type: "string", format: "date-time" } },
      { name: "name", required: false, schema: { type: "string", maxLength: 20 } },
      { name: "n", required: true, schema: { type: "any", nullable: true } },
      {
        name: "list",
        required: true,
        schema: {
          type: "array",
          items: { type: "object", properties: [{ name: "price", required: true, schema: { type: "number" } }] },
        },
      },
    ],
  });
});

test("dotted names nest", () => {
  const flat = ["id", "items[].sku", "items[].price", "to.city"].map((name) => ({
    name,
    required: true,
    schema: { type: "string" } as const,
  }));
  const text = (name: string) => ({ name, required: true, schema: { type: "string" } });
  assert.deepEqual(nestProperties(flat), [
    text("id"),
    {
      name: "items",
      required: true,
      schema: { type: "array", items: { type: "object", properties: [text("sku"), text("price")] } },
    },
    { name: "to", required: true, schema: { type: "object", properties: [text("city")] } },
  ]);
});
