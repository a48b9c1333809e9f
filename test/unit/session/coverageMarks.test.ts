import assert from "node:assert/strict";
import { test } from "node:test";
import type { CoverageElement } from "../../../src/review/model.ts";
import { combined, filterChoices, filterCoverage } from "../../../src/session/coverageFilter.ts";
import { codeMarks, coverageMarks, elementAt } from "../../../src/session/coverageMarks.ts";

const at = (path: string, line: number, endLine = line) => ({ path, line, endLine });

const elements: readonly CoverageElement[] = [
  {
    id: "endpoint:GET /orders",
    kind: "endpoint",
    name: "GET /orders",
    status: "implemented",
    design: at("docs/api.md", 7, 12),
    code: at("src/app/api/routers/orders.py", 31, 40),
  },
  {
    id: "table:orders",
    kind: "table",
    name: "orders",
    status: "implemented",
    design: at("docs/schema.sql", 1, 4),
    code: at("src/app/persistence/models/order.py", 9, 30),
  },
  {
    id: "column:orders.id",
    kind: "column",
    name: "id",
    status: "implemented",
    design: at("docs/schema.sql", 2),
    code: at("src/app/persistence/models/order.py", 12),
  },
  {
    id: "column:orders.total",
    kind: "column",
    name: "total",
    status: "mismatched",
    design: at("docs/schema.sql", 3),
    code: at("src/app/persistence/models/order.py", 13),
    difference: "Type is integer, the design says numeric.",
  },
  { id: "table:orders_old", kind: "table", name: "orders_old", status: "missing", design: at("docs/schema.sql", 9) },
  { id: "column:orders_old.id", kind: "column", name: "id", status: "missing", design: at("docs/schema.sql", 10) },
  { id: "errorCode:TAKEN", kind: "errorCode", name: "TAKEN", status: "implemented", design: at("docs/api.md", 20) },
  { id: "endpoint:GET /more", kind: "endpoint", name: "GET /more", status: "extra", code: at("src/app/more.py", 3, 8) },
];

test("a document has a mark for each line with an element, and a title above what is worth one", () => {
  const marks = (path: string) => coverageMarks(elements, path).map(({ line, status, title }) => [line, status, title]);
  assert.deepEqual(marks("docs/schema.sql"), [
    [1, "mismatched", "differs: 1 part of it is not as designed · models/order.py:9"],
    [2, "implemented", undefined],
    [3, "mismatched", "differs: Type is integer, the design says numeric · models/order.py:13"],
    [9, "missing", "missing"],
    [10, "missing", undefined],
  ]);
  assert.deepEqual(marks("docs/api.md"), [
    [7, "implemented", "implemented · routers/orders.py:31"],
    [20, "implemented", undefined],
  ]);
  assert.deepEqual(marks("docs/other.md"), []);
});

test("the design of a line of code is that of the innermost element around it", () => {
  const found = (path: string, line: number) => elementAt(elements, path, line)?.id;
  assert.deepEqual(
    [
      found("src/app/persistence/models/order.py", 13),
      found("src/app/persistence/models/order.py", 29),
      found("src/app/persistence/models/order.py", 31),
      found("src/app/more.py", 4),
    ],
    ["column:orders.total", "table:orders", undefined, undefined],
  );
});

test("the coverage can be filtered by state, kind and document, and says how many each lets through", () => {
  const choices = filterChoices({ elements }, (kind) => `${kind}s`);
  assert.deepEqual(
    choices.map(({ sort, label, count }) => `${sort}: ${label} ${count}`),
    [
      "State: implemented 4",
      "State: differs from the design 1",
      "State: missing 2",
      "State: not in the design 1",
      "Kind: endpoints 2",
      "Kind: tables 2",
      "Kind: columns 3",
      "Kind: errorCodes 1",
      "Document: docs/api.md 2",
      "Document: docs/schema.sql 5",
    ],
  );
  const shown = (...labels: string[]) =>
    filterCoverage({ elements }, combined(choices.filter(({ label }) => labels.includes(label)))).elements.map(
      ({ id }) => id,
    );
  assert.equal(shown().length, elements.length);
  assert.deepEqual(shown("missing", "differs from the design"), [
    "column:orders.total",
    "table:orders_old",
    "column:orders_old.id",
  ]);
  assert.deepEqual(shown("implemented", "docs/schema.sql", "tables"), ["table:orders"]);
});

test("rules that nobody has linked are a state of their own, of the kind and the document that they have", () => {
  const unlinkedRules = [{ id: "rule:BR-1", name: "BR-1", text: "Only staff.", design: at("docs/schema.sql", 90) }];
  const coverage = { elements, unlinkedRules };
  const choices = filterChoices(coverage, (kind) => `${kind}s`);
  const shown = (...labels: string[]) => {
    const filtered = filterCoverage(coverage, combined(choices.filter(({ label }) => labels.includes(label))));
    return [filtered.elements.length, filtered.unlinkedRules.length];
  };
  assert.deepEqual(
    choices.flatMap(({ sort, label, count }) => (count === 1 && /link|rule/.test(label) ? [`${sort}: ${label}`] : [])),
    ["State: not linked to a function", "Kind: rules"],
  );
  assert.deepEqual(shown(), [elements.length, 1]);
  assert.deepEqual(shown("not linked to a function"), [0, 1]);
  assert.deepEqual(shown("not linked to a function", "missing"), [2, 1]);
  assert.deepEqual(shown("missing"), [2, 0]);
  assert.deepEqual(shown("rules"), [0, 1]);
  assert.deepEqual(shown("docs/schema.sql"), [5, 1]);
  assert.deepEqual(shown("docs/api.md"), [2, 0]);
});

test("a changed design is told above its element, marks its owner, and can be filtered by", () => {
  const drift = { difference: "type numeric → integer", hash: "aa" };
  const moved = elements.map((element) => (element.id === "column:orders.id" ? { ...element, drift } : element));
  const [table, column] = coverageMarks(moved, "docs/schema.sql");
  assert.deepEqual(
    [table?.status, column?.status, column?.title],
    [
      "mismatched",
      "mismatched",
      "implemented · models/order.py:12 · design changed since it was implemented: type numeric → integer",
    ],
  );
  assert.match(table?.title ?? "", / · models\/order\.py:9 · design of 1 part of it changed since$/);
  const choice = filterChoices({ elements: moved }, String).filter(({ label }) => label === "design changed");
  assert.deepEqual(
    choice.map(({ count }) => count),
    [1],
  );
  assert.deepEqual(
    filterCoverage({ elements: moved }, combined(choice)).elements.map(({ id }) => id),
    ["column:orders.id"],
  );
});

test("code says above itself what of the design it implements, columns and the like left out", () => {
  const titles = (path: string) => codeMarks(elements, path).map(({ line, title }) => [line, title]);
  assert.deepEqual(titles("src/app/persistence/models/order.py"), [[9, "implements orders · schema.sql:1"]]);
  assert.deepEqual(titles("src/app/api/routers/orders.py"), [[31, "implements GET /orders · api.md:7"]]);
  assert.deepEqual(titles("src/app/more.py"), []);
});

test("a rule that is linked to a function has a title above it; one that the code names has not", () => {
  const named: CoverageElement = {
    id: "rule:BR-1",
    kind: "rule",
    name: "BR-1",
    status: "implemented",
    design: at("docs/domain.md", 4),
    code: at("src/app/services/order.py", 12, 20),
  };
  const linked: CoverageElement = { ...named, id: "rule:BR-2", design: at("docs/domain.md", 6), isLinked: true };
  assert.deepEqual(
    coverageMarks([named, linked], "docs/domain.md").map(({ line, title }) => [line, title]),
    [
      [4, undefined],
      [6, "linked · services/order.py:12"],
    ],
  );
});

test("the marks of a large design cost what it has, not its square", () => {
  const tables = Array.from({ length: 600 }, (_, at) => `ledger_${at}`);
  const large = tables.flatMap((name, at): readonly CoverageElement[] => {
    const design = (line: number) => ({ path: "docs/schema.sql", line: at * 40 + line, endLine: at * 40 + line });
    const columns = Array.from({ length: 30 }, (_, column): CoverageElement => {
      const id = `column:${name}.c${column}`;
      return { id, kind: "column", name: `c${column}`, status: "missing", design: design(column + 1) };
    });
    return [{ id: `table:${name}`, kind: "table", name, status: "missing", design: design(0) }, ...columns];
  });
  const before = process.cpuUsage();
  const marks = coverageMarks(large, "docs/schema.sql");
  const { user, system } = process.cpuUsage(before);
  assert.equal(marks.length, 600 * 31);
  assert.equal(marks.filter(({ title }) => title !== undefined).length, 600, "a missing table is told once");
  assert.ok((user + system) / 1000 < 1000, `${(user + system) / 1000} ms`);
});
