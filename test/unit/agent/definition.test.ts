import assert from "node:assert/strict";
import { test } from "node:test";
import { narrowDefinition, readDefinition } from "../../../src/agent/definition.ts";
import { readFrontMatter } from "../../../src/agent/frontMatter.ts";

const path = "agents/a.md";
const valid = `---
name: backend-implementer
description: Implements.
tools: ["Read", "Write", "Edit", "Bash", "Grep", "Glob"]
model: opus
color: blue
---

You implement.
`;

test("a definition in the Claude Code format is read", () => {
  assert.deepEqual(readDefinition(valid, path), {
    definition: {
      name: "backend-implementer",
      description: "Implements.",
      tools: ["Read", "Write", "Edit", "Bash", "Grep", "Glob"],
      model: "opus",
      instructions: "You implement.",
    },
    problems: [],
  });
});

test("tools may be a string with commas, also inside parentheses, and are taken away by name", () => {
  const text =
    "---\nname: a\ndescription: d\ntools: Read, Bash(git log, git diff), Grep\ndisallowedTools: Grep\n---\nWork.\n";
  assert.deepEqual(readDefinition(text, path).definition?.tools, ["Read", "Bash(git log, git diff)"]);
});

for (const language of ["js", " js", "javascript", "JS", "coffee", "json", "-"]) {
  test(`front matter in "${language}" is refused and never run`, () => {
    Reflect.deleteProperty(globalThis, "hacked");
    const text = `---${language}\nglobalThis.hacked = 1; module.exports = {}\n---\nbody`;
    const { data, problems } = readFrontMatter(text, path);
    assert.equal(data, undefined);
    assert.equal(problems[0]?.line, 1);
    assert.equal(Reflect.get(globalThis, "hacked"), undefined);
  });
}

test("a description that is not YAML is read line by line, every time, and reported", () => {
  const text = valid.replace("Implements.", "Use it so: always\n<example>\nuser: hi\n</example>");
  for (const _ of [1, 2]) {
    const { definition, problems } = readDefinition(text, path);
    assert.equal(definition?.description, "Use it so: always\n<example>\nuser: hi\n</example>");
    assert.deepEqual(definition?.tools, ["Read", "Write", "Edit", "Bash", "Grep", "Glob"]);
    assert.equal(problems[0]?.code, "AGENT-FRONT-MATTER");
    assert.ok((problems[0]?.line ?? 0) >= 3);
  }
});

test("what makes a definition unusable is said with its line", () => {
  const faults = (text: string) =>
    readDefinition(text, path).problems.map(({ line, message }) => `${line}: ${message}`);
  assert.deepEqual(faults("You implement."), [
    '1: An agent file starts with YAML front matter between two "---" lines; add it.',
  ]);
  assert.deepEqual(faults("---\nname: Not Good\ndescription: d\n---\n"), [
    "2: name: must be lowercase letters, digits and hyphens.",
  ]);
  assert.deepEqual(faults("---\nname: a\n---\n"), [
    "1: description: Invalid input: expected string, received undefined.",
  ]);
});

test("a workspace's definition can narrow the shipped one and never widen it", () => {
  const shipped = {
    name: "a",
    description: "",
    tools: ["Read", "Write"],
    model: "opus",
    maxTurns: 50,
    instructions: "s",
  };
  const override = {
    name: "a",
    description: "",
    tools: ["Write", "Bash"],
    model: "haiku",
    maxTurns: 90,
    instructions: "o",
  };
  assert.deepEqual(narrowDefinition(shipped, override), { ...override, tools: ["Write"], maxTurns: 50 });
});
