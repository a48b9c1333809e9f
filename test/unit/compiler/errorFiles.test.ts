import assert from "node:assert/strict";
import { test } from "node:test";
import { compileDesign, fileOf } from "../../support/compiledApi.ts";

const sql = "CREATE TABLE things (id int PRIMARY KEY);";
const table = "\n\n| HTTP status | Code |\n|---|---|\n| 404 | `NOT_FOUND` |\n";

/** The literal that the handlers answer with, its white space removed. */
async function contentOf(example: string): Promise<string> {
  const errors = `# Error handling\n\n## Error response format\n\n\`\`\`json\n${example}\n\`\`\`${table}`;
  const compilation = await compileDesign({ sql, more: { "errors.md": errors } });
  const text = fileOf(compilation, "src/app/core/error_handlers.py");
  return (/content=(\{[\s\S]*?\n {8}\}),\n/.exec(text)?.[1] ?? "").replace(/\s+/g, " ");
}

const envelopes: readonly (readonly [string, string, string])[] = [
  [
    "nested",
    '{ "error": { "code": "A", "message": "b", "correlationId": "c", "details": [] } }',
    '{ "error": { "code": error.code.value, "message": error.message, "correlationId": correlation_id, "details": _details(error), }, }',
  ],
  [
    "flat with a status and a path",
    '{ "timestamp": "2026-01-01T00:00:00Z", "status": 404, "errorCode": "A", "message": "b", "path": "/x" }',
    '{ "timestamp": datetime.now(UTC) .isoformat(timespec="milliseconds") .replace("+00:00", "Z"), "status": error.status_code, "errorCode": error.code.value, "message": error.message, "path": request.url.path, }',
  ],
  [
    "with constants around it",
    '{ "success": false, "data": null, "error": { "code": "A", "message": "b", "retryable": false } }',
    '{ "success": False, "data": None, "error": { "code": error.code.value, "message": error.message, "retryable": error.retryable, }, }',
  ],
];

for (const [what, example, content] of envelopes) {
  test(`an envelope that is ${what} is answered as it is designed`, async () => {
    assert.equal(await contentOf(example), content);
  });
}

test("without an envelope in the design the usual one is answered", async () => {
  const compilation = await compileDesign({ sql });
  assert.match(fileOf(compilation, "src/app/core/error_handlers.py"), /"correlationId": correlation_id/);
  assert.match(fileOf(compilation, "src/app/core/errors.py"), /class NotFoundError\(AppError\):/);
});

test("a code that looks like a secret says that it is none", async () => {
  const errors = "# Errors\n\n| HTTP status | Code |\n|---|---|\n| 401 | `INVALID_TOKEN` |\n";
  const compilation = await compileDesign({ sql, more: { "errors.md": errors } });
  assert.match(
    fileOf(compilation, "src/app/core/errors.py"),
    /INVALID_TOKEN = "INVALID_TOKEN" {2}# noqa: S105 {2}# nosec B105/,
  );
});

test("a long catalogue keeps its codes in a module of their own, and both stay short", async () => {
  const rows = Array.from({ length: 60 }, (_, index) => `| 409 | \`RULE_${index}_BROKEN\` |`).join("\n");
  const compilation = await compileDesign({
    sql,
    more: { "errors.md": `# Errors\n\n| HTTP status | Code |\n|---|---|\n${rows}\n` },
  });
  assert.match(fileOf(compilation, "src/app/core/error_codes.py"), /RULE_59_BROKEN/);
  assert.ok(fileOf(compilation, "src/app/core/errors.py").split("\n").length < 800);
});
