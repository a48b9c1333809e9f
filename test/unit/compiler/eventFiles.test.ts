import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../../src/compiler/compile.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const domain = `# Domain model

## Entities

### Order

- id: UUID
- placedAt: datetime

## Value Objects

### Money

- amount: Decimal
- currency: string

## Domain events

| Event | Aggregate | Trigger | Payload |
|--|--|--|--|
| OrderPlaced | Order | checkout | orderId, total: Money, placedAt, lines: string[] |
| order.archived | Order | | orderId, reason?: string, hint |
| OrderItem | | | id |
`;
const database = `CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL);
CREATE TABLE order_items (id uuid PRIMARY KEY);`;

const { spec } = await readSpec([
  { path: "domain.md", text: domain },
  { path: "database.sql", text: database },
]);
const compilation = compile(spec);

test("domain events are immutable classes, typed by the design, else by the columns of their names", () => {
  const file = compilation.files.find(({ path }) => path === "src/app/domain/events.py");
  assert.equal(file?.step, 1);
  assert.equal(
    file?.text,
    `"""Domain events: what has happened, never changed."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.value_objects import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    """Raised on: checkout."""

    order_id: int
    total: Money
    placed_at: datetime
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderArchived:
    """Domain event order.archived of Order."""

    order_id: int
    reason: str | None
    hint: object
`,
  );
});

test("what raises and delivers an event is left open, and a table of that name is no event", () => {
  const events = compilation.needsDetail.filter(({ element }) => element.startsWith("event:"));
  assert.deepEqual(
    events.map(({ element, source, reason }) => `${element} @${source.line} ${reason}`),
    [
      'event:OrderPlaced @21 It is due on "checkout", and none says how it is delivered; the class is in src/app/domain/events.py; say who is told of it and how, then raise it there.',
      "event:order.archived @22 No document says which operation raises it, and none says how it is delivered; the class is in src/app/domain/events.py; say who is told of it and how, then raise it there.",
    ],
  );
});

test("a design without events has no module of them", async () => {
  const { spec: plain } = await readSpec([{ path: "database.sql", text: database }]);
  assert.ok(compile(plain).files.every(({ path }) => !path.endsWith("/events.py")));
});
