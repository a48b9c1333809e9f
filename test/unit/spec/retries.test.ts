import assert from "node:assert/strict";
import { test } from "node:test";
import { digestSpec } from "../../../src/agent/specDigest.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { retryText } from "../../../src/spec/retryText.ts";
import { writeDesign } from "../../../src/spec/write/writeDesign.ts";
import { fence } from "./fixtures.ts";

/** How often, how long apart, and of what, in the forms of error designs; `@` is the line. */
const forms: readonly (readonly [what: string, text: string, policies: readonly string[]])[] = [
  [
    "a sentence",
    "## Policy\n\nOn 502 and 503 the client shall retry up to 3 times with exponential backoff starting at 200 ms. Never retry 400.\n",
    ["502, 503: 4 attempts, exponential from 200 ms @5"],
  ],
  [
    "a table by cause, some never",
    "## Retry strategy\n\n| Failure | Attempts | Backoff | Base delay | Max delay | Jitter | Retry-After |\n|--|--|--|--|--|--|--|\n| `RATE_LIMITED` (429) | 5 | exponential | 1 s | 30 s | yes | yes |\n| Payment gateway | 3 | fixed | 500 ms | — | no | no |\n| `INVALID_INPUT` | — | — | — | — | — | — |\n",
    [
      "RATE_LIMITED, 429: 5 attempts, exponential from 1 s to 30 s, with jitter, `Retry-After` @7",
      "Payment gateway: 3 attempts, fixed from 500 ms @8",
    ],
  ],
  [
    "a table of settings",
    "## Retries\n\n| Setting | Value |\n|--|--|\n| Max attempts | 4 |\n| Backoff | exponential |\n| Initial delay (ms) | 250 |\n| Jitter | full |\n| Retry on | 429, 5xx |\n",
    ["429, 5xx: 4 attempts, exponential from 250 ms, with jitter @5"],
  ],
  [
    "a list of settings under a label",
    "## Recovery\n\n**Retry policy:**\n\n- Max retries: 2\n- Linear backoff, base delay 1 second, capped at 5 s\n- No retry for `VALIDATION_FAILED`\n",
    ["every failure that may pass: 3 attempts, linear from 1 s to 5 s @7"],
  ],
  [
    "a list of what is called",
    "## Retry and backoff\n\n- **Payment provider**: 3 attempts, 1s/2s/4s\n- **Mail**: retried twice, 5 seconds apart\n",
    ["Payment provider: 3 attempts, exponential from 1 s @5", "Mail: 3 attempts, fixed from 5 s @6"],
  ],
  [
    "a list of rules, one of them of the header",
    "## 5. Retry strategy\n\n- A client repeats a request only when the code is retryable: after 1 s, 2 s and 4 s, each ± 20 %, three times at most.\n- `SERVICE_UNAVAILABLE` carries `Retry-After: 1`.\n- A repeated `POST` may find its own first attempt: `REFERENCE_TAKEN` then means that it worked.\n",
    [
      "every failure that may pass: 4 attempts, exponential from 1 s, with jitter @5",
      "SERVICE_UNAVAILABLE: `Retry-After` 1 @6",
    ],
  ],
  [
    "settings in a fence",
    `## Retry\n\n${fence("yaml", "retry:\n  max_attempts: 3\n  backoff: exponential\n  base_delay_ms: 200\n  max_delay_ms: 2000\n  jitter: true\n  statuses: [502, 503]")}`,
    ["502, 503: 3 attempts, exponential from 200 ms to 2 s, with jitter @5"],
  ],
  [
    "Japanese and Chinese",
    "## リトライ戦略\n\n最大3回、指数バックオフ（初期 500ms、ジッターあり）。\n\n## 重试策略\n\n- 最多 2 次，固定间隔 3 秒\n",
    [
      "every failure that may pass: 4 attempts, exponential from 500 ms, with jitter @5",
      "every failure that may pass: 3 attempts, fixed from 3 s @9",
    ],
  ],
];

for (const [what, text, policies] of forms) {
  test(`retries: ${what}`, async () => {
    const { spec } = await readSpec([{ path: "error-handling.md", text: `# Error handling\n\n${text}` }]);
    assert.deepEqual(
      spec.errors.retries?.map((policy) => `${retryText(policy)} @${policy.source.line}`),
      policies,
    );
  });
}

test("what only names a retry, or is about something else, is no policy", async () => {
  const texts = [
    "# Error handling\n\nClients may retry. Exponential growth of 3 tables is expected.\n\n| Code | HTTP | Retryable |\n|--|--|--|\n| `BUSY` | 503 | yes |\n",
    "# API design\n\n## Jobs\n\nWorkers retry up to 3 times.\n",
  ];
  for (const text of texts) {
    const { spec } = await readSpec([{ path: "design.md", text }]);
    assert.equal(spec.errors.retries, undefined);
  }
});

test("a model is told, and what is written down is read again", async () => {
  const text = `# Error handling\n\n${forms
    .slice(0, 3)
    .map(([, form]) => form)
    .join("\n")}`;
  const { spec } = await readSpec([{ path: "error-handling.md", text }]);
  const texts = (spec.errors.retries ?? []).map(retryText);
  assert.equal(texts.length, 4);
  for (const policy of texts) assert.ok(digestSpec(spec).includes(`- retry of ${policy}`));
  const again = await readSpec(writeDesign(spec).map(({ name: path, text: own }) => ({ path, text: own })));
  assert.deepEqual((again.spec.errors.retries ?? []).map(retryText), texts);
});
