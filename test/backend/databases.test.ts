import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import { filesBelow, type GeneratedProject, generateProject } from "./support/backend.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { proveDatabase, reviewProject, staticFindings } from "./support/databaseProof.ts";
import { designStatements } from "./support/designDatabase.ts";
import { root } from "./support/paths.ts";

const folders = globSync("test/fixtures/{*,variants/*}/docs", { cwd: root })
  .filter((folder) => !folder.includes("review"))
  .sort();

suite("the database of every design of ours", { concurrency: 2 }, () => {
  let cluster: Cluster;
  const rows: string[] = [];

  before(async () => {
    cluster = await startCluster("databases");
  });

  after(async () => {
    await cluster?.stop();
    console.log(`compared\tchecklist\tcoverage\tneedsDetail\tdesign\n${rows.sort().join("\n")}`);
  });

  for (const folder of folders) {
    test(basename(dirname(folder)), async () => {
      const documents = join(root, folder);
      const project = await generateProject(documents);
      try {
        rows.push(`${await proveAll(cluster, documents, project)}\t${basename(dirname(folder))}`);
      } finally {
        project.remove();
      }
    });
  }
});

/** Gives the figures that it has found to be right. */
async function proveAll(cluster: Cluster, documents: string, project: GeneratedProject): Promise<string> {
  const name = basename(dirname(documents)).replaceAll("-", "_");
  const statements = designStatements(scripts(documents));
  const others = join(documents, "../others.sql");
  const before = existsSync(others) ? readFileSync(others, "utf8") : "";
  const { compared, ...proof } = await proveDatabase(cluster, name, project, { statements, whole: true, before });
  assert.ok(compared > 0);
  assert.deepEqual(proof, { differences: [], refusals: [], remains: [], alembic: "" });
  assert.deepEqual(await staticFindings(project), []);
  const { checklist, coverage } = await reviewProject(project);
  assert.deepEqual(
    checklist.filter(({ status }) => status === "fail"),
    [],
  );
  assert.equal(checklist.length, 12);
  const needsDetail = new Set(project.compilation.needsDetail.map(({ element }) => element));
  const compilable = coverage.elements.filter(({ id, status }) => status !== "extra" && !needsDetail.has(id));
  const implemented = compilable.filter(({ status }) => status === "implemented");
  assert.deepEqual(
    compilable.filter(({ status }) => /missing|mismatched/.test(status)),
    [],
  );
  const items = `${checklist.filter(({ status }) => status !== "fail").length}/12`;
  return [compared, items, `${implemented.length}/${compilable.length}`, needsDetail.size].join("\t");
}

/** What a design does not say in SQL stands as SQL beside its documents. */
function scripts(documents: string): readonly string[] {
  const reference = join(documents, "../reference.sql");
  return existsSync(reference) ? [reference, ...filesBelow(documents)] : filesBelow(documents);
}
