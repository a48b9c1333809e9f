import assert from "node:assert/strict";
import { test } from "node:test";
import sax from "sax";
import { junitReport } from "../../../../src/session/reports/junit.ts";
import { hostileReview, hostileText } from "./hostileReview.ts";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** By a strict parser: anything that is not well-formed throws. */
function parse(text: string): Element {
  const top: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  const parser = sax.parser(true);
  parser.onerror = (thrown) => assert.fail(thrown.message);
  parser.onopentag = ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  };
  parser.onclosetag = () => open.pop();
  parser.ontext = (part) => {
    const element = open.at(-1);
    if (element) element.text += part;
  };
  parser.write(text).close();
  const [root] = top.children;
  assert.ok(root);
  return root;
}

/** What the schema of Jenkins (`junit-10.xsd`), which readers of JUnit follow, allows of what is written. */
const grammar: Readonly<
  Record<
    string,
    { readonly children: readonly string[]; readonly required: readonly string[]; readonly optional: readonly string[] }
  >
> = {
  testsuites: {
    children: ["testsuite"],
    required: [],
    optional: ["name", "time", "tests", "failures", "disabled", "errors", "skipped"],
  },
  testsuite: {
    children: ["testcase", "properties"],
    required: ["name", "tests"],
    optional: ["failures", "errors", "skipped", "time", "timestamp"],
  },
  testcase: {
    children: ["skipped", "failure", "error", "system-out"],
    required: ["name"],
    optional: ["classname", "time", "file"],
  },
  skipped: { children: [], required: [], optional: ["message", "type"] },
  failure: { children: [], required: [], optional: ["message", "type"] },
  "system-out": { children: [], required: [], optional: [] },
};

function assertAllowed(element: Element): void {
  const rule = grammar[element.name];
  assert.ok(rule, element.name);
  const names = Object.keys(element.attributes);
  assert.deepEqual(
    rule.required.filter((name) => !names.includes(name)),
    [],
  );
  assert.deepEqual(
    names.filter((name) => ![...rule.required, ...rule.optional].includes(name)),
    [],
  );
  for (const child of element.children) {
    assert.ok(rule.children.includes(child.name), `${child.name} in ${element.name}`);
    assertAllowed(child);
  }
}

const root = parse(junitReport(hostileReview));

test("the report is well-formed and of the elements that readers know", () => assertAllowed(root));

test("suites and cases are counted", () => {
  const counts = (element: Element) => ["tests", "failures", "skipped"].map((name) => Number(element.attributes[name]));
  const cases = (suite: Element) => {
    const having = (name: string) =>
      suite.children.filter(({ children }) => children.some((child) => child.name === name));
    return [suite.children.length, having("failure").length, having("skipped").length];
  };
  assert.deepEqual(root.children.map(counts), [
    [5, 2, 2],
    [3, 2, 1],
  ]);
  assert.deepEqual(root.children.map(cases), root.children.map(counts));
  assert.deepEqual(counts(root), [8, 4, 3]);
});

test("what a project says arrives as it is, but for what XML cannot hold", () => {
  const [annotations] = root.children[0]?.children ?? [];
  const plain = hostileText.replace(/\p{Cc}|\p{Cs}/gu, " ");
  assert.ok(annotations?.children[0]?.text.includes(plain));
});
