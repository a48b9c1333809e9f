import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, planApi, takes } from "../../support/compiledApi.ts";

const sql = `
  CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
  CREATE TABLE posts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL);
  CREATE TABLE roles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
  CREATE TABLE user_roles (
    user_id uuid NOT NULL REFERENCES users (id), role_id uuid NOT NULL REFERENCES roles (id),
    PRIMARY KEY (user_id, role_id));
  CREATE TABLE likes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), post_id uuid NOT NULL REFERENCES posts (id),
    user_id uuid NOT NULL REFERENCES users (id), created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (post_id, user_id));
  CREATE TABLE ratings (
    post_id uuid NOT NULL REFERENCES posts (id), user_id uuid NOT NULL REFERENCES users (id), stars int,
    PRIMARY KEY (post_id, user_id));
  CREATE TABLE views (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), post_id uuid NOT NULL REFERENCES posts (id),
    user_id uuid NOT NULL REFERENCES users (id));
  CREATE TABLE enrolments (
    post_id uuid NOT NULL REFERENCES posts (id), course text NOT NULL, seat int NOT NULL, PRIMARY KEY (post_id, course));
  CREATE TABLE reports (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), post_id uuid NOT NULL UNIQUE REFERENCES posts (id),
    body text NOT NULL DEFAULT '');`;

const done = "responses: { '204': { description: Done. } }";
const report = "{ type: object, properties: { body: { type: string } } }";

const carriedOut: readonly (readonly [string, string, readonly string[]])[] = [
  ["PUT /users/{id}/roles/{roleId}", `{ ${done} }`, ["link", "UserRole", "path, path", "Role"]],
  ["DELETE /users/{id}/roles/{roleId}", `{ ${done} }`, ["delete", "UserRole", "", ""]],
  ["POST /posts/{id}/like", `{ ${done} }`, ["link", "Like", "path, caller", ""]],
  ["PUT /posts/{id}/like", `{ ${done} }`, ["link", "Like", "path, caller", ""]],
  ["POST /posts/{id}/likes", `{ ${done} }`, ["link", "Like", "path, caller", ""]],
  ["DELETE /posts/{id}/like", `{ ${done} }`, ["delete", "Like", "", ""]],
  ["PUT /likes/{postId}", `{ ${done} }`, ["link", "Like", "path, caller", "Post"]],
  ["GET /posts/{id}/report", `{ ${answers(report)} }`, ["get", "Report", "", ""]],
  ["PUT /posts/{id}/report", `{ ${takes(report)}, ${answers(report)} }`, ["upsert", "Report", "", ""]],
  ["PATCH /posts/{id}/report", `{ ${takes(report)}, ${answers(report)} }`, ["update", "Report", "", ""]],
  ["DELETE /posts/{id}/report", `{ ${done} }`, ["delete", "Report", "", ""]],
  ["POST /posts/{id}/report", `{ ${takes(report)}, ${answers(report, 201)} }`, ["create", "Report", "", ""]],
  ["POST /posts/{id}/report", `{ ${done} }`, ["create", "Report", "", ""]],
  ["POST /posts/{id}/rating", `{ ${done} }`, ["create", "Rating", "", ""]],
  ["PUT /posts/{id}/enrolments/{course}", `{ ${done} }`, ["replace", "Enrolment", "", ""]],
  ["GET /posts/{id}/reports", `{ ${answers(`{ type: array, items: ${report} }`)} }`, ["list", "Report", "", ""]],
];

for (const [endpoint, body, expected] of carriedOut) {
  test(`${endpoint} is carried out as ${expected[0]} of ${expected[1]}`, async () => {
    const { api, needsDetail } = await planApi({ sql, operations: { [endpoint]: body } });
    assert.deepEqual(needsDetail, []);
    const made = api.operations.map(({ kind, target, link }) => [
      kind,
      target?.className,
      (link?.externals ?? []).map(({ source }) => source).join(", "),
      (link?.sides ?? []).map(({ aggregate }) => aggregate.className).join(", "),
    ]);
    assert.deepEqual(made, [expected]);
  });
}

const undetermined: readonly (readonly [string, string, RegExp])[] = [
  ["DELETE /posts/{id}/likes", `{ ${done} }`, /DELETE on a whole collection/],
  ["DELETE /posts/{id}/view", `{ ${done} }`, /DELETE on a whole collection/],
  ["POST /posts/{id}/view", `{ ${done} }`, /no document describes the body/i],
  ["POST /posts/{id}/like", `{ summary: Toggles the like, ${done} }`, /the endpoint toggles/i],
];

for (const [endpoint, body, reason] of undetermined) {
  test(`${endpoint} needs detail: ${reason.source}`, async () => {
    const { api, needsDetail } = await planApi({ sql, operations: { [endpoint]: body } });
    assert.deepEqual(api.operations, []);
    assert.match(needsDetail[0]?.reason ?? "", reason);
  });
}
