import assert from "node:assert/strict";
import { test } from "node:test";
import { compileDesign } from "../../support/compiledApi.ts";

const sql = "CREATE TABLE tags (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), label text NOT NULL);";
const operations = {
  "GET /tags":
    "{ responses: { '200': { description: Tags., content: { application/json: { schema: { type: array, items: { type: object, properties: { label: { type: string } } } } } } } } }",
};

/** The tuple of delays, and whether they vary. */
const policies: readonly (readonly [row: string, delays: string | undefined, varies: boolean])[] = [
  ["| Database deadlock | 3 | exponential | 50 ms | — | no |", "(0.05, 0.1)", false],
  ["| Database | 4 | exponential | 1 s | 2 s | yes |", "(1, 2, 2)", true],
  ["| Serialization failure | 2 | fixed | 200 ms | — | no |", "(0.2,)", false],
  ["| Payment gateway | 3 | fixed | 500 ms | — | no |", undefined, false],
];

for (const [row, delays, varies] of policies) {
  test(`retry: ${row}`, async () => {
    const table = "| Failure | Attempts | Backoff | Base delay | Max delay | Jitter |\n|--|--|--|--|--|--|";
    const more = { "errors.md": `# Error handling\n\n## Retry strategy\n\n${table}\n${row}\n` };
    const { files } = await compileDesign({ sql, operations, more });
    const text = files.find(({ path }) => path === "src/app/core/retries.py")?.text;
    assert.equal(/^_DELAYS: Final = (.*)$/m.exec(text ?? "")?.[1], delays);
    assert.equal(text?.includes("SystemRandom") ?? false, varies);
    const service = files.find(({ path }) => path === "src/app/services/tag.py")?.text ?? "";
    assert.equal(service.includes("    @retried\n    async def"), delays !== undefined);
  });
}
