import assert from "node:assert/strict";
import { test } from "node:test";
import { conversionOf } from "../../../../src/compiler/delta/conversions.ts";
import type { SqlType } from "../../../../src/spec/model.ts";

/** From, to, and what becomes of the values. */
const conversions: readonly (readonly [from: string, to: string, conversion: string])[] = [
  ["text", "text", "same"],
  ["serial", "int4", "same"],
  ["varchar(40)", "varchar(80)", "kept"],
  ["varchar(80)", "varchar(40)", "kept"],
  ["varchar(80)", "text", "kept"],
  ["int4", "int8", "kept"],
  ["int8", "int2", "kept"],
  ["int4", "numeric(12,2)", "kept"],
  ["numeric(12,2)", "numeric(14,4)", "kept"],
  ["numeric(12,4)", "numeric(12,2)", "lossy"],
  ["numeric", "numeric(12,2)", "lossy"],
  ["numeric(12,2)", "int4", "lossy"],
  ["float8", "float4", "lossy"],
  ["int8", "float8", "lossy"],
  ["date", "timestamptz", "kept"],
  ["timestamptz", "date", "lossy"],
  ["timestamp", "timestamptz", "kept"],
  ["timestamptz(6)", "timestamptz(0)", "lossy"],
  ["json", "jsonb", "kept"],
  ["text", "uuid", "kept"],
  ["text", "order_status", "kept"],
  ["order_status", "text", "kept"],
  ["order_status", "state", "kept"],
  ["order_status", "int4", "impossible"],
  ["text", "numeric(12,2)", "lossy"],
  ["uuid", "int4", "impossible"],
  ["int4", "uuid", "impossible"],
  ["bool", "int4", "kept"],
  ["int4", "bool", "lossy"],
  ["int4", "int4[]", "impossible"],
  ["uuid", "text", "kept"],
];

for (const [from, to, conversion] of conversions) {
  test(`${from} to ${to} is ${conversion}`, () => assert.equal(conversionOf(typeOf(from), typeOf(to)), conversion));
}

function typeOf(text: string): SqlType {
  const [, name = "", size = "", array = ""] = /^(\w+)(?:\(([\d,]+)\))?(\[\])?$/.exec(text) ?? [];
  return { name, arguments: size === "" ? [] : size.split(",").map(Number), array: array !== "" };
}
