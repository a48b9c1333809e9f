import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isForeign } from "../../../../src/compiler/brownfield/compileInto.ts";
import type { Compilation } from "../../../../src/compiler/compilation.ts";
import { compile } from "../../../../src/compiler/compile.ts";
import { compileChange } from "../../../../src/compiler/delta/compileChange.ts";
import { readRecord, writeRecord } from "../../../../src/compiler/delta/designRecord.ts";
import { recordPath } from "../../../../src/compiler/delta/recordPath.ts";
import { readSpec } from "../../../../src/spec/readSpec.ts";

const notes = (columns: string, rest = "") =>
  `CREATE TYPE mood AS ENUM ('good', 'bad');\nCREATE TABLE notes (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), ${columns});\n${rest}`;

async function implement(sql: string, existing: Readonly<Record<string, string>> = {}) {
  const { spec } = await readSpec([{ path: "schema.sql", text: sql }]);
  const compilation = compileChange(spec, existing);
  return { compilation, disk: { ...existing, ...texts(compilation) } };
}

function texts({ files }: Compilation): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map(({ path, text }) => [path, text]));
}

/** Paths of new files among the migrations, and the statements of their upgrades. */
function migrations({ files }: Compilation): Readonly<Record<string, readonly string[]>> {
  const revisions = files.filter(({ path }) => path.startsWith("migrations/versions/"));
  return Object.fromEntries(
    revisions.map(({ path, text }) => [
      path.replace("migrations/versions/", ""),
      [...(text.split("def upgrade")[0] ?? "").matchAll(/^ {4,8}op\.(\w+)\(\s*"([^"]*)"/gm)].map(
        (match) => `${match[1]} ${match[2]}`,
      ),
    ]),
  );
}

test("the same design again proposes nothing, and knows what was generated", async () => {
  const { disk } = await implement(notes("body text NOT NULL"));
  const again = await implement(notes("body text NOT NULL"), disk);
  assert.deepEqual(again.disk, disk);
  assert.deepEqual(migrations(again.compilation), {});
  assert.ok(Object.values(again.compilation.last ?? {}).every(({ text }) => text !== undefined));
});

test("a design of every form compiles from its record to the same bytes", async () => {
  const folder = join(import.meta.dirname, "../../../fixtures/brownfield/docs");
  const documents = readdirSync(folder).map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
  const { spec } = await readSpec(documents);
  const { record } = readRecord(writeRecord({ spec, files: {} }));
  assert.ok(record);
  assert.deepEqual(texts(compile(record.spec)), texts(compile(spec)));
});

test("a line width that the project has changed since is no change of the design", async () => {
  const { disk } = await implement(notes("body text NOT NULL"));
  const wider = (disk["pyproject.toml"] ?? "").replaceAll("line-length = 88", "line-length = 120");
  const { compilation } = await implement(notes("body text NOT NULL"), { ...disk, "pyproject.toml": wider });
  const differing = compilation.files.filter(({ path, text }) => (compilation.last?.[path]?.text ?? text) !== text);
  assert.deepEqual(
    differing.map(({ path }) => path),
    [],
  );
});

interface Case {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly revisions: Readonly<Record<string, readonly string[]>>;
  readonly decisions?: readonly RegExp[];
}

const cases: readonly Case[] = [
  {
    name: "a new column with a default",
    before: notes("body text"),
    after: notes("body text, stars int NOT NULL DEFAULT 3"),
    revisions: { "0002_change_note.py": ["add_column notes"] },
  },
  {
    name: "a new column that rows need a value for",
    before: notes("body text"),
    after: notes("body text, stars int NOT NULL"),
    revisions: { "0002_change_note.py": ["add_column notes", "alter_column notes"] },
    decisions: [/^Rows that stand get 0 as notes\.stars/],
  },
  {
    name: "a column that goes is dropped in a revision of its own",
    before: notes("body text, stars int NOT NULL"),
    after: notes("body text"),
    revisions: { "0002_change_note.py": ["alter_column notes"], "0003_drop_retired_data.py": ["drop_column notes"] },
    decisions: [/^migrations\/versions\/0003_drop_retired_data\.py loses data: notes\.stars is dropped\./],
  },
  {
    name: "a column with another name is not guessed",
    before: notes("body text"),
    after: notes("content text"),
    revisions: { "0002_change_note.py": ["add_column notes"], "0003_drop_retired_data.py": ["drop_column notes"] },
    decisions: [/notes\.body is dropped\. .* Has notes\.body \(now content\?\) only got another name\?/],
  },
  {
    name: "a column with another name that the design states keeps its data",
    before: notes("body text"),
    after: notes("content text", "COMMENT ON COLUMN notes.content IS 'Renamed from `body`.';"),
    revisions: {
      "0002_change_note.py": ["execute ALTER TABLE notes RENAME COLUMN body TO content", "alter_column notes"],
    },
  },
  {
    name: "an enum grows in place",
    before: notes("mood mood"),
    after: notes("mood mood").replace("'bad'", "'fine', 'bad'"),
    revisions: { "0002_change_design.py": ["execute ALTER TYPE mood ADD VALUE IF NOT EXISTS 'fine' AFTER 'good'"] },
  },
  {
    name: "an index with another definition",
    before: notes("body text", "CREATE INDEX notes_idx ON notes (body);"),
    after: notes("body text", "CREATE INDEX notes_idx ON notes (body DESC);"),
    revisions: { "0002_change_design.py": ["drop_index notes_idx", "create_index notes_idx"] },
  },
  {
    name: "a wider number keeps its check and its index",
    before: notes("stars int CHECK (stars > 0)", "CREATE INDEX notes_idx ON notes (stars);"),
    after: notes("stars bigint CHECK (stars > 0)", "CREATE INDEX notes_idx ON notes (stars);"),
    revisions: { "0002_change_note.py": ["alter_column notes"] },
  },
  {
    name: "a table that goes, with a key to a key that goes",
    before: notes("code text CONSTRAINT notes_code UNIQUE", "CREATE TABLE marks (code text REFERENCES notes (code));"),
    after: notes("code text"),
    revisions: {
      "0002_change_design.py": ["drop_constraint marks_code_fkey", "drop_constraint notes_code"],
      "0003_drop_retired_data.py": ["drop_table marks"],
    },
    decisions: [/loses data: the table marks is dropped\./],
  },
  {
    name: "only the words of the design",
    before: notes("body text"),
    after: `-- A note.\n${notes("body text")}`,
    revisions: {},
  },
];

for (const { name, before, after, revisions, decisions = [] } of cases) {
  test(`a changed design: ${name}`, async () => {
    const { disk } = await implement(before);
    const { compilation } = await implement(after, disk);
    assert.deepEqual(migrations(compilation), revisions);
    const found = compilation.decisions ?? [];
    assert.equal(found.length, decisions.length, JSON.stringify(found));
    for (const [index, pattern] of decisions.entries()) assert.match(found[index]?.text ?? "", pattern);
  });
}

test("what nobody has agreed to drop is proposed to be dropped again, and is there to come back", async () => {
  const first = await implement(notes("body text, stars int"));
  const second = await implement(notes("body text"), first.disk);
  const { "migrations/versions/0002_drop_retired_data.py": drop, ...kept } = second.disk;
  assert.ok(drop);
  assert.deepEqual(migrations((await implement(notes("body text"), kept)).compilation), {
    "0002_drop_retired_data.py": ["drop_column notes"],
  });
  assert.deepEqual(migrations((await implement(notes("body text, stars int"), kept)).compilation), {});
  const third = await implement(notes("body text"), second.disk);
  assert.deepEqual([migrations(third.compilation), third.disk], [{}, second.disk]);
});

test("on the way back a key to a key goes before that", async () => {
  const { disk } = await implement(notes("owner uuid NOT NULL"));
  const marks = "CREATE TABLE marks (id uuid PRIMARY KEY, note uuid, owner uuid, CONSTRAINT marks_note_fkey";
  const added = `${marks} FOREIGN KEY (note, owner) REFERENCES notes (id, owner));`;
  const key = "owner uuid NOT NULL, CONSTRAINT notes_key UNIQUE (id, owner)";
  const { compilation } = await implement(notes(key, added), disk);
  const revision = compilation.files.find(({ path }) => /versions\/0002_/.test(path))?.text ?? "";
  const back = [...(revision.split("def downgrade")[1] ?? "").matchAll(/op\.(drop_\w+)\("(\w+)"/g)];
  assert.deepEqual(
    back.map(([, what, name]) => `${what} ${name}`),
    ["drop_constraint marks_note_fkey", "drop_constraint notes_key", "drop_table marks"],
  );
});

/** Statements of the way back of the second revision, without what they are called with. */
function downgrade({ files }: Compilation): readonly string[] {
  const text = files.find(({ path }) => /versions\/0002_/.test(path))?.text.split("def downgrade")[1] ?? "";
  return [...text.matchAll(/op\.(drop_\w+)\("(\w+)"|(DROP POLICY) IF EXISTS (\w+)/g)].map((match) =>
    match.slice(1).filter(Boolean).join(" "),
  );
}

test("on the way back the policies of tables that go do so before what they name", async () => {
  const { disk } = await implement(notes("body text"));
  const owned = (table: string, other: string) =>
    `CREATE POLICY ${table}_own ON ${table} USING (EXISTS (SELECT 1 FROM ${other} o WHERE o.owner::text = current_user));`;
  const added = `CREATE TABLE marks (id uuid PRIMARY KEY, note uuid REFERENCES notes (id));
    CREATE TABLE marks_by (id uuid PRIMARY KEY, mark uuid REFERENCES marks (id), owner uuid);
    CREATE POLICY marks_all ON marks USING (true);${owned("marks", "marks_by")}${owned("marks_by", "notes")}`;
  const { compilation } = await implement(notes("body text, owner uuid", added), disk);
  assert.deepEqual(downgrade(compilation), [
    "DROP POLICY marks_own",
    "DROP POLICY marks_by_own",
    "drop_column notes",
    "drop_table marks_by",
    "drop_table marks",
  ]);
});

test("a key in a circle of tables that go is dropped once", async () => {
  const { disk } = await implement(notes("body text"));
  const added = `CREATE TABLE marks (id uuid PRIMARY KEY, owner uuid, pin uuid);
    CREATE TABLE pins (id uuid PRIMARY KEY, mark uuid REFERENCES marks (id));
    ALTER TABLE marks ADD CONSTRAINT marks_pin_fkey FOREIGN KEY (pin) REFERENCES pins (id);
    ALTER TABLE notes ADD CONSTRAINT notes_key UNIQUE (owner);
    ALTER TABLE marks ADD CONSTRAINT marks_owner_fkey FOREIGN KEY (owner) REFERENCES notes (owner);`;
  const { compilation } = await implement(notes("body text, owner uuid", added), disk);
  const drops = downgrade(compilation).filter((statement) => statement.startsWith("drop_constraint"));
  assert.deepEqual(drops, [...new Set(drops)]);
  assert.ok(drops.includes("drop_constraint marks_owner_fkey"));
});

test("without a record the migrations that stand are left alone, and the user is told", async () => {
  const { disk } = await implement(notes("body text"));
  const { [recordPath]: _, ...rest } = disk;
  const same = await implement(notes("body text"), rest);
  assert.deepEqual([migrations(same.compilation), same.compilation.decisions], [{}, undefined]);
  const other = await implement(notes("body text, stars int"), rest);
  assert.deepEqual(migrations(other.compilation), {});
  assert.match(other.compilation.decisions?.[0]?.text ?? "", /^The migrations in migrations\/versions were not made/);
});

test("a record that a merge has broken is no record and said to be none", async () => {
  const { disk } = await implement(notes("body text"));
  const record = disk[recordPath] ?? "";
  const broken = [`<<<<<<< ours\n${record}`, "", "{}", record.replace(/"tables":.*/, "")];
  for (const text of broken) {
    const { compilation } = await implement(notes("body text"), { ...disk, [recordPath]: text });
    assert.match(compilation.decisions?.[0]?.text ?? "", /^\.backend\/design\.json cannot be read, .* Restore it/);
  }
});

test("a record of an earlier format says how to go on, and one of a later format is left alone", async () => {
  const { disk } = await implement(notes("body text"));
  const withFormat = (format: number) => ({
    ...disk,
    [recordPath]: (disk[recordPath] ?? "").replace('"format": 1', `"format": ${format}`),
  });
  const { compilation } = await implement(notes("body text"), withFormat(0));
  assert.match(
    compilation.decisions?.[0]?.text ?? "",
    /is of an earlier version .* Implement the design that stands first/,
  );
  await assert.rejects(implement(notes("body text"), withFormat(2)), { code: "DESIGN_RECORD_NEWER" });
});

test("a damaged record of a project that somebody else began stops the run", async () => {
  const { disk } = await implement(notes("body text"));
  const reading = readRecord(`<<<<<<< ours\n${disk[recordPath]}`);
  assert.throws(() => isForeign({ "main.py": "app = FastAPI()" }, reading), { code: "DESIGN_RECORD_UNREADABLE" });
  assert.equal(isForeign(disk, reading), false);
  assert.equal(isForeign({ "main.py": "app = FastAPI()" }, {}), true);
});

test("a revision of a chain with Alembic's own ids goes on in its way, on both heads", async () => {
  const { disk } = await implement(notes("body text"));
  const other = 'revision: str = "1f2e3d4c5b6a"\ndown_revision: str | None = "0001"\n';
  const others = {
    "migrations/versions/1f2e_x.py": other,
    "migrations/versions/ab_y.py": other.replace("1f2e3d4c5b6a", "abc"),
  };
  const { compilation } = await implement(notes("body text, stars int"), { ...disk, ...others });
  const revision = compilation.files.find(({ path }) => /versions\/[0-9a-f]{12}_change_note\.py$/.test(path));
  assert.match(revision?.text ?? "", /^down_revision = \("1f2e3d4c5b6a", "abc"\)$/m);
});
