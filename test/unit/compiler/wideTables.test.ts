import assert from "node:assert/strict";
import { test } from "node:test";
import { compileDesign, fileOf } from "../../support/compiledApi.ts";

const columns = Array.from({ length: 90 }, (_, index) => `part_${index}`);
const schema = `{ type: object, properties: { ${columns.map((name) => `${name}: { type: string }`).join(", ")} } }`;
const body =
  "requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Reading' } } } }";
const answer = "content: { application/json: { schema: { $ref: '#/components/schemas/Reading' } } }";
const filters = columns.slice(0, 30).map((name) => `{ name: ${name}, in: query, schema: { type: string } }`);
const compilation = await compileDesign({
  sql: `CREATE TABLE readings (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), metadata jsonb,
    kind text NOT NULL DEFAULT 'a' CHECK (kind IN ('a', 'b')), ${columns.map((name) => `${name} text`).join(", ")});`,
  schemas: { Reading: schema },
  operations: {
    "GET /readings": `{ parameters: [${filters.join(", ")}], responses: { '200': { description: Yes., content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Reading' } } } } } } }`,
    "POST /readings": `{ ${body}, responses: { '201': { description: Made., ${answer} } } }`,
    "PUT /readings/{readingId}": `{ ${body}, responses: { '200': { description: Yes., ${answer} } } }`,
  },
});

test("a table of ninety columns is turned into its entity by name, but for what differs", () => {
  assert.deepEqual(compilation.needsDetail, []);
  const text = fileOf(compilation, "src/app/persistence/repositories/reading.py");
  const [, entity = "", row = ""] =
    /("""Turn a row[\s\S]*?)\n\n\n[\s\S]*?("""Turn the data[\s\S]*?)\n\n\n/.exec(text) ?? [];
  const lines = (code: string) => code.replace(/\s*\n\s*/g, " ").replace(/\{ | \}/g, (brace) => brace.trim());
  assert.equal(
    lines(entity),
    '"""Turn a row into the entity.""" ' +
      "values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(Reading)} " +
      'values["metadata"] = row.metadata_ values["kind"] = ReadingKind(row.kind) return Reading(**values)',
  );
  assert.equal(
    lines(row),
    '"""Turn the data of a new one into a row that is not yet stored.""" ' +
      "values: dict[str, Any] = {field.name: getattr(data, field.name) for field in fields(data)} " +
      'del values["metadata"] values["metadata_"] = data.metadata return ReadingRow(**values)',
  );
});

test("no function of it is longer than fifty lines, none has more branches than ruff lets pass, no file 400 lines", () => {
  for (const { path, text } of compilation.files.filter((file) => file.path.startsWith("src/"))) {
    assert.ok(text.split("\n").length <= 400, path);
    for (const definition of text.split(/^ *(?=(?:async )?def )/m).slice(1)) {
      const name = `${path}: ${definition.slice(0, definition.indexOf("("))}`;
      const [own = ""] = definition.split(/\n(?=\S)/);
      assert.ok(own.split("\n").length <= 50, name);
      assert.ok((own.match(/^ +if /gm) ?? []).length <= 12, name);
    }
  }
});
