import assert from "node:assert/strict";
import { test } from "node:test";
import type { DatabaseDesign, Policy, TableIndex } from "../../../src/spec/model.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { columnLine, constraintLine } from "./databaseLines.ts";

async function database(...scripts: readonly string[]): Promise<DatabaseDesign> {
  const documents = scripts.map((text, index) => ({ path: `${index}.sql`, text }));
  return (await readSpec(documents)).spec.database;
}

async function faults(text: string): Promise<string[]> {
  const { problems } = await readSpec([{ path: "a.sql", text }]);
  return problems
    .filter((problem) => problem.severity !== "info")
    .map((problem) => `${problem.line} ${problem.code} ${problem.message}`);
}

const columns: readonly (readonly [sql: string, expected: string])[] = [
  ["id bigserial", "id int8 not null serial"],
  ["id int GENERATED ALWAYS AS IDENTITY", "id int4 not null always"],
  ["name varchar(80) NOT NULL DEFAULT 'größe' COLLATE \"C\"", "name varchar(80) not null default 'größe'"],
  ["price numeric(12,2) DEFAULT -1.5 NOT NULL", "price numeric(12,2) not null default -1.5"],
  ["tags text[] DEFAULT '{}'::text[]", "tags text[] default '{}'::text[]"],
  [
    "at timestamp with time zone DEFAULT (now() + interval '1 day')",
    "at timestamptz default (now() + interval '1 day')",
  ],
  ["total int GENERATED ALWAYS AS (a * 2 /* twice */) STORED", "total int4 as a * 2"],
  ["gone timestamptz DEFAULT NULL", "gone timestamptz"],
  ["state shop.order_state NOT NULL", "state shop.order_state not null"],
  ["code char(3)", "code bpchar(3)"],
];

for (const [sql, expected] of columns) {
  test(`column: ${sql}`, async () => {
    const design = await database(`CREATE TABLE t (${sql}, a int)`);
    assert.equal(design.tables[0]?.columns.map(columnLine)[0], expected);
  });
}

test("constraints keep the text of their expressions and get PostgreSQL's own names", async () => {
  const design = await database(`
    CREATE TABLE users (id serial PRIMARY KEY, email text UNIQUE NOT NULL CHECK (email <> 'ä'
      AND email LIKE '%@%'), a int CHECK (a > 0) CHECK (a < 10), b int, CHECK (a < b), CONSTRAINT pair UNIQUE NULLS NOT DISTINCT (a, b),
      r int4range, EXCLUDE USING gist (r WITH &&), parent int REFERENCES users ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
    ALTER TABLE users ADD CHECK (a <> 5), ADD FOREIGN KEY (b) REFERENCES users (id) ON UPDATE CASCADE;`);
  assert.deepEqual(design.tables[0]?.constraints.map(constraintLine), [
    "primaryKey users_pkey (id)",
    "unique users_email_key (email)",
    "check users_email_check (email) email <> 'ä' AND email LIKE '%@%'",
    "check users_a_check (a) a > 0",
    "check users_a_check1 (a) a < 10",
    "foreignKey users_parent_fkey (parent) → users(id) setNull/noAction deferred",
    "check users_check (a,b) a < b",
    "unique pair (a,b) nulls not distinct",
    "exclude users_r_excl (r) EXCLUDE USING gist (r WITH &&)",
    "check users_a_check2 (a) a <> 5",
    "foreignKey users_b_fkey (b) → users(id) noAction/cascade",
  ]);
});

// The names on the right were read from pg_constraint and pg_indexes of PostgreSQL 15.
test("long, repeated and expression names come out as PostgreSQL makes them", async () => {
  const design = await database(`
    CREATE TABLE this_is_a_very_long_table_name_indeed_it_is_really_long (
      this_is_a_very_long_column_name_indeed int PRIMARY KEY, this_is_a_very_long_column_name_two int UNIQUE REFERENCES u(id),
      CHECK (this_is_a_very_long_column_name_two > this_is_a_very_long_column_name_indeed));
    CREATE TABLE a_b (c int CHECK (c > 0)); CREATE TABLE a (b_c int CHECK (b_c > 0));
    CREATE INDEX ON a (coalesce(b_c, 1), (b_c || ''), (b_c::text), (CASE WHEN b_c = 1 THEN b_c END));
    CREATE INDEX ON a ((b_c + 1), (b_c + 2), lower(x), b_c); CREATE INDEX ON a (lower(x)); CREATE INDEX ON a (lower(y));`);
  assert.deepEqual(
    design.tables.flatMap((table) => table.constraints.map((constraint) => constraint.name)),
    [
      "this_is_a_very_long_table_name_indeed_it_is_really_long_pkey",
      "this_is_a_very_long_table_nam_this_is_a_very_long_column_na_key",
      "this_is_a_very_long_table_nam_this_is_a_very_long_column_n_fkey",
      "this_is_a_very_long_table_name_indeed_it_is_really_long_check",
      "a_b_c_check",
      "a_b_c_check1",
    ],
  );
  assert.deepEqual(
    design.indexes.map((index) => index.name),
    ["a_coalesce_expr_b_c_case_idx", "a_expr_expr1_lower_b_c_idx", "a_lower_idx", "a_lower_idx1"],
  );
});

test("an index keeps order, operator classes, included columns and predicate", async () => {
  const sql =
    "CREATE UNIQUE INDEX IF NOT EXISTS i ON shop.orders USING gin (lower(a) DESC NULLS LAST, (a || b), c text_pattern_ops) INCLUDE (d) WHERE (e IS NULL)";
  const expected: TableIndex = {
    id: "index:i",
    kind: "index",
    name: "i",
    source: { path: "0.sql", line: 2, endLine: 2 },
    confidence: "declared",
    table: "shop.orders",
    unique: true,
    method: "gin",
    parts: [
      { expression: "lower(a)", descending: true, nulls: "last" },
      { expression: "a || b", descending: false },
      { column: "c", descending: false, operatorClass: "text_pattern_ops" },
    ],
    include: ["d"],
    where: "e IS NULL",
    sql,
  };
  assert.deepEqual((await database(`-- first\n${sql};`)).indexes, [expected]);
});

test("a policy keeps its predicates, on one line and without comments", async () => {
  const sql =
    "CREATE POLICY own ON t AS RESTRICTIVE FOR UPDATE TO app, PUBLIC\nUSING (\n  a = 'x' -- mine\n  AND b\n) WITH CHECK (true)";
  const expected: Policy = {
    id: "policy:t.own",
    kind: "policy",
    name: "own",
    source: { path: "0.sql", line: 1, endLine: 5 },
    confidence: "declared",
    table: "t",
    command: "update",
    permissive: false,
    roles: ["app"],
    using: "a = 'x' AND b",
    withCheck: "true",
    sql,
  };
  assert.deepEqual((await database(sql)).policies, [expected]);
});

test("a column that is there already brings no second constraint", async () => {
  const { tables } = await database(
    "CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES a); ALTER TABLE a ADD COLUMN IF NOT EXISTS b int REFERENCES a, ADD COLUMN c int UNIQUE;",
  );
  assert.deepEqual(
    tables[0]?.constraints.map(({ name }) => name),
    ["a_pkey", "a_b_fkey", "a_c_key"],
  );
});

test("what later statements and other documents say of a table becomes part of it", async () => {
  const design = await database(
    `ALTER TABLE orders ENABLE ROW LEVEL SECURITY; ALTER TABLE orders FORCE ROW LEVEL SECURITY;
     COMMENT ON COLUMN orders.b IS 'it''s b'; COMMENT ON TABLE orders IS 'Orders';`,
    `CREATE TABLE orders (a int); ALTER TABLE ONLY orders ADD COLUMN b text, ALTER COLUMN a SET DEFAULT 1 + 2, ALTER a SET NOT NULL;
     ALTER TABLE orders ADD CONSTRAINT orders_pk PRIMARY KEY (b); ALTER TABLE orders OWNER TO me;`,
  );
  const [table] = design.tables;
  assert.deepEqual(table?.columns.map(columnLine), ["a int4 not null default 1 + 2", "b text not null -- it's b"]);
  assert.deepEqual(
    [table?.comment, table?.rowSecurity, table?.constraints.map(constraintLine)],
    ["Orders", "forced", ["primaryKey orders_pk (b)"]],
  );
  assert.deepEqual(design.statements, []);
});

test("enums and every other definition are kept in document order, queries are left out", async () => {
  const design = await database(`
    CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
    CREATE TYPE mood AS ENUM ('a', 'it''s');
    DO $$ BEGIN CREATE TYPE level AS ENUM ('low', 'high'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
    CREATE TABLE t (a mood, b level);
    CREATE FUNCTION f() RETURNS trigger AS $body$ BEGIN SELECT ';'; RETURN NEW; END; $body$ LANGUAGE plpgsql;
    CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
    CREATE VIEW v AS SELECT 1; CREATE ROLE app; GRANT SELECT ON t TO app; SELECT 1; ANALYZE t;`);
  assert.deepEqual(
    design.enums.map((type) => [type.name, type.values]),
    [
      ["mood", ["a", "it's"]],
      ["level", ["low", "high"]],
    ],
  );
  assert.deepEqual(
    design.statements.map((statement) => `${statement.kind} ${statement.name} @${statement.source.line}`),
    ["extension uuid-ossp @2", "function f @6", "trigger tr @7", "view v @8", "role app @8", "grant  @8"],
  );
  assert.equal(
    design.statements[1]?.sql,
    "CREATE FUNCTION f() RETURNS trigger AS $body$ BEGIN SELECT ';'; RETURN NEW; END; $body$ LANGUAGE plpgsql",
  );
});

test("what a DO block defines is read at its lines; a statement built at run time stays with its block", async () => {
  const design = await database(`
    DO $$
    BEGIN
      IF to_regclass('public.a') IS NULL THEN
        CREATE TABLE a (id int PRIMARY KEY, note text DEFAULT ';');
      END IF;
      ALTER TABLE a ADD CONSTRAINT a_note CHECK (note <> '');
    EXCEPTION WHEN duplicate_object THEN NULL;
    END $$;
    DO $do$ BEGIN
      EXECUTE $p$ CREATE POLICY own ON a FOR SELECT USING (note = 'x') $p$;
      EXECUTE 'CREATE INDEX a_note_idx ON a (note) WHERE note <> ''''';
      EXECUTE format('CREATE INDEX a_vector ON a USING hnsw (id) WITH (m = %s);', 4);
    END $do$;
    DO $$ BEGIN EXECUTE format('CREATE TABLE %I (id int)', 'b'); END $$;`);
  const { tables, indexes, policies, statements } = design;
  const places = [...tables.flatMap((table) => [table, ...table.constraints]), ...indexes, ...policies];
  assert.deepEqual(
    places.map(({ id, source }) => `${id} @${source.line}`),
    [
      "table:a @5",
      "constraint:a.a_pkey @5",
      "constraint:a.a_note @7",
      "index:a_note_idx @12",
      "index:a_vector @13",
      "policy:a.own @11",
    ],
  );
  assert.deepEqual([indexes[0]?.where, policies[0]?.using], ["note <> ''", "note = 'x'"]);
  assert.deepEqual(
    statements.map(({ kind, source }) => `${kind} @${source.line}`),
    ["other @15"],
  );
});

test("SET search_path says which schema a name without one is in", async () => {
  const design = await database(`CREATE TYPE color AS ENUM ('red');
    CREATE SCHEMA billing;
    SET search_path TO billing, public;
    CREATE TYPE state AS ENUM ('ä');
    CREATE TABLE bills (id serial PRIMARY KEY, state state DEFAULT 'ä'::state, color color, number int);
    CREATE TABLE lines (id int PRIMARY KEY, bill int REFERENCES bills ON DELETE CASCADE, size int CHECK (size > 0));
    CREATE INDEX ON lines (bill) WHERE id > 3;
    COMMENT ON COLUMN bills.color IS 'Red.';
    CREATE POLICY own ON lines USING (EXISTS (SELECT 1 FROM bills WHERE bills.id = lines.bill));
    CREATE SEQUENCE numbers OWNED BY bills.number;
    ALTER TABLE ONLY bills ALTER COLUMN number SET DEFAULT nextval('numbers'::regclass);
    CREATE VIEW open_bills AS WITH x AS (SELECT * FROM bills) SELECT x.id FROM x JOIN lines l ON l.bill = x.id;
    CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER stamp BEFORE UPDATE ON bills FOR EACH ROW EXECUTE FUNCTION stamp();
    COMMENT ON TRIGGER stamp ON bills IS 'Stamps.';
    RESET search_path;
    CREATE TABLE color_names (color color PRIMARY KEY, bill int REFERENCES billing.bills);`);
  const { tables, indexes, policies, enums, statements } = design;
  assert.deepEqual(
    tables.map(({ id, columns, constraints }) => [id, ...columns.map(columnLine), ...constraints.map(constraintLine)]),
    [
      [
        "table:billing.bills",
        "id int4 not null serial",
        "state billing.state default 'ä'::billing.state",
        "color color -- Red.",
        "number int4 default nextval('billing.numbers'::regclass)",
        "primaryKey bills_pkey (id)",
      ],
      [
        "table:billing.lines",
        "id int4 not null",
        "bill int4",
        "size int4",
        "primaryKey lines_pkey (id)",
        "foreignKey lines_bill_fkey (bill) → billing.bills(id) cascade/noAction",
        "check lines_size_check (size) size > 0",
      ],
      [
        "table:color_names",
        "color color not null",
        "bill int4",
        "primaryKey color_names_pkey (color)",
        "foreignKey color_names_bill_fkey (bill) → billing.bills(id) noAction/noAction",
      ],
    ],
  );
  assert.deepEqual(
    [enums.map(({ name }) => name), indexes[0]?.table, indexes[0]?.where, policies[0]?.table, policies[0]?.using],
    [
      ["color", "billing.state"],
      "billing.lines",
      "id > 3",
      "billing.lines",
      "EXISTS (SELECT 1 FROM billing.bills WHERE bills.id = lines.bill)",
    ],
  );
  assert.deepEqual(
    statements.map(({ sql }) => sql),
    [
      "CREATE SCHEMA billing",
      "CREATE SEQUENCE billing.numbers OWNED BY billing.bills.number",
      "CREATE VIEW billing.open_bills AS WITH x AS (SELECT * FROM billing.bills) SELECT x.id FROM x JOIN billing.lines l ON l.bill = x.id",
      "CREATE FUNCTION billing.stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$ SET search_path TO billing, public",
      "CREATE TRIGGER stamp BEFORE UPDATE ON billing.bills FOR EACH ROW EXECUTE FUNCTION billing.stamp()",
      "COMMENT ON TRIGGER stamp ON billing.bills IS 'Stamps.'",
    ],
  );
  assert.equal(tables[1]?.constraints[1]?.source.line, 6);
});

test("LIKE takes over what it includes, and what stood before it", async () => {
  const { tables, indexes } = await database(`
    CREATE TABLE orders (id serial PRIMARY KEY, code text UNIQUE DEFAULT 'x', size int CHECK (size > 0), ref int REFERENCES orders);
    COMMENT ON COLUMN orders.code IS 'As printed.';
    CREATE INDEX ON orders (lower(code), size);
    CREATE TABLE copies (note text, LIKE orders, last int);
    CREATE TABLE all_of_it (LIKE orders INCLUDING ALL EXCLUDING COMMENTS);
    ALTER TABLE all_of_it ALTER COLUMN code SET NOT NULL;
    ALTER TABLE orders ADD COLUMN later int;`);
  assert.deepEqual(
    tables
      .slice(1)
      .map(({ name, columns, constraints }) => [name, columns.map(columnLine), constraints.map(constraintLine)]),
    [
      ["copies", ["note text", "id int4 not null", "code text", "size int4", "ref int4", "last int4"], []],
      [
        "all_of_it",
        [
          "id int4 not null default nextval('orders_id_seq')",
          "code text not null default 'x'",
          "size int4",
          "ref int4",
        ],
        [
          "primaryKey all_of_it_pkey (id)",
          "unique all_of_it_code_key (code)",
          "check orders_size_check (size) size > 0",
        ],
      ],
    ],
  );
  assert.deepEqual(
    indexes.map(({ table, name }) => `${table}.${name}`),
    ["orders.orders_lower_size_idx", "all_of_it.all_of_it_lower_size_idx"],
  );
  assert.equal(tables[2]?.columns[1]?.source.line, 6);
});

test("what later statements take away is gone, with what stands on it", async () => {
  const { tables, indexes, statements } = await database(`
    CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE, b int CHECK (b > 0) NO INHERIT, c varchar(3), d int);
    CREATE INDEX ON t (a, b);
    CREATE INDEX ON t (b);
    ALTER TABLE t DROP COLUMN a, ALTER COLUMN c TYPE numeric(4, 1), DROP COLUMN IF EXISTS never;
    ALTER TABLE t ADD CONSTRAINT few CHECK (d < 10);
    ALTER TABLE t DROP CONSTRAINT IF EXISTS few, ADD CONSTRAINT few CHECK (d < 20);`);
  assert.deepEqual(tables[0]?.columns.map(columnLine), ["id int4 not null", "b int4", "c numeric(4,1)", "d int4"]);
  assert.deepEqual(
    tables[0]?.constraints.map(({ name, expression, definition }) => [name, definition ?? expression]),
    [
      ["t_pkey", undefined],
      ["t_b_check", "CHECK (b > 0) NO INHERIT"],
      ["few", "d < 20"],
    ],
  );
  assert.deepEqual(
    indexes.map(({ name }) => name),
    ["t_b_idx"],
  );
  assert.deepEqual(statements, []);
});

test("a domain is what its base is, through other domains", async () => {
  const { tables } = await database(`CREATE SCHEMA shop;
    CREATE DOMAIN shop.amount AS numeric(8, 2)[] DEFAULT '{}' NOT NULL;
    CREATE DOMAIN more AS shop.amount CHECK (VALUE IS NOT NULL);
    CREATE TABLE t (a shop.amount, b more[], c int);`);
  const base = { name: "numeric", arguments: [8, 2], array: true };
  assert.deepEqual(
    tables[0]?.columns.map(({ type }) => type.domain),
    [{ base, notNull: true, hasDefault: true }, { base, notNull: false, hasDefault: true }, undefined],
  );
});

test("a table that is attached to another one is its partition", async () => {
  const { tables, statements } = await database(`CREATE SCHEMA old;
    CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
    CREATE TABLE old.p_1 (LIKE p INCLUDING ALL) WITH (fillfactor = 70);
    ALTER TABLE ONLY p ATTACH PARTITION old.p_1 FOR VALUES FROM (1) TO (2);`);
  assert.deepEqual(tables[1]?.storage, { parameters: { fillfactor: "70" }, partitionOf: "p" });
  assert.deepEqual(
    statements.map(({ kind }) => kind),
    ["other", "other"],
  );
});

const broken: readonly (readonly [what: string, sql: string, tables: readonly string[], fault: RegExp])[] = [
  [
    "a typing error",
    "CREATE TABLE a (x int,);\nCREATE TABLE b (y int PRIMARY KEY);",
    ["b"],
    /^1 SPEC-SQL .*syntax error at or near "\)"/,
  ],
  [
    "a lost semicolon",
    "CREATE TABLE a (x int PRIMARY KEY)\nCREATE TABLE b (y int PRIMARY KEY)",
    ["a", "b"],
    /^2 SPEC-SQL .*semicolon/,
  ],
  [
    "a lost quote",
    "CREATE TABLE a (x text DEFAULT 'oops);\nCREATE TABLE b (y int PRIMARY KEY, z text DEFAULT 'k');",
    ["b"],
    /^1 SPEC-SQL/,
  ],
  ["psql commands", "\\set x 1\nCREATE TABLE b (y int PRIMARY KEY);\n\\echo done", ["b"], /^$/],
  ["text before the statement", "CREATE TABLE b (y int PRIMARY KEY);\n-- the rest\nHello there;", ["b"], /^3 SPEC-SQL/],
  [
    "brackets without end",
    `SELECT ${"(".repeat(5000)};\nCREATE TABLE b (y int PRIMARY KEY);`,
    ["b"],
    /^1 SPEC-SQL .*nested/,
  ],
];

for (const [what, sql, tables, fault] of broken) {
  test(`${what} costs only its own statement`, async () => {
    assert.deepEqual(
      (await database(sql)).tables.map((table) => table.name),
      tables,
    );
    assert.match((await faults(sql)).join("\n"), fault);
  });
}
