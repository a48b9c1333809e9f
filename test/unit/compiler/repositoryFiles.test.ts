import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPython } from "../../../src/compiler/format.ts";
import type { AggregatePlan } from "../../../src/compiler/plan.ts";
import { repositoryFiles } from "../../../src/compiler/repositoryFiles.ts";
import { persistencePlanOf } from "../../support/compilerPlans.ts";

const sql = `
  CREATE TABLE documents (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), slug text NOT NULL UNIQUE, tags text[] NOT NULL DEFAULT '{}',
    kind text NOT NULL CHECK (kind IN ('note', 'file')), size int, metadata jsonb,
    created_at timestamptz NOT NULL DEFAULT now(), deleted_at timestamptz);`;

async function repositoryOf(adjust: (aggregate: AggregatePlan) => AggregatePlan): Promise<string> {
  const plan = await persistencePlanOf({ "schema.sql": sql }, adjust);
  return formatPython(repositoryFiles(plan)[0]?.text ?? "");
}

test("filters become bound conditions, each by its operator, and deleted rows stay out", async () => {
  const text = await repositoryOf((aggregate) => {
    const named = (name: string) => aggregate.fields.filter((field) => field.name === name);
    return {
      ...aggregate,
      filters: [
        ...named("slug").map((field) => ({ name: "q", field, operator: "contains" as const })),
        ...named("tags").map((field) => ({ name: "tag", field, operator: "contains" as const })),
        ...named("kind").map((field) => ({ name: "kind", field, operator: "equal" as const })),
        ...named("size").map((field) => ({ name: "min_size", field, operator: "atLeast" as const })),
      ],
    };
  });
  const conditions = text.slice(text.indexOf("def _conditions")).trimEnd().split("\n").slice(1);
  assert.deepEqual(
    conditions.map((line) => line.trim()),
    [
      "conditions: list[ColumnElement[bool]] = [DocumentRow.deleted_at.is_(None)]",
      "if criteria.q is not None:",
      "conditions.append(DocumentRow.slug.icontains(criteria.q, autoescape=True))",
      "if criteria.tag is not None:",
      "conditions.append(DocumentRow.tags.contains([criteria.tag]))",
      "if criteria.kind is not None:",
      "conditions.append(DocumentRow.kind == criteria.kind)",
      "if criteria.min_size is not None:",
      "conditions.append(DocumentRow.size >= criteria.min_size)",
      "return conditions",
    ],
  );
});

test("a violated constraint raises its error, a text set becomes its enum, a reserved attribute is renamed", async () => {
  const error = { code: "SLUG_TAKEN", className: "SlugTakenError", status: 409, message: "Taken", retryable: false };
  const text = await repositoryOf((aggregate) => ({
    ...aggregate,
    violations: [{ constraint: { name: "documents_slug_key" }, error }],
  }));
  for (const line of [
    "from app.core.errors import SlugTakenError",
    '    "documents_slug_key": SlugTakenError,',
    "        kind=DocumentKind(row.kind),",
    "        metadata=row.metadata_,",
    "        metadata_=data.metadata,",
    '        row_names = {"metadata": "metadata_"}',
    "            .order_by(DocumentRow.created_at.desc(), DocumentRow.id)",
  ]) {
    assert.ok(text.split("\n").includes(line), `${line} is not in\n${text}`);
  }
  assert.match(text, /update\(DocumentRow\)[\s\S]*\.values\(deleted_at=func\.now\(\)\)/);
  assert.doesNotMatch(text, /import .*\bdelete\b/);
});
