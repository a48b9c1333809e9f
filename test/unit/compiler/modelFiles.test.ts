import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../../src/compiler/compile.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { fileOf } from "../../support/compiledApi.ts";

test("a key that nobody gives is made by the application, and the table stays as the design has it", async () => {
  const { spec } = await readSpec([
    { path: "tags.sql", text: "CREATE TABLE tags (id uuid PRIMARY KEY, label text NOT NULL);" },
    { path: "api.md", text: "# API\n\n| Method | Path |\n|---|---|\n| GET | /tags |\n| POST | /tags |\n" },
  ]);
  const compilation = compile(spec);
  assert.deepEqual(compilation.needsDetail, []);
  const model = fileOf(compilation, "src/app/persistence/models/tag.py");
  assert.match(model, /^from uuid import UUID, uuid4$/m);
  assert.match(model, /^ {4}id: Mapped\[UUID\] = mapped_column\(primary_key=True, default=uuid4\)$/m);
  const [, migration = ""] =
    /create_table\(([\s\S]*?)\n {4}\)/.exec(
      compilation.files
        .filter(({ path }) => path.includes("versions/"))
        .map(({ text }) => text)
        .join("\n"),
    ) ?? [];
  assert.match(migration, /sa\.Column\("id", (?:sa\.)?\w+(?:\.\w+)?(?:\(\))?, nullable=False\)/);
});
