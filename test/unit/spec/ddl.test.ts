import assert from "node:assert/strict";
import { test } from "node:test";
import { type DdlFailure, type ExecuteSql, executeScript } from "../../../src/spec/ddl/execute.ts";
import { lintDdl } from "../../../src/spec/ddl/lintDdl.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

/** A database in which `a needs b c` creates `a` when `b` and `c` are there. */
function fakeDatabase() {
  const executed: string[] = [];
  const present = new Set<string>();
  const execute: ExecuteSql = async (sql) => {
    executed.push(sql);
    const role = /CREATE ROLE "(\w+)"/.exec(sql)?.[1];
    const [name = "", needed = ""] = role === undefined ? sql.split(" needs ") : [role];
    const lacking = needed.split(" ").find((need) => need !== "" && !present.has(need));
    if (lacking !== undefined) return failure(`${lacking === "app" ? "role" : "relation"} "${lacking}" does not exist`);
    present.add(name);
    return undefined;
  };
  return { executed, execute };
}

const failure = (message: string): DdlFailure => ({ code: "42P01", message, position: 0 });

async function run(...script: readonly string[]) {
  const { execute, executed } = fakeDatabase();
  const outcomes = await executeScript(
    script.map((sql) => ({ sql })),
    execute,
    () => undefined,
  );
  return {
    outcomes: outcomes.map(({ index, failure: { message }, assisted }) => [index, message, assisted]),
    tries: executed.length,
  };
}

test("statements are tried until none of those left can be executed", async () => {
  assert.deepEqual((await run("a needs b", "b needs c", "c")).outcomes, []);
  assert.deepEqual((await run("a needs b", "b needs x", "c needs")).outcomes, [
    [0, 'relation "b" does not exist', false],
    [1, 'relation "x" does not exist', false],
  ]);
});

test("a role that nobody creates is told, and what needs it goes on", async () => {
  assert.deepEqual((await run("a needs app", "b needs a", "c needs app x")).outcomes, [
    [0, 'role "app" does not exist', true],
    [2, 'relation "x" does not exist', false],
  ]);
});

test("a script's search path is set before its statements, and undone for the next", async () => {
  const { execute, executed } = fakeDatabase();
  await executeScript(
    [{ sql: "a", searchPath: '"app"' }, { sql: "b", searchPath: '"app"' }, { sql: "c" }],
    execute,
    () => undefined,
  );
  assert.deepEqual(executed, [
    'SET search_path TO "app"',
    "a",
    "b",
    'SET search_path TO "$user", public, extensions',
    "c",
  ]);
});

test("only definitions are executed", async () => {
  const text = `CREATE TABLE a (id int PRIMARY KEY);
INSERT INTO a VALUES (1); SELECT 1; DROP TABLE a; COPY a TO PROGRAM 'x'; TRUNCATE a; BEGIN; COMMIT; VACUUM;
ALTER TABLE a OWNER TO somebody;
CREATE INDEX i ON a (id);`;
  const { ddl } = await readSpec([{ path: "a.sql", text }]);
  assert.deepEqual(
    ddl.map(({ source, creates }) => [source.line, creates]),
    [
      [1, { kind: "relation", name: "a" }],
      [4, undefined],
    ],
  );
});

test("of several versions of a table, none is held against a statement", async () => {
  const documents = [
    { path: "a.sql", text: "CREATE TABLE a (id int PRIMARY KEY, old int); CREATE VIEW v AS SELECT new FROM a;" },
    { path: "b.sql", text: "CREATE TABLE a (id int PRIMARY KEY, new int);" },
  ];
  const { ddl } = await readSpec(documents);
  const outcome = {
    index: 1,
    failure: { code: "42703", message: 'column "new" does not exist', position: 0 },
    assisted: false,
  };
  assert.deepEqual(lintDdl(ddl, { outcomes: [outcome], endless: [] }), []);
  assert.equal(lintDdl(ddl.slice(0, 2), { outcomes: [outcome], endless: [] }).length, 1);
});
