import assert from "node:assert/strict";
import { test } from "node:test";
import { type Question, readQuestion } from "../../../../src/session/questions/readQuestion.ts";

const questions: Readonly<Record<string, Question | undefined>> = {
  "what is missing?": { about: "gaps", kinds: [] },
  "What's left to do?": { about: "gaps", kinds: [] },
  "Which endpoints are missing?": { about: "gaps", kinds: ["endpoint"] },
  "are there any differences": { about: "gaps", kinds: [] },
  "which tables are not implemented yet": { about: "gaps", kinds: ["table"] },
  "how far is it?": { about: "progress" },
  "is everything implemented?": { about: "progress" },
  "what is the coverage?": { about: "progress" },
  "where is POST /orders implemented?": { about: "where", subject: "POST /orders" },
  "where is the table orders": { about: "where", subject: "table orders" },
  "Where does BR-3 come from?": { about: "where", subject: "BR-3" },
  "which file implements POST /api/v1/orders?": { about: "where", subject: "POST /api/v1/orders" },
  "explain error ORDER_NOT_FOUND": { about: "explain", subject: "error ORDER_NOT_FOUND" },
  "What does ORDER_NOT_FOUND mean?": { about: "explain", subject: "ORDER_NOT_FOUND" },
  "please describe the entity Order": { about: "explain", subject: "entity Order" },
  "show me orders.status": { about: "explain", subject: "orders.status" },
  "which tables have no index?": { about: "without", kind: "table", part: "index" },
  "tables without row level security": { about: "without", kind: "table", part: "policy" },
  "which foreign keys are not indexed?": { about: "without", kind: "foreignKey", part: "index" },
  "which endpoints have no auth?": { about: "without", kind: "endpoint", part: "auth" },
  "list the public endpoints": { about: "without", kind: "endpoint", part: "auth" },
  "which error codes have no status?": { about: "without", kind: "errorCode", part: "status" },
  "which endpoints use the table orders?": { about: "users", subject: "table orders", kinds: ["endpoint"] },
  "who raises ORDER_NOT_FOUND?": { about: "users", subject: "ORDER_NOT_FOUND", kinds: [] },
  "list all tables": { about: "list", kind: "table" },
  "how many endpoints are there?": { about: "list", kind: "endpoint" },
  "which business rules does the design have?": { about: "list", kind: "rule" },
  "which checks fail?": { about: "checks" },
  "why does nPlusOne fail?": { about: "checks", item: "nPlusOne" },
  "what is assumed?": { about: "assumptions" },
  "": undefined,
  "make the service faster and add caching to the orders": undefined,
  "use snake_case in the answers": undefined,
  thanks: undefined,
};

for (const [prompt, question] of Object.entries(questions)) {
  test(`"${prompt}" is read as ${question?.about ?? "no question"}`, () => {
    assert.deepEqual(readQuestion(prompt), question);
  });
}

test("a text of many words is an instruction or a document", () => {
  assert.equal(readQuestion(`what is missing ${"and more ".repeat(40)}`), undefined);
});
