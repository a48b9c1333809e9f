import assert from "node:assert/strict";
import { test } from "node:test";
import { planBackend } from "../../../src/compiler/compile.ts";
import { documentsOf, takes } from "../../support/compiledApi.ts";
import { specOf } from "../../support/compilerPlans.ts";

const sql = `
  CREATE TABLE courses (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), slug text NOT NULL UNIQUE,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'archived')));
  CREATE TABLE lessons (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), course_id uuid NOT NULL REFERENCES courses (id),
    position int NOT NULL, UNIQUE (course_id, position));
  CREATE TABLE seats (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), course_id uuid NOT NULL REFERENCES courses (id),
    label text NOT NULL, UNIQUE (course_id, label));
  CREATE TABLE tags (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), phone text NOT NULL UNIQUE);
  CREATE TABLE rooms (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), nick text NOT NULL UNIQUE);
  CREATE TABLE halls (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), nick text NOT NULL UNIQUE);`;

const codes: readonly (readonly [code: string, status: number])[] = [
  ["SLUG_TAKEN", 409],
  ["POSITION_TAKEN", 409],
  ["ALREADY_ENROLLED", 409],
  ["PHONE_TAKEN", 409],
  ["NICK_TAKEN", 409],
  ["COURSE_ARCHIVED", 409],
  ["COURSE_FULL", 409],
];
const errors = `# Errors\n\n| Code | Status |\n|---|---|\n${codes.map(([code, status]) => `| ${code} | ${status} |`).join("\n")}\n`;

const body = (name: string, type = "string") =>
  takes(`{ type: object, required: [${name}], properties: { ${name}: { type: ${type} } } }`);
const answers = (status: number, ...refused: readonly string[]): string => {
  const shown = "{ type: object, properties: { id: { type: string } } }";
  const success = `'${status}': { description: Yes., content: { application/json: { schema: ${shown} } } }`;
  return `responses: { ${success}${refused.length > 0 ? `, '409': { description: '${refused.join(", ")}' }` : ""} }`;
};

const operations: Readonly<Record<string, string>> = {
  "POST /courses": `{ ${body("slug")}, ${answers(201, "SLUG_TAKEN")} }`,
  "PATCH /courses/{id}": `{ ${body("slug")}, ${answers(200, "COURSE_ARCHIVED")} }`,
  "POST /courses/{id}/lessons": `{ ${body("position", "integer")}, ${answers(201, "POSITION_TAKEN", "COURSE_ARCHIVED", "COURSE_FULL")} }`,
  "POST /courses/{id}/seats": `{ ${body("label")}, ${answers(201, "ALREADY_ENROLLED")} }`,
  "POST /tags": `{ ${body("phone")}, ${answers(201)} }`,
  "POST /rooms": `{ ${body("nick")}, ${answers(201)} }`,
  "POST /halls": `{ ${body("nick")}, ${answers(201)} }`,
};

test("codes that name no entity are answered where endpoints and keys say so, and what nothing raises is told", async () => {
  const spec = await specOf(documentsOf({ sql, operations, more: { "errors.md": errors } }));
  const { plan } = planBackend(spec);
  assert.deepEqual(
    {
      keys: plan.aggregates.flatMap(({ violations }) =>
        violations.flatMap(({ constraint, error }) =>
          /_key$/.test(constraint.name) ? `${constraint.name} ${error.code}` : [],
        ),
      ),
      policies: plan.aggregates.flatMap(({ className, policies = [] }) =>
        policies.map(({ name, check, callers }) => `${className} ${name} ${check?.error.code} in ${callers.join()}`),
      ),
      told: plan.assumptions.flatMap(({ text }) => (/among the errors/.test(text) ? text : [])),
    },
    {
      keys: [
        "courses_slug_key SLUG_TAKEN",
        "lessons_course_id_position_key POSITION_TAKEN",
        "seats_course_id_label_key ALREADY_ENROLLED",
        "tags_phone_key PHONE_TAKEN",
        "rooms_nick_key CONFLICT",
        "halls_nick_key CONFLICT",
      ],
      policies: [
        "Course check_archived_course_cannot_be_changed COURSE_ARCHIVED in update_course",
        "Lesson check_lessons_cannot_be_added_to_archived_course COURSE_ARCHIVED in create_course_lesson",
      ],
      told: [
        '"An archived course cannot be changed (COURSE_ARCHIVED)" holds for PATCH /courses/{id}, because it is among the errors there.',
        '"Lessons cannot be added to an archived course (COURSE_ARCHIVED)" holds for POST /courses/{id}/lessons, because it is among the errors there.',
        "COURSE_FULL is among the errors of POST /courses/{id}/lessons, and no document says when; nothing raises it.",
      ],
    },
  );
});
