import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { review } from "./reviewing.ts";

const design = `# Domain model

## Business rules

- BR-1: Only drafts can be deleted.
- BR-2: Large orders need consent.
- Somebody has to sign for it.
- Gifts are wrapped.
`;
const policies = `"""Rules about Order."""


def check_drafts(order: Order) -> None:
    """BR-1: Only drafts can be deleted."""
    if order.status != "draft":
        raise OrderLockedError()


def check_consent(order: Order) -> None:
    """BR-2: Large orders need consent."""


async def check_signature(order: Order) -> None:
    """Somebody has to sign for it."""
    ...
`;
const elsewhere = `"""Rules that are kept by something else.

Gifts are
wrapped. Kept by the check gifts_check of gifts.
"""
`;

test("a rule is covered by a function that says it and does something; one without a body is shown as that", async () => {
  const { spec } = await readSpec([{ path: "domain.md", text: design }]);
  const { coverage } = await review(spec, [
    { path: "src/app/domain/policies/__init__.py", text: elsewhere },
    { path: "src/app/domain/policies/order.py", text: policies },
  ]);
  assert.deepEqual(
    coverage.elements.map(({ id, status, difference, code }) => [id, status, difference, code?.line]),
    [
      ["rule:BR-1", "implemented", undefined, 4],
      ["rule:BR-2", "mismatched", "The function says the rule and does nothing.", 10],
      ["rule:business-rules-1", "mismatched", "The function says the rule and does nothing.", 14],
      ["rule:business-rules-2", "implemented", undefined, 1],
    ],
  );
});
