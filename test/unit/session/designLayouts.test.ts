import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { test } from "node:test";
import { readDocumentFiles } from "../../../src/node/documentFiles.ts";
import { designAmong, placeInLayout } from "../../../src/session/designLayouts.ts";
import { settingsSchema } from "../../../src/session/settings.ts";
import type { DocumentKind } from "../../../src/spec/model.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/layouts");
const { globs } = settingsSchema.parse({}).documents;

/** What of each fixture is the design, and which kinds of it each document has. */
const designs: Readonly<Record<string, Readonly<Record<string, readonly DocumentKind[]>>>> = {
  "spec-kit": {
    "specs/001-lending/contracts/loans.yaml": ["api"],
    "specs/001-lending/data-model.md": ["domain"],
  },
  kiro: { ".kiro/specs/lending/design.md": ["domain", "api", "database", "errors"] },
  bmad: {
    "docs/architecture/data-models.md": ["domain"],
    "docs/architecture/database-schema.md": ["database"],
    "docs/architecture/error-handling-strategy.md": ["errors"],
    "docs/architecture/rest-api-spec.md": ["api"],
    "docs/architecture/source-tree.md": [],
  },
};

for (const [layout, kinds] of Object.entries(designs)) {
  test(`${layout}: the design is found by the default globs, by its place, and each document has its kinds`, async () => {
    const folder = join(fixtures, layout);
    const all = globSync("{**,.*/**}/*.{md,yaml}", { cwd: folder });
    const found = designAmong(all.filter((path) => globs.some((glob) => matchesGlob(path, glob)))).toSorted();
    assert.deepEqual(found, Object.keys(kinds));
    const documents = found.map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
    const { documents: read, problems } = await readSpec(documents);
    assert.deepEqual(Object.fromEntries(read.map((document) => [document.path, document.kinds])), kinds);
    assert.deepEqual(
      problems.filter(({ severity }) => severity === "error"),
      [],
    );
  });
}

test("a folder that is named in a terminal is read in the same way, a file by its own name always", async () => {
  const folder = join(fixtures, "bmad");
  const paths = (await readDocumentFiles(["docs"], folder)).map(({ path }) => path);
  assert.deepEqual(paths.toSorted(), Object.keys(designs["bmad"] ?? {}));
  const named = await readDocumentFiles(["docs/prd.md", "docs/architecture.md"], folder);
  assert.deepEqual(
    named.map(({ path }) => path),
    ["docs/prd.md", "docs/architecture.md"],
  );
});

const places: readonly (readonly [string, ReturnType<typeof placeInLayout>])[] = [
  ["specs/002-fines/data-model.md", { layout: "specKit", isDesign: true }],
  [".specify/specs/002-fines/contracts/fines.md", { layout: "specKit", isDesign: true }],
  ["specs/002-fines/checklists/api.md", { layout: "specKit", isDesign: false }],
  ["specs/fines/plan.md", undefined],
  ["specs/openapi.yaml", undefined],
  [".kiro/specs/fines/bugfix.md", { layout: "kiro", isDesign: false }],
  [".claude/specs/fines/design.md", { layout: "kiro", isDesign: true }],
  ["docs/prd/epic-1.md", { layout: "bmad", isDesign: false }],
  ["_bmad-output/planning-artifacts/architecture.md", { layout: "bmad", isDesign: true }],
  ["docs/architecture-notes.md", undefined],
  ["docs/openapi.yaml", undefined],
];

for (const [path, place] of places) {
  test(`${path} is ${place === undefined ? "in no layout" : `${place.layout}, ${place.isDesign ? "" : "not "}design`}`, () => {
    assert.deepEqual(placeInLayout(path), place);
  });
}

test("a document stays when it is there whole only", () => {
  assert.deepEqual(designAmong(["docs/architecture.md", "docs/prd.md"]), ["docs/architecture.md"]);
});
