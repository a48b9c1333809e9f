import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf } from "../../../src/spec/elements.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

/** What one sentence says of several elements, and the elements with their lines; `~` is inferred. */
const forms: readonly (readonly [name: string, text: string, elements: readonly string[]])[] = [
  [
    "columns of all tables behind a colon",
    "# Database design\n\nPostgreSQL 16. Unless stated otherwise, all tables: `id uuid PK default gen_random_uuid()`, `created_at` timestamptz not null.\n\n## orders\n\n| Column | Type |\n|--|--|\n| note | text |\n\n## tags\n\n| Column | Type | Constraints |\n|--|--|--|\n| id | bigint | PK |\n",
    [
      "table:orders @5",
      "column:orders.id @3",
      "column:orders.note @9",
      "column:orders.created_at @3",
      "constraint:orders.orders_pkey @3~",
      "table:tags @11",
      "column:tags.id @15",
      "column:tags.created_at @3",
      "constraint:tags.tags_pkey @15",
    ],
  ],
  [
    "one policy for several tables",
    "# Database design\n\n## orders\n\n| Column | Type |\n|--|--|\n| tenant_id | uuid |\n\n## tags\n\n| Column | Type |\n|--|--|\n| tenant_id | uuid |\n\n### Row level security\n`orders`, `tags`: tenant isolation — `tenant_id = current_setting('app.tenant_id')::uuid`.\n",
    [
      "table:orders @3",
      "column:orders.tenant_id @7",
      "table:tags @9",
      "column:tags.tenant_id @13",
      "policy:orders.orders_tenant_isolation @16",
      "policy:tags.tags_tenant_isolation @16",
    ],
  ],
  [
    "entities under bold names and in one paragraph",
    "# Domain model\n\n**Ticket** (aggregate root)\n- `id` – UUID\n- `subject` – text, 3–200 characters\n- `owner_id` → User, optional\n- `due_at`, `done_at`\n\n**Comment** – belongs to a ticket; `body` (1–5000), `internal` (boolean).\n",
    [
      "entity:Ticket @3",
      "field:Ticket.id @4",
      "field:Ticket.subject @5",
      "field:Ticket.owner_id @6",
      "field:Ticket.due_at @7",
      "field:Ticket.done_at @7",
      "entity:Comment @9",
      "field:Comment.body @9",
      "field:Comment.internal @9",
    ],
  ],
];

for (const [name, text, elements] of forms) {
  test(`form: ${name}`, async () => {
    const { spec } = await readSpec([{ path: "design.md", text }]);
    assert.deepEqual(
      elementsOf(spec).map(
        ({ id, source, confidence }) => `${id} @${source.line}${confidence === "inferred" ? "~" : ""}`,
      ),
      elements,
    );
  });
}

test("the body of all errors in a sentence", async () => {
  const text =
    "# Errors\n\nEvery error is `application/problem+json` with `type`, `title`, `status`, `detail`, `code`.\n";
  const { spec } = await readSpec([{ path: "errors.md", text }]);
  assert.deepEqual(
    [
      spec.errors.envelope?.contentType,
      spec.errors.envelope?.fields.map(({ path, role }) => `${path.join(".")} ${role}`),
    ],
    ["application/problem+json", ["type type", "title message", "status status", "detail message", "code code"]],
  );
});

test("moves of a field and of endpoints are one life cycle", async () => {
  const documents = [
    {
      path: "domain.md",
      text: '# Domain model\n\n**Session** (aggregate root)\n- `id`: uuid\n- `coach_id`: uuid\n- `status` – planned → running; running can be changed to planned ("reset")\n',
    },
    {
      path: "api.md",
      text: "# API\n\n| Method | Path | Description |\n|--|--|--|\n| POST | /sessions/{id}/begin | planned → running |\n| POST | /sessions/{id}/drop | planned → dropped |\n",
    },
  ];
  const { spec } = await readSpec(documents);
  assert.deepEqual(
    spec.domain.stateMachines.map(({ entity, states, transitions }) => [
      entity,
      states,
      transitions.map(({ from, to, trigger }) => `${from} ${to} ${trigger}`),
    ]),
    [
      [
        "Session",
        ["planned", "running", "dropped"],
        [
          "planned running POST /sessions/{id}/begin",
          "running planned reset",
          "planned dropped POST /sessions/{id}/drop",
        ],
      ],
    ],
  );
});
