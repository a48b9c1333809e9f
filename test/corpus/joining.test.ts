import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { endpointShapes, isTyped } from "../../src/spec/join/endpointShapes.ts";
import type { DesignDocument } from "../../src/spec/model.ts";
import { readSpec } from "../../src/spec/readSpec.ts";

const corpus = join(import.meta.dirname, "../../../shared/corpus");
const skip = existsSync(join(corpus, "MANIFEST.tsv"))
  ? false
  : "the corpus of real designs is not beside the repository";

/** Most of its operations are in files of their own that the corpus does not hold. */
const incomplete = new Set(["digitalocean/openapi"]);

/** The documents of each project together, as a team would open them. */
function projects(): ReadonlyMap<string, readonly DesignDocument[]> {
  const rows = readFileSync(join(corpus, "MANIFEST.tsv"), "utf8").trim().split("\n").slice(1);
  const found = new Map<string, DesignDocument[]>();
  for (const row of rows) {
    const [repository = "", , path = ""] = row.split("\t");
    if (incomplete.has(repository)) continue;
    const text = readFileSync(join(corpus, repository.replace("/", "__"), path), "utf8");
    found.set(repository, [...(found.get(repository) ?? []), { path, text }]);
  }
  return found;
}

test("after joining, bodies and answers of three quarters of the endpoints are typed", { skip }, async () => {
  const totals = { markdown: { all: 0, typed: 0, given: 0 }, openApi: { all: 0, typed: 0, given: 0 } };
  for (const documents of projects().values()) {
    const { spec } = await readSpec(documents);
    const typings = endpointShapes(spec);
    for (const [at, endpoint] of spec.api.endpoints.entries()) {
      const total = /\.(?:ya?ml|json)$/.test(endpoint.source.path) ? totals.openApi : totals.markdown;
      const shapes = typings[at];
      assert.ok(shapes);
      const isGiven = isTyped(shapes) && shapes.request !== "inferred" && shapes.answer !== "inferred";
      total.all += 1;
      total.typed += isTyped(shapes) ? 1 : 0;
      total.given += isGiven ? 1 : 0;
    }
  }
  const { markdown, openApi } = totals;
  const share = (part: number, all: number): string => `${part} of ${all} (${Math.round((100 * part) / all)} %)`;
  console.log(`  OpenAPI: ${share(openApi.typed, openApi.all)}, given ${share(openApi.given, openApi.all)}`);
  console.log(`  Markdown: ${share(markdown.typed, markdown.all)}, given ${share(markdown.given, markdown.all)}`);
  const all = { typed: openApi.typed + markdown.typed, all: openApi.all + markdown.all };
  console.log(`  all: ${share(all.typed, all.all)}`);
  assert.ok(all.typed / all.all >= 0.75, share(all.typed, all.all));
  assert.ok(markdown.typed / markdown.all >= 0.65, share(markdown.typed, markdown.all));
});
