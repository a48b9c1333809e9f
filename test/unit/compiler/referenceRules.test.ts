import assert from "node:assert/strict";
import { test } from "node:test";
import type { Compilation } from "../../../src/compiler/compilation.ts";
import { compileDesign, fileOf } from "../../support/compiledApi.ts";

const sql = `CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), tenant_id uuid NOT NULL, email text NOT NULL UNIQUE,
  password_hash text NOT NULL, active boolean NOT NULL DEFAULT true,
  role text NOT NULL CHECK (role IN ('requester', 'agent')));
CREATE TABLE tickets (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), tenant_id uuid NOT NULL, subject text NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'resolved', 'closed')),
  assignee_id uuid REFERENCES users (id), resolved_at timestamptz, tags text[] NOT NULL DEFAULT '{}');
CREATE TABLE ticket_comments (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  ticket_id uuid NOT NULL REFERENCES tickets (id) ON DELETE CASCADE, body text NOT NULL);
CREATE TABLE products (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, discontinued boolean NOT NULL DEFAULT false,
  archived_at timestamptz);
CREATE TABLE stock_items (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), product_id uuid NOT NULL REFERENCES products (id),
  on_hand int NOT NULL, reserved int NOT NULL, CHECK (reserved <= on_hand));
CREATE TABLE sales_orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), note text NOT NULL,
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'placed', 'shipped')));
CREATE TABLE order_lines (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), quantity int NOT NULL,
  order_id uuid NOT NULL REFERENCES sales_orders (id) ON DELETE CASCADE,
  product_id uuid NOT NULL REFERENCES products (id));`;

const body = (json: string) => `Request:\n\n\`\`\`json\n${json}\n\`\`\`\n`;
const id = "5e8e0c36-7a3f-4cc4-9a0e-3f2f1f6a7a10";
const api = `# API

### POST /tickets
${body(`{ "tenant_id": "${id}", "subject": "Help", "assignee_id": "${id}", "tags": ["a"] }`)}
### PATCH /tickets/{ticketId}
${body(`{ "subject": "Help", "assignee_id": "${id}", "tags": ["a"] }`)}
### POST /tickets/{ticketId}/resolve

### POST /tickets/{ticketId}/reopen

### POST /tickets/{ticketId}/comments
${body('{ "body": "Text" }')}
### POST /stock-items
${body(`{ "product_id": "${id}", "on_hand": 3, "reserved": 1 }`)}
### POST /sales-orders
${body(`{ "note": "Text", "lines": [{ "product_id": "${id}", "quantity": 1 }] }`)}
### POST /sales-orders/{orderId}/order-lines
${body(`{ "product_id": "${id}", "quantity": 1 }`)}
### PATCH /sales-orders/{orderId}/order-lines/{lineId}
${body('{ "quantity": 1 }')}
### DELETE /sales-orders/{orderId}/order-lines/{lineId}
`;
const machine = `## SalesOrder

| Field | Type |
|---|---|
| id | uuid |
| lines | OrderLine[] |

### State transitions

- draft → placed (place)
- placed → shipped (ship)

## OrderLine

| Field | Type |
|---|---|
| id | uuid |

## Ticket

### State transitions

- open → resolved (resolve)
- resolved → open (reopen)
- resolved → closed (close)
`;
const errors = `# Errors

| HTTP status | Code | Message |
|---|---|---|
| 422 | VALIDATION_ERROR | Not valid |
| 409 | INVALID_STATUS | Another status |
| 409 | PRODUCT_DISCONTINUED | Not sold any more |
| 409 | TICKET_CLOSED | It is closed |
| 409 | NOT_ASSIGNED | Nobody works on it |
| 409 | REOPEN_TOO_LATE | Too long ago |
| 409 | ORDER_NOT_EDITABLE | It has been placed |
| 409 | INSUFFICIENT_STOCK | There is not enough |
| 422 | ASSIGNEE_NOT_AGENT | Not an agent |
`;

async function ruled(...sentences: readonly string[]): Promise<Compilation> {
  const list = sentences.map((sentence, index) => `- BR-${index + 1}: ${sentence}`).join("\n");
  return compileDesign({
    sql,
    more: {
      "domain.md": `# Domain model\n\n${machine}\n## Business rules\n\n${list}\n`,
      "api.md": api,
      "errors.md": errors,
    },
  });
}

/** What the services call, by `service.method`; a condition in front belongs to the call. */
type Calls = Readonly<Record<string, string>>;

/** The function that a sentence becomes, and who calls it. */
const kept: readonly (readonly [rule: string, module: string, policy: string, calls: Calls])[] = [
  [
    "A discontinued product cannot be added to an order",
    "order_line",
    `async def check_discontinued_product_cannot_be_added_to_order(
    uow: UnitOfWork, product_ids: Sequence[UUID]
) -> None:
    """BR-1: A discontinued product cannot be added to an order."""
    products = await uow.products.find_many(product_ids)
    if any(product.discontinued for product in products):
        raise ProductDiscontinuedError()`,
    {
      "order_line.create_sales_order_order_line":
        "await check_discontinued_product_cannot_be_added_to_order(uow, [data.product_id])",
      "sales_order.create_sales_order":
        "await check_discontinued_product_cannot_be_added_to_order(uow, [item.product_id for item in data.lines])",
    },
  ],
  [
    "Archived products cannot be ordered",
    "order_line",
    `async def check_archived_products_cannot_be_ordered(
    uow: UnitOfWork, product_ids: Sequence[UUID]
) -> None:
    """BR-1: Archived products cannot be ordered."""
    products = await uow.products.find_many(product_ids)
    if any(product.archived_at is not None for product in products):
        raise InvalidStatusError()`,
    {
      "order_line.create_sales_order_order_line":
        "await check_archived_products_cannot_be_ordered(uow, [data.product_id])",
      "sales_order.create_sales_order":
        "await check_archived_products_cannot_be_ordered(uow, [item.product_id for item in data.lines])",
    },
  ],
  [
    "Lines can only be changed while the order is in draft",
    "order_line",
    `async def check_lines_can_only_be_changed_while_order_in_draft(
    uow: UnitOfWork, order_ids: Sequence[UUID]
) -> None:
    """BR-1: Lines can only be changed while the order is in draft."""
    sales_orders = await uow.sales_orders.find_many(order_ids, for_update=True)
    if any(
        sales_order.status is not SalesOrderStatus.DRAFT for sales_order in sales_orders
    ):
        raise OrderNotEditableError()`,
    {
      "order_line.create_sales_order_order_line":
        "await check_lines_can_only_be_changed_while_order_in_draft(uow, [order_id])",
      "order_line.update_sales_order_order_line":
        "await check_lines_can_only_be_changed_while_order_in_draft(uow, [found.order_id])",
      "order_line.delete_sales_order_order_line":
        "await check_lines_can_only_be_changed_while_order_in_draft(uow, [found.order_id])",
    },
  ],
  [
    "Lines cannot be removed once the order is placed",
    "order_line",
    `async def check_lines_cannot_be_removed_once_order_placed(
    uow: UnitOfWork, order_ids: Sequence[UUID]
) -> None:
    """BR-1: Lines cannot be removed once the order is placed."""
    sales_orders = await uow.sales_orders.find_many(order_ids, for_update=True)
    if any(
        sales_order.status in {SalesOrderStatus.PLACED, SalesOrderStatus.SHIPPED}
        for sales_order in sales_orders
    ):
        raise OrderNotEditableError()`,
    {
      "order_line.delete_sales_order_order_line":
        "await check_lines_cannot_be_removed_once_order_placed(uow, [found.order_id])",
    },
  ],
  [
    "A closed ticket cannot be commented on",
    "ticket_comment",
    `async def check_closed_ticket_cannot_be_commented_on(
    uow: UnitOfWork, ticket_ids: Sequence[UUID]
) -> None:
    """BR-1: A closed ticket cannot be commented on."""
    tickets = await uow.tickets.find_many(ticket_ids)
    if any(ticket.status is TicketStatus.CLOSED for ticket in tickets):
        raise TicketClosedError()`,
    {
      "ticket_comment.create_ticket_ticket_comment":
        "await check_closed_ticket_cannot_be_commented_on(uow, [ticket_id])",
    },
  ],
  [
    "Comments can only be added to open tickets",
    "ticket_comment",
    `async def check_comments_can_only_be_added_to_open_tickets(
    uow: UnitOfWork, ticket_ids: Sequence[UUID]
) -> None:
    """BR-1: Comments can only be added to open tickets."""
    tickets = await uow.tickets.find_many(ticket_ids)
    if any(ticket.status is not TicketStatus.OPEN for ticket in tickets):
        raise TicketClosedError()`,
    {
      "ticket_comment.create_ticket_ticket_comment":
        "await check_comments_can_only_be_added_to_open_tickets(uow, [ticket_id])",
    },
  ],
  [
    "A ticket can only be resolved if it has an assignee",
    "ticket",
    `def check_ticket_can_only_be_resolved_if_it_has_assignee(ticket: Ticket) -> None:
    """BR-1: A ticket can only be resolved if it has an assignee."""
    if ticket.status is TicketStatus.RESOLVED and ticket.assignee_id is None:
        raise NotAssignedError()`,
    { "ticket.resolve_ticket": "check_ticket_can_only_be_resolved_if_it_has_assignee(updated)" },
  ],
  [
    "Only agents of the tenant may be assignees",
    "ticket",
    `async def check_only_agents_of_tenant_may_be_assignees(
    uow: UnitOfWork, assignee_ids: Sequence[UUID], tenant_id: UUID
) -> None:
    """BR-1: Only agents of the tenant may be assignees."""
    users = await uow.users.find_many(assignee_ids)
    if len(users) < len(set(assignee_ids)) or any(
        user.role is not UserRole.AGENT or user.tenant_id != tenant_id for user in users
    ):
        raise AssigneeNotAgentError()`,
    {
      "ticket.create_ticket":
        "if data.assignee_id is not None: await check_only_agents_of_tenant_may_be_assignees(uow, [data.assignee_id], data.tenant_id)",
      "ticket.update_ticket":
        "if isinstance(changes.assignee_id, UUID): await check_only_agents_of_tenant_may_be_assignees(uow, [changes.assignee_id], found.tenant_id)",
    },
  ],
  [
    "Tickets can only be assigned to agents",
    "ticket",
    `async def check_tickets_can_only_be_assigned_to_agents(
    uow: UnitOfWork, assignee_ids: Sequence[UUID]
) -> None:
    """BR-1: Tickets can only be assigned to agents."""
    users = await uow.users.find_many(assignee_ids)
    if len(users) < len(set(assignee_ids)) or any(
        user.role is not UserRole.AGENT for user in users
    ):
        raise AssigneeNotAgentError()`,
    {
      "ticket.create_ticket":
        "if data.assignee_id is not None: await check_tickets_can_only_be_assigned_to_agents(uow, [data.assignee_id])",
      "ticket.update_ticket":
        "if isinstance(changes.assignee_id, UUID): await check_tickets_can_only_be_assigned_to_agents(uow, [changes.assignee_id])",
    },
  ],
  [
    "A ticket may have at most 20 tags",
    "ticket",
    `def check_ticket_may_have_at_most_20_tags(ticket: Ticket) -> None:
    """BR-1: A ticket may have at most 20 tags."""
    most = 20
    if len(ticket.tags) > most:
        raise ValidationError()`,
    {
      "ticket.create_ticket": "check_ticket_may_have_at_most_20_tags(created)",
      "ticket.update_ticket": "check_ticket_may_have_at_most_20_tags(updated)",
    },
  ],
  [
    "Reopening is possible within 14 days after it was resolved",
    "ticket",
    `def check_reopening_possible_within_14_days_after_it_was(ticket: Ticket) -> None:
    """BR-1: Reopening is possible within 14 days after it was resolved."""
    if ticket.resolved_at is None:
        return
    if datetime.now(UTC) - ticket.resolved_at > timedelta(days=14):
        raise ReopenTooLateError()`,
    { "ticket.reopen_ticket": "check_reopening_possible_within_14_days_after_it_was(found)" },
  ],
  [
    "A ticket can be reopened within 36 hours of its resolution",
    "ticket",
    `def check_ticket_can_be_reopened_within_36_hours_of(ticket: Ticket) -> None:
    """BR-1: A ticket can be reopened within 36 hours of its resolution."""
    if ticket.resolved_at is None:
        return
    if datetime.now(UTC) - ticket.resolved_at > timedelta(hours=36):
        raise ReopenTooLateError()`,
    { "ticket.reopen_ticket": "check_ticket_can_be_reopened_within_36_hours_of(found)" },
  ],
];

for (const [rule, module, policy, calls] of kept) {
  test(`a rule is a function of the domain: ${rule}`, async () => {
    const compilation = await ruled(rule);
    assert.deepEqual(compilation.needsDetail, []);
    const [, ...functions] = fileOf(compilation, `src/app/domain/policies/${module}.py`).split(
      /\n\n\n(?=(?:async )?def )/,
    );
    assert.deepEqual(
      functions.map((text) => text.trim()),
      [policy],
    );
    assert.deepEqual(callsOf(compilation, /def (\w+)/.exec(policy)?.[1] ?? ""), calls);
  });
}

const alike: readonly (readonly [rule: string, as: string])[] = [
  ["Closed tickets accept no new comments", "A closed ticket cannot be commented on"],
  ["No comments can be added to a ticket that is closed", "A closed ticket cannot be commented on"],
  ["A ticket cannot be resolved without an assignee", "A ticket can only be resolved if it has an assignee"],
  ["The assignee must be an agent of the same tenant", "Only agents of the tenant may be assignees"],
  ["The assignee of a ticket must be an agent of the tenant", "Only agents of the tenant may be assignees"],
  ["Lines of placed orders are read-only", "Lines cannot be changed while the order is placed"],
];

for (const [rule, as] of alike) {
  test(`two wordings are one rule: ${rule}`, async () => {
    const bodies = (compilation: Compilation): readonly string[] =>
      compilation.files
        .filter(({ path }) => path.includes("/policies/"))
        .map(({ text }) => text.replace(/def \w+|"""BR-1: .*"""/g, ""));
    const compilation = await ruled(rule);
    assert.deepEqual(compilation.needsDetail, []);
    assert.deepEqual(bodies(compilation), bodies(await ruled(as)));
  });
}

function callsOf(compilation: Compilation, policy: string): Calls {
  const call = new RegExp(`((?: +if [^\\n]*\\n)? +(?:await )?${policy}\\([\\s\\S]*?\\)\\n)`);
  const services = compilation.files.filter(({ path }) => path.startsWith("src/app/services/"));
  const found = services.flatMap(({ path, text }) =>
    text.split(/\n {4}async def /).flatMap((method) => {
      const [, line] = call.exec(method) ?? [];
      if (line === undefined || path.endsWith("lookups.py")) return [];
      const name = `${/(\w+)\.py$/.exec(path)?.[1]}.${/^\w+/.exec(method)?.[0]}`;
      return [
        [
          name,
          line
            .replace(/\s+/g, " ")
            .replaceAll(/([([]) | (?=[)\]])/g, "$1")
            .trim(),
        ] as const,
      ];
    }),
  );
  return Object.fromEntries(found);
}

test("a check of the table keeps the rule, and its violation is answered with the code of the rule", async () => {
  const compilation = await ruled("Reserved stock never exceeds stock on hand");
  assert.deepEqual(compilation.needsDetail, []);
  assert.match(
    fileOf(compilation, "src/app/persistence/repositories/stock_item.py"),
    /"stock_items_check": InsufficientStockError,/,
  );
  assert.match(
    fileOf(compilation, "src/app/domain/stock_item.py").replace(/\s+/g, " "),
    /require\( InsufficientStockError, "reserved", holds=self\.reserved <= self\.on_hand/,
  );
});

const open: readonly (readonly [what: string, rule: string])[] = [
  ["a state that there is not", "A frozen product cannot be added to an order"],
  ["rows that refer to nothing", "A discontinued product cannot be commented on"],
  ["a role that nobody has", "Only managers of the tenant may be assignees"],
  ["nothing in common", "Only agents of the workspace may be assignees"],
  ["a column that nobody refers with", "Only agents may be reviewers"],
  ["a value that is always there", "A ticket can only be resolved if it has a subject"],
  ["a value that there is not", "A ticket can only be resolved if it has a solution"],
  ["a moment that is not kept", "Reopening is possible within 14 days after it was paid"],
  ["what is no step of the life cycle", "Printing is possible within 14 days after it was resolved"],
  ["half a sentence", "A closed ticket cannot be commented on; weekends cost twice as much"],
];

for (const [what, rule] of open) {
  test(`${what} needs detail: ${rule}`, async () => {
    const { needsDetail } = await ruled(rule);
    assert.deepEqual(
      needsDetail.map(({ element }) => element),
      ["rule:BR-1"],
    );
  });
}
