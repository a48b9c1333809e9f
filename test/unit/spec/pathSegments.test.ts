import assert from "node:assert/strict";
import { test } from "node:test";
import { pathSegments } from "../../../src/spec/pathSegments.ts";

const cases: readonly (readonly [path: string, segments: readonly string[]])[] = [
  ["/orders/{orderId}/items", ["orders", "{orderId}", "items"]],
  ["/orders/{orderId}:cancel", ["orders", "{orderId}", "cancel"]],
  ["/orders:batch-delete", ["orders", "batch-delete"]],
  ["/orders/:orderId", ["orders", ":orderId"]],
  ["/orders/{orderId:uuid}", ["orders", "{orderId:uuid}"]],
  ["/v1/time/12:30", ["v1", "time", "12:30"]],
  ["/", []],
];

for (const [path, segments] of cases) {
  test(`${path} has the segments ${segments.join(" ")}`, () => {
    assert.deepEqual(pathSegments(path), segments);
  });
}
