/** No case of the threat catalogue is without a test that carries its number. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const tests = join(import.meta.dirname, "../..");
const cases = readFileSync(join(import.meta.dirname, "cases.txt"), "utf8")
  .trim()
  .split("\n");
const numbers = cases.map((line) => line.slice(0, 3));

/** Of each group, how many cases there are. */
const sizes = { A: 36, B: 44, C: 43, D: 30, E: 36, F: 20, G: 17, H: 12, I: 17 } as const;

test("the catalogue is complete and in its order", () => {
  const wanted = Object.entries(sizes).flatMap(([group, size]) =>
    Array.from({ length: size }, (_, index) => `${group}${String(index + 1).padStart(2, "0")}`),
  );
  assert.deepEqual(numbers, wanted);
});

test("each case of the catalogue is a test, and each number of a test is a case", () => {
  const files = globSync("**/*.test.ts", { cwd: tests }).map((file) => readFileSync(join(tests, file), "utf8"));
  const named = new Set(files.flatMap((text) => withoutComments(text).match(/(?<![\w.])[A-I]\d\d(?!\w)/g) ?? []));
  assert.deepEqual(
    numbers.filter((number) => !named.has(number)),
    [],
    "cases without a test",
  );
  assert.deepEqual(
    [...named].filter((number) => !numbers.includes(number)),
    [],
    "numbers of no case",
  );
});

/** A number that is only mentioned tests nothing. */
function withoutComments(text: string): string {
  return text.replace(/^\s*(?:\/\*|\*|\/\/).*$/gm, "");
}
