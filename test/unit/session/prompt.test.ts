import assert from "node:assert/strict";
import { test } from "node:test";
import { type Prompt, readPrompt } from "../../../src/session/prompt.ts";

const ddl = "CREATE TABLE orders (\n  id uuid PRIMARY KEY\n);";

const cases: readonly (readonly [command: string | undefined, text: string, expected: Prompt])[] = [
  ["implement", "", { kind: "implement", instructions: "", pasted: "" }],
  ["implement", " only the orders ", { kind: "implement", instructions: "only the orders", pasted: "" }],
  [undefined, "implement", { kind: "implement", instructions: "", pasted: "" }],
  [undefined, "Implement.", { kind: "implement", instructions: "", pasted: "" }],
  [undefined, "plan the orders", { kind: "plan", instructions: "the orders", pasted: "" }],
  [undefined, "checkout is slow", { kind: undefined, instructions: "checkout is slow", pasted: "" }],
  [undefined, "please implement", { kind: undefined, instructions: "please implement", pasted: "" }],
  ["plan", "implement", { kind: "plan", instructions: "implement", pasted: "" }],
  ["fix", ddl, { kind: "fix", instructions: "", pasted: ddl }],
  [undefined, ddl, { kind: "implement", instructions: "", pasted: ddl }],
  [undefined, `implement\n${ddl}`, { kind: "implement", instructions: "", pasted: ddl }],
  [undefined, "one\ntwo\nthree", { kind: undefined, instructions: "one\ntwo\nthree", pasted: "" }],
  [undefined, "", { kind: undefined, instructions: "", pasted: "" }],
];

for (const [command, text, expected] of cases) {
  test(`${command ? `/${command} ` : ""}${JSON.stringify(text.slice(0, 30))}`, () => {
    assert.deepEqual(readPrompt(command, text), expected);
  });
}
