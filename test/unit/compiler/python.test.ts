import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPython } from "../../../src/compiler/format.ts";
import {
  docstring,
  importBlock,
  importsFrom,
  longArgument,
  pythonModule,
  stringLiteral,
} from "../../../src/compiler/python.ts";

test("strings are written as black writes them", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["plain", '"plain"'],
    ['say "hi"', "'say \"hi\"'"],
    ['it\'s "it"', '"it\'s \\"it\\""'],
    ["a\\d\n", '"a\\\\d\\n"'],
  ];
  for (const [value, literal] of cases) assert.equal(stringLiteral(value), literal);
});

test("a long string is broken at blanks, or anywhere when it has none", () => {
  const text = `${"word ".repeat(20)}end`;
  const parts = longArgument(text).split("\n");
  assert.ok(parts.length > 1 && parts.every((part) => part.length <= 62));
  assert.equal(parts.map((part) => part.slice(1, -1)).join(""), text);
  assert.equal(longArgument("x".repeat(100)).split("\n").length, 2);
  assert.ok(
    longArgument("説明".repeat(20))
      .split("\n")
      .every((part) => displayWidth(part) <= 62),
  );
});

test("a docstring fits the margin whatever its length, and formatting leaves it alone", () => {
  for (let length = 60; length < 200; length += 1) {
    const words = "ab ".repeat(length).slice(0, length).trim();
    for (const text of [words, `First sentence. ${words}`, "説明".repeat(length / 3)]) {
      const source = `def f() -> None:\n${docstring(text, 1)}\n`;
      const longest = Math.max(...source.split("\n").map(displayWidth));
      assert.ok(longest <= 88, `${longest} columns: ${source}`);
      assert.equal(formatPython(source), source);
    }
  }
});

test("a docstring can hold what would end it", () => {
  assert.equal(docstring('ends with "quotes"'), '"""ends with "quotes"."""');
  assert.equal(docstring('has """ inside'), '"""has \'\'\' inside."""');
  assert.equal(docstring("a \\d pattern"), '"""a \\\\d pattern."""');
});

test("imports are merged and sorted", () => {
  const imports = [...importsFrom("uuid", "UUID"), "import sqlalchemy as sa", ...importsFrom("uuid", "uuid4", "UUID")];
  assert.equal(importBlock(imports), "from uuid import UUID, uuid4\n\nimport sqlalchemy as sa");
});

test("formatting drops unused imports and sorts the others", () => {
  const imports = [
    ...importsFrom("app.domain.order", "Order"),
    ...importsFrom("uuid", "UUID"),
    ...importsFrom("decimal", "Decimal", "Context"),
    ...importsFrom("app.domain.line", "Line as OrderLine", "Gap as OrderGap"),
    "import sqlalchemy as sa",
  ];
  const body = ["def f(a: Decimal, order: Order, line: OrderLine) -> sa.Text:\n    return sa.Text()"];
  assert.equal(
    formatPython(pythonModule({ docstring: "Example", imports, body })),
    [
      '"""Example."""',
      "",
      "from decimal import Decimal",
      "",
      "import sqlalchemy as sa",
      "",
      "from app.domain.line import Line as OrderLine",
      "from app.domain.order import Order",
      "",
      "",
      "def f(a: Decimal, order: Order, line: OrderLine) -> sa.Text:",
      "    return sa.Text()",
      "",
    ].join("\n"),
  );
});

test("names in any script are imported where they are used", () => {
  const imports = importsFrom("app.domain.明細", "明細", "New明細", "Été");
  const body = ["def f(new: New明細) -> 明細 | None:\n    return None"];
  assert.match(pythonModule({ docstring: "Example", imports, body }), /^from app\.domain\.明細 import New明細, 明細$/m);
});

test("a condition that does not fit its line stands in brackets, as black has it", () => {
  const [row, kind] = ["row.a_status_with_a_long_name", "AStatusWithALongName"];
  const text = `x = Row(\n    other=None if a else b,\n    status=None if ${row} is None else ${kind}(${row}),\n)\n`;
  const expected = [
    "x = Row(",
    "    other=None if a else b,",
    "    status=(",
    "        None",
    `        if ${row} is None`,
    `        else ${kind}(${row})`,
    "    ),",
    ")",
    "",
  ].join("\n");
  assert.equal(formatPython(text), expected);
  assert.equal(formatPython(expected), expected);
});

function displayWidth(line: string): number {
  return line.length + (line.match(/[\u2e80-\uffff]/g)?.length ?? 0);
}
