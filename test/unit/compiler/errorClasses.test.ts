import assert from "node:assert/strict";
import { test } from "node:test";
import { planAggregates } from "../../../src/compiler/aggregates.ts";
import { errorClassName, notFoundOf, planErrors, transitionErrorOf } from "../../../src/compiler/errorClasses.ts";
import { planViolations } from "../../../src/compiler/violations.ts";
import { specOf } from "../../support/compilerPlans.ts";

const names: readonly (readonly [string, string])[] = [
  ["ORDER_NOT_FOUND", "OrderNotFoundError"],
  ["INTERNAL_ERROR", "InternalError"],
  ["validation_error", "ValidationError"],
  ["AUTH.INVALID.CREDENTIALS", "AuthInvalidCredentialsError"],
  ["SlugAlreadyExists", "SlugAlreadyExistsError"],
  ["4XX_FAILURE", "Code4XxFailureError"],
];

for (const [code, name] of names) {
  test(`${code} becomes ${name}`, () => assert.equal(errorClassName(code), name));
}

const table = (rows: readonly string[]) =>
  ["# Errors", "", "| HTTP status | Code | Message |", "|---|---|---|", ...rows].join("\n");

async function catalogueOf(rows: readonly string[], sql = "") {
  const spec = await specOf({ "schema.sql": sql, "errors.md": table(rows) });
  const planning = planErrors(spec);
  return { spec, ...planning, aggregates: planAggregates(spec).aggregates };
}

test("designed codes serve the situations they were made for", async () => {
  const { errors, assumptions } = await catalogueOf([
    "| 400 | `BAD_REQUEST` | a |",
    "| 401 | `TOKEN_MISSING` | b |",
    "| 403 | `ACCESS_DENIED` | c |",
    "| 404 | `RESOURCE_NOT_FOUND` | d |",
    "| 405 | `WRONG_METHOD` | e |",
    "| 409 | `CONFLICT` | f |",
    "| 500 | `SERVER_ERROR` | g |",
    "| 503 | `SERVICE_UNAVAILABLE` | h |",
  ]);
  const { invalid, unauthenticated, forbidden, notFound, methodNotAllowed, duplicate, internal, unavailable } = errors;
  assert.deepEqual(
    [invalid, unauthenticated, forbidden, notFound, methodNotAllowed, duplicate, internal, unavailable].map(
      ({ code }) => code,
    ),
    [
      "BAD_REQUEST",
      "TOKEN_MISSING",
      "ACCESS_DENIED",
      "RESOURCE_NOT_FOUND",
      "WRONG_METHOD",
      "CONFLICT",
      "SERVER_ERROR",
      "SERVICE_UNAVAILABLE",
    ],
  );
  assert.deepEqual(assumptions, []);
});

test("a situation without a code gets one of ours, and it is said", async () => {
  const { errors, assumptions } = await catalogueOf(["| 404 | `ORDER_NOT_FOUND` | The order does not exist |"]);
  assert.deepEqual([errors.notFound.code, errors.notFound.status], ["NOT_FOUND", 404]);
  assert.deepEqual([errors.validation.code, errors.validation.status], ["VALIDATION_ERROR", 422]);
  assert.ok(
    assumptions.some(
      ({ text }) => text === 'The design has no code for "not found"; NOT_FOUND with status 404 is used.',
    ),
  );
});

test("an aggregate answers with its own code where it has one", async () => {
  const { errors, aggregates } = await catalogueOf(
    ["| 404 | `ORDER_ITEM_NOT_FOUND` | a |", "| 404 | `NOT_FOUND` | b |", "| 409 | `ORDER_INVALID_TRANSITION` | c |"],
    "CREATE TABLE orders (id int PRIMARY KEY); CREATE TABLE order_items (id int PRIMARY KEY);",
  );
  assert.deepEqual(
    aggregates.map((aggregate) => [
      aggregate.className,
      notFoundOf(aggregate, errors).code,
      transitionErrorOf(aggregate, errors).code,
    ]),
    [
      ["Order", "NOT_FOUND", "ORDER_INVALID_TRANSITION"],
      ["OrderItem", "ORDER_ITEM_NOT_FOUND", "ORDER_INVALID_TRANSITION"],
    ],
  );
});

test("a violated constraint answers with the code that names it", async () => {
  const sql = `
    CREATE TABLE users (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, age int,
      CONSTRAINT users_age_check CHECK (age >= 18), CONSTRAINT users_id_email UNIQUE (id, email));
    CREATE UNIQUE INDEX users_email_key ON users (lower(email));
    CREATE TABLE pets (
      chip text PRIMARY KEY, owner_id bigint NOT NULL REFERENCES users (id), name text UNIQUE,
      parent text REFERENCES pets (chip) ON DELETE RESTRICT);
    CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'check_violation', TABLE = 'pets', CONSTRAINT = 'pets_asleep_check'; END $$;`;
  const { spec, errors, aggregates } = await catalogueOf(
    [
      "| 409 | `USER_EMAIL_TAKEN` | a |",
      "| 404 | `USER_NOT_FOUND` | b |",
      "| 409 | `USER_HAS_PETS` | c |",
      "| 422 | `USER_AGE_TOO_LOW` | d |",
      "| 409 | `PET_ALREADY_EXISTS` | e |",
      "| 409 | `PET_BUSY` | The pet is asleep |",
      "| 409 | `PET_IN_USE` | f |",
      "| 404 | `PET_NOT_FOUND` | g |",
    ],
    sql,
  );
  const named = aggregates.map((aggregate) => ({ ...aggregate, notFound: notFoundOf(aggregate, errors) }));
  const violations = named.flatMap((aggregate) =>
    planViolations(spec, aggregate, named, errors).map(
      ({ constraint, when, error }) => `${aggregate.className} ${constraint.name} ${when ?? "any"}: ${error.code}`,
    ),
  );
  assert.deepEqual(violations, [
    "User users_email_key write: USER_EMAIL_TAKEN",
    "User users_age_check write: USER_AGE_TOO_LOW",
    "User pets_owner_id_fkey delete: USER_HAS_PETS",
    "Pet pets_pkey write: PET_ALREADY_EXISTS",
    "Pet pets_name_key write: PET_ALREADY_EXISTS",
    "Pet pets_asleep_check any: PET_BUSY",
    "Pet pets_owner_id_fkey write: USER_NOT_FOUND",
    "Pet pets_parent_fkey write: PET_NOT_FOUND",
    "Pet pets_parent_fkey delete: PET_IN_USE",
  ]);
});

test("a designed table of violated constraints decides, whatever the names say", async () => {
  const sql = `
    CREATE TABLE users (id int PRIMARY KEY, email text, CONSTRAINT users_email_key UNIQUE (email));
    CREATE TABLE pets (id int PRIMARY KEY, owner_id int NOT NULL REFERENCES users (id));`;
  const codes = ["| 409 | `USER_EMAIL_TAKEN` | a |", "| 409 | `ODD` | b |", "| 404 | `USER_NOT_FOUND` | c |"];
  const { spec, errors, aggregates } = await catalogueOf(codes, sql);
  const designed = {
    ...spec,
    errors: {
      ...spec.errors,
      violations: [
        { constraint: "users_email_key", code: "ODD", violatedBy: "write" },
        { constraint: "pets_owner_id_fkey", code: "ODD", violatedBy: "delete" },
        { constraint: "pets_owner_id_fkey", code: "UNKNOWN", violatedBy: "write" },
      ] as const,
    },
  };
  const violations = aggregates.flatMap((aggregate) =>
    planViolations(designed, aggregate, aggregates, errors).map(
      ({ constraint, when, error }) => `${constraint.name} ${when}: ${error.code}`,
    ),
  );
  assert.deepEqual(
    violations.filter((line) => !line.includes("_pkey")),
    [
      "users_email_key write: ODD",
      "pets_owner_id_fkey delete: ODD",
      `pets_owner_id_fkey write: ${aggregates.find(({ className }) => className === "User")?.notFound.code}`,
    ],
  );
});
