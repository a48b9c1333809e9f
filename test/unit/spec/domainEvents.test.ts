import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent } from "../../../src/spec/model.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { writeDesign } from "../../../src/spec/write/writeDesign.ts";
import { fence } from "./fixtures.ts";

/** The forms of events; `Name @line [aggregate] <trigger> field: type, field?`. */
const forms: readonly (readonly [what: string, text: string, events: readonly string[]])[] = [
  [
    "a table with payload and trigger, in an aggregate's chapter",
    "# Domain model\n\n## Order\n\n- id: UUID\n- total: Decimal\n\n### Domain Events\n\n| Event | Trigger | Data |\n|--|--|--|\n| `OrderPlaced` | checkout | order_id, total: Decimal |\n| OrderCancelled | `POST /orders/{id}/cancel` | — |\n",
    [
      "OrderPlaced @12 [Order] <checkout> order_id, total: Decimal",
      "OrderCancelled @13 [Order] <POST /orders/{id}/cancel>",
    ],
  ],
  [
    "a table whose aggregate has a column of its own, after names in the past tense",
    "# Domain\n\n## Invoice\n\n- id: UUID\n- number: string\n\n## Events\n\n| Name | Emitted by | Description |\n|--|--|--|\n| Invoice Paid | Invoice | The money has arrived |\n| Reminder | Invoice | no event |\n",
    ["InvoicePaid @12 [Invoice]"],
  ],
  [
    "a list with causes, braces and nested fields",
    "# Domain model\n\n## Domain events\n\n- **OrderPlaced** (`orderId`, `total`) — raised when the customer checks out.\n- `order.shipped` { orderId: UUID, carrier?: string }\n- OrderLost: After thirty days\n  - Payload: `orderId`, `days`\n  - Aggregate: Order\n- None of these is sent twice\n",
    [
      "OrderPlaced @5 <the customer checks out> orderId, total",
      "order.shipped @6 orderId: UUID, carrier?: string",
      "OrderLost @7 <thirty days> orderId, days",
    ],
  ],
  [
    "a section for each, with a field table, a list and an example",
    `# Domain model\n\n## Domain Events\n\n### OrderPlaced\n\nRaised when an order is placed.\n\n| Field | Type |\n|--|--|\n| orderId | UUID |\n\n### 2. Order Shipped\n\n- Trigger: hand-over\n- Payload:\n  - orderId: UUID\n\n### OrderClosed\n\n${fence("json", '{ "event": "order.closed", "data": { "order_id": "7f0c3a52-6a1e-4a39-9c0b-0f5d1d0f7a11", "count": 3 } }')}\n### Delivery\n\n- at: most once\n`,
    [
      "OrderPlaced @5 <an order is placed> orderId: UUID",
      "OrderShipped @13 <hand-over> orderId: UUID",
      "OrderClosed @19 order_id: uuid, count: integer",
    ],
  ],
  [
    "classes, also beside entities, but not their base",
    `# Domain model\n\n## Orders\n\n${fence("python", "@dataclass(frozen=True)\nclass DomainEvent:\n    occurred_at: datetime\n\n@dataclass(frozen=True)\nclass OrderPlaced(DomainEvent):\n    order_id: UUID\n    note: str | None\n\n@dataclass\nclass Order:\n    id: UUID")}\n## Domain events\n\n${fence("ts", "interface OrderCancelled {\n  type: 'OrderCancelled'\n  orderId: string\n  reason?: string\n}")}`,
    ["OrderPlaced @11 order_id: UUID, note?: str | None", "OrderCancelled @23 orderId: string, reason?: string"],
  ],
  [
    "a sketch, a label, and a phrase among other facts",
    `# Domain model\n\n## Domain events\n\n${fence("", "OrderPlaced { orderId, total: Money }\nOrderPaid {\n  orderId: UUID\n  paidAt: datetime\n}")}\n## Cart\n\nEvents:\n\n- \`CartAbandoned\`\n\n**Domain events**: CartOpened, CartEmptied.\n\n- **Events**: \`CartMerged\`\n- **Repository**: CartStore\n`,
    [
      "OrderPlaced @6 orderId, total: Money",
      "OrderPaid @7 orderId: UUID, paidAt: datetime",
      "CartAbandoned @17 [Cart]",
      "CartOpened @19 [Cart]",
      "CartEmptied @19 [Cart]",
      "CartMerged @21 [Cart]",
    ],
  ],
  [
    "Chinese and Japanese",
    "# 领域模型\n\n## 领域事件\n\n- 订单已创建（OrderCreated）：携带 `orderId`\n\n## ドメインイベント\n\n| イベント | 発生条件 | ペイロード |\n|--|--|--|\n| `BookingConfirmed` | 支払い完了 | bookingId, paidAt |\n",
    ["OrderCreated @5", "BookingConfirmed @11 <支払い完了> bookingId, paidAt"],
  ],
];

for (const [what, text, events] of forms) {
  test(`domain events: ${what}`, async () => {
    const { spec } = await readSpec([{ path: "domain-model.md", text }]);
    assert.deepEqual(spec.domain.events.map(lineOf), events);
  });
}

function lineOf({ name, source, aggregate, trigger, fields }: DomainEvent): string {
  const payload = fields.map((field) => `${field.name}${field.required ? "" : "?"}${field.type && `: ${field.type}`}`);
  const origin = [aggregate && `[${aggregate}]`, trigger && `<${trigger}>`, payload.join(", ")];
  return [`${name} @${source.line}`, ...origin].filter(Boolean).join(" ");
}

const others: readonly (readonly [what: string, text: string])[] = [
  [
    "of a socket and a webhook",
    "# API\n\n## WebSocket Events\n\n- `OrderPlaced`: x\n\n## Webhook events\n\n| Event | Payload |\n|--|--|\n| `order.paid` | order_id, total |\n",
  ],
  [
    "that are stored",
    "# Domain model\n\n## Domain events\n\n- AuditRecorded\n\n## AuditRecorded\n\n| Field | Type |\n|--|--|\n| id | UUID |\n\n# Database\n\n### audit_events\n\n| Column | Type |\n|--|--|\n| id | uuid |\n",
  ],
  [
    "without a name, and those who listen",
    "# Domain model\n\n### Domain Events\n\nNone at this stage.\n\n- Events are delivered once\n\n### Event handlers\n\n- `SendReceipt`: mails it\n",
  ],
];

for (const [what, text] of others) {
  test(`no domain events: those ${what}`, async () => {
    const { spec } = await readSpec([{ path: "design.md", text }]);
    assert.deepEqual(spec.domain.events, []);
  });
}

test("domain events that are written down are read again", async () => {
  const text = forms
    .map(([, form]) => form.replace(/^# .*\n/, ""))
    .slice(0, 3)
    .join("\n");
  const { spec } = await readSpec([{ path: "domain-model.md", text: `# Domain model\n${text}` }]);
  const written = writeDesign(spec).map(({ name: path, text: own }) => ({ path, text: own }));
  const again = await readSpec(written);
  const byName = (events: readonly DomainEvent[]): string[] =>
    events.map((event) => lineOf(event).replace(/ @\d+/, "")).sort();
  assert.equal(spec.domain.events.length, 5);
  assert.deepEqual(byName(again.spec.domain.events), byName(spec.domain.events));
});
