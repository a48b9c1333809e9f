import assert from "node:assert/strict";
import { test } from "node:test";
import { type CheckCondition, checkConditions } from "../../../src/spec/sql/checkConditions.ts";

const checks: readonly (readonly [string, readonly string[]])[] = [
  ["amount > 0", ["amount > 0"]],
  ["((amount >= (0)::numeric))", ["amount >= 0"]],
  ["0 < amount", ["amount > 0"]],
  ["rating BETWEEN 1 AND 5", ["rating >= 1", "rating <= 5"]],
  ["rating between 1 and 5 and price > -1.5", ["rating >= 1", "rating <= 5", "price > -1.5"]],
  ["length(title) BETWEEN 1 AND 200", ["#title >= 1", "#title <= 200"]],
  ['char_length("name") >= 3', ["#name >= 3"]],
  ["(title <> ''::text)", ["#title >= 1"]],
  ["slug ~ '^[a-z]+$'", ["slug ~ ^[a-z]+$"]],
  ["(slug)::text ~ '^[a-z]+$'::text", ["slug ~ ^[a-z]+$"]],
  ["slug ~ '^[[:alpha:]]+$'", []],
  ["slug ~* '^[a-z]+$'", []],
  ["ends_at > starts_at AND ends_at - starts_at <= interval '12 hours'", ["ends_at > starts_at"]],
  ["from_id != to_id", ["from_id <> to_id"]],
  ["ends_on IS NULL OR ends_on >= starts_on", ["ends_on >= starts_on"]],
  ["(discount IS NULL) OR (discount > 0 AND discount < 100)", ["discount > 0", "discount < 100"]],
  ["ends_at::date > starts_at::date", []],
  ["total > 0 OR status IN ('draft', 'cancelled')", []],
  ["price > 0 AND (state = 'a' OR total > 3)", ["price > 0"]],
  ["kind IN ('a and b', 'c')", []],
  ["NOT price > 0", []],
  ["paid_at IS NULL OR price > 0", []],
];

for (const [expression, expected] of checks) {
  test(`check: ${expression}`, () => {
    assert.deepEqual(checkConditions(expression).map(written), expected);
  });
}

function written(condition: CheckCondition): string {
  if (condition.kind === "pattern") return `${condition.column} ~ ${condition.pattern}`;
  if (condition.kind === "order") return `${condition.column} ${condition.operator} ${condition.other}`;
  if (condition.kind === "digits") return `${condition.column} ${condition.digits},${condition.places}`;
  return `${condition.kind === "length" ? "#" : ""}${condition.column} ${condition.operator} ${condition.limit}`;
}
