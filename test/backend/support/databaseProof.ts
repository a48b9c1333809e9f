import { join } from "node:path";
import { createInProcessAnalyzer } from "../../../src/node/analyzerInProcess.ts";
import type { Review } from "../../../src/review/model.ts";
import { createDatabase, environment, type GeneratedProject, staticTools } from "./backend.ts";
import { catalogDifferences, readCatalog, withinTables } from "./catalog.ts";
import type { Cluster } from "./cluster.ts";
import { buildDesign, forceRowSecurity, type Refusal } from "./designDatabase.ts";
import { python, root, workFolder } from "./paths.ts";
import { run } from "./processes.ts";

/** What became of a design's database; everything is empty when all is well. */
export interface DatabaseProof {
  /** Objects that the design's own SQL gives and the migrations do not, and the other way round. */
  readonly differences: readonly string[];
  /** How many objects the design's own SQL gives. */
  readonly compared: number;
  /** What the design itself gets wrong. */
  readonly refusals: readonly Refusal[];
  /** What is left after `downgrade base`, but for schemas and extensions, which others may use by then. */
  readonly remains: readonly string[];
  /** Output of Alembic's commands that failed: upgrade, check, downgrade, and upgrade again. */
  readonly alembic: string;
}

export interface DesignSql {
  readonly statements: readonly string[];
  /** Whether the statements say the whole database; else only the tables that they define are compared. */
  readonly whole: boolean;
  /** What both databases have before anything else. */
  readonly before?: string;
}

/**
 * Builds the database of a design twice, from its own SQL and by the generated migrations, and
 * compares the two catalogs.
 */
export async function proveDatabase(
  cluster: Cluster,
  name: string,
  project: GeneratedProject,
  { statements, whole, before }: DesignSql,
): Promise<DatabaseProof> {
  const designed = `${name}_design`;
  await cluster.sql("postgres", `CREATE DATABASE ${designed}`);
  if (before !== undefined) await cluster.sql(designed, before);
  const refusals = await buildDesign(cluster, designed, statements);
  await forceRowSecurity(cluster, designed);
  const { migrationUrl } = await createDatabase(cluster, name);
  if (before !== undefined) await cluster.sql(name, before);
  const empty = await readCatalog(cluster, name);
  const first = await migrate(project, migrationUrl, "upgrade", "check", "downgrade");
  const remains = catalogDifferences(empty, await readCatalog(cluster, name)).filter((line) => !outlives.test(line));
  const again = first === "" ? await migrate(project, migrationUrl, "upgrade") : "";
  const wanted = await readCatalog(cluster, designed);
  const found = await readCatalog(cluster, name);
  const compared = whole ? found : withinTables(found, wanted);
  const differences = catalogDifferences(wanted, compared).filter((line) => !ownTable.test(line));
  return { differences, compared: wanted.size, refusals, remains, alembic: first + again };
}

/** What the engine adds where the contract asks for it and no table is designed. */
const ownTable = /^\+ (?:table|column|constraint|index) public\.idempotency_keys|^\+ comment on table idempotency_keys/;

const outlives = /^\+ (?:schema|extension) /;

/** Reading the libraries' types takes most of mypy's time, so projects share what it knows; a cache is for one at a time. */
const freeCaches = ["mypy-cache-1", "mypy-cache-2"];

/** What the analyzers of the project's own `pyproject.toml`, and its import, complain about. */
export async function staticFindings(project: GeneratedProject): Promise<readonly string[]> {
  const findings: string[] = [];
  const cache = freeCaches.pop();
  for (const [tool, args] of staticTools) {
    const shared = tool === "mypy" && cache !== undefined ? ["--cache-dir", join(workFolder, cache)] : [];
    const { code, output } = await run(python(tool), [...args, ...shared], { cwd: project.folder });
    if (code !== 0) findings.push(`${tool}:\n${output}`);
  }
  if (cache !== undefined) freeCaches.push(cache);
  const started = await run(python("python"), ["-c", "from app.main import create_app; create_app()"], {
    cwd: project.folder,
    env: { ...environment("postgresql://nobody@127.0.0.1/none"), PYTHONPATH: "src" },
  });
  return started.code === 0 ? findings : [...findings, `import:\n${started.output}`];
}

const analyzer = createInProcessAnalyzer(join(root, "src"));

/** The checklist and the coverage, as the product itself sees the project. */
export function reviewProject({ spec, compilation }: GeneratedProject): Promise<Review> {
  return analyzer.review({ spec, files: compilation.files }, new AbortController().signal);
}

/** Empty when every command succeeds. */
async function migrate(project: GeneratedProject, url: string, ...commands: readonly string[]): Promise<string> {
  const script = join(import.meta.dirname, "migrate.py");
  const { code, output } = await run(python("python"), [script, ...commands], {
    cwd: project.folder,
    env: environment(url),
  });
  return code === 0 ? "" : output;
}
