import assert from "node:assert/strict";
import { test } from "node:test";
import { outOfScope, refusedPath } from "../../../src/agent/scope.ts";

const refused: Readonly<Record<string, readonly string[]>> = {
  "frontend-implementer": [
    "build a React page for the orders",
    "Create the frontend",
    "implement the UI",
    "please write some CSS for the table",
    "make me a landing page",
  ],
  "code-reviewer": [
    "review my code",
    "do a code review of services",
    "do a code review of the services",
    "Review this pull request",
  ],
  "security-reviewer": [
    "run a security audit",
    "audit the API for vulnerabilities",
    "check the security of my endpoints",
  ],
  "database-reviewer": ["review the database schema", "Review my indexes", "I want a schema review"],
  "Phase 4": ["write unit tests for the order service", "add tests", "generate a pytest", "test the order service"],
  "Phase 2": ["design the architecture", "draft a domain model", "create an API contract for payments"],
};

for (const [destination, prompts] of Object.entries(refused)) {
  for (const prompt of prompts) {
    test(`"${prompt}" belongs to ${destination}`, () => {
      assert.match(outOfScope(prompt) ?? "", new RegExp(`\\*\\*${destination}\\*\\*`));
    });
  }
}

const accepted = [
  "",
  "implement",
  "implement the order service",
  "implement the API that the frontend calls",
  "implement endpoints for the UI",
  "create the frontend API",
  "implement it so that the tests pass",
  "implement this design, tests come later",
  "implement the review endpoint of the product",
  "create the tests table and its migration",
  "add a UI settings endpoint",
  "create a code review repository",
  "implement the domain model and the database schema",
  "check",
  "fix the failing checklist items",
  "plan the backend of the design system shop",
  `implement\n${"The system shall be robust. ".repeat(20)}\nThen write unit tests for it.`,
  "implement\n```\nwrite tests\n```",
];

for (const prompt of accepted) {
  test(`${JSON.stringify(prompt.slice(0, 60))} is the agent's own work`, () =>
    assert.equal(outOfScope(prompt), undefined));
}

test("frontend and test paths are refused in the same words, others are not", () => {
  const paths = {
    frontend: ["web/App.tsx", "src/components/Order.py", "static/site.css", "templates/index.html", "Order.vue"],
    tests: [
      "tests/test_orders.py",
      "src/app/test_orders.py",
      "src/app/orders_test.py",
      "conftest.py",
      "tests/data.json",
    ],
    own: [
      "src/app/main.py",
      "src/app/services/contest.py",
      "src/app/testing_data.py",
      "migrations/env.py",
      "latest.py",
    ],
  };
  for (const path of paths.frontend) assert.match(refusedPath(path) ?? "", /frontend-implementer/, path);
  for (const path of paths.tests) assert.match(refusedPath(path) ?? "", /Phase 4/, path);
  for (const path of paths.own) assert.equal(refusedPath(path), undefined, path);
});
