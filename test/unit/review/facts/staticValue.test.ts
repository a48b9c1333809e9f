import assert from "node:assert/strict";
import { after, test } from "node:test";
import { evaluate, type Scope, type StaticValue } from "../../../../src/review/facts/staticValue.ts";
import { fieldOf } from "../../../../src/review/facts/syntax.ts";
import { startParser } from "../reviewing.ts";

const parser = await startParser();
after(() => parser.dispose());

const known: Readonly<Record<string, StaticValue>> = { TABLE: "loans", "Code.GONE": "GONE", COLUMNS: ["id", "book"] };
const scope: Scope = (name) => known[name];

const cases: readonly (readonly [string, unknown])[] = [
  ['"a" "b"', "ab"],
  ['"""two\nlines"""', "two\nlines"],
  [String.raw`"tab\t'quoted\""`, "tab\t'quoted\""],
  [String.raw`r"\d"`, String.raw`\d`],
  ['f"SELECT {TABLE}.id {{}}"', "SELECT loans.id {}"],
  ['f"SELECT {name}"', undefined],
  ['"SELECT " + TABLE', "SELECT loans"],
  ['"SELECT " + name', undefined],
  ['", ".join(COLUMNS)', "id, book"],
  ['"{} of {table}".format("id", table=TABLE)', "id of loans"],
  ['"{}".format(name)', undefined],
  ['sa.text("now()")', "now()"],
  ["Code.GONE.value", "GONE"],
  ['("a", 1, True, None)', ["a", 1, true, null]],
  ['["a", name]', undefined],
  ['{"a": 1}', new Map([["a", 1]])],
  ['{"a": 1}.items()', [["a", 1]]],
  ["call()", undefined],
  ['None or "/api"', "/api"],
  ['name or "/api"', undefined],
  ['TABLE and ""', ""],
  ['"/a" if TABLE == "loans" else name', "/a"],
  ['"/a" if name else "/b"', undefined],
  ["not len(COLUMNS)", false],
  ["TABLE is not None", true],
  ['"/api/".strip("/")', "api"],
  ['" a ".lstrip()', "a "],
  ['"/api/".rstrip(name)', undefined],
];

for (const [code, expected] of cases) {
  test(`${code} is ${expected === undefined ? "not certain" : JSON.stringify(expected)}`, () => {
    const assignment = parser.parse(`x = ${code}\n`).children[0]?.children[0];
    assert.deepEqual(evaluate(assignment && fieldOf(assignment, "right"), scope), expected);
  });
}
