import assert from "node:assert/strict";
import { test } from "node:test";
import { className, enumMemberName, pythonName } from "../../../src/compiler/names.ts";
import {
  camelCase,
  kebabCase,
  pascalCase,
  plural,
  sameThing,
  singular,
  snakeCase,
  uniqueName,
} from "../../../src/support/words.ts";

test("a name is the same in every convention", () => {
  for (const name of ["order items", "orderItems", "OrderItems", "order-items", "ORDER_ITEMS"]) {
    assert.deepEqual(
      [snakeCase(name), kebabCase(name), camelCase(name), pascalCase(name)],
      ["order_items", "order-items", "orderItems", "OrderItems"],
    );
  }
  assert.equal(snakeCase("HTTPServerURL"), "http_server_url");
});

test("plurals and singulars are each other's inverse", () => {
  const pairs: readonly (readonly [string, string])[] = [
    ["order", "orders"],
    ["order_item", "order_items"],
    ["category", "categories"],
    ["status", "statuses"],
    ["address", "addresses"],
    ["key", "keys"],
    ["box", "boxes"],
    ["house", "houses"],
    ["license", "licenses"],
    ["database", "databases"],
    ["response", "responses"],
    ["person", "people"],
    ["analysis", "analyses"],
    ["index", "indexes"],
    ["virus", "viruses"],
    ["movie", "movies"],
    ["order_status_history", "order_status_histories"],
    ["metadata", "metadata"],
  ];
  for (const [one, many] of pairs) {
    assert.deepEqual([plural(one), plural(many), singular(many), singular(one)], [many, many, one, one]);
  }
});

test("Python names are valid and hide no type", () => {
  const names = { class: "class_", from: "from_", date: "date_", "2fa": "n2fa", orderId: "order_id", type: "type" };
  for (const [name, expected] of Object.entries(names)) assert.equal(pythonName(name), expected);
  assert.deepEqual([className("exception"), className("order_item")], ["ExceptionRecord", "OrderItem"]);
  assert.deepEqual(["in-progress", "3d", ""].map(enumMemberName), ["IN_PROGRESS", "VALUE_3D", "EMPTY"]);
});

test("a taken name gets a number", () => {
  assert.equal(uniqueName("Order", new Set(["Order", "Order2"])), "Order3");
  assert.equal(uniqueName("order", new Set(["order"])), "order_2");
});

test("the same thing under other names", () => {
  assert.ok(sameThing("OrderItem", "order_items"));
  assert.ok(!sameThing("Order", "order_items"));
});
