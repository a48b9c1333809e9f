import assert from "node:assert/strict";
import { test } from "node:test";
import { readDecisions } from "../../../../src/spec/join/decisions.ts";
import { withDecision, withoutDecision } from "../../../../src/spec/join/writeDecision.ts";

const body = { id: "request:POST /orders", kind: "request", value: "{ name: string }" } as const;
const status = { id: "status:POST /orders", kind: "status", value: "201" } as const;
const name = { id: "name:Customer", kind: "name", value: "none" } as const;

/** What the file says, without its comments. */
function content(text: string | undefined): string {
  return (text ?? "invalid")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n");
}

test("a new file explains itself, and reads back as it was decided", () => {
  const first = withDecision(undefined, body);
  assert.match(first ?? "", /^# How the design documents are read/);
  const text = withDecision(withDecision(first, status, "202"), name, "clients") ?? "";
  assert.equal(
    content(text),
    [
      "version: 1",
      "assumptions:",
      "  request:POST /orders:",
      '    confirmed: "{ name: string }"',
      "  status:POST /orders:",
      '    assumed: "201"',
      '    corrected: "202"',
      "entities:",
      "  Customer: clients",
      "",
    ].join("\n"),
  );
  const { byId, problems } = readDecisions({ path: ".backend/design.yaml", text });
  assert.deepEqual(
    [[...byId].map(([id, { assumed, corrected }]) => [id, assumed, corrected]), problems],
    [
      [
        ["name:Customer", undefined, "clients"],
        ["request:POST /orders", "{ name: string }", undefined],
        ["status:POST /orders", "201", "202"],
      ],
      [],
    ],
  );
});

test("what people wrote stays: comments, their order, other entries", () => {
  const text = `# ours\nresources:\n  people: employees # since 2019\nassumptions:\n  "owner:b.user_id":\n    confirmed: caller\n`;
  assert.equal(
    withDecision(text, { id: "owner:a.user_id", kind: "owner", value: "caller" }),
    `# ours\nresources:\n  people: employees # since 2019\nassumptions:\n  owner:a.user_id:\n    confirmed: caller\n  "owner:b.user_id":\n    confirmed: caller\n`,
  );
});

test("a decision is replaced and taken back", () => {
  const text = withDecision(withDecision(undefined, status), { ...status, value: "202", assumed: "201" }, "204") ?? "";
  assert.match(text, /assumed: "201"\n {4}corrected: "204"/);
  assert.doesNotMatch(text, /confirmed: "201"/);
  assert.doesNotMatch(withoutDecision(text, status) ?? "invalid", /status:POST/);
});

test("a file that only its owner can mend is left alone", () => {
  for (const text of ["a: [", "- list\n"]) assert.equal(withDecision(text, status), undefined);
});
