import assert from "node:assert/strict";
import { test } from "node:test";
import { linkElement } from "../../../src/session/decide.ts";
import { functionNames, projectFunctions } from "../../../src/session/functionNames.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { memoryWorkspace } from "../../support/memoryWorkspace.ts";
import { review } from "./reviewing.ts";

const domain = `# Domain model

## Order (aggregate root)

### Business rules

- BR-1: The total of an order is never negative.
- BR-2: A paid order cannot be cancelled.
`;

const service = `class OrderService:
    async def cancel(self, order_id: str) -> None:
        if order_id == "paid":
            raise ValueError(order_id)


def total(values: list[int]) -> int:
    def inner() -> int:
        return 0

    return sum(values) + inner()
`;

const files = [{ path: "src/services/orders.py", text: service }];

const rule = (name: string) => ({ id: `rule:${name}`, kind: "rule" }) as const;

async function rulesWith(decisions: string | undefined) {
  const documents = [
    { path: "docs/domain.md", text: domain },
    ...(decisions === undefined ? [] : [{ path: ".backend/design.yaml", text: decisions }]),
  ];
  const { spec, problems } = await readSpec(documents);
  const { coverage } = await review(spec, files);
  const rules = coverage.elements.filter(({ kind }) => kind === "rule");
  return {
    linked: rules.map(({ name, status, code, difference }) => [name, status, code?.line, difference]),
    unlinked: coverage.unlinkedRules?.map(({ name, text, design }) => [name, text, design.line]),
    problems: problems.filter(({ code }) => code === "SPEC-DECISIONS").map(({ line, message }) => `${line} ${message}`),
    totals: coverage.totals,
  };
}

test("a rule that nobody has linked is in no state, and is listed", async () => {
  const { linked, unlinked, totals } = await rulesWith(undefined);
  assert.deepEqual(linked, []);
  assert.deepEqual(unlinked, [
    ["BR-1", "The total of an order is never negative.", 7],
    ["BR-2", "A paid order cannot be cancelled.", 8],
  ]);
  assert.equal(totals.missing, (await rulesWith("version: 1\n")).totals.missing);
});

test("a linked rule is implemented where the link says, and different where the function is gone", async () => {
  const first = linkElement(undefined, rule("BR-1"), "src/services/orders.py::total");
  const { linked, unlinked } = await rulesWith(
    linkElement(first, rule("BR-2"), "src/services/orders.py::OrderService.cancel"),
  );
  assert.deepEqual(
    [linked, unlinked],
    [
      [
        ["BR-1", "implemented", 7, undefined],
        ["BR-2", "implemented", 2, undefined],
      ],
      undefined,
    ],
  );
  const gone = "src/services/orders.py::OrderService.refund";
  assert.deepEqual((await rulesWith(linkElement(first, rule("BR-1"), gone))).linked, [
    ["BR-1", "mismatched", undefined, `Is linked to ${gone}, which the code does not have.`],
  ]);
  assert.equal((await rulesWith(linkElement(first, rule("BR-1")))).unlinked?.length, 2);
});

test("links of other rules, and links to no function, are told with their line and change nothing", async () => {
  const { unlinked, problems } = await rulesWith("rules:\n  BR-9: src/a.py::f\n  BR-1: the total\n");
  assert.equal(unlinked?.length, 2);
  assert.equal(problems.length, 2);
  assert.ok(problems.some((text) => /^2 .* links the business rule BR-9, which the design does not have/.test(text)));
  assert.ok(problems.some((text) => /^3 .* links the rule BR-1 to no function; write path/.test(text)));
});

test("functions and methods of a project can be linked to; those of tests and of functions cannot", async () => {
  assert.deepEqual(functionNames(service), ["OrderService.cancel", "total"]);
  const workspace = memoryWorkspace({
    "src/services/orders.py": service,
    "tests/test_orders.py": "def test_total():\n    pass\n",
    "README.md": "def no\n",
  });
  assert.deepEqual(await projectFunctions(workspace), [
    "src/services/orders.py::OrderService.cancel",
    "src/services/orders.py::total",
  ]);
});
