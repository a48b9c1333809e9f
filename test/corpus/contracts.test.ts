/** What the backends of real designs document, against the designs' contracts: `node test/harness/test.ts corpus`. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { parse } from "yaml";
import { contractDifferences } from "../backend/contract/differences.ts";
import { type Node, nodeAt } from "../backend/contract/schemas.ts";
import { environment, type GeneratedProject, generateFrom } from "../backend/support/backend.ts";
import { python, root } from "../backend/support/paths.ts";
import { run } from "../backend/support/processes.ts";

const corpus = join(root, "../shared/corpus");
const manifest = join(corpus, "MANIFEST.tsv");
const skip = existsSync(manifest) ? false : "the corpus of real designs is not beside the repository";
/** Below this the compiler has lost some; what is left differs where two documents, or contract and errors, disagree. */
const leastEqual = 0.6;
const chosen = process.env["CORPUS_SET"] ?? "";

suite("the contracts of real designs", { skip }, () => {
  const rows: string[] = [];
  const counts = { compiled: 0, differing: 0 };

  after(() => {
    console.log(`operations\tcompiled\tdiffering\tset\n${rows.join("\n")}`);
    if (chosen !== "") return;
    const equal = counts.compiled - counts.differing;
    assert.ok(equal / counts.compiled >= leastEqual, `${equal} of ${counts.compiled} operations`);
  });

  for (const [repository, paths] of skip ? [] : sets()) {
    test(repository, async () => {
      const folder = join(corpus, repository.replace("/", "__"));
      const files = paths.map((path) => join(folder, path));
      const project = await generateFrom(folder, files);
      try {
        const compiled = compiledEndpoints(project);
        if (compiled.size === 0) return void rows.push(`${project.spec.api.endpoints.length}\t0\t0\t${repository}`);
        const application = await documented(project);
        const differences = paths.flatMap((path) => {
          const contract = readContract(join(folder, path));
          return contract
            ? contractDifferences(contract, application, (method, route) => compiled.has(`${method} ${route} ${path}`))
            : [];
        });
        const differing = new Set(differences.map((line) => /^\w+ [^ :]+/.exec(line)?.[0])).size;
        rows.push(`${project.spec.api.endpoints.length}\t${compiled.size}\t${differing}\t${repository}`);
        rows.push(...differences.map((line) => `\t\t\t  ${line}`));
        counts.compiled += compiled.size;
        counts.differing += differing;
      } finally {
        project.remove();
      }
    });
  }
});

/** Method, path and document of the endpoints that stand in the application. */
function compiledEndpoints({ spec, compilation }: GeneratedProject): ReadonlySet<string> {
  const open = new Set(compilation.needsDetail.map(({ element }) => element));
  const compiled = spec.api.endpoints.filter(({ method, path }) => !open.has(`endpoint:${method} ${path}`));
  return new Set(compiled.map(({ method, path, source }) => `${method} ${path} ${source.path}`));
}

async function documented({ folder }: GeneratedProject): Promise<Node> {
  const script = "import json; from app.main import create_app; print(json.dumps(create_app().openapi()))";
  const env = { ...environment("postgresql://nobody@127.0.0.1/none"), PYTHONPATH: "src" };
  const { code, output } = await run(python("python"), ["-c", script], { cwd: folder, env });
  assert.equal(code, 0, output);
  return nodeAt({ document: JSON.parse(output.slice(output.indexOf("{"))) }, "document");
}

/** Undefined for documents that are no OpenAPI. */
function readContract(file: string): Node | undefined {
  if (!/\.(?:ya?ml|json)$/.test(file)) return undefined;
  const document = nodeAt({ document: parse(readFileSync(file, "utf8")) }, "document");
  return "paths" in document ? document : undefined;
}

/** The documents of every repository that has a contract in OpenAPI. */
function sets(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const row of readFileSync(manifest, "utf8").trim().split("\n").slice(1)) {
    const [repository = "", , path = ""] = row.split("\t");
    found.set(repository, [...(found.get(repository) ?? []), path]);
  }
  return new Map(
    [...found].filter(([repository, paths]) => {
      const folder = join(corpus, repository.replace("/", "__"));
      return repository.includes(chosen) && paths.some((path) => readContract(join(folder, path)) !== undefined);
    }),
  );
}
