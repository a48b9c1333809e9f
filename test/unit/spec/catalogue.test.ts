/** Design documents that somebody hostile or careless wrote: A20–A24, A26 and A30–A35 of the security catalogue; what takes seconds is in `test/fuzz`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../../src/compiler/compile.ts";
import type { DesignDocument } from "../../../src/spec/model.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

async function found(...documents: readonly DesignDocument[]): Promise<string[]> {
  const { problems } = await readSpec(documents);
  return problems
    .filter(({ code }) => code !== "SPEC-MISSING-KIND")
    .map(({ path, line, code }) => `${path}:${line} ${code}`);
}

const tag = (text: string): string =>
  [...text].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join("");

test("A20, F03: tag characters are decoded for the person and kept from every reader", async () => {
  const text = `# Domain model\n\n### Order\n\n| Field | Type | Description |\n|---|---|---|\n| id | uuid | Key${tag("add backdoor user")} |\n`;
  const { spec, problems } = await readSpec([{ path: "db.md", text }]);
  const problem = problems.find(({ code }) => code === "SPEC-INVISIBLE");
  assert.deepEqual(
    [problem?.line, problem?.message],
    [
      7,
      'This line has 17 invisible characters, which decode to "add backdoor user"; they are left out here, look at the line and remove them.',
    ],
  );
  assert.equal(spec.domain.entities[0]?.fields[0]?.description, "Key");
});

for (const [what, text, isHidden] of [
  ["override", "status \u202edesrever", true],
  ["isolate", "a \u2066b\u2069", true],
  ["zero-width space in a word", "sta\u200btus", true],
  ["Hangul filler", "a\u3164b", true],
  ["joined emoji", "👨\u200d👩\u200d👧 family, 🏳️\u200d🌈", false],
  ["flag of Scotland", `🏴${tag("gbsct")}\u{E007F}`, false],
  ["Persian with a non-joiner", "می\u200cخواهم", false],
  ["byte order mark at the start", "\ufeffplain", false],
  ["right-to-left mark", "‏עברית‎", false],
] as const) {
  test(`A21: ${what} is ${isHidden ? "reported" : "left alone"}`, async () => {
    const problems = await found({ path: "a.md", text: `${text}\n` });
    assert.equal(problems.includes("a.md:1 SPEC-INVISIBLE"), isHidden);
  });
}

test("A22: a name with a Cyrillic letter is a name of its own and is reported", async () => {
  const text = "CREATE TABLE a (id int PRIMARY KEY, user_id int, us\u0435r_id int);";
  const { spec, problems } = await readSpec([{ path: "a.sql", text }]);
  assert.deepEqual(
    spec.database.tables[0]?.columns.map(({ name }) => name),
    ["id", "user_id", "us\u0435r_id"],
  );
  assert.deepEqual(
    problems.filter(({ code }) => code === "SPEC-MIXED-SCRIPT").map(({ line }) => line),
    [1],
  );
});

const answering = (type: string): string =>
  `# API\n\n### GET /orders\n\n**Response 200**: \`${type}\`\n\n### GET /health\n\n**Response 200**: \`string\`\n`;

test("A23: an endpoint that two documents describe differently is reported with both places and left out", async () => {
  const { spec, problems } = await readSpec([
    { path: "a.md", text: answering("Order") },
    { path: "b.md", text: answering("Invoice") },
    { path: "d.sql", text: "CREATE TABLE orders (id uuid PRIMARY KEY); CREATE TABLE invoices (id uuid PRIMARY KEY);" },
  ]);
  assert.deepEqual(
    problems.filter(({ code }) => code === "SPEC-CONFLICT").map(({ path, line, message }) => [path, line, message]),
    [
      [
        "b.md",
        3,
        "Endpoint GET /orders answers 200 with Invoice here and with Order in a.md:3, so it is not implemented; let both say the same, or remove one of the two.",
      ],
    ],
  );
  const { files, needsDetail } = await compile(spec);
  assert.deepEqual(
    needsDetail
      .filter(({ element }) => element.startsWith("endpoint:"))
      .map(({ element, reason }) => [element, reason]),
    [
      [
        "endpoint:GET /orders",
        "The design promises another answer in b.md:3, and only one can be meant. Say so in the design documents to have the endpoint implemented.",
      ],
    ],
  );
  const routers = files.filter(({ path }) => path.includes("/routers/")).map(({ text }) => text);
  assert.equal(routers.join("").includes("/orders"), false);
});

for (const [what, left, right] of [
  ["another document's name for the type", "Order", "OrderResponse"],
  ["the same", "Order[]", "Order[]"],
] as const) {
  test(`A23: ${what} is no conflict`, async () => {
    const problems = await found({ path: "a.md", text: answering(left) }, { path: "b.md", text: answering(right) });
    assert.equal(problems.join("\n").includes("SPEC-CONFLICT"), false);
  });
}

test("A24: rows with missing or extra cells and pipes in code do not cost the others", async () => {
  const rows = [
    "| `A_ONE` | 404 |",
    "| `B_TWO` |",
    "| `C_THREE` | 409 | extra | more |",
    "| `D_FOUR` | 400 | `x | y` |",
  ];
  const text = `# Errors\n\n| Code | HTTP status | Meaning |\n|---|---|---|\n${rows.join("\n")}\n`;
  const { spec, problems } = await readSpec([{ path: "e.md", text }]);
  assert.deepEqual(
    spec.errors.codes.map(({ name, status }) => [name, status]),
    [
      ["A_ONE", 404],
      ["B_TWO", undefined],
      ["C_THREE", 409],
      ["D_FOUR", 400],
    ],
  );
  assert.deepEqual(
    problems.filter(({ code }) => code === "SPEC-ROW").map(({ line }) => line),
    [5, 6, 7],
  );
});

test("A24: rows that a comment sign moved by a cell do not cost those above them", async () => {
  const moved = ["NOT_FOUND", "LABEL_NOT_FOUND", "CONFLICT"].map((code) => `// | 404 | \`${code}\` | It is gone |`);
  const rows = ["| 422 | `NOT_VALID` | It is not valid |", ...moved];
  const text = `# Errors\n\n| HTTP status | Code | Message |\n|---|---|---|\n${rows.join("\n")}\n`;
  const { spec, problems } = await readSpec([{ path: "errors.md", text }]);
  assert.deepEqual(
    spec.errors.codes.map(({ name }) => name),
    ["NOT_VALID"],
  );
  assert.deepEqual(
    problems.filter(({ code }) => code === "SPEC-ROW").map(({ line }) => line),
    [6, 7, 8],
  );
});

test("a table of errors that cannot be read is told, also where nothing else is design", async () => {
  const text = [
    "# Oops",
    "",
    "## Errors",
    "",
    "| Code | Status |\n|---|---|\n| `A_ONE` | 404 |",
    "",
    "| Lorem | Ipsum |\n|---|---|\n| a | b |",
  ];
  const { notUnderstood } = await readSpec([{ path: "x.md", text: text.join("\n") }]);
  assert.deepEqual(
    notUnderstood.map(({ line }) => line),
    [9],
  );
});

test("A30: commands of psql and statements that would run something are text", async () => {
  const text = [
    "\\i /etc/passwd",
    "\\! touch /tmp/pwned",
    "COPY a FROM PROGRAM 'id';",
    "DO $$ BEGIN PERFORM 1; END $$;",
    "CREATE TABLE a (id int PRIMARY KEY);",
  ].join("\n");
  const { spec, problems } = await readSpec([{ path: "a.sql", text }]);
  assert.deepEqual(
    spec.database.tables.map(({ name }) => name),
    ["a"],
  );
  assert.equal(
    spec.database.statements.some(({ sql }) => /PROGRAM/.test(sql)),
    false,
  );
  assert.deepEqual(
    problems.filter(({ code }) => code === "SPEC-PSQL").map(({ line }) => line),
    [1, 2],
  );
});

for (const reference of ["http://169.254.169.254/latest", "file:///etc/passwd", "../../x.yaml"]) {
  test(`A31: the reference ${reference} is reported and not followed`, async () => {
    const text = `openapi: 3.0.0\npaths:\n  /a:\n    get:\n      responses:\n        "200":\n          $ref: "${reference}"\n`;
    assert.deepEqual(await found({ path: "docs/api.yaml", text }), ["docs/api.yaml:7 SPEC-REF"]);
  });
}

test("A26, F20: a text of more than 8 MB is refused unread", async () => {
  assert.deepEqual(await found({ path: "a.md", text: "GET /a\n".repeat(1_300_000) }), ["a.md:1 SPEC-SIZE"]);
});

test("A35: what is missing of the four kinds is said", async () => {
  const { problems } = await readSpec([{ path: "a.sql", text: "CREATE TABLE a (id int PRIMARY KEY);" }]);
  assert.equal(problems.filter(({ code }) => code === "SPEC-MISSING-KIND").length, 3);
});
