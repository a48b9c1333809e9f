/**
 * The databases of real designs. They carry no licence, so they lie beside the repository; the suite runs
 * when it is named: `node test/harness/test.ts corpus`.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { generateFrom } from "../backend/support/backend.ts";
import { type Cluster, startCluster } from "../backend/support/cluster.ts";
import { proveDatabase, reviewProject, staticFindings } from "../backend/support/databaseProof.ts";
import { designStatements } from "../backend/support/designDatabase.ts";
import { root } from "../backend/support/paths.ts";
import { missingExtension, operatorSql, standInSql, withStandIns } from "./standIns.ts";

const corpus = join(root, "../shared/corpus");
const manifest = join(corpus, "MANIFEST.tsv");
const skip = existsSync(manifest) ? false : "the corpus of real designs is not beside the repository";
const chosen = process.env["CORPUS_SET"];

suite("the databases of real designs", { concurrency: 2, skip }, () => {
  let cluster: Cluster;
  const rows: string[] = [];
  let available: ReadonlySet<string>;

  before(async () => {
    cluster = await startCluster("corpus");
    available = new Set((await cluster.sql("postgres", "SELECT name FROM pg_available_extensions")).split("\n"));
  });

  after(async () => {
    await cluster?.stop();
    console.log(`${header}\n${rows.sort().join("\n")}`);
  });

  for (const [repository, paths] of skip ? [] : sets()) {
    test(repository, async (context) => {
      const folder = join(corpus, repository.replace("/", "__"));
      const files = paths.map((path) => join(folder, path));
      const project = await generateFrom(folder, files);
      const { tables } = project.spec.database;
      try {
        if (tables.length === 0) return context.skip("no table in it");
        const designed = designStatements(scripts(files));
        const missing = missingExtension(designed, available);
        if (missing !== undefined) return context.skip(`not runnable here: it needs the extension ${missing}`);
        const sql = {
          statements: withStandIns(project, designed),
          before: standInSql + (await operatorSql(cluster, designed)),
          whole: tables.every(({ source }) => source.path.endsWith(".sql")),
        };
        const { compared, ...proof } = await proveDatabase(cluster, databaseName(repository), project, sql);
        const findings = process.env["CORPUS_QUICK"] ? [] : await staticFindings(project);
        const { checklist, coverage } = await reviewProject(project);
        const { needsDetail, assumptions } = project.compilation;
        const elements = coverage.elements.filter(({ status }) => status !== "extra");
        rows.push(
          [
            repository.padEnd(44),
            tables.length,
            proof.refusals.length,
            compared,
            proof.differences.length,
            proof.remains.length,
            proof.alembic === "" ? "ok" : "FAIL",
            findings.length,
            checklist.filter(({ status }) => status !== "fail").length,
            elements.filter(({ status }) => status === "implemented").length,
            elements.length,
            needsDetail.length,
            assumptions.length,
          ].join("\t"),
        );
        assert.deepEqual(
          { ...proof, refusals: [], findings, failed: checklist.filter(({ status }) => status === "fail") },
          { differences: [], refusals: [], remains: [], alembic: "", findings: [], failed: [] },
        );
      } finally {
        project.remove();
      }
    });
  }
});

const header =
  "set\ttables\trefused\tcompared\tdifferences\tremains\talembic\ttools\tchecklist\timplemented\telements\tneedsDetail\tassumptions";

/** The documents of every repository that has a database design. */
function sets(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const rows = readFileSync(manifest, "utf8").trim().split("\n").slice(1);
  for (const row of rows) {
    const [repository = "", , path = ""] = row.split("\t");
    found.set(repository, [...(found.get(repository) ?? []), path]);
  }
  return new Map([...found].filter(([repository]) => chosen === undefined || repository.includes(chosen)));
}

/** Scripts where there are some, because the prose beside them shows earlier versions. */
function scripts(files: readonly string[]): readonly string[] {
  const whole = files.filter((file) => file.endsWith(".sql") && /CREATE TABLE/i.test(readFileSync(file, "utf8")));
  return whole.length > 0 ? files.filter((file) => file.endsWith(".sql")) : files;
}

function databaseName(repository: string): string {
  return repository
    .toLowerCase()
    .replace(/\W|^(?=\d)/g, "_")
    .slice(0, 40);
}
