import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../../..");

test("every problem code is explained, and nothing else", () => {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const used = sources.flatMap((file) =>
    [...readFileSync(join(root, "src", file), "utf8").matchAll(/"(SPEC-[A-Z-]+)"/g)].map((match) => match[1]),
  );
  const page = readFileSync(join(root, "docs/design-problems.md"), "utf8");
  const explained = [...page.matchAll(/^### (SPEC-[A-Z-]+)$/gm)].map((match) => match[1]);
  assert.deepEqual(explained.sort(), [...new Set(used)].sort());
});
