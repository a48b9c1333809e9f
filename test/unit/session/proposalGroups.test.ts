import assert from "node:assert/strict";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { filterProposals, noProposalFilter } from "../../../src/changes/proposalFilter.ts";
import type { CoverageElement } from "../../../src/review/model.ts";
import { groupByItem, groupByStep, outsideItems, restrictTo } from "../../../src/session/proposalGroups.ts";

const texts = {
  "app/routers/orders.py": "from app.models import OrderRow\n\n\nasync def create_order() -> OrderRow: ...\n",
  "app/models.py": 'class OrderRow:\n    __tablename__ = "orders"\n',
  "migrations/1.py": 'def upgrade():\n    op.create_table("orders")\n',
  "policies.sql": "CREATE POLICY own ON orders;\n",
  "README.md": "# Orders\n",
};

const changes = createChangeSet();
for (const [path, proposed] of Object.entries(texts)) changes.propose(path, undefined, proposed);
const all = changes.files();

function shown(text = "") {
  return filterProposals(all, { ...noProposalFilter, text }, () => false);
}

function element(id: string, path: string, line: number): CoverageElement {
  const [kind = "", name = ""] = id.split(/:(.*)/s);
  return {
    id,
    kind: kind as CoverageElement["kind"],
    name,
    status: "implemented",
    code: { path, line, endLine: line },
  };
}

const elements = [
  element("table:orders", "app/models.py", 2),
  element("column:orders.id", "app/models.py", 2),
  element("endpoint:POST /orders", "app/routers/orders.py", 4),
  element("policy:own", "policies.sql", 1),
  element("entity:Order", "app/accepted.py", 1),
];

test("design items of every kind are found in what is proposed, each with all that it takes", () => {
  const groups = groupByItem(all, shown(), elements);
  assert.deepEqual(
    groups.flatMap(({ title, items }) => items().map(({ label, parts }) => [title, label, parts.map((it) => it.path)])),
    [
      ["Endpoints", "POST /orders", ["app/routers/orders.py", "app/models.py", "migrations/1.py"]],
      ["Tables", "table orders", ["app/models.py", "migrations/1.py"]],
      ["Row policies", "policy own", ["policies.sql"]],
    ],
  );
  assert.deepEqual(
    outsideItems(shown(), groups).map(({ file }) => file.path),
    ["README.md"],
  );
});

test("what a filter hides belongs to no item", () => {
  const files = shown("create_");
  const [endpoints, tables] = groupByItem(all, files, elements);
  assert.deepEqual(
    [endpoints, tables].map((group) => group?.items().flatMap(({ parts }) => parts.map(({ path }) => path))),
    [["app/routers/orders.py", "migrations/1.py"], undefined],
  );
  assert.deepEqual(
    restrictTo(files, endpoints?.items()[0]?.parts ?? []).map(({ file, hunks }) => `${file.path} ${hunks.length}`),
    ["app/routers/orders.py 1", "migrations/1.py 1"],
  );
});

test("steps come in their order, folders where no step is known, and few files stand by themselves", () => {
  const files = shown();
  const labels = (stepOf: Parameters<typeof groupByStep>[1], some = files) =>
    groupByStep(some, stepOf).map(({ label, files: members }) => `${label}: ${members.length}`);
  assert.deepEqual(
    labels((path) => ({ number: path.startsWith("migrations") ? 2 : 10, title: "step" })),
    ["2. step: 1", "10. step: 4"],
  );
  assert.deepEqual(
    labels(() => undefined),
    [": 5"],
  );
  assert.deepEqual(
    labels(() => undefined, [...files, ...files]),
    ["app: 2", "app/routers: 2", "migrations: 2", "Project folder: 4"],
  );
});
