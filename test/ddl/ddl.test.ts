import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createScratchDatabase, type ScratchDatabaseLimits } from "../../src/node/scratchDatabaseProcess.ts";
import { executeDesign } from "../../src/session/executeDesign.ts";
import type { DesignDocument } from "../../src/spec/model.ts";
import { readSpec } from "../../src/spec/readSpec.ts";

const never = new AbortController().signal;
const warnings: string[] = [];
const log = { info: () => undefined, warn: (text: string) => warnings.push(text), error: () => undefined };

function database(limits?: ScratchDatabaseLimits) {
  const script = join(import.meta.dirname, "../../dist/scratchDatabase.cjs");
  return createScratchDatabase({ script, log, ...(limits && { limits }) });
}

const generous: ScratchDatabaseLimits = { start: 60_000, statement: 30_000, total: 120_000 };

async function problemsOf(documents: readonly DesignDocument[], limits = generous): Promise<string[]> {
  const problems = await executeDesign(await readSpec(documents), database(limits), never);
  return problems.map(({ path, line, severity, code, message, fix }) => {
    const correction = fix ? ` [${fix.line}: ${fix.replaces ?? ""} → ${fix.text}]` : "";
    return `${severity} ${code} ${path}:${line} ${message}${correction}`;
  });
}

const sql = (text: string): readonly DesignDocument[] => [{ path: "schema.sql", text }];

/** Every script begins with a table, so that it is a design. */
const users = "CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL);\n";

const faults: readonly (readonly [what: string, script: string, problems: readonly string[]])[] = [
  [
    "a design in reading order, with roles, hosted functions, extensions and vectors",
    `CREATE POLICY own ON notes TO authenticated USING (owner_id = auth.uid());
CREATE VIEW recent AS SELECT id FROM notes;
CREATE TABLE notes (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), owner_id uuid REFERENCES auth.users (id), title citext, e vector(3));
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE EXTENSION citext; CREATE EXTENSION vector; CREATE EXTENSION pgcrypto;
CREATE TRIGGER t BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;`,
    [],
  ],
  [
    "a view on a column that is not there",
    `${users}CREATE VIEW names AS\n  SELECT id,\n    u.name\n  FROM users u;`,
    [
      "error SPEC-SQL-REFUSED schema.sql:4 PostgreSQL refuses this statement: column u.name does not exist; add the column to its table or correct the name.",
    ],
  ],
  [
    "a role that nobody creates, and what needs it is executed all the same",
    `${users}ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON users TO app USING (true);
CREATE POLICY b ON users TO app USING (mail = '');`,
    [
      'warning SPEC-SQL-ROLE schema.sql:3 The role app is used here and no statement creates it; add CREATE ROLE "app" NOLOGIN. [3:  → CREATE ROLE "app" NOLOGIN;]',
      'error SPEC-SQL-REFUSED schema.sql:4 PostgreSQL refuses this statement: column "mail" does not exist; add the column to its table or correct the name.',
    ],
  ],
  [
    "an extension that nobody creates",
    "CREATE TABLE a (\n  id uuid PRIMARY KEY DEFAULT uuid_generate_v4()\n);",
    [
      'error SPEC-SQL-EXTENSION schema.sql:2 uuid_generate_v4 of the extension uuid-ossp is used here and no statement creates it; add CREATE EXTENSION IF NOT EXISTS "uuid-ossp". [1:  → CREATE EXTENSION IF NOT EXISTS "uuid-ossp";]',
    ],
  ],
  [
    "an extension under a wrong name",
    `CREATE EXTENSION uuid_ossp;\n${users}`,
    [
      'error SPEC-SQL-EXTENSION schema.sql:1 PostgreSQL has no extension uuid_ossp; uuid-ossp is meant, so write CREATE EXTENSION "uuid-ossp". [1: uuid_ossp → "uuid-ossp"]',
    ],
  ],
  [
    "an extension that is not at hand is no fault",
    `CREATE EXTENSION postgis;\nCREATE TABLE places (id int PRIMARY KEY, at geometry(Point, 4326));\nCREATE INDEX i ON places USING gist (at);\n${users}`,
    [
      "info SPEC-SQL-UNTRIED schema.sql:1 The embedded PostgreSQL has no postgis, so 1 statement that needs it could not be tried out; try them on a server that has it.",
    ],
  ],
  [
    "a type of another database, and only the cause",
    `CREATE TABLE a (id int PRIMARY KEY,\n  body CLOB);\nCREATE INDEX i ON a (body);\nALTER TABLE a ENABLE ROW LEVEL SECURITY;`,
    [
      'error SPEC-SQL-REFUSED schema.sql:2 PostgreSQL refuses this statement: type "clob" does not exist; its equal in PostgreSQL is text. [2: CLOB → text]',
    ],
  ],
  [
    "a function that is used and never created",
    `${users}CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();`,
    [
      "warning SPEC-SQL-EARLIER schema.sql:2 PostgreSQL refuses this statement: function touch() does not exist; define it, or correct its name and the types of its arguments.",
    ],
  ],
  [
    "a change of an earlier migration's table",
    `${users}ALTER TABLE orders ADD COLUMN note text;\nCOMMENT ON TABLE orders IS 'Later.';`,
    [
      'warning SPEC-SQL-EARLIER schema.sql:2 PostgreSQL refuses this statement (and in 1 more statement): relation "orders" does not exist; add the document or migration that creates it, or correct the name.',
    ],
  ],
  [
    "keys of different types, an index that is not immutable",
    `${users}CREATE TABLE o (id int PRIMARY KEY, u int REFERENCES users (id));\nCREATE INDEX e ON users ((now()::text || email));`,
    [
      'error SPEC-SQL-REFUSED schema.sql:2 PostgreSQL refuses this statement: foreign key constraint "o_u_fkey" cannot be implemented; give both sides the same type.',
      "error SPEC-SQL-REFUSED schema.sql:3 PostgreSQL refuses this statement: functions in index expression must be marked IMMUTABLE; use only immutable functions and operators there.",
    ],
  ],
];

test("PostgreSQL's own faults stand at their line with what to do", async (context) => {
  for (const [what, script, expected] of faults) {
    await context.test(what, async () => assert.deepEqual(await problemsOf(sql(script)), expected));
  }
});

test("SQL in Markdown builds on tables of other forms, and the line is the document's", async () => {
  const text =
    "# Database design\n\n## Table: `orders`\n\n| Column | Type |\n|---|---|\n| id | uuid PK |\n| total | numeric(10,2) |\n\n" +
    "```sql\nCREATE VIEW big AS SELECT id FROM orders WHERE total > 10;\n\nCREATE VIEW bad AS\nSELECT sum FROM orders;\n```\n";
  assert.deepEqual(await problemsOf([{ path: "db.md", text }]), [
    'error SPEC-SQL-REFUSED db.md:14 PostgreSQL refuses this statement: column "sum" does not exist; add the column to its table or correct the name.',
  ]);
});

test("hostile SQL neither hangs nor leaves the database, and the rest is still tried", async () => {
  const script = `${users}DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$;
COPY users TO PROGRAM 'touch /tmp/backend-implementer-escaped';
CREATE TABLE big AS SELECT pg_read_file('/etc/passwd');
CREATE VIEW bad AS SELECT nothing FROM users;`;
  assert.deepEqual(await problemsOf(sql(script), { start: 60_000, statement: 6_000, total: 120_000 }), [
    "error SPEC-SQL-ENDLESS schema.sql:2 This statement did not end when it was tried out, so it was stopped; a migration must not wait or loop, so correct it.",
    'error SPEC-SQL-REFUSED schema.sql:5 PostgreSQL refuses this statement: column "nothing" does not exist; add the column to its table or correct the name.',
  ]);
});

test("a total limit is kept and told; cancelling ends it at once", async () => {
  const [problem] = await problemsOf(sql(users), { start: 1, statement: 1, total: 1 });
  assert.match(
    problem ?? "",
    /^info SPEC-SQL-UNTRIED schema\.sql:1 The SQL of the design was not tried out, it took too long;/,
  );
  const controller = new AbortController();
  const running = database().execute((await readSpec(sql(users))).ddl, controller.signal);
  await delay(50);
  controller.abort();
  await assert.rejects(running, { name: "AbortError" });
});

test("nothing was said on the error output", () => {
  assert.deepEqual(warnings, []);
});
