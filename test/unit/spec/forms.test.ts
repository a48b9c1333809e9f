import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf } from "../../../src/spec/elements.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { fence } from "./fixtures.ts";

/** Forms that documents are really written in; ids with the line they stand on, inferred ones with `~`. */
const forms: readonly (readonly [what: string, text: string, elements: readonly string[]])[] = [
  [
    "HTML of a wiki: headings, summaries and tables",
    "# Shop API\n\n<details><summary>POST /login</summary>\n\nText\n</details>\n\n<table>\n<tr><th>Method</th><th>Endpoint</th></tr>\n<tr><td>GET</td><td><code>/orders/{id}</code></td></tr>\n</table>\n",
    ["endpoint:POST /login @3", "endpoint:GET /orders/{id} @10"],
  ],
  [
    "numbered endpoints with a name before them",
    "# API design\n\n1. **List orders** — `GET /orders`\n2. **Create** → `POST /orders`\n",
    ["endpoint:GET /orders @3", "endpoint:POST /orders @4"],
  ],
  [
    "method and path in lines of their own",
    "# API\n\n## Book a room\n\n- Method: POST\n- Path: `/rooms/bookings`\n\n## Rooms\n\n| HTTP method | GET |\n|--|--|\n| URL | /rooms |\n",
    ["endpoint:POST /rooms/bookings @6", "endpoint:GET /rooms @12"],
  ],
  [
    "several endpoints in one cell",
    "# API\n\n| Area | Routes |\n|--|--|\n| Members | `GET/POST /members`, `PATCH …/:id` |\n",
    ["endpoint:GET /members @5", "endpoint:POST /members @5", "endpoint:PATCH /members/{id} @5"],
  ],
  [
    "routes in code",
    `# API design\n\n${fence("python", 'router = APIRouter(prefix="/orders")\n\n@router.get("")\nasync def orders(): ...\n\n@router.post("/{order_id}/cancel")\nasync def cancel(order_id: UUID): ...')}`,
    ["endpoint:GET /orders @6", "endpoint:POST /orders/{order_id}/cancel @9"],
  ],
  [
    "a path outside of a base path that the others repeat",
    "# API\n\nBase URL: `/api/v1`\n\n- `GET /api/v1/orders`\n- `POST /api/v1/orders`\n- `GET /api/v1/users`\n- `GET /health`\n",
    [
      "endpoint:GET /api/v1/orders @5",
      "endpoint:POST /api/v1/orders @6",
      "endpoint:GET /api/v1/users @7",
      "endpoint:GET /health @8",
    ],
  ],
  [
    "columns that every table has",
    "# Database design\n\nEvery table has `id` (uuid, default `gen_random_uuid()`) and `created_at timestamptz`, except `tags`.\n\n## orders\n\n| Column | Type |\n|--|--|\n| note | text |\n\n## tags\n\n| Column | Type |\n|--|--|\n| name | text |\n",
    [
      "table:orders @5",
      "column:orders.id @3~",
      "column:orders.note @9",
      "column:orders.created_at @3~",
      "constraint:orders.orders_pkey @3~",
      "table:tags @11",
      "column:tags.name @15",
    ],
  ],
  [
    "keys, unique rules, checks and indexes in sentences",
    "# Database design\n\n## seats\n\n- room_id: uuid, not null\n- row: integer\n- email: text\n\nPrimary key: (room_id, row)\n\nThe combination of `room_id` and `email` must be unique.\n\nIndexes:\n\n- `idx_seats_mail` on `lower(email)`\n- Partial index on `email` where `email IS NOT NULL`\n- Lookup index on (`row`, `email`)\n- Check: `row > 0`\n- Unique `(room_id, lower(email))`\n",
    [
      "table:seats @3",
      "column:seats.room_id @5",
      "column:seats.row @6",
      "column:seats.email @7",
      "constraint:seats.seats_pkey @9",
      "constraint:seats.seats_room_id_email_key @11",
      "constraint:seats.seats_row_check @18",
      "index:idx_seats_mail @15",
      "index:seats_email_idx @16",
      "index:seats_row_email_idx @17",
      "index:seats_room_id_lower_idx @19",
    ],
  ],
  [
    "columns without types under a label",
    "# 数据库设计\n\n## visits\n\n关键字段：\n\n- `id`：主键\n- `started_at`：开始\n",
    ["table:visits @3", "column:visits.id @7~", "column:visits.started_at @8~", "constraint:visits.visits_pkey @7"],
  ],
  [
    "Drizzle",
    `# Database\n\n${fence("ts", "export const role = pgEnum('role', ['admin', 'user']);\nexport const users = pgTable('users', {\n  id: uuid('id').primaryKey().defaultRandom(),\n  role: role('role').notNull().default('user'),\n});\nexport const posts = pgTable('posts', {\n  id: serial('id'),\n  userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),\n  slug: varchar('slug', { length: 80 }).unique(),\n}, (t) => [\n  primaryKey({ columns: [t.id, t.userId] }),\n  index('posts_slug_idx').on(t.slug, t.userId),\n]);")}`,
    [
      "table:users @5",
      "column:users.id @6",
      "column:users.role @7",
      "constraint:users.users_pkey @6",
      "table:posts @9",
      "column:posts.id @10",
      "column:posts.user_id @11",
      "column:posts.slug @12",
      "constraint:posts.posts_user_id_fkey @11",
      "constraint:posts.posts_slug_key @12",
      "constraint:posts.posts_pkey @14",
      "index:posts_slug_idx @15",
    ],
  ],
  [
    "headings and headers in Japanese and German",
    "# 予約システム DB 設計\n\n### 2.1 予約（reservations）\n\n|カラム名|型|NULL|キー|\n|--|--|--|--|\n|id|uuid|×|PK|\n\n### Tabelle: kunden\n\n| Spalte | Datentyp | Pflicht | Beschreibung |\n|--|--|--|--|\n| email | VARCHAR(255) | ja | eindeutig |\n",
    [
      "table:reservations @3",
      "column:reservations.id @7",
      "constraint:reservations.reservations_pkey @7",
      "table:kunden @9",
      "column:kunden.email @13",
      "constraint:kunden.kunden_email_key @13",
    ],
  ],
  [
    "an entity as a fence of fields, fields with the type in brackets, a heading with prose",
    `# Domain model\n\n## Entities\n\n### Order\n\n${fence("yaml", "id: UUID\ntotal: Decimal - in euros")}\n\n### Line\n\n- sku (string, max 20)\n- quantity (int)\n\n### Shelf\n\nWhere things lie.\n`,
    [
      "entity:Order @5",
      "field:Order.id @8",
      "field:Order.total @9",
      "entity:Line @13",
      "field:Line.sku @15",
      "field:Line.quantity @16",
      "entity:Shelf @18",
    ],
  ],
  [
    "codes in an enum, and behind a bold name",
    `# Error handling\n\n## Codes\n\n* **TASK_GONE** \`410\`: deleted\n\n${fence("python", 'class ErrorCode(str, Enum):\n    TASK_LIMIT = "TASK_LIMIT"  # 429\n    TASK_LOCKED = "TASK_LOCKED"  # 423')}`,
    ["errorCode:TASK_GONE @5", "errorCode:TASK_LIMIT @9", "errorCode:TASK_LOCKED @10"],
  ],
];

for (const [what, text, elements] of forms) {
  test(`form: ${what}`, async () => {
    const { spec } = await readSpec([{ path: "design.md", text }]);
    const found = elementsOf(spec).map(
      ({ id, source, confidence }) => `${id} @${source.line}${confidence === "inferred" ? "~" : ""}`,
    );
    assert.deepEqual(found, elements);
  });
}

const nothing: readonly (readonly [what: string, text: string])[] = [
  [
    "a field's fault and a resource's own code are no error codes",
    `# API\n\n### POST /items\n\n${fence("json", '{ "code": "ENT001", "name": "a" }')}\n`,
  ],
  [
    "use cases in a list are no entities",
    "# Entity design\n\n## Use Cases\n\n- **Create**: makes one\n- **Read**: shows one\n",
  ],
  [
    "conventions are no table",
    "# Database design\n\n## Table Conventions\n\n| Column | Type |\n|--|--|\n| id | uuid |\n",
  ],
  [
    "a placeholder is no code",
    `# Error handling\n\n${fence("json", '{ "error": { "code": "MACHINE_READABLE_CODE", "message": "m" } }')}`,
  ],
];

for (const [what, text] of nothing) {
  test(`form: ${what}`, async () => {
    const { spec } = await readSpec([{ path: "design.md", text }]);
    assert.deepEqual(
      elementsOf(spec).filter((element) => element.kind !== "endpoint"),
      [],
    );
  });
}
