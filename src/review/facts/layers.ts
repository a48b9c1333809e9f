/** Where a file stands in the architecture, by the folder and file names that Python projects use. */
export type Layer = "api" | "service" | "persistence" | "domain" | "core" | "migration" | "test" | "other";

const folders: readonly (readonly [Layer, RegExp])[] = [
  ["test", /^(tests?|testing|mocks?|fakes)$/],
  ["migration", /^(migrations?|alembic)$/],
  ["api", /^(api|routers?|routes?|endpoints?|views?|controllers?)$/],
  ["service", /^(services?|usecases?|use_cases?|application|.*_service)$/],
  ["persistence", /^(persistence|repositor(y|ies)|crud|dao|infrastructure|db|.*_repository)$/],
  ["domain", /^(domain|entit(y|ies)|aggregates?)$/],
  ["core", /^(core|config|common|middlewares?|security|settings)$/],
];

/** Folders with a file for each thing: `repositories/service.py` is about a thing that is called service. */
const perThing =
  /^(routers|routes|endpoints|views|controllers|services|usecases|use_cases|repositories|models|schemas|ports|entities|aggregates)$/;
const testFile = /^(conftest|test_.*|.*_test)$/;
/** A package may be called `test_observer` and be none. */
const testFolder = /^(test_(unit|integration|e2e|data|support)|.*_tests?)$/;

/**
 * A test or migration folder decides wherever it stands; of the others the innermost does, so that
 * `orders/service.py` and `app/domain/services/pricing.py` are both services. An `application.py` makes the application.
 * A file that is named like a test and has none in it is not one: `routers/test_results.py`.
 */
export function layerOf(path: string, hasTests = true): Layer {
  const [file = "", ...around] = path.replace(/\.py$/, "").split("/").reverse();
  const isNamedByThing = perThing.test(around[0] ?? "") && !testFile.test(file);
  const parts = isNamedByThing || file === "application" ? around : [file, ...around];
  for (const outranking of ["test", "migration"] as const) {
    if (parts.some((part) => layerOfPart(part) === outranking)) return outranking;
    if (outranking === "test" && isTest(file, around, hasTests)) return "test";
  }
  for (const part of parts) {
    const layer = layerOfPart(part);
    if (layer !== undefined) return layer;
  }
  return "other";
}

function isTest(file: string, around: readonly string[], hasTests: boolean): boolean {
  return file === "conftest" || (hasTests && testFile.test(file)) || around.some((part) => testFolder.test(part));
}

function layerOfPart(part: string): Layer | undefined {
  return folders.find(([, pattern]) => pattern.test(part))?.[0];
}

/** Dotted module of a file; source roots are left out: `src/app/main.py` → `app.main`. */
export function moduleOf(path: string): string {
  const parts = path.replace(/\.py$/, "").split("/");
  const root = parts.lastIndexOf("src");
  const kept = parts.slice(root + 1);
  if (kept.at(-1) === "__init__") kept.pop();
  return kept.join(".");
}
