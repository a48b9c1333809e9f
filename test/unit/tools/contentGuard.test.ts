import assert from "node:assert/strict";
import { test } from "node:test";
import { refusePlaceholders, shrinksMuch } from "../../../src/tools/contentGuard.ts";

const placeholders = [
  "# ... existing code",
  "    # ... rest of the methods unchanged",
  "# … remaining imports",
  "# rest unchanged",
  "# (rest of the file stays the same)",
  "// ... existing code ...",
  "-- other columns omitted",
  "/* existing methods remain unchanged */",
  "<!-- rest of the page ... -->",
  "... rest of the class",
  "# existing code goes here",
  "# keep the other methods as before",
  "# existing code...",
];

for (const line of placeholders) {
  test(`refuses the placeholder ${JSON.stringify(line)}`, () => {
    assert.throws(() => refusePlaceholders("app/a.py", `import os\n${line}\n`, undefined), {
      code: "PLACEHOLDER",
      message: /line 2 for app\/a\.py/,
    });
  });
}

const code = [
  "...",
  "    ...",
  "async def find(self) -> Order: ...",
  "# Existing orders keep their price.",
  "# The rest of the amount is paid on delivery.",
  "# Existing sessions stay valid; the password is unchanged.",
  "# Existing rows are unchanged.",
  "# Other tenants must not see the row.",
  'raise ApiError(409, "the remaining stock is unchanged")',
  "values = [*rest, other]",
  "# Loads the remaining pages one by one",
  '"""Keeps the original order."""',
  "rows = matrix[..., 0]",
  "# 1, 2, ... n",
];

for (const line of code) {
  test(`takes ${JSON.stringify(line)}`, () => refusePlaceholders("app/a.py", `${line}\n`, undefined));
}

test("a line that the file has already may stay", () => {
  const current = "x = 1\n    # ... existing code\n";
  refusePlaceholders("app/a.py", "x = 2\n# ... existing code\n", current);
});

test("a rewrite shrinks much when it loses more than half of a file that is not small", () => {
  const lines = (count: number) => "x = 1\n\n".repeat(count);
  assert.deepEqual(
    [
      [40, 19],
      [40, 20],
      [39, 1],
      [400, 0],
    ].map(([before = 0, after = 0]) => shrinksMuch(lines(before), lines(after))),
    [true, false, false, true],
  );
});

test("a line of a megabyte is looked at in no time", () => {
  const begun = performance.now();
  refusePlaceholders("app/a.py", `# ${"existing code unchange ".repeat(50_000)}\n`, undefined);
  assert.ok(performance.now() - begun < 500);
});
