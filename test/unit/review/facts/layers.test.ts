import assert from "node:assert/strict";
import { test } from "node:test";
import { layerOf } from "../../../../src/review/facts/layers.ts";

const layers: readonly (readonly [path: string, layer: string])[] = [
  ["src/app/orders/service.py", "service"],
  ["app/domain/services/pricing.py", "service"],
  ["app/order_repository.py", "persistence"],
  ["app/repositories/service.py", "persistence"],
  ["src/app/persistence/models/service.py", "persistence"],
  ["src/app/api/routers/repository.py", "api"],
  ["src/app/api/schemas/test.py", "api"],
  ["app/services/test_pricing.py", "test"],
  ["app/services/conftest.py", "test"],
  ["tests/services/pricing.py", "test"],
  ["backend/test_observer/services/pricing.py", "service"],
  ["backend/test_observer/pricing_test.py", "test"],
  ["integration_tests/pricing.py", "test"],
  ["migrations/versions/service.py", "migration"],
  ["app/main.py", "other"],
];

test("the layer of a file is told by the names around it, not by that of the thing it is about", () => {
  assert.deepEqual(
    layers.map(([path]) => [path, layerOf(path)]),
    layers,
  );
});

test("a file that is named like a test and has none in it is where its folder is", () => {
  const paths = ["app/routers/test_results.py", "app/services/pricing_test.py", "tests/services/test_pricing.py"];
  assert.deepEqual(
    paths.map((path) => layerOf(path, false)),
    ["api", "service", "test"],
  );
});
