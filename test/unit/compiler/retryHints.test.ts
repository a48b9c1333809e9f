import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../../src/compiler/compile.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const codes = `# Error handling

| Code | HTTP | Retryable |
|--|--|--|
| RATE_LIMITED | 429 | |
| BUSY | 503 | |
| LOCKED | 423 | |
| GONE_AWAY | 502 | no |
`;
const database = "CREATE TABLE orders (id uuid PRIMARY KEY DEFAULT gen_random_uuid());";

async function compiled(strategy: string) {
  const { spec } = await readSpec([
    { path: "errors.md", text: `${codes}\n${strategy}` },
    { path: "database.sql", text: database },
  ]);
  const { files } = compile(spec);
  const textOf = (path: string): string => files.find((file) => file.path === path)?.text ?? "";
  return {
    catalogue: textOf("src/app/core/errors.py"),
    handlers: textOf("src/app/core/error_handlers.py"),
  };
}

/** The lines of a class that say how to try again. */
function hints(catalogue: string, name: string): readonly string[] {
  const block = catalogue.split(/^class /m).find((text) => text.startsWith(`${name}(`)) ?? "";
  return (block.match(/^ {4}retr\w+ = .*$/gm) ?? []).map((line) => line.trim());
}

test("answers tell what may be tried again, and when where the design wants the header", async () => {
  const { catalogue, handlers } = await compiled(
    "## Retry strategy\n\n| Applies to | Attempts | Base delay | Retry-After |\n|--|--|--|--|\n| `LOCKED`, 5xx | 3 | 1500 ms | yes |\n",
  );
  assert.deepEqual(
    ["RateLimitedError", "BusyError", "LockedError", "GoneAwayError"].map((name) => hints(catalogue, name)),
    [["retryable = True"], ["retryable = True", "retry_after = 2"], ["retryable = True", "retry_after = 2"], []],
  );
  assert.match(handlers, /"Retry-After": str\(error\.retry_after\)/);
  assert.match(handlers, /\*\*_waiting_time\(error\)/);
});

test("without the header in the design there is none", async () => {
  const { catalogue, handlers } = await compiled("");
  assert.deepEqual(hints(catalogue, "BusyError"), ["retryable = True"]);
  assert.ok(!`${catalogue}${handlers}`.includes("retry_after"));
});
