import assert from "node:assert/strict";
import { test } from "node:test";
import { emitPersistence } from "../../../src/compiler/emitPersistence.ts";
import { formatPython } from "../../../src/compiler/format.ts";
import { escapeColons } from "../../../src/compiler/schemaText.ts";
import { persistenceFilesOf, persistencePlanOf } from "../../support/compilerPlans.ts";

test("colons of the design are no parameters, casts stay casts", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a::uuid", "a::uuid"],
    ["'{\"a\":1}'::jsonb", "'{\"a\"\\:1}'::jsonb"],
    ["x ~ '^(?:a)'", "x ~ '^(?\\:a)'"],
    ["'10:30'", "'10:30'"],
    ["v := 1", "v := 1"],
  ];
  for (const [sql, escaped] of cases) assert.equal(escapeColons(sql), escaped);
});

test("statements come in the order in which PostgreSQL takes them", async () => {
  const files = await persistenceFilesOf(`
    CREATE POLICY own ON notes USING (is_mine(id));
    CREATE VIEW recent AS SELECT id FROM notes;
    CREATE TRIGGER notes_touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE FUNCTION is_mine(n int) RETURNS boolean LANGUAGE sql AS $$ SELECT true FROM notes $$;
    CREATE FUNCTION new_code() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
    CREATE TABLE notes (id int PRIMARY KEY, code text DEFAULT new_code(), mood mood);
    CREATE TYPE mood AS ENUM ('good');
    CREATE EXTENSION IF NOT EXISTS pgcrypto;
    ALTER TABLE notes ENABLE ROW LEVEL SECURITY;`);
  const text = files.get("migrations/versions/0001_initial.py") ?? "";
  const calls = [...text.slice(text.indexOf("def upgrade")).matchAll(/^ {4}_(\w+)\(\)$/gm)].map((match) => match[1]);
  assert.deepEqual(calls, [
    "prepare_database",
    "create_enums",
    "create_table_functions",
    "create_note",
    "create_functions",
    "create_views",
    "create_triggers",
    "secure_note",
  ]);
});

test("extensions that PostgreSQL does not ship are looked for before anything is created", async () => {
  const files = await persistenceFilesOf(`
    CREATE EXTENSION IF NOT EXISTS postgis;
    CREATE EXTENSION "uuid-ossp";
    CREATE EXTENSION vector;
    CREATE TABLE notes (id int PRIMARY KEY, place geometry);`);
  const text = files.get("migrations/versions/0001_initial.py") ?? "";
  const calls = [...text.slice(text.indexOf("def upgrade")).matchAll(/^ {4}_(\w+)\(\)$/gm)].map((match) => match[1]);
  assert.deepEqual(calls, ["check_extensions", "prepare_database", "create_note"]);
  assert.match(text, /unnest\(ARRAY\['postgis', 'vector'\]\) AS wanted/);
});

test("only the database knows of partitions, and somebody else creates an external table", async () => {
  const plan = await persistencePlanOf({
    "a.sql": `CREATE TABLE p (id int, mood text CHECK (mood IN ('good', 'bad')), PRIMARY KEY (id)) PARTITION BY RANGE (id);
      CREATE TABLE p_1 (LIKE p INCLUDING ALL);
      ALTER TABLE p ATTACH PARTITION p_1 FOR VALUES FROM (1) TO (2);
      CREATE TABLE notes (id int PRIMARY KEY, author uuid REFERENCES authors, kept_in int REFERENCES p_1);`,
    "b.md": "# Database design\n\n## authors (reference only)\n\n| Column | Type |\n|--|--|\n| id | uuid PK |\n",
  });
  const files = new Map(emitPersistence(plan, 88).map(({ path, text }) => [path, text]));
  const models = [...files.keys()].filter((path) => path.startsWith("src/app/persistence/models/"));
  assert.deepEqual(
    models.map((path) => path.replace(/.*\//, "")),
    ["__init__.py", "p.py", "author.py", "note.py"],
  );
  assert.match(files.get("src/app/persistence/models/author.py") ?? "", /"info": \{"external": True\}/);
  const revision = files.get("migrations/versions/0001_initial.py") ?? "";
  const calls = [...revision.slice(revision.indexOf("def upgrade")).matchAll(/^ {4}_(\w+)\(\)$/gm)];
  assert.deepEqual(
    calls.map((match) => match[1]),
    ["create_p", "create_note", "create_p_1", "complete_schema", "refer_from_note"],
  );
  const env = files.get("migrations/env.py") ?? "";
  assert.match(env, /return not partition and not getattr\(item, "info", \{\}\)\.get\("external", False\)/);
});

test("what a hosted database has before is made where a plain one lacks it", async () => {
  const files = await persistenceFilesOf(`
    CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA extensions;
    CREATE TABLE notes (id uuid PRIMARY KEY, words tsvector);
    COMMENT ON COLUMN notes.words IS 'For the search.';
    CREATE FUNCTION topic() RETURNS text LANGUAGE sql AS $$ SELECT realtime.topic() $$;
    CREATE FUNCTION mail_of(who uuid) RETURNS text LANGUAGE sql AS $$ SELECT email FROM auth.users WHERE id = who $$;`);
  const text = files.get("migrations/versions/0001_initial.py") ?? "";
  const executed = [...text.matchAll(/op\.execute\(\s*"+\s*([^\n"]+)/g)].map((match) => match[1]);
  assert.deepEqual(executed.slice(0, 5), [
    "CREATE SCHEMA IF NOT EXISTS extensions",
    "CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA extensions",
    "CREATE SCHEMA IF NOT EXISTS auth",
    "CREATE TABLE IF NOT EXISTS auth.users (",
    "SET LOCAL check_function_bodies = off",
  ]);
  assert.match(files.get("src/app/persistence/models/note.py") ?? "", /deferred=True, comment="For the search\."/);
});

test("a large design is cut into revisions and functions of a readable length", async () => {
  const columns = Array.from({ length: 60 }, (_, index) => `c${index} numeric(12, 2) NOT NULL DEFAULT ${index}`);
  const tables = Array.from(
    { length: 12 },
    (_, index) => `CREATE TABLE t${index} (id int PRIMARY KEY, ${columns.join()});`,
  );
  const body = Array.from({ length: 90 }, (_, index) => `  PERFORM ${index};`);
  const long = `CREATE FUNCTION long() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n${body.join("\n")}\nEND\n$$;`;
  const files = await persistenceFilesOf(`${tables.join("\n")}\n${long}`);
  const revisions = [...files].filter(([path]) => path.startsWith("migrations/versions/"));
  assert.ok(revisions.length > 3);
  for (const [path, text] of revisions) {
    const lines = formatPython(text).split("\n");
    assert.ok(lines.length <= 400, `${path} has ${lines.length} lines`);
    const starts = lines.flatMap((line, index) => (/^(?:def|[A-Z_]+ = )/.test(line) ? [index] : []));
    for (const start of starts.filter((index) => lines[index]?.startsWith("def"))) {
      const end = lines.findIndex((line, index) => index > start && /^\S/.test(line));
      assert.ok((end === -1 ? lines.length : end) - start <= 52, `${path}:${start + 1}`);
    }
  }
  const chain = revisions.map(([, text]) => /down_revision = (.*)/.exec(text)?.[1]);
  assert.deepEqual(
    chain,
    revisions.map((_, index) => (index === 0 ? "None" : `"${String(index).padStart(4, "0")}"`)),
  );
});

test("the same design gives the same bytes", async () => {
  const sql = "CREATE TABLE orders (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), total numeric(12,2));";
  assert.deepEqual(await persistenceFilesOf(sql), await persistenceFilesOf(sql));
});
