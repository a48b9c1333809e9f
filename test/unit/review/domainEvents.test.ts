import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { review } from "./reviewing.ts";

const design = `# Domain model

## Domain events

| Event | Payload |
|--|--|
| OrderPlaced | orderId, total |
| order.shipped | |
| OrderLost | |
`;
const events = `class OrderPlaced:
    order_id: int


class OrderShippedEvent:
    pass
`;

test("an event is covered by a class that carries its payload and that something raises", async () => {
  const { spec } = await readSpec([{ path: "domain.md", text: design }]);
  const { coverage } = await review(spec, [
    { path: "src/app/domain/events.py", text: events },
    { path: "src/app/services/order_service.py", text: "def ship() -> None:\n    publish(OrderShippedEvent())\n" },
  ]);
  assert.deepEqual(
    coverage.elements.map(({ id, status, difference, code }) => [id, status, difference, code?.line]),
    [
      ["event:OrderPlaced", "mismatched", "Has no total; Nothing raises it.", 1],
      ["field:OrderPlaced.orderId", "implemented", undefined, 2],
      ["field:OrderPlaced.total", "missing", undefined, undefined],
      ["event:order.shipped", "implemented", undefined, 5],
      ["event:OrderLost", "missing", undefined, undefined],
    ],
  );
});
