import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";

const forms: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "one-word codes beside their status",
    "# API contracts\n\n| HTTP | `code` | Meaning |\n|--|--|--|\n| 403 | `forbidden` | No |\n| 409 | `conflict` | Twice |\n| 404 | `not_found` | Gone |\n",
    ["forbidden 403 5", "conflict 409 6", "not_found 404 7"],
  ],
  [
    "a typical status, and one that depends",
    "# Error taxonomy\n\n| Code | Typical status | Meaning |\n|--|--|--|\n| `A_ONE` | `404` | Gone |\n| `B_TWO` | `400` or `500` depending on boundary | Failed |\n",
    ["A_ONE 404 5", "B_TWO 400 6"],
  ],
  [
    "exceptions with the code they become",
    "# エラー設計\n\n| 例外クラス | HTTP ステータス | ErrorCode |\n|--|--|--|\n| `NotThere` | 404 | `not_found` |\n| `Twice` | 409 | `conflict` |\n",
    ["not_found 404 5", "conflict 409 6"],
  ],
  [
    "exceptions in English, with the code they become",
    "# Errors\n\n| Exception | HTTP | ErrorCode | MSG |\n|--|--|--|--|\n| `BookGoneException` | 410 | `BOOK_GONE` | m1 |\n",
    ["BOOK_GONE 410 5"],
  ],
  [
    "Korean table",
    "# 오류 처리\n\n| 에러 코드 | HTTP 상태 | 메시지 |\n|--|--|--|\n| `BOOK_NOT_FOUND` | 404 | 없음 |\n",
    ["BOOK_NOT_FOUND 404 5"],
  ],
  [
    "codes with dots, and where one stands",
    "# Errors\n\n| Code | Status | Meaning |\n|--|--|--|\n| `order.not_found` | 404 | Gone |\n| `auth.token-expired` | 401 | Late |\n| `NO_STOCK` in `meta.parts` | 409 | None |\n",
    ["order.not_found 404 5", "auth.token-expired 401 6", "NO_STOCK 409 7"],
  ],
  [
    "codes with dots in a list, and what is none there",
    "# Errors\n\n## Error codes\n\n- `order.not_found` (404): gone\n- 409 `order.closed` — too late\n- `error.message`: for people\n",
    ["order.not_found 404 5", "order.closed 409 6"],
  ],
  [
    "a code with dots in the example",
    '# Error handling\n\n```json\n{ "status": 404, "error": { "code": "book.not_found", "message": "No" } }\n```\n',
    ["book.not_found 404 4"],
  ],
  [
    "list of codes under a label",
    "# API design\n\n## Responses\n\nRecommended error codes:\n\n- `UNAUTHORIZED`\n- `RATE_LIMITED`\n",
    ["UNAUTHORIZED undefined 7", "RATE_LIMITED undefined 8"],
  ],
  [
    "a status in a list item's story is not the code's",
    "# Errors\n\n## Error codes\n\n- `BOOK_LENT`: lent out (409)\n- `NOTHING_FOUND`: the library returned 404 and we go on\n- `LATE_FEE` — 402, pay first\n",
    ["BOOK_LENT 409 5", "NOTHING_FOUND undefined 6", "LATE_FEE 402 7"],
  ],
  [
    "codes in sentences",
    '# API\n\n### POST /loans\n\nReject a second loan with 409 and code `LOAN_EXISTS`. Return 429 with `{ code: "RATE_LIMITED" }`.\n',
    ["LOAN_EXISTS 409 5", "RATE_LIMITED 429 5"],
  ],
  [
    "codes in one line",
    "# Error handling\n\n- **Error Codes:** ORC_001 (validation), ORC_002 (business rule)\n",
    ["ORC_001 undefined 3", "ORC_002 undefined 3"],
  ],
  [
    "only in the example",
    '# Error handling\n\n```json\n{ "status": 404, "error": { "code": "BOOK_NOT_FOUND", "message": "No" } }\n```\n',
    ["BOOK_NOT_FOUND 404 4"],
  ],
];

for (const [what, text, codes] of forms) {
  test(`error codes: ${what}`, async () => {
    const { spec } = await readSpec([{ path: "design.md", text }]);
    assert.deepEqual(
      spec.errors.codes.map((code) => `${code.name} ${code.status} ${code.source.line}`),
      codes,
    );
  });
}
