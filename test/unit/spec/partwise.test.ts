import assert from "node:assert/strict";
import { test } from "node:test";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmTableFromMarkdown } from "mdast-util-gfm-table";
import { gfmTable } from "micromark-extension-gfm-table";
import { markdownParts } from "../../../src/spec/markdown/markdownParts.ts";
import type { DesignDocument } from "../../../src/spec/model.ts";
import { parseYamlParts } from "../../../src/spec/openapi/yamlParts.ts";
import { parseYamlText, type YamlTree, yamlTree } from "../../../src/spec/openapi/yamlTree.ts";
import { createSpecReader, readSpec } from "../../../src/spec/readSpec.ts";
import { Recall } from "../../../src/spec/recall.ts";
import { mutations } from "../../fuzz/mutations.ts";
import { seededRandom } from "../../support/seededRandom.ts";
import { libraryDocuments, orderDocuments } from "./fixtures.ts";

/** Every document as it is and after each of a few damages on top of each other. */
function* versions(documents: readonly DesignDocument[], each: number): Generator<DesignDocument> {
  const random = seededRandom(20261123);
  for (const document of documents) {
    yield document;
    for (let count = 0; count < each; count++) {
      const other = documents[random(documents.length)] ?? document;
      yield (mutations[random(mutations.length)] ?? mutations[0]).apply(document, other, random);
    }
  }
}

const contracts = [...orderDocuments(), ...libraryDocuments()].filter(({ path }) => path.endsWith(".yaml"));
const prose = [...orderDocuments(), ...libraryDocuments()].filter(({ path }) => path.endsWith(".md"));

test("YAML parsed in parts is the YAML of the whole, line by line", () => {
  let parted = 0;
  for (const { path, text } of versions(contracts, 8)) {
    const parts = parseYamlParts(text, new Recall());
    if (!parts) continue;
    parted++;
    const whole = yamlTree(parseYamlText(text));
    assert.equal(JSON.stringify(parts.value), JSON.stringify(whole.value), path);
    assert.deepEqual(firstLines(parts), firstLines(whole), path);
  }
  assert.ok(parted > contracts.length * 4, `only ${parted} were parsed in parts`);
});

test("the contracts of our fixtures are parsed in parts, to the last line of every value", () => {
  for (const { path, text } of contracts) {
    const parts = parseYamlParts(text, new Recall());
    assert.ok(parts, path);
    const whole = yamlTree(parseYamlText(text));
    for (const keys of keyPaths(whole.value)) assert.deepEqual(parts.linesOf(keys), whole.linesOf(keys), keys.join());
  }
});

const unusual: readonly (readonly [what: string, text: string])[] = [
  ["an anchor in another entry", "a: &x\n  b: 1\nc: *x\n"],
  ["a quote over two entries", 'a: "x\nb: y"\n'],
  ["braces over two entries", "a: {\nb: 1}\n"],
  ["a key twice", "a: 1\nb: 2\na: 3\n"],
  ["two documents", "a: 1\n---\nb: 2\n"],
  ["a directive", "%YAML 1.2\n---\na: 1\n"],
  ["a tab", "a:\n\tb: 1\n"],
  ["a list", "- a\n- b\n"],
  ["JSON", '{\n"a": 1\n}\n'],
  ["a map as a key", "? {a: b}\n: c\n"],
  ["a merge of maps", "a:\n  <<: [1]\n"],
  ["an indentation indicator", "a: |1\n  x\n"],
  ["less indentation", "  a: 1\n b: 2\n"],
  ["nothing", "\n# note\n"],
];

for (const [what, text] of unusual) {
  test(`YAML with ${what} is parsed as a whole`, () => assert.equal(parseYamlParts(text, new Recall()), undefined));
}

test("Markdown parsed in parts is the Markdown of the whole, block by block", () => {
  const endings = [
    "```\n# Not a heading\n\n# Nor this\n",
    "<!-- a\n\n# b\n-->\n\n# c\n",
    "<pre>\n\n# d\n</pre>\n\n# e\n",
  ];
  for (const { path, text } of versions(prose, 5)) {
    for (const whole of [text, ...(text === prose[0]?.text ? endings.map((end) => `${text}\n${end}`) : [])]) {
      const parts = markdownParts(whole, new Recall());
      assert.deepEqual(
        parts.flatMap(({ tree, linesBefore, text: own }) => outline(tree, own, linesBefore)),
        outline(parseWhole(whole), whole, 0),
        path,
      );
    }
  }
});

test("what is read after an edit is what is read anew", async () => {
  const read = createSpecReader();
  const set = [...libraryDocuments()];
  const random = seededRandom(7);
  for (let round = 0; round < 24; round++) {
    const at = random(set.length);
    const before = set[at] as DesignDocument;
    const other = set[random(set.length)] as DesignDocument;
    const edited = (mutations[random(mutations.length)] ?? mutations[0]).apply(before, other, random);
    const documents = set.map((document, index) => (index === at ? edited : document));
    assert.deepEqual(await read(documents), await readSpec(documents), `round ${round}`);
    if (round % 3 === 0 && edited.text.length < 40_000) set[at] = edited;
  }
});

function keyPaths(value: unknown, above: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => [[...above, key], ...keyPaths(child, [...above, key])]);
}

function firstLines(tree: YamlTree): readonly (number | undefined)[] {
  return keyPaths(tree.value).map((keys) => tree.linesOf(keys)?.first);
}

function parseWhole(text: string): Nodes {
  const disabled = "attention autolink characterEscape characterReference codeText hardBreakEscape htmlText labelEnd";
  return fromMarkdown(text, {
    extensions: [gfmTable(), { disable: { null: [...disabled.split(" "), "labelStartImage", "labelStartLink"] } }],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
}

/** Every block with its lines and its text. */
function outline(node: Nodes, text: string, linesBefore: number): readonly string[] {
  const { start, end } = node.position ?? { start: { line: 0 }, end: { line: 0 } };
  const raw = text.slice(node.position?.start.offset, node.position?.end.offset);
  const own = `${node.type} ${start.line + linesBefore} ${end.line + linesBefore} ${raw}`;
  const children = "children" in node ? node.children.flatMap((child) => outline(child, text, linesBefore)) : [];
  return node.type === "root" ? children : [own, ...children];
}
