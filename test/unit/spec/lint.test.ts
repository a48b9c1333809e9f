import assert from "node:assert/strict";
import { test } from "node:test";
import type { DesignDocument } from "../../../src/spec/model.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const table = (name: string, columns: string): string => `CREATE TABLE ${name} (id uuid PRIMARY KEY, ${columns});\n`;
const sql = (text: string): DesignDocument => ({ path: "db.sql", text });
const entity = (name: string, fields: readonly (readonly [string, string])[]): DesignDocument => ({
  path: "domain.md",
  text: `# Domain model\n\n## Entities\n\n### ${name}\n\n| Field | Type | Required |\n|---|---|---|\n${fields.map(([field, type]) => `| ${field} | ${type} | yes |\n`).join("")}`,
});
const api = (schema: string): DesignDocument => ({
  path: "api.yaml",
  text: `openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n    Order:\n      type: object\n      properties:\n        total: ${schema}\n`,
});

const cases: readonly (readonly [what: string, documents: readonly DesignDocument[], problems: readonly string[]])[] = [
  [
    "an index on a column with a slip",
    [sql(`${table("orders", "status text")}CREATE INDEX i\n  ON orders (statsu);`)],
    ["SPEC-INDEX db.sql:2 [2-3: statsu → status]"],
  ],
  [
    "an index on a column that is nothing like another",
    [sql(`${table("orders", "status text")}CREATE INDEX i ON orders (customer_id);`)],
    ["SPEC-INDEX db.sql:2"],
  ],
  [
    "a foreign key to the singular",
    [sql(`${table("users", "a int")}${table("orders", "u uuid REFERENCES user_ (id)").replace("user_", '"user"')}`)],
    ["SPEC-FK db.sql:2 [2-2: user → users]"],
  ],
  [
    "a policy that has no effect",
    [sql(`${table("orders", "a int")}CREATE POLICY p ON orders USING (true);`)],
    ["SPEC-POLICY db.sql:2 [2-2:  → ALTER TABLE orders ENABLE ROW LEVEL SECURITY;]"],
  ],
  [
    "a policy on a table of the platform",
    [sql(`${table("orders", "a int")}CREATE POLICY p ON realtime.messages USING (true);`)],
    [],
  ],
  [
    "sentences about indexes, which name no table",
    [
      {
        path: "database.md",
        text: "# Database design\n\n## orders\n\n| Column | Type | Notes |\n|---|---|---|\n| id | uuid | PK |\n| status | text | |\n\n## Index strategy\n\n- Indexes on frequently filtered columns (`is_active`, `status`)\n- Lookup index on (status)\n- Common query indexes: `orders(status)`\n",
      },
    ],
    [],
  ],
  [
    "an example of a query with parameters",
    [
      {
        path: "database.md",
        text: `# Database design\n\n\`\`\`sql\n${table("orders", "a int")}SELECT * FROM orders WHERE id = :id;\n\`\`\`\n`,
      },
    ],
    ["SPEC-SQL-IGNORED database.md:5"],
  ],
  [
    "a policy that a later migration gives effect, given first",
    [
      { path: "m/2_more.sql", text: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;" },
      {
        path: "m/1_first.sql",
        text: `${table("orders", "a int")}ALTER TABLE orders DISABLE ROW LEVEL SECURITY; CREATE POLICY p ON orders USING (true);`,
      },
    ],
    [],
  ],
  [
    "partitions have the key of their table",
    [
      sql(
        "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE p_1 (id int NOT NULL); ALTER TABLE ONLY p ATTACH PARTITION p_1 FOR VALUES FROM (1) TO (2);",
      ),
    ],
    [],
  ],
  [
    "types of entity and table that do not fit",
    [
      entity("Order", [
        ["total", "integer"],
        ["note", "varchar(200)"],
        ["placed", "string"],
        ["open", "boolean"],
      ]),
      sql(table("orders", "total text, note varchar(500), placed timestamptz, open boolean")),
    ],
    ["SPEC-TYPE-CONFLICT domain.md:9", "SPEC-TYPE-CONFLICT domain.md:10"],
  ],
  [
    "an entity whose table has another spelling",
    [entity("Custmer", [["name", "string"]]), sql(table("customers", "name text"))],
    ["SPEC-NAMES domain.md:5"],
  ],
  ["an example of another type", [api("{ type: number, example: '12' }")], ["SPEC-EXAMPLE api.yaml:8"]],
  ["an example that is not allowed", [api("{ type: string, enum: [a, b], example: c }")], ["SPEC-EXAMPLE api.yaml:8"]],
  ["an example out of range", [api("{ type: integer, maximum: 5, example: 6 }")], ["SPEC-EXAMPLE api.yaml:8"]],
  [
    "an example in a list",
    [api("{ type: [string, 'null'], maxLength: 2, examples: [ab, abc] }")],
    ["SPEC-EXAMPLE api.yaml:8"],
  ],
  [
    "a property called example",
    [api("{ type: object, properties: { example: { type: string }, type: { type: string } } }")],
    [],
  ],
  [
    "good examples",
    [api("{ type: number, nullable: true, example: null, minimum: 1 }"), { path: "x.yaml", text: "" }],
    [],
  ],
];

const codes = /^SPEC-(?:INDEX|FK|POLICY|NO-KEY|TYPE-CONFLICT|NAMES|EXAMPLE|SQL|SQL-IGNORED)$/;

test("faults across documents stand at their line, with a fix where only one is possible", async (context) => {
  for (const [what, documents, expected] of cases) {
    await context.test(what, async () => {
      const { problems } = await readSpec(documents);
      const found = problems.filter(({ code }) => codes.test(code));
      assert.deepEqual(
        found.map(({ code, path, line, fix }) => {
          const edit = fix && ` [${fix.line}-${fix.endLine ?? fix.line}: ${fix.replaces ?? ""} → ${fix.text}]`;
          return `${code} ${path}:${line}${edit ?? ""}`;
        }),
        expected,
      );
    });
  }
});
