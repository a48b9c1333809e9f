import assert from "node:assert/strict";
import { test } from "node:test";
import { createWriteReader } from "../../../src/agent/writeReader.ts";
import { seededRandom } from "../../support/seededRandom.ts";

const texts = [
  'def f() -> str:\n    return "a\\n"\n',
  "tabs\tand\rreturns\b\f / \\ \" '",
  "ä € 😀 \u2028 \ud83d",
  '{"file_path":"not.py","content":"not"}',
  "",
];

function read(json: string, lengths: () => number): { path: string | undefined; text: string } {
  const reader = createWriteReader();
  let text = "";
  for (let at = 0; at < json.length; ) {
    const length = lengths();
    text += reader.add(json.slice(at, at + length));
    at += length;
  }
  return { path: reader.path(), text };
}

test("path and text come whole, however the arguments are cut", () => {
  const random = seededRandom(7);
  const forms = texts.flatMap((content) => [
    { content, json: JSON.stringify({ file_path: "app/a.py", content }) },
    { content, json: JSON.stringify({ content, file_path: "app/a.py" }) },
    {
      content,
      json: JSON.stringify(
        { more: { file_path: "x", content: ["y"] }, file_path: "app/a.py", n: 1, content },
        undefined,
        2,
      ),
    },
    {
      content,
      json: JSON.stringify({ file_path: "app/a.py", content }).replace(
        /[^\x20-\x7e]/g,
        (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
    },
  ]);
  for (const { content, json } of forms) {
    for (let turn = 0; turn < 20; turn++) {
      const found = read(json, () => (turn === 0 ? 1 : 1 + random(12)));
      assert.deepEqual(found, { path: "app/a.py", text: content }, json);
    }
  }
});

test("a text is told as soon as it comes", () => {
  const reader = createWriteReader();
  assert.equal(reader.add('{"file_path":"a'), "");
  assert.equal(reader.path(), undefined);
  assert.equal(reader.add('.py","content":"x = '), "x = ");
  assert.equal(reader.path(), "a.py");
  assert.equal(reader.add("1\\"), "1");
  assert.equal(reader.add("ny"), "\ny");
});

test("what is no JSON, or no Write, gives nothing and does no harm", () => {
  for (const json of ["]]]]", '"', '{"content":5}', "{{{{", '{"file_path":{"content":"x"}}', "\\u12"]) {
    assert.deepEqual(read(json, () => 1).text, "");
  }
});

test("200 KB in 12,500 pieces cost next to nothing", () => {
  const json = JSON.stringify({ file_path: "a.py", content: "x = 'value'\n".repeat(17_000) });
  const costs = Array.from({ length: 5 }, () => {
    const begun = process.cpuUsage();
    assert.equal(read(json, () => 16).text.length, 204_000);
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  });
  assert.ok(Math.min(...costs) < 50, `${costs} ms`);
});
