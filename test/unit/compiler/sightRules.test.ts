import assert from "node:assert/strict";
import { test } from "node:test";
import type { Compilation } from "../../../src/compiler/compilation.ts";
import { compileDesign, fileOf } from "../../support/compiledApi.ts";

const sql = `CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE,
  role text NOT NULL CHECK (role IN ('reader', 'customer', 'clerk', 'admin')));
CREATE TABLE sales_orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), customer_id uuid NOT NULL REFERENCES users (id), note text NOT NULL,
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'placed')), archived_at timestamptz,
  internal boolean NOT NULL DEFAULT false);`;

async function ruled(sentence: string, authentication = "Authentication: Bearer JWT"): Promise<Compilation> {
  return compileDesign({
    sql,
    more: {
      "domain.md": `# Domain model\n\n## Business rules\n\n- BR-1: ${sentence}\n`,
      "api.md": `# API\n\n${authentication}\n\n### GET /sales-orders/{orderId}\n`,
    },
  });
}

/** Whom the rule is about, and what is shown of the rows to those who do not see them all. */
const own =
  "own_uuid = _uuid_of(caller) shown = false() if own_uuid is None else SalesOrderRow.customer_id == own_uuid criteria.append(with_loader_criteria(SalesOrderRow, shown))";
const narrowed: readonly (readonly [rule: string, sees: string, shown: string])[] = [
  [
    "Only the customer who placed the order, or a clerk, may see it",
    'roles = {"clerk"} return caller is not None and not roles.isdisjoint(caller.roles)',
    own,
  ],
  ["Only its customer may see an order", "return False", own],
  [
    "Readers can only see their own orders",
    'roles = {"customer", "clerk", "admin"} return caller is not None and not roles.isdisjoint(caller.roles)',
    own,
  ],
  [
    "Customers can only see their own orders",
    'roles = {"reader", "clerk", "admin"} return caller is not None and not roles.isdisjoint(caller.roles)',
    own,
  ],
  [
    "Internal orders are never shown to customers",
    'roles = {"reader", "clerk", "admin"} return caller is not None and not roles.isdisjoint(caller.roles)',
    "criteria.append(with_loader_criteria(SalesOrderRow, SalesOrderRow.internal.is_not(True)))",
  ],
  [
    "Archived orders are only visible to clerks and admins",
    'roles = {"clerk", "admin"} return caller is not None and not roles.isdisjoint(caller.roles)',
    "criteria.append(with_loader_criteria(SalesOrderRow, SalesOrderRow.archived_at.is_(None)))",
  ],
  [
    "Only clerks may see draft orders",
    'roles = {"clerk"} return caller is not None and not roles.isdisjoint(caller.roles)',
    "criteria.append(with_loader_criteria(SalesOrderRow, SalesOrderRow.status.not_in([SalesOrderStatus.DRAFT])))",
  ],
  [
    "Customers never see orders that are draft",
    'roles = {"reader", "clerk", "admin"} return caller is not None and not roles.isdisjoint(caller.roles)',
    "criteria.append(with_loader_criteria(SalesOrderRow, SalesOrderRow.status.not_in([SalesOrderStatus.DRAFT])))",
  ],
];

for (const [rule, sees, shown] of narrowed) {
  test(`queries leave out what a caller may not see: ${rule}`, async () => {
    const compilation = await ruled(rule);
    assert.deepEqual(compilation.needsDetail, []);
    const said = (path: string, [from, to]: readonly [string, string]): string => {
      const text = fileOf(compilation, path);
      return text
        .slice(text.lastIndexOf(from), text.lastIndexOf(to))
        .replace(/\s+/g, " ")
        .replace(/(?<=[([]) | (?=[)\]])/g, "");
    };
    assert.deepEqual(
      [
        said("src/app/domain/policies/sight.py", ['."""\n', "\n"]).slice(5),
        said("src/app/persistence/sight.py", ["if not ", "return criteria"]).replace(/^if not \w+\(caller\): | $/g, ""),
      ],
      [sees, shown],
    );
    assert.match(fileOf(compilation, "src/app/persistence/unit_of_work.py"), /narrow\(self\._session, principal\)/);
  });
}

const open: readonly (readonly [what: string, rule: string, authentication?: string])[] = [
  ["a role that nobody has", "Internal orders are never shown to managers"],
  ["a state that there is not", "Frozen orders are never shown to customers"],
  ["somebody whom no column names", "Only the courier of the order may see it"],
  ["nobody calls", "Internal orders are never shown to customers", "Every endpoint is public."],
];

for (const [what, rule, authentication] of open) {
  test(`${what}, so that it needs detail: ${rule}`, async () => {
    const compilation = await ruled(rule, authentication);
    assert.deepEqual(
      compilation.needsDetail.map(({ element }) => element),
      ["rule:BR-1"],
    );
    assert.equal(fileOf(compilation, "src/app/persistence/sight.py"), "");
  });
}
