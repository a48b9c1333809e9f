import assert from "node:assert/strict";
import { test } from "node:test";
import type { DatabaseDesign } from "../../../src/spec/model.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { columnLine, constraintLine } from "./databaseLines.ts";

const renames: readonly (readonly [what: string, sql: string, expected: readonly string[]])[] = [
  [
    "a column, in keys, checks, indexes and keys that refer to it",
    `CREATE TABLE t (a serial PRIMARY KEY, b int DEFAULT 1 CHECK (b > a), c int GENERATED ALWAYS AS (b * 2) STORED);
     CREATE TABLE u (t_a int REFERENCES t (a));
     CREATE INDEX i ON t (b DESC) INCLUDE (a) WHERE "b" > 0;
     CREATE POLICY p ON t USING (t.b = 1 AND 'b' <> a::text);
     ALTER TABLE t RENAME COLUMN b TO "Big"; ALTER TABLE t RENAME a TO id;`,
    [
      'table t: id int4 not null serial of t_a_seq, Big int4 default 1, c int4 as "Big" * 2',
      "primaryKey t_pkey (id)",
      'check t_check (Big,id) "Big" > id',
      "table u: t_a int4",
      "foreignKey u_t_a_fkey (t_a) → t(id) noAction/noAction",
      'index i on t (Big; id) where "Big" > 0',
      `policy p on t: t."Big" = 1 AND 'b' <> id::text`,
    ],
  ],
  [
    "a table, and one that takes its old name",
    `CREATE SCHEMA s;
     CREATE TABLE s.t (id int PRIMARY KEY);
     CREATE TABLE u (t int REFERENCES s.t);
     COMMENT ON TABLE s.t IS 'old';
     ALTER TABLE s.t RENAME TO t_old;
     CREATE TABLE s.t (key int);
     ALTER TABLE s.t ADD COLUMN b int;`,
    [
      "table s.t_old: id int4 not null -- old",
      "primaryKey t_pkey (id)",
      "table u: t int4",
      "foreignKey u_t_fkey (t) → s.t_old(id) noAction/noAction",
      "table s.t: key int4, b int4",
    ],
  ],
  [
    "constraints, indexes, policies and types",
    `CREATE TYPE mood AS ENUM ('sad', 'glad');
     CREATE DOMAIN code AS text;
     CREATE TABLE t (mood mood DEFAULT 'sad'::mood CHECK (mood <> 'sad'), c code, UNIQUE (c));
     CREATE INDEX i ON t (c);
     CREATE POLICY p ON t USING (true);
     ALTER TABLE t RENAME CONSTRAINT t_mood_check TO t_mood; ALTER INDEX i RENAME TO j; ALTER INDEX t_c_key RENAME TO once;
     ALTER POLICY p ON t RENAME TO q; ALTER TYPE mood RENAME TO feeling; ALTER DOMAIN code RENAME TO label;
     ALTER TYPE feeling RENAME VALUE 'sad' TO 'low';
     ALTER TYPE feeling ADD VALUE 'calm' BEFORE 'glad'; ALTER TYPE feeling ADD VALUE IF NOT EXISTS 'glad';`,
    [
      "table t: mood feeling default 'low'::feeling, c label",
      "check t_mood (mood) mood <> 'low'",
      "unique once (c)",
      "index j on t (c; )",
      "policy q on t: true",
      "feeling: low, calm, glad",
      "CREATE DOMAIN label AS text",
    ],
  ],
  [
    "a column that went and came anew, with the index on it",
    `CREATE TABLE t (id int, a int UNIQUE);
     CREATE INDEX gone ON t (a);
     ALTER TABLE t DROP COLUMN a, ADD COLUMN a text NOT NULL;
     CREATE INDEX i ON t (a);`,
    ["table t: id int4, a text not null", "index i on t (a; )"],
  ],
  [
    "what a view shows, which stays a statement",
    `CREATE TABLE t (a int);
     CREATE VIEW v AS SELECT a FROM t;
     ALTER TABLE t RENAME a TO b;
     ALTER VIEW v RENAME TO w;`,
    ["table t: a int4", "CREATE VIEW v AS SELECT a FROM t", "ALTER TABLE t RENAME a TO b", "ALTER VIEW v RENAME TO w"],
  ],
];

for (const [what, sql, expected] of renames) {
  test(`a new name: ${what}`, async () => {
    assert.deepEqual(namesOf((await readSpec([{ path: "a.sql", text: sql }])).spec.database), expected);
  });
}

test("numbered scripts rename what the ones before them made", async () => {
  const { spec } = await readSpec([
    { path: "db/10_rename.sql", text: "ALTER TABLE t RENAME TO u; ALTER TABLE u ADD CHECK (a > 1);" },
    { path: "db/9_more.sql", text: "ALTER TABLE t ADD COLUMN a int;" },
    { path: "db/1_create.sql", text: "CREATE TABLE t (id int);" },
  ]);
  assert.deepEqual(namesOf(spec.database), ["table u: id int4, a int4", "check u_a_check (a) a > 1"]);
});

function namesOf({ tables, indexes, policies, enums, statements }: DatabaseDesign): readonly string[] {
  return [
    ...tables.flatMap((table) => [
      `table ${table.schema ? `${table.schema}.` : ""}${table.name}: ${table.columns
        .map((column) => columnLine(column) + (column.sequence ? ` of ${column.sequence}` : ""))
        .join(", ")}${table.comment ? ` -- ${table.comment}` : ""}`,
      ...table.constraints.map(constraintLine),
    ]),
    ...indexes.map(
      ({ name, table, parts, include, where }) =>
        `index ${name} on ${table} (${parts.map(({ column }) => column)}; ${include})${where ? ` where ${where}` : ""}`,
    ),
    ...policies.map(({ name, table, using }) => `policy ${name} on ${table}: ${using}`),
    ...enums.map(({ name, values }) => `${name}: ${values.join(", ")}`),
    ...statements.filter(({ sql }) => !sql.startsWith("CREATE SCHEMA")).map(({ sql }) => sql),
  ];
}
