import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../../src/spec/readSpec.ts";
import { review } from "../reviewing.ts";

const table = "CREATE TABLE orders (\n  id uuid PRIMARY KEY,\n  number varchar(20) NOT NULL\n);\n";
const rest = "ALTER TABLE orders ADD COLUMN note text;\nCREATE INDEX orders_note_idx ON orders (note);\n";
const design = `${table}${rest}`;
const upgrade = (body: string): string =>
  `from alembic import op\n\nrevision = "1"\ndown_revision = None\n\n\ndef upgrade() -> None:\n${body}`;

type Files = Readonly<Record<string, string>>;

/** What is not implemented, and where the index stands. */
async function said(files: Files, path = "docs/schema.sql"): Promise<readonly string[]> {
  const { spec } = await readSpec([{ path, text: design }]);
  const sources = Object.entries(files).map(([file, text]) => ({ path: file, text }));
  const { elements } = (await review(spec, sources)).coverage;
  const index = elements.find(({ kind }) => kind === "index")?.code;
  return [
    ...elements.filter(({ status }) => status !== "implemented").map(({ status, id }) => `${status} ${id}`),
    ...(index ? [`${index.path}:${index.line}`] : []),
  ];
}

const forms: readonly (readonly [what: string, files: Files, place: string])[] = [
  ["one file", { "migrations/001_init.sql": design }, "migrations/001_init.sql:6"],
  [
    "Flyway's versions by their numbers, and what takes them back",
    {
      "db/migration/V10__note.sql": rest,
      "db/migration/V2__orders.sql": table,
      "db/migration/U10__note.sql": "DROP TABLE orders;\n",
    },
    "db/migration/V10__note.sql:2",
  ],
  [
    "files for both ways",
    {
      "migrations/0001_orders.up.sql": table,
      "migrations/0001_orders.down.sql": "DROP TABLE orders;\n",
      "migrations/0002_note.up.sql": rest,
      "migrations/0002_note.down.sql": "ALTER TABLE orders DROP COLUMN note;\n",
    },
    "migrations/0002_note.up.sql:2",
  ],
  [
    "dbmate's and goose's sections",
    {
      "db/migrations/1_orders.sql": `-- migrate:up\n${table}\n-- migrate:down\nDROP TABLE orders;\n`,
      "db/migrations/2_note.sql": `-- +goose Up\n${rest}-- +goose Down\nDROP TABLE orders;\n`,
    },
    "db/migrations/2_note.sql:3",
  ],
  [
    "yoyo's steps",
    {
      "migrations/0001.orders.py": `from yoyo import step\n\nsteps = [step("""${table}""", "DROP TABLE orders")]\n`,
      "migrations/0002.note.py": `from yoyo import step\n\nNOTE = """${rest}"""\nstep(NOTE, "ALTER TABLE orders DROP note")\n`,
    },
    "migrations/0002.note.py:6",
  ],
  [
    "files that Alembic's revisions read, named in the call or before it",
    {
      "migrations/versions/1.py": upgrade('    op.execute((HERE / "sql/1.sql").read_text())\n'),
      "migrations/versions/2.py": upgrade(
        '    with open(os.path.join(HERE, "sql/2.sql")) as file:\n        op.execute(file.read())\n',
      )
        .replace('"1"', '"2"')
        .replace("None\n\n", '"1"\n\n'),
      "migrations/versions/sql/1.sql": table,
      "migrations/versions/sql/2.sql": rest,
      "migrations/versions/sql/3.sql": "DROP TABLE orders;\n",
    },
    "migrations/versions/sql/2.sql:2",
  ],
];

for (const [what, files, place] of forms) {
  test(`coverage sees migrations in SQL: ${what}`, async () => {
    assert.deepEqual(await said(files), [place]);
    const changed = Object.entries(files).map(([path, text]) => [path, text.replace("varchar(20)", "varchar(10)")]);
    assert.deepEqual(await said(Object.fromEntries(changed)), ["mismatched column:orders.number", place]);
    const shorter = Object.entries(files).map(([path, text]) => [path, text.replace(/CREATE INDEX.*\n/, "")]);
    assert.deepEqual(await said(Object.fromEntries(shorter)), ["missing index:orders_note_idx"]);
  });
}

const absent = ["table:orders", "column:orders.id", "column:orders.number", "column:orders.note"]
  .concat("constraint:orders.orders_pkey", "index:orders_note_idx")
  .map((id) => `missing ${id}`);

const none: readonly (readonly [what: string, files: Files, design: string])[] = [
  ["a document of the design", { "migrations/schema.sql": design }, "migrations/schema.sql"],
  ["SQL that is no migration", { "queries/orders.sql": design }, "docs/schema.sql"],
  ["SQL that only takes back", { "migrations/1.down.sql": design }, "docs/schema.sql"],
  [
    "SQL beside Alembic's revisions that none of them reads",
    { "migrations/versions/1.py": upgrade("    pass\n"), "migrations/old.sql": design },
    "docs/schema.sql",
  ],
];

for (const [what, files, path] of none) {
  test(`coverage takes for no migration: ${what}`, async () => assert.deepEqual(await said(files, path), absent));
}
