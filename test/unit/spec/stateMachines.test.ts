import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf } from "../../../src/spec/elements.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const domain = `# Domain model

## Payment

Money that a customer owes.

### States of \`Payment.status\`

| From | To | Trigger |
|---|---|---|
| pending | captured | \`POST /payments/{paymentId}/capture\` |
| captured | refunded | \`POST /payments/{paymentId}/refund\` |
`;

test("transitions that endpoints trigger are transitions, and the endpoints are kept", async () => {
  const { spec, notUnderstood } = await readSpec([{ path: "domain-model.md", text: domain }]);
  assert.deepEqual(
    spec.domain.stateMachines.map(({ entity, field, transitions }) => ({
      entity,
      field,
      transitions: transitions.map(({ from, to, trigger }) => [from, to, trigger]),
    })),
    [
      {
        entity: "Payment",
        field: "status",
        transitions: [
          ["pending", "captured", "POST /payments/{paymentId}/capture"],
          ["captured", "refunded", "POST /payments/{paymentId}/refund"],
        ],
      },
    ],
  );
  assert.deepEqual(
    elementsOf(spec)
      .filter(({ kind }) => kind === "endpoint")
      .map(({ name }) => name),
    ["POST /payments/{paymentId}/capture", "POST /payments/{paymentId}/refund"],
  );
  assert.deepEqual(notUnderstood, []);
});

const api = `# API

| Method | Path |
|---|---|
| POST | /payments/{paymentId}/capture |
| POST | /payments/{paymentId}/refund |
`;

test("endpoints of the contract are not listed twice because transitions name them", async () => {
  const { spec } = await readSpec([
    { path: "domain-model.md", text: domain },
    { path: "api.md", text: api },
  ]);
  assert.deepEqual(
    spec.api.endpoints.map(({ name }) => name),
    ["POST /payments/{paymentId}/capture", "POST /payments/{paymentId}/refund"],
  );
});

test("a machine that is called like a closed set is that of the entity with a field of it, with the guards of its events", async () => {
  const domain = `# Domain Model

## Job
| Attribute | Type |
|---|---|
| id | UUID |
| phase | JobPhase |

## State machine: JobPhase
| From | Event | To | Guard |
|---|---|---|---|
| open | start | started | at least one item |
| started | finish | finished | |
`;
  const { spec } = await readSpec([{ path: "domain.md", text: domain }]);
  assert.deepEqual(
    spec.domain.stateMachines.map(({ entity, field, transitions }) => [
      entity,
      field,
      transitions.map(({ trigger, guard }) => [trigger, guard]),
    ]),
    [
      [
        "Job",
        "phase",
        [
          ["start", "at least one item"],
          ["finish", undefined],
        ],
      ],
    ],
  );
});
