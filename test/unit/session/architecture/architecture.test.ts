import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentEvent } from "../../../../src/agent/messages.ts";
import type { CoverageElement } from "../../../../src/review/model.ts";
import { englishArchitectureWords } from "../../../../src/session/architecture/architectureWords.ts";
import { architectureDiagram } from "../../../../src/session/architecture/diagram.ts";
import { type PlacedTable, placeTables } from "../../../../src/session/architecture/layout.ts";
import { architecturePage } from "../../../../src/session/architecture/page.ts";
import { timelineTable } from "../../../../src/session/architecture/timelineTable.ts";
import type { RunResult, SessionEvent } from "../../../../src/session/events.ts";
import { recordTimeline } from "../../../../src/session/runTimeline.ts";
import { readSpec } from "../../../../src/spec/readSpec.ts";
import { reviewWith } from "../../../support/designFixture.ts";

const sql = `CREATE TABLE customers (id uuid PRIMARY KEY, "<b>name" text NOT NULL);
CREATE TABLE orders (id uuid PRIMARY KEY, note text, customer_id uuid NOT NULL REFERENCES customers (id));
CREATE TABLE coupons (id uuid PRIMARY KEY);
`;
const api = "# Shop API\n\n### GET /api/v1/orders\n\nAll of them.\n";

async function diagramOf(elements: readonly CoverageElement[] = []) {
  const { spec } = await readSpec([
    { path: "schema.sql", text: sql },
    { path: "api.md", text: api },
  ]);
  const totals = { implemented: 0, missing: 0, mismatched: 0, extra: 0 };
  return architectureDiagram(spec, { ...reviewWith(), coverage: { totals, elements } });
}

test("keys come first, and a table is different where one of its columns is", async () => {
  const { tables, relations, groups } = await diagramOf([
    { id: "table:orders", kind: "table", name: "orders", status: "implemented" },
    { id: "column:orders.note", kind: "column", name: "note", status: "missing" },
  ]);
  const orders = tables.find(({ name }) => name === "orders");
  assert.equal(orders?.state, "mismatched");
  assert.deepEqual(orders?.columns, [
    { name: "id", type: "uuid", key: "primary", state: "designed" },
    { name: "customer_id", type: "uuid", key: "foreign", state: "designed" },
    { name: "note", type: "text?", key: "none", state: "missing" },
  ]);
  assert.deepEqual(relations, [
    { from: "table:orders", to: "table:customers", columns: ["customer_id"], optional: false },
  ]);
  assert.deepEqual(
    groups.map(({ title, endpoints }) => [title, endpoints.map(({ method, path }) => `${method} ${path}`)]),
    [["orders", ["GET /api/v1/orders"]]],
  );
});

test("a relation goes past the tables between its two, not behind them", async () => {
  const [box] = (await diagramOf()).tables;
  assert.ok(box);
  const names = ["a", "b", "c", "d", "e", "f"];
  const tables = names.map((name) => ({ ...box, id: `table:${name}`, name }));
  const pairs = ["ab", "bc", "cd", "ac", "ad", "eb", "fb", "da"];
  const relations = pairs.map(([from, to]) => ({
    from: `table:${from}`,
    to: `table:${to}`,
    columns: ["id"],
    optional: false,
  }));
  const placed = placeTables({ tables, relations });
  const behind = placed.relations.flatMap(({ relation, path }) =>
    placed.tables
      .filter(({ table }) => table.id !== relation.from && table.id !== relation.to)
      .filter((table) => pointsOf(path).some(([x, y]) => isInside(table, x, y)))
      .map(({ table }) => `${relation.from} to ${relation.to}: ${table.id}`),
  );
  assert.deepEqual(behind, []);
});

/** Twenty points of each curve of a path. */
function pointsOf(path: string): readonly (readonly [number, number])[] {
  const numbers = (path.match(/-?[\d.]+/g) ?? []).map(Number);
  const at = (index: number): number => numbers[index] ?? Number.NaN;
  const starts = Array.from({ length: (numbers.length - 2) / 6 }, (_, index) => index * 6);
  return starts.flatMap((start) =>
    Array.from({ length: 20 }, (_, step): readonly [number, number] => {
      const t = step / 20;
      const weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t ** 2 * (1 - t), t ** 3];
      const along = (axis: number): number =>
        weights.reduce((sum, weight, index) => sum + weight * at(start + 2 * index + axis), 0);
      return [along(0), along(1)];
    }),
  );
}

function isInside({ x, y, width, height }: PlacedTable, left: number, top: number): boolean {
  return left > x && left < x + width && top > y && top < y + height;
}

test("no two tables overlap, none stands outside, and the same design is placed the same", async () => {
  const small = await diagramOf();
  const [first] = small.tables;
  assert.ok(first);
  const hub = Array.from({ length: 80 }, (_, index) => ({ ...first, id: `table:t${index}`, name: `t${index}` }));
  const relations = hub.slice(1).map(({ id }) => ({ from: id, to: "table:t0", columns: ["id"], optional: true }));
  for (const diagram of [small, { tables: hub, relations }]) {
    const placed = placeTables(diagram);
    assert.deepEqual(placeTables(diagram), placed);
    assert.equal(placed.relations.length, diagram.relations.length);
    for (const { x, y, width, height } of placed.tables) {
      assert.ok(x >= 0 && y >= 0 && x + width <= placed.width && y + height <= placed.height);
    }
    const overlapping = placed.tables.filter((one, index) =>
      placed.tables
        .slice(index + 1)
        .some(
          (other) =>
            one.x < other.x + other.width &&
            other.x < one.x + one.width &&
            one.y < other.y + other.height &&
            other.y < one.y + one.height,
        ),
    );
    assert.deepEqual(overlapping, []);
    assert.ok(placed.height < 3 * placed.width && placed.width < 6 * placed.height, "the drawing is no ribbon");
  }
});

test("the page runs nothing but its own script, fetches nothing, and takes no word for markup", async () => {
  const page = architecturePage({ diagram: await diagramOf(), timeline: undefined, nonce: "n0" });
  assert.match(page, /content="default-src 'none'; style-src 'nonce-n0'; script-src 'nonce-n0'"/);
  assert.deepEqual(
    [...page.matchAll(/<(script|style)([^>]*)>/g)].map((match) => match[2]),
    [' nonce="n0"', ' nonce="n0"'],
  );
  assert.doesNotMatch(page, /https?:|\ssrc=|\shref=|\son\w+=|\sstyle=|<b>name/);
  assert.match(page, /&lt;b&gt;name/);
  assert.match(
    page,
    /role="button" tabindex="-1" aria-label="· customers: table, not compared with the code yet, 2 columns, 1 pointing here"/,
  );
});

test("the timeline has what a run did, with the tokens of each turn", async () => {
  let now = 1000;
  const recorder = recordTimeline(() => now);
  const at = (time: number, event: SessionEvent) => {
    now = 1000 + time;
    recorder.add(event);
  };
  const agent = (time: number, event: AgentEvent) => at(time, { type: "agent", event });
  assert.equal(recorder.timeline(), undefined);
  recorder.begin();
  const call = { type: "toolCall", id: "1", name: "Write", input: {} } as const;
  at(100, { type: "stepStarted", step: 1, title: "Models" });
  at(250, { type: "stepFinished", step: 1, files: ["a.py"] });
  agent(1250, { type: "usage", usage: { input: 10, output: 5, cacheRead: 1, cacheWrite: 2 } });
  agent(1260, { type: "toolStarted", call });
  agent(1300, { type: "toolEnded", call, output: "no", isError: true });
  at(1400, { type: "finished", result: { model: "opus", stopped: "finished", cost: 0.5 } as RunResult });
  const timeline = recorder.timeline();
  assert.deepEqual(timeline, {
    entries: [
      { kind: "step", label: "Step 1, Models and DTOs: 1 file", start: 100, end: 250 },
      {
        kind: "turn",
        label: "Turn 1 of the model",
        usage: { input: 10, output: 5, cacheRead: 1, cacheWrite: 2 },
        start: 0,
        end: 1250,
      },
      { kind: "tool", label: "Write", failed: true, start: 1260, end: 1300 },
    ],
    milliseconds: 1400,
    result: { model: "opus", stopped: "finished", cost: 0.5 },
  });
  const page = architecturePage({ diagram: { tables: [], relations: [], groups: [] }, timeline, nonce: "n" });
  assert.match(
    page,
    /<th scope="row">Turn 1 of the model<\/th><td>0\.0 s<\/td><td>1\.3 s<\/td><td>13<\/td><td>5<\/td>/,
  );
});

test("what a tool does again and again is one row, and without tokens there are no columns of them", () => {
  const none = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const entries = [
    { kind: "tool", label: "Write", start: 0, end: 100 },
    { kind: "tool", label: "Write", start: 100, end: 300 },
    { kind: "tool", label: "Write", start: 300, end: 400, failed: true },
    { kind: "turn", label: "Turn 1 of the model", start: 0, end: 500, usage: none },
  ] as const;
  const table = timelineTable({ entries, milliseconds: 500 }, englishArchitectureWords);
  assert.deepEqual(
    [...table.matchAll(/<th scope="(?:row|col)">(.*?)<\/th>/g)].map((match) => match[1]),
    ["What", "Began", "Took", "When", "Write × 2", 'Write <span class="missing">failed</span>', "Turn 1 of the model"],
  );
  assert.match(table, /Write × 2<\/th><td>0\.0 s<\/td><td>0\.3 s<\/td><td><svg/);
});
