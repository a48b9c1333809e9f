import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compile } from "../../../src/compiler/compile.ts";
import { type ChecklistId, checklistIds, type Review, type SourceText } from "../../../src/review/model.ts";
import type { DesignSpec, Entity, ErrorCode } from "../../../src/spec/model.ts";
import { edits, oversized } from "./edits.ts";
import { emptySpec, fixtures, readDesign, readFolder, review } from "./reviewing.ts";

/** Names of one backend that mutations speak of. */
type Vocabulary = Readonly<Record<string, string>>;

interface Backend {
  readonly spec: DesignSpec;
  readonly files: readonly SourceText[];
  readonly vocabulary: Vocabulary;
}

/** Share of the mutations that a check must notice. */
const enough = 0.95;
const fewest = 15;

const generated = await generatedBackend();
const reference = join(import.meta.dirname, "../../../../shared/prototypes/reference-backend");

for (const [name, backend] of [["the generated backend", generated] as const, ...referenceBackend()]) {
  test(`mutations of ${name} are noticed`, async (t) => {
    const sound = await review(backend.spec, backend.files);
    assert.deepEqual(
      sound.checklist.filter(({ status }) => status !== "pass" && status !== "notApplicable"),
      [],
    );
    const { found, lost } = await judge(backend);
    for (const id of checklistIds) {
      const missed = lost.filter(({ check }) => check === id).map(({ what }) => what);
      const total = missed.length + found.filter(({ check }) => check === id).length;
      t.diagnostic(
        `${id}: ${total - missed.length} of ${total}${missed.length > 0 ? `, not: ${missed.join("; ")}` : ""}`,
      );
    }
    for (const id of checklistIds) {
      const missed = lost.filter(({ check }) => check === id).length;
      const total = missed + found.filter(({ check }) => check === id).length;
      assert.ok(total >= fewest, `${id} has ${total} mutations`);
      assert.ok((total - missed) / total >= enough, `${id} misses ${missed} of ${total}`);
    }
  });
}

interface Mutation {
  readonly check: ChecklistId;
  readonly what: string;
}

/** What adds a file, or changes a file of its own, is judged in one review; what concerns the project, in one each. */
async function judge({ spec, files, vocabulary }: Backend): Promise<{ found: Mutation[]; lost: Mutation[] }> {
  const mutants = checklistIds.flatMap((check) => mutantsOf(check, vocabulary));
  const together = await review(spec, [...files, ...mutants, ...oversized]);
  const changed = await review(
    spec,
    edits.filter(({ alone }) => !alone).reduce((state, { apply }) => apply(state), files),
  );
  const judged: (Mutation & { readonly noticed: boolean })[] = [
    ...mutants.map(({ check, what, path, text }) => ({
      check,
      what,
      noticed: isFound(together, { check, path, text }),
    })),
    ...oversized.map(({ what, path }) => ({
      check: "size" as const,
      what,
      noticed: placesOf(together, "size").has(path),
    })),
  ];
  for (const { check, what, file, alone, apply } of edits) {
    const state = alone ? await review(spec, apply(files)) : changed;
    judged.push({ check, what, noticed: [...placesOf(state, check)].some((path) => file.test(path)) });
  }
  return { found: judged.filter(({ noticed }) => noticed), lost: judged.filter(({ noticed }) => !noticed) };
}

function placesOf({ checklist }: Review, check: ChecklistId): ReadonlySet<string> {
  return new Set(checklist.find(({ id }) => id === check)?.findings.map(({ path }) => path));
}

interface Mutant extends SourceText, Mutation {}

/** `=== what @ path` begins a mutation; see the README beside the files. */
function mutantsOf(check: ChecklistId, vocabulary: Vocabulary): Mutant[] {
  const file = join(fixtures, "mutations", `${check}.txt`);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [, what = "", path = "", text = ""] = part.match(/^(.*) @ (.*)\n([\s\S]*)$/) ?? [];
      return { check, what, path: `src/app/${path}`, text: withNames(text, vocabulary) };
    });
}

function withNames(text: string, vocabulary: Vocabulary): string {
  return text.replace(/<<(\w+)>>/g, (_, name: string) => vocabulary[name] ?? assert.fail(`no name for ${name}`));
}

function isFound({ checklist }: Review, { check, path, text }: Omit<Mutant, "what">): boolean {
  const lines = text.split("\n");
  const findings = checklist.find(({ id }) => id === check)?.findings ?? [];
  return findings.some((finding) => finding.path === path && /# finds ?$/.test(lines[finding.line - 1] ?? ""));
}

async function generatedBackend(): Promise<Backend> {
  const spec = await readDesign(join(fixtures, "../orders/docs"));
  const files = compile(spec).files.map(({ path, text }) => ({ path, text }));
  const vocabulary = {
    Entity: "Order",
    Repository: "OrderRepository",
    Row: "OrderRow",
    SqlRepository: "SqlOrderRepository",
    baseModule: "app.persistence.base",
    many: "orders",
    repositoryModule: "app.domain.ports.order",
    rowModule: "app.persistence.models.order",
    sqlModule: "app.persistence.repositories.order",
    uowModule: "app.domain.ports.unit_of_work",
  };
  return { spec, files, vocabulary };
}

/** The backend that was written by hand, where it is there; without its tests, in which black and ruff disagree. */
function referenceBackend(): (readonly [string, Backend])[] {
  if (!existsSync(reference)) return [];
  const vocabulary = {
    Entity: "Project",
    Repository: "ProjectRepository",
    Row: "ProjectRow",
    SqlRepository: "SqlProjectRepository",
    baseModule: "app.persistence.models",
    many: "projects",
    repositoryModule: "app.domain.ports",
    rowModule: "app.persistence.models",
    sqlModule: "app.persistence.project_repository",
    uowModule: "app.domain.ports",
  };
  const element = { confidence: "declared", source: { path: "design.md", line: 1, endLine: 1 } } as const;
  const code = (name: string, status: number): ErrorCode => {
    return { ...element, id: `errorCode:${name}`, kind: "errorCode", name, status };
  };
  const entity: Entity = {
    ...element,
    id: "entity:Project",
    kind: "entity",
    name: "Project",
    aggregateRoot: true,
    fields: [],
  };
  const spec = {
    ...emptySpec,
    domain: { ...emptySpec.domain, entities: [entity] },
    errors: {
      codes: [code("PROJECT_NOT_FOUND", 404), code("PROJECT_NAME_TAKEN", 409), code("INTERNAL_ERROR", 500)],
      validation: { status: 422, code: "VALIDATION_ERROR" },
    },
  };
  return [
    [
      "the reference backend",
      { spec, files: readFolder(reference).filter(({ path }) => !path.startsWith("tests/")), vocabulary },
    ],
  ];
}
