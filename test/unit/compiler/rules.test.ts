import assert from "node:assert/strict";
import { test } from "node:test";
import type { Compilation } from "../../../src/compiler/compilation.ts";
import { compileDesign, fileOf } from "../../support/compiledApi.ts";

const sql = `CREATE TABLE orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number text NOT NULL UNIQUE, discount int NOT NULL DEFAULT 0,
  ordered_on date, due_on date, status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'sent', 'paid')));
CREATE TABLE order_items (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), quantity int NOT NULL,
  order_id uuid NOT NULL REFERENCES orders (id) ON DELETE CASCADE);`;
const api = `# API

### PATCH /orders/{orderId}

Request:

\`\`\`json
{ "discount": 5, "due_on": "2030-01-01" }
\`\`\`

### DELETE /orders/{orderId}

### POST /orders/{orderId}/items

Request:

\`\`\`json
{ "quantity": 1 }
\`\`\`
`;

async function ruled(...sentences: readonly string[]): Promise<Compilation> {
  const list = sentences.map((sentence, index) => `- BR-${index + 1}: ${sentence}`).join("\n");
  const errors = `# Errors\n\n| HTTP status | Code | Message |\n|---|---|---|\n| 422 | VALIDATION_ERROR | Not valid |\n| 409 | ORDER_LOCKED | Locked |\n`;
  return compileDesign({
    sql,
    more: { "domain.md": `# Domain model\n\n## Business rules\n\n${list}\n`, "api.md": api, "errors.md": errors },
  });
}

/** The functions of an aggregate's policies, without the blanks between them. */
function policies(compilation: Compilation, module: string): readonly string[] {
  const [, ...functions] = fileOf(compilation, `src/app/domain/policies/${module}.py`).split(
    /\n\n\n(?=(?:async )?def )/,
  );
  return functions.map((text) => text.trim());
}

test("a rule about a state is a function of the domain that the service calls before it writes", async () => {
  const compilation = await ruled("Only draft orders can be deleted (ORDER_LOCKED)");
  assert.deepEqual(compilation.needsDetail, []);
  assert.deepEqual(policies(compilation, "order"), [
    `def check_only_draft_orders_can_be_deleted(order: Order) -> None:
    """BR-1: Only draft orders can be deleted."""
    if order.status is not OrderStatus.DRAFT:
        raise OrderLockedError()`,
  ]);
  assert.match(
    fileOf(compilation, "src/app/services/order.py"),
    /existing_order\(uow, order_id, for_update=True\)\n +check_only_draft_orders_can_be_deleted\(found\)\n +if not await uow\.orders\.delete/,
  );
});

test("two dates are compared after the write, because an update may change one of them only", async () => {
  const compilation = await ruled("The due date must not be before the ordered date");
  assert.deepEqual(policies(compilation, "order"), [
    `def check_due_date_not_be_before_ordered_date(order: Order) -> None:
    """BR-1: The due date must not be before the ordered date."""
    if order.due_on is None or order.ordered_on is None:
        return
    if order.due_on < order.ordered_on:
        raise ValidationError()`,
  ]);
  assert.match(
    fileOf(compilation, "src/app/services/order.py"),
    /raise \w+\(\)\n +check_due_date_not_be_before_ordered_date\(updated\)\n +return updated/,
  );
});

test("rows are counted while nobody else counts them, and the assumption is told", async () => {
  const compilation = await ruled("At most 20 items per order");
  assert.deepEqual(policies(compilation, "order_item"), [
    `async def check_at_most_20_items_per_order(
    uow: UnitOfWork, order_item: OrderItem
) -> None:
    """BR-1: At most 20 items per order."""
    most = 20
    await uow.hold(f"order_items of {order_item.order_id}")
    filters = OrderItemFilter(order_id=order_item.order_id)
    if await uow.order_items.count(filters) > most:
        raise ConflictError()`,
  ]);
  assert.match(fileOf(compilation, "src/app/persistence/unit_of_work.py"), /pg_advisory_xact_lock/);
  assert.deepEqual(
    compilation.assumptions.filter(({ element }) => element === "rule:BR-1").map(({ text }) => text),
    [
      '"At most 20 items per order" counts the rows that the caller can see when one is written; what was there before is left alone.',
    ],
  );
});

test("a range is an invariant of the value, named by its rule", async () => {
  const compilation = await ruled("The quantity of an order item must be between 1 and 100");
  assert.match(
    fileOf(compilation, "src/app/domain/order_item.py"),
    /"""Keep BR-1\."""\n +require_range\(ValidationError, "quantity", self\.quantity, ge=1, le=100\)/,
  );
});

test("a rule in no known form has a name and its callers, does nothing, and needs detail", async () => {
  const compilation = await ruled("A discount needs the consent of the manager of the order");
  assert.deepEqual(
    compilation.needsDetail.map(({ element, reason }) => [element, reason]),
    [
      [
        "rule:BR-1",
        '"A discount needs the consent of the manager of the order" is in no form that the engine can turn into code; write it in check_discount_needs_consent_of_manager_of_order of src/app/domain/policies/order.py, which the service calls where it has to hold.',
      ],
    ],
  );
  const [text = ""] = policies(compilation, "order");
  assert.match(
    text,
    /^def check_discount_needs_consent_of_manager_of_order\(order: Order\) -> None:\n {4}"""BR-1: [^"]*"""$/,
  );
  assert.match(
    fileOf(compilation, "src/app/services/order.py"),
    /check_discount_needs_consent_of_manager_of_order\(updated\)/,
  );
});

test("what the tables keep, and what is allowed, needs neither code nor detail", async () => {
  const compilation = await ruled(
    "The number of an order is unique",
    "Every order item belongs to an order and is deleted with it",
    "The quantity of an order item is required",
    "An order may have a discount",
    "The number of an order is immutable",
    "The quantity of an order item cannot be changed after creation",
  );
  assert.deepEqual(compilation.needsDetail, []);
  assert.deepEqual(
    compilation.files.filter(({ path }) => path.includes("/policies/")).map(({ text }) => text),
    [
      `"""Rules of the design, as functions of the domain; these are kept by something else.

BR-1: The number of an order is unique. Kept by a unique key of orders.

BR-2: Every order item belongs to an order and is deleted with it. Kept by the foreign
key of order_items.

BR-3: The quantity of an order item is required. Kept by order_items.quantity, which is
never null.

BR-5: The number of an order is immutable. Kept by the endpoints, none of which does it.

BR-6: The quantity of an order item cannot be changed after creation. Kept by the
endpoints, none of which does it.
"""
`,
    ],
  );
});

const unclear: readonly (readonly [string, string])[] = [
  ["a field that no table has", "The weight must be between 1 and 100"],
  ["a number for a text", "The number of an order must be at most 9"],
  ["a state that there is not", "Only frozen orders can be deleted"],
  ["rows that refer to nothing", "A customer may have at most 3 orders"],
  ["rows in no known state", "At most 5 heavy items per order"],
  ["a key that the tables do not have", "The discount of an order is unique"],
  ["a scope that the key does not have", "The number of an order is unique per customer"],
  ["a field that a request changes", "The discount of an order is immutable"],
  ["two clauses, one of them not understood", "The quantity must be positive; nobody may guess"],
];
for (const [what, sentence] of unclear) {
  test(`${what} needs detail`, async () => {
    const { needsDetail } = await ruled(sentence);
    assert.deepEqual(
      needsDetail.map(({ element }) => element),
      ["rule:BR-1"],
    );
  });
}

for (const [what, codes, rule, refusal, open] of [
  ["a code for it", "ORDER_ALREADY_PAID", "An order that is paid cannot be paid again", "OrderAlreadyPaidError", 0],
  ["the code of something else", "CARD_ALREADY_PAID", "An order that is paid cannot be paid again", undefined, 1],
] as const) {
  test(`where the design has no transitions, an action is refused in its own state by ${what}`, async () => {
    const errors = `# Errors\n\n| Status | Code |\n|---|---|\n| 409 | ${codes} |\n`;
    const api = `# API\n\n### POST /orders/{orderId}/pay\n\nErrors: \`${codes}\`\n`;
    const domain = `# Domain model\n\n## Business rules\n\n- BR-1: ${rule}.\n`;
    const compilation = await compileDesign({ sql, more: { "domain.md": domain, "api.md": api, "errors.md": errors } });
    const service = fileOf(compilation, "src/app/services/order.py");
    const [, raised] = /if found\.status is OrderStatus\.PAID:\n +raise (\w+)\(\)/.exec(service) ?? [];
    assert.deepEqual(
      [raised, /for_update=True/.test(service), compilation.needsDetail.length],
      [refusal, refusal !== undefined, open],
    );
  });
}

for (const [what, more, told, rule] of [
  ["is told where no policy keeps them", "", true, "Notes have a text"],
  ["is no matter where a rule does", "", false, "Only the owner of a note may see it"],
  [
    "is no matter where a policy does",
    "ALTER TABLE notes ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON notes USING (owner_id = current_setting('app.user_id')::uuid);",
    false,
    "Notes have a text",
  ],
] as const) {
  test(`who reaches the rows of others ${what}`, async () => {
    const notes = "CREATE TABLE notes (id uuid PRIMARY KEY, owner_id uuid NOT NULL, text text NOT NULL);";
    const { assumptions } = await compileDesign({
      sql: `${notes}\n${more}`,
      more: {
        "api.md": "# API\n\nAuthentication: Bearer JWT\n\n### GET /notes/{id}\n",
        "domain.md": `# Domain model\n\n## Business rules\n\n- BR-1: ${rule}.\n`,
      },
    });
    assert.equal(
      assumptions.some(({ text }) => text.startsWith("No policy says who may see or change rows of notes")),
      told,
    );
  });
}

const moves: readonly (readonly [rule: string, isKept: boolean])[] = [
  ["Only draft orders can be sent", true],
  ["A paid order cannot be sent", true],
  ["Only sent orders can be sent", false],
  ["A draft order cannot be sent", false],
  ["A draft order cannot be eaten", false],
];

for (const [rule, isKept] of moves) {
  test(`the state machine ${isKept ? "keeps" : "does not keep"}: ${rule}`, async () => {
    const domain = `# Domain model\n\n## Order\n\n### State transitions\n\n- draft → sent (send)\n- sent → paid (pay)\n\n### Business rules\n\n- BR-1: ${rule}.\n`;
    const { needsDetail } = await compileDesign({
      sql,
      more: { "domain.md": domain, "api.md": "# API\n\n### POST /orders/{orderId}/send\n" },
    });
    assert.equal(
      needsDetail.some(({ element }) => element === "rule:BR-1"),
      !isKept,
    );
  });
}

const boards = `CREATE TABLE boards (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, archived boolean NOT NULL DEFAULT false, starts_at timestamptz);
CREATE TABLE cards (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL, done_at timestamptz,
  board_id uuid NOT NULL REFERENCES boards (id) ON DELETE CASCADE);`;

async function boardsRuled(rule: string, body = '{ "name": "Next" }'): Promise<Compilation> {
  const request = (json: string) => `Request:\n\n\`\`\`json\n${json}\n\`\`\`\n`;
  const endpoints = `# API\n\n### PATCH /boards/{boardId}\n\n${request(body)}\n### POST /boards/{boardId}/archive\n\n### POST /boards/{boardId}/cards\n\n${request('{ "title": "Buy tea" }')}`;
  return compileDesign({
    sql: boards,
    more: { "domain.md": `# Domain model\n\n## Business rules\n\n- BR-1: ${rule}.\n`, "api.md": endpoints },
  });
}

test("what is read-only is changed neither itself nor in what belongs to it", async () => {
  const compilation = await boardsRuled("Archived boards are read-only");
  assert.deepEqual(compilation.needsDetail, []);
  assert.deepEqual(
    [policies(compilation, "board"), policies(compilation, "card")],
    [
      [
        `def check_archived_boards_read_only(board: Board) -> None:
    """BR-1: Archived boards are read-only."""
    if board.archived:
        raise ConflictError()`,
      ],
      [
        `async def check_archived_boards_read_only(
    uow: UnitOfWork, board_ids: Sequence[UUID]
) -> None:
    """BR-1: Archived boards are read-only."""
    boards = await uow.boards.find_many(board_ids, for_update=True)
    if any(board.archived for board in boards):
        raise ConflictError()`,
      ],
    ],
  );
});

test("a moment lies ahead of the one at which it is set", async () => {
  const compilation = await boardsRuled(
    "Boards must be scheduled at least one hour ahead",
    '{ "starts_at": "2030-01-01T08:00:00Z" }',
  );
  assert.deepEqual(policies(compilation, "board"), [
    `def check_boards_be_scheduled_at_least_one_hour_ahead(board: Board) -> None:
    """BR-1: Boards must be scheduled at least one hour ahead."""
    if board.starts_at is not None and board.starts_at < datetime.now(UTC) + timedelta(
        hours=1
    ):
        raise ValidationError()`,
  ]);
  assert.match(
    fileOf(compilation, "src/app/services/board.py"),
    /if changes\.starts_at is not UNSET:\n +check_boards_be_scheduled_at_least_one_hour_ahead\(updated\)/,
  );
});

test("a change that brings the row out of the state is the one that is allowed in it", async () => {
  const compilation = await boardsRuled("An archived board cannot be changed", '{ "name": "Next", "archived": false }');
  assert.match(
    fileOf(compilation, "src/app/services/board.py"),
    /for_update=True\)\n +if changes\.archived is not False:\n +check_archived_board_cannot_be_changed\(found\)\n/,
  );
});

test("what no endpoint does is kept by that, unless an endpoint that needs detail may do it", async () => {
  const rule = "A card cannot be done without a title that is long";
  const kept = (compilation: Compilation): boolean =>
    fileOf(compilation, "src/app/domain/policies/__init__.py").includes("Kept by the endpoints");
  const deleted = "Archived boards cannot be deleted";
  assert.deepEqual([kept(await boardsRuled(deleted)), kept(await boardsRuled(rule))], [true, false]);
});
