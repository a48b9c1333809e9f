import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";

const forms: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "several methods of one path",
    "# API\n\n### GET/PUT/DELETE /books/:id\n",
    ["GET /books/{id} 3", "PUT /books/{id} 3", "DELETE /books/{id} 3"],
  ],
  [
    "query parameters in the path",
    "# API\n\n- `GET /books?author=:author&page=1` — search\n",
    ["GET /books 3 author page"],
  ],
  [
    "a path that goes on from the one before",
    "# API\n\n### `GET /loans/{loan_id}`\n\n`POST …/{loan_id}/return` ends it.\n\n### `POST .../{loan_id}/extend`\n\n### `DELETE …/notes`\n",
    [
      "GET /loans/{loan_id} 3",
      "POST /loans/{loan_id}/return 5",
      "POST /loans/{loan_id}/extend 7",
      "DELETE /loans/{loan_id}/extend/notes 9",
    ],
  ],
  ["nothing to go on from", "# API\n\n### `POST …/extend`\n", []],
  [
    "a tag behind the path",
    "# API\n\n| Method | Path |\n|--|--|\n| `GET` | `/reports/:id/pdf` `[P2]` |\n| POST | /reports (internal) |\n",
    ["GET /reports/{id}/pdf 5", "POST /reports 6"],
  ],
  [
    "a sketched controller",
    '# API design\n\n```java\n@RequestMapping("/api/books")\npublic class BookController {\n    GET / - all\n    GET /{id} - one\n}\n```\n',
    ["GET /api/books 6", "GET /api/books/{id} 7"],
  ],
  ["examples of a guideline", "# API Standards\n\n### GET /books/{id}\n\n- `POST /books`\n", []],
];

for (const [what, text, endpoints] of forms) {
  test(`endpoints: ${what}`, async () => {
    const { spec } = await readSpec([{ path: "design.md", text }]);
    const found = spec.api.endpoints.map((endpoint) => {
      const query = endpoint.parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
      return [endpoint.name, endpoint.source.line, ...query].join(" ");
    });
    assert.deepEqual(found, endpoints);
  });
}

test("the endpoints of a guideline are named as left out", async () => {
  const { problems } = await readSpec([{ path: "api-style-guide.md", text: "# REST\n\nText\n\n### GET /books\n" }]);
  const own = problems.filter((problem) => problem.code === "SPEC-GUIDE");
  assert.deepEqual(
    own.map(({ line, severity }) => [line, severity]),
    [[5, "info"]],
  );
});
