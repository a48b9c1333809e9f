import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf } from "../../../src/spec/elements.ts";
import type { DesignDocument } from "../../../src/spec/model.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { libraryDocuments } from "./fixtures.ts";

type Random = (below: number) => number;

/** The same sequence in every run, so that a failure can be repeated. */
function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return Math.floor((state / 4294967296) * below);
  };
}

const splinters = [
  "\0",
  "'",
  '"',
  "`",
  "```\n",
  "$$",
  "(",
  ")",
  "{",
  "}",
  "|",
  "\n",
  "#",
  "\uD800",
  "- ",
  "::",
  "&a *a",
  "\\",
  "😀",
  "CREATE TABLE ",
];

const mutations: readonly ((text: string, other: string, random: Random) => string)[] = [
  (text, _, random) => text.slice(0, random(text.length)),
  (text, _, random) => text.slice(random(text.length)),
  (text, other, random) => text.slice(0, random(text.length)) + other.slice(random(other.length)),
  (text, _, random) => {
    const at = random(text.length);
    return text.slice(0, at) + (splinters[random(splinters.length)] ?? "") + text.slice(at);
  },
  (text, _, random) => {
    const at = random(text.length);
    return text.slice(0, at) + text.slice(at + random(200));
  },
  (text, _, random) => {
    const at = random(text.length);
    return text.slice(0, at) + text.slice(at, at + 120).repeat(20) + text.slice(at);
  },
];

/** Milliseconds; generous, because the machine that runs the tests does other things too. */
const slowest = 5000;

test("240 damaged documents are all read, in bounded time and with unique ids", async () => {
  const documents = libraryDocuments();
  const random = seeded(20261123);
  for (let round = 0; round < 240; round++) {
    const document = documents[round % documents.length] as DesignDocument;
    const other = documents[random(documents.length)] as DesignDocument;
    const mutate = mutations[random(mutations.length)] ?? ((text) => text);
    const damaged = { path: document.path, text: mutate(document.text, other.text, random) };
    const started = performance.now();
    const reading = await readSpec([damaged]);
    const lines = damaged.text.split("\n").length;
    const ids = elementsOf(reading.spec).map((element) => element.id);
    assert.ok(performance.now() - started < slowest, `round ${round} of ${document.path} took too long`);
    assert.equal(new Set(ids).size, ids.length, `round ${round} of ${document.path} has equal ids`);
    for (const problem of reading.problems) {
      assert.ok(
        problem.line >= 1 && problem.line <= lines,
        `round ${round}: line ${problem.line} of ${lines}, ${problem.message}`,
      );
    }
  }
});

const hostile: readonly (readonly [string, string])[] = [
  ["deep YAML", `openapi: 3.0.0\npaths: ${"[".repeat(20000)}`],
  [
    "alias bomb",
    `openapi: 3.0.0\na: &a [x, x]\n${Array.from({ length: 20 }, (_, i) => `b${i}: &b${i} [*${i === 0 ? "a" : `b${i - 1}`}, *${i === 0 ? "a" : `b${i - 1}`}]`).join("\n")}`,
  ],
  [
    "circle of references",
    `openapi: 3.0.0\npaths: {}\ncomponents:\n  schemas:\n    A: { allOf: [{ $ref: '#/components/schemas/A' }] }\n    B: { oneOf: [{ $ref: '#/components/schemas/B' }], properties: { b: { $ref: '#/x' } } }\nx: { $ref: '#/x' }`,
  ],
  [
    "prototype keys",
    'openapi: 3.0.0\npaths:\n  /__proto__: { get: { responses: { constructor: {} } } }\n  /a: { get: { $ref: "#/constructor/prototype" } }',
  ],
  ["deep lists", Array.from({ length: 100 }, (_, i) => `${" ".repeat(i * 2)}- a`).join("\n")],
  ["long line", `# Errors\n\n${"a ".repeat(100_000)}`],
  ["many pipes", `# API\n\n${"|".repeat(20_000)}\n${"|-".repeat(20_000)}|\n`],
  ["open fence", `# API\n\n\`\`\`sql\nCREATE TABLE a (${"x int,".repeat(20_000)}`],
  ["no text", ""],
  ["arrows", `# State transitions\n\n${"a → ".repeat(20_000)}`],
  ["open comment", "# Errors\n\n```json\n{ /* ".repeat(500)],
];

for (const [what, text] of hostile) {
  test(`hostile input: ${what}`, async () => {
    const started = performance.now();
    await readSpec([{ path: "hostile", text }]);
    assert.ok(performance.now() - started < slowest, `${Math.round(performance.now() - started)} ms`);
  });
}
