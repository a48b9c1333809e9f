/** Catalogue G, a secret that stands in a design document (research/security.md §3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { knownShape } from "../../../src/review/facts/secretShapes.ts";
import { answers, compileDesign, takes } from "../../support/compiledApi.ts";

const password = `Zx81kq${"Pw93LmTt"}`;
const key = `sk-ant-${"api03-"}${"Ab3".repeat(8)}`;

const login = `{ type: object, required: [name], properties: {
  name: { type: string, example: ada },
  password: { type: string, writeOnly: true, default: ${password}, example: ${password} },
  token: { type: string, const: ${key} } } }`.replaceAll("\n", " ");

const sql = `-- the application connects as postgresql://shop:${password}@db:5432/shop
CREATE ROLE shop LOGIN PASSWORD '${password}' NOINHERIT;
ALTER USER reader WITH ENCRYPTED PASSWORD '${password}';
CREATE TABLE logins (id uuid PRIMARY KEY, name text NOT NULL, password text, token text);
`;

test("G10 no password that a document shows is in a file of the backend", async () => {
  const { files, assumptions } = await compileDesign({
    sql,
    schemas: { Login: login },
    operations: {
      "POST /logins": `{ operationId: createLogin, description: "with ${password}", ${takes('{ $ref: "#/components/schemas/Login" }')}, ${answers('{ $ref: "#/components/schemas/Login" }', 201)} }`,
    },
    more: { "notes.md": `# Notes\n\nThe key is ${key}, the database postgresql://shop:${password}@db/shop.\n` },
  });
  const holding = files.filter(({ text }) => text.includes(password) || text.includes(key));
  assert.deepEqual(
    holding.map(({ path }) => path),
    [],
  );
  const migration = files.find(({ path }) => path.endsWith("0001_initial.py"))?.text ?? "";
  assert.match(migration, /CREATE ROLE shop LOGIN NOINHERIT;?/);
  assert.match(migration, /ALTER USER reader WITH;?/);
  const said = assumptions.map(({ text }) => /^The role (\S+) comes without the password/.exec(text)?.[1]);
  assert.deepEqual(
    said.filter((role) => role !== undefined),
    ["shop", "reader"],
  );
});

test("G10 a copy of such a password in code is found", () => {
  for (const found of [
    `CREATE ROLE shop LOGIN PASSWORD '${password}'`,
    `alter user shop with encrypted password '${password}'`,
    `postgresql://shop:${password}@db/shop`,
    key,
  ]) {
    assert.notEqual(knownShape(found, found), undefined, found);
  }
  assert.equal(knownShape("CREATE ROLE shop NOLOGIN", "CREATE ROLE shop NOLOGIN"), undefined);
  assert.equal(knownShape("ALTER ROLE shop PASSWORD NULL", "ALTER ROLE shop PASSWORD NULL"), undefined);
});
