import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, planApi, takes } from "../../support/compiledApi.ts";

const sql = `
  CREATE TABLE people (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE, role text NOT NULL);
  CREATE TABLE authors (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE);
  CREATE TABLE courses (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL,
    instructor_id uuid NOT NULL REFERENCES people (id));
  CREATE TABLE enrolments (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    course_id uuid NOT NULL REFERENCES courses (id), student_id uuid NOT NULL REFERENCES people (id),
    progress_percent int NOT NULL DEFAULT 0, note text);
  CREATE TABLE books (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), author_id uuid NOT NULL REFERENCES authors (id));`;

const shown = "{ type: object, properties: { id: { type: string } } }";
const list = `{ type: array, items: ${shown} }`;
const empty = "{ type: object, properties: {}, additionalProperties: false }";
const percent = "{ type: object, properties: { progressPercent: { type: integer } } }";
const title = "{ type: object, required: [title], properties: { title: { type: string } } }";

/** An endpoint, and how it is carried out: kind, row, what the caller gives of it, and what is left open. */
const endpoints: readonly (readonly [endpoint: string, body: string, expected: readonly (string | undefined)[]])[] = [
  [
    "POST /courses",
    `{ security: [{ bearer: [instructor] }], ${takes(title)}, ${answers(shown, 201)} }`,
    ["create", "Course", "instructor_id"],
  ],
  [
    "POST /courses/{id}/enrolments",
    `{ description: The signed-in student enrols., ${takes(empty)}, ${answers(shown, 201)} }`,
    ["link", "Enrolment", "student_id"],
  ],
  ["GET /me/enrolments", `{ ${answers(list)} }`, ["list", "Enrolment", ""]],
  ["GET /me/books", `{ ${answers(list)} }`, []],
  ["PUT /enrolments/{id}/progress", `{ ${takes(percent)}, ${answers(shown)} }`, ["update", "Enrolment", ""]],
  ["POST /enrolments/{id}/progress", `{ ${takes(percent)}, ${answers(shown)} }`, []],
  ["PUT /enrolments/{id}/note", `{ ${takes(percent)}, ${answers(shown)} }`, []],
  ["POST /courses", `{ security: [{ bearer: [clerk] }], ${takes(title)}, ${answers(shown, 201)} }`, []],
];

for (const [endpoint, body, expected] of endpoints) {
  test(`the caller's rows: ${endpoint} ${expected.length > 0 ? `is ${expected.join(" ")}` : "is open"}, ${body.slice(0, 40)}`, async () => {
    const { api, needsDetail } = await planApi({ sql, operations: { [endpoint]: body } });
    const carriedOut = api.operations.flatMap(({ kind, target, link, request }) => [
      kind,
      target?.className,
      [...(link?.externals ?? request?.externals ?? [])]
        .filter(({ source }) => source === "caller")
        .map(({ field }) => field.column.name)
        .join(),
    ]);
    assert.deepEqual([carriedOut, needsDetail.length], [expected, expected.length > 0 ? 0 : 1]);
  });
}
