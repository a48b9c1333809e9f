/** Catalogue G, what is said and kept of a failure that nobody expected (research/security.md §3). */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { unexpectedText } from "../../../src/support/unexpected.ts";

const key = `sk-ant-${"api03-"}${"Ab3".repeat(12)}`;
const root = join(import.meta.dirname, "../../../src");

test("G12 what is said of a fault of ours holds no secret and no body of a request", () => {
  const body = JSON.stringify({ messages: [{ role: "user", content: "the whole design" }] });
  const thrown = new Error(`connect failed with ${key} to postgres://u:Zx81kqPw93LmTt@h\n\n${body}`);
  const said = unexpectedText(thrown);
  assert.match(said, /^UNEXPECTED: connect failed with «secret:anthropic-key»/);
  assert.doesNotMatch(said, /Zx81|messages|design/);
  assert.equal(unexpectedText({ toString: () => key }), "UNEXPECTED: «secret:anthropic-key»");
  assert.ok(unexpectedText(new Error("x".repeat(1_000_000))).length < 3000);
});

test("G12 nothing else tells of a fault, and no dump of the process is asked for", () => {
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const telling = /["'`]UNEXPECTED|uncaughtException|unhandledRejection|process\.report|heapsnapshot|inspector/;
  const found = sources.filter((name) => telling.test(readFileSync(join(root, name), "utf8")));
  assert.deepEqual(found, ["support/unexpected.ts"]);
});
