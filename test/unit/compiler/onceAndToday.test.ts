import assert from "node:assert/strict";
import { test } from "node:test";
import { planBackend } from "../../../src/compiler/compile.ts";
import { specOf } from "../../support/compilerPlans.ts";

const sql = `
  CREATE TABLE students (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
  CREATE TABLE courses (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published')), starts_on date NOT NULL);
  CREATE TABLE reviews (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), course_id uuid NOT NULL REFERENCES courses (id),
    student_id uuid NOT NULL REFERENCES students (id), written_at timestamptz, UNIQUE (course_id, student_id));
  CREATE TABLE enrolments (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), course_id uuid NOT NULL REFERENCES courses (id),
    student_id uuid NOT NULL REFERENCES students (id));
  CREATE UNIQUE INDEX enrolments_once ON enrolments (student_id, course_id);
  CREATE TABLE votes (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), course_id uuid NOT NULL REFERENCES courses (id),
    student_id uuid NOT NULL REFERENCES students (id));`;

const body = (json: string) => `Request:\n\n\`\`\`json\n${json}\n\`\`\`\n`;
const id = "5e8e0c36-7a3f-4cc4-9a0e-3f2f1f6a7a10";
const api = `# API

### POST /courses
${body('{ "title": "Python", "starts_on": "2026-01-01" }')}
### POST /reviews
${body(`{ "course_id": "${id}", "student_id": "${id}", "written_at": "2026-01-01T00:00:00Z" }`)}
### POST /enrolments
${body(`{ "course_id": "${id}", "student_id": "${id}" }`)}
### POST /votes
${body(`{ "course_id": "${id}", "student_id": "${id}" }`)}`;
const errors = "# Errors\n\n| Code | Status |\n|---|---|\n| ALREADY_REVIEWED | 409 |\n| STARTS_IN_PAST | 422 |\n";

/** A rule, and what keeps it: another thing with the code for it, a function with its condition, or nothing. */
const rules: readonly (readonly [rule: string, kept: string])[] = [
  [
    "A student may review a course only once.",
    "the unique key reviews_course_id_student_id_key of reviews; ALREADY_REVIEWED",
  ],
  ["A student cannot enrol twice in the same course.", "the unique key enrolments_once of enrolments; CONFLICT"],
  [
    "One review per student and course.",
    "the unique key reviews_course_id_student_id_key of reviews; ALREADY_REVIEWED",
  ],
  ["A student may vote on a course only once.", "open"],
  ["Only published courses can be enrolled in.", "refers"],
  ["The written at must not be in the future.", "ahead written_at at most 0"],
  ["Starts on must not be in the past.", "ahead starts_on at least 0"],
  ["The title must not be in the past.", "open"],
];

for (const [rule, kept] of rules) {
  test(`what is done once, and on which side of today: ${rule}`, async () => {
    const domain = `# Domain model\n\n## Business rules\n\n- BR-1: ${rule}\n`;
    const { plan } = planBackend(
      await specOf({ "schema.sql": sql, "api.md": api, "errors.md": errors, "domain.md": domain }),
    );
    const [by] = (plan.kept ?? []).map((item) => item.by);
    const constraint = /the unique key (\w+)/.exec(by ?? "")?.[1];
    const violations = plan.aggregates.flatMap((aggregate) => aggregate.violations);
    const code = violations.find((item) => item.constraint.name === constraint)?.error.code;
    const checks = plan.aggregates.flatMap(({ policies = [] }) =>
      policies.flatMap(({ check }) =>
        check?.kind === "ahead"
          ? `ahead ${check.field.name} at ${check.isLeast ? "least" : "most"} ${check.seconds}`
          : (check?.kind ?? []),
      ),
    );
    const isOpen = plan.needsDetail.some(({ element }) => element === "rule:BR-1");
    assert.equal(by !== undefined ? `${by}; ${code}` : (checks[0] ?? (isOpen ? "open" : "")), kept);
  });
}
