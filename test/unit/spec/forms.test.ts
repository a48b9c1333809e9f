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
    "things whose names are the words for parts",
    "# Domain model\n\n## Models\n\n### Note\n\n- id: UUID\n- text: string\n\n#### Rules\n\n- BR-1: A note has a text.\n",
    ["entity:Note @5", "field:Note.id @7", "field:Note.text @8", "rule:BR-1 @12"],
  ],
  [
    "a table whose name is the word for a part",
    "# Database design\n\n## Tables\n\n### policies\n\n| Column | Type |\n|--|--|\n| id | uuid |\n\n### claims\n\n| Column | Type |\n|--|--|\n| id | uuid |\n\n#### Policies\n\n- SELECT: own rows only\n",
    [
      "table:policies @5",
      "column:policies.id @9",
      "table:claims @11",
      "column:claims.id @15",
      "policy:claims.claims_select @19",
    ],
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
    "indexes in a table of their own below their table, an identity in the words of SQL",
    "# Database design\n\n## Table: orders\n\n| Column | Type | Default | Constraints |\n|--|--|--|--|\n| id | bigint | generated always as identity | PK |\n| code | text | | |\n\n### Indexes\n\n| Name | Columns | Type | Condition |\n|--|--|--|--|\n| orders_code_idx | lower(code), id DESC | btree | code <> '' |\n",
    [
      "table:orders @3",
      "column:orders.id @7",
      "column:orders.code @8",
      "constraint:orders.orders_pkey @7",
      "index:orders_code_idx @14",
    ],
  ],
  [
    "the columns of all tables in one table, with the words of a closed set, and their indexes in a line",
    "# Design\n\n## Database schema\n\n| Table | Column | Type | Constraints |\n|--|--|--|--|\n| boards | id | uuid | PK |\n| | title | varchar(80) | NOT NULL |\n| cards | board_id | uuid | FK boards.id |\n| cards | status | text | CHECK in (todo, done) |\n\nIndexes: `cards(board_id, status)`, unique `boards(title)`. Nothing else (really).\n",
    [
      "table:boards @7",
      "column:boards.id @7",
      "column:boards.title @8",
      "constraint:boards.boards_pkey @7",
      "table:cards @9",
      "column:cards.board_id @9",
      "column:cards.status @10",
      "constraint:cards.cards_board_id_fkey @9",
      "constraint:cards.cards_status_check @10",
      "index:cards_board_id_status_idx @12",
      "index:boards_title_idx @12",
    ],
  ],
  [
    "keys of a drawn database, by its relations, and codes in a sentence",
    `# Design\n\n## Data model\n\n${fence("mermaid", 'erDiagram\n  MEMBER ||--o{ LOAN : has\n  MEMBER {\n    uuid id PK\n  }\n  LOAN {\n    uuid id PK\n    uuid member_id FK\n    uuid other_id FK\n    date returned_on "nullable"\n  }')}\n## Errors\n\nLOAN_GONE 404, ALREADY_LENT (409), MEMBER_BLOCKED: 403 and OTHER.\n\nCALL 500 times A_B 404.\n`,
    [
      "table:member @8",
      "column:member.id @9",
      "constraint:member.member_pkey @9",
      "table:loan @11",
      "column:loan.id @12",
      "column:loan.member_id @13",
      "column:loan.other_id @14",
      "column:loan.returned_on @15",
      "constraint:loan.loan_pkey @12",
      "constraint:loan.loan_member_id_fkey @13",
      "errorCode:LOAN_GONE @21",
      "errorCode:ALREADY_LENT @21",
      "errorCode:MEMBER_BLOCKED @21",
    ],
  ],
  [
    "a table of indexes by table is none of columns",
    "# Database design\n\n## Indexes\n\n| Table | Column | Type |\n|--|--|--|\n| boards | title | btree |\n| cards | status | btree |\n",
    ["index:boards_title_idx @7", "index:cards_status_idx @8"],
  ],
  [
    "fields without types, several in an item, and what one refers to",
    "# Domain model\n\n### Board\n\n- id, title (1-80), archived (bool)\n\n### Card\n\n- id\n- board_id → Board\n- plan: enum (free, pro)\n- status: todo → doing → done (done → todo allowed)\n\n### Seat\n\n- id\n- boardId, rowNumber\n\n### Notes\n\n- fast, small\n- cheap\n",
    [
      "entity:Board @3",
      "field:Board.id @5",
      "field:Board.title @5",
      "field:Board.archived @5",
      "entity:Card @7",
      "field:Card.id @9",
      "field:Card.board_id @10",
      "field:Card.plan @11",
      "field:Card.status @12",
      "entity:Seat @14",
      "field:Seat.id @16",
      "field:Seat.boardId @17",
      "field:Seat.rowNumber @17",
    ],
  ],
  [
    "columns that every table has",
    "# Database design\n\nEvery table has `id` (uuid, default `gen_random_uuid()`) and `created_at timestamptz`, except `tags`.\n\n## orders\n\n| Column | Type |\n|--|--|\n| note | text |\n\n## tags\n\n| Column | Type |\n|--|--|\n| name | text |\n",
    [
      "table:orders @5",
      "column:orders.id @3",
      "column:orders.note @9",
      "column:orders.created_at @3",
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
  [
    "inline value objects",
    "# Domain model\n\n## Value objects\n\n- Money { amount: decimal, currency: string }\n- `Email(value: string)` — checked\n- **Place**: street: string, city: string\n",
    [
      "valueObject:Money @5",
      "field:Money.amount @5",
      "field:Money.currency @5",
      "valueObject:Email @6",
      "field:Email.value @6",
      "valueObject:Place @7",
      "field:Place.street @7",
      "field:Place.city @7",
    ],
  ],
  [
    "SQLAlchemy and SQLModel",
    `# Database design\n\n${fence("python", 'class State(str, Enum):\n    DRAFT = "draft"\n\nclass Author(Base):\n    __tablename__ = "authors"\n    __table_args__ = (\n        UniqueConstraint("name", "state", name="uq_name"),\n        CheckConstraint("age > 0", name="ck_age"),\n        Index("ix_age", "age", unique=True),\n    )\n\n    id: Mapped[UUID] = mapped_column(\n        primary_key=True, default=uuid4\n    )\n    name = Column(String(80), nullable=False, index=True)  # shown\n    age: Mapped[int | None]\n    state: Mapped[State]\n    books: Mapped[list["Book"]] = relationship()\n\nclass Hero(SQLModel, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n    author_id: UUID = Field(foreign_key="authors.id")')}`,
    [
      "table:authors @8",
      "column:authors.id @15",
      "column:authors.name @18",
      "column:authors.age @19",
      "column:authors.state @20",
      "constraint:authors.authors_pkey @15",
      "constraint:authors.uq_name @10",
      "constraint:authors.ck_age @11",
      "table:hero @23",
      "column:hero.id @24",
      "column:hero.author_id @25",
      "constraint:hero.hero_pkey @24",
      "constraint:hero.hero_author_id_fkey @25",
      "index:ix_age @12",
      "index:ix_authors_name @18",
    ],
  ],
  [
    "Django",
    `# Database design\n\n${fence("python", 'class Invoice(models.Model):\n    number = models.CharField(max_length=20, unique=True)\n    customer = models.ForeignKey("Customer", on_delete=models.CASCADE)\n    paid_at = models.DateTimeField(null=True)\n\n    class Meta:\n        db_table = "invoices"\n        indexes = [models.Index(fields=["-paid_at"], name="idx_paid")]\n        constraints = [\n            models.UniqueConstraint(fields=["customer", "number"], name="uq_number"),\n        ]\n\nclass Customer(models.Model):\n    id = models.UUIDField(primary_key=True, default=uuid.uuid4)')}`,
    [
      "table:invoices @10",
      "column:invoices.id @4",
      "column:invoices.number @5",
      "column:invoices.customer_id @6",
      "column:invoices.paid_at @7",
      "constraint:invoices.invoices_pkey @4",
      "constraint:invoices.invoices_number_key @5",
      "constraint:invoices.invoices_customer_id_fkey @6",
      "constraint:invoices.uq_number @13",
      "table:customer @16",
      "column:customer.id @17",
      "constraint:customer.customer_pkey @17",
      "index:invoices_customer_id_idx @6",
      "index:idx_paid @11",
    ],
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
    "a chapter headed like an identifier is no table",
    "# Database design\n\n## schema_conventions\n\n| Column | Type |\n|--|--|\n| id | uuid |\n",
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

test("form: the types of models in Python, and whose states a decision is about", async () => {
  const python = fence(
    "python",
    'class State(str, Enum):\n    DRAFT = "draft"\n    SENT = "sent"\n\nclass Mail(Base):\n    __tablename__ = "mails"\n    id = Column(Integer, primary_key=True)\n    state = Column(SQLEnum(State), nullable=False, server_default="draft")\n    price = Column(Numeric(10, 2))\n    tags = Column(ARRAY(String(20)))\n    sent_at = Column(DateTime(timezone=True), server_default=func.now())',
  );
  const decision = "# ADR-3: Order lifecycle\n\n## Decision\n\n| From | To |\n|--|--|\n| draft | paid |\n";
  const { spec } = await readSpec([
    { path: "models.md", text: `# Database design\n\n${python}` },
    { path: "adr.md", text: decision },
  ]);
  const [table] = spec.database.tables;
  assert.deepEqual(
    table?.columns.map(({ name, type, nullable, default: value }) => [
      name,
      type.name,
      type.arguments,
      type.array,
      nullable,
      value,
    ]),
    [
      ["id", "int4", [], false, false, undefined],
      ["state", "state", [], false, false, "'draft'"],
      ["price", "numeric", [10, 2], false, true, undefined],
      ["tags", "varchar", [20], true, true, undefined],
      ["sent_at", "timestamptz", [], false, true, "now()"],
    ],
  );
  assert.deepEqual(
    spec.database.enums.map(({ name, values }) => [name, values]),
    [["state", ["draft", "sent"]]],
  );
  assert.deepEqual(
    spec.domain.stateMachines.map(({ entity, field }) => `${entity}.${field}`),
    ["Order.status"],
  );
});

test("form: tables that somebody else creates", async () => {
  const columns = "| Column | Type |\n|--|--|\n| id | uuid PK |\n";
  const cases: readonly (readonly [heading: string, before: string, isExternal: boolean])[] = [
    ["users (reference only)", "", true],
    ["users", "Schema (for reference, **do not migrate**):", true],
    ["users", "Managed by the external identity service.", true],
    ["users", "This table must not be migrated.", true],
    ["users", "Orders are managed by the warehouse team. Do migrate.", false],
    ["users", "References only the owner.", false],
  ];
  for (const [heading, before, isExternal] of cases) {
    const text = `# Database design\n\n## ${heading}\n\n${before}\n\n${columns}\nDo not migrate by hand.\n`;
    const { spec } = await readSpec([{ path: "database.md", text }]);
    assert.deepEqual(
      spec.database.tables.map(({ name, external }) => [name, external ?? false]),
      [["users", isExternal]],
      `${heading}: ${before}`,
    );
  }
  const owner = { path: "z.md", text: `# Database design\n\n## users\n\n${columns}` };
  const copy = { path: "a.md", text: `# Database design\n\n## users (reference only)\n\n${columns}` };
  const { spec } = await readSpec([copy, owner]);
  assert.deepEqual([spec.database.tables[0]?.source.path, spec.database.tables[0]?.external], ["z.md", undefined]);
});

test("where a drawing says what may be empty, the rest may not, but for marks of yes and no", async () => {
  const drawn =
    'erDiagram\n  LOAN {\n    uuid id PK\n    date due_on\n    boolean late\n    date returned_on "nullable"\n  }';
  const { spec } = await readSpec([{ path: "db.md", text: `# Database\n\n${fence("mermaid", drawn)}` }]);
  assert.deepEqual(
    spec.database.tables[0]?.columns.map(({ name, nullable }) => `${name} ${nullable}`),
    ["id false", "due_on false", "late true", "returned_on true"],
  );
});
