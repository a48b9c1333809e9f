/**
 * Ours beside two generators that make FastAPI code from a contract: how many operations answer a valid
 * request as the contract says, and do so from a database; what type checker and linter find; the time.
 * It informs and never fails. Alone: `node test/bench/generators.ts`.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createDatabase, environment, filesBelow, grantAccess, startUvicorn } from "../backend/support/backend.ts";
import { tokenFor } from "../backend/support/client.ts";
import { type Cluster, startCluster } from "../backend/support/cluster.ts";
import { python, workFolder } from "../backend/support/paths.ts";
import { run } from "../backend/support/processes.ts";
import { buildExtension } from "../harness/build.ts";
import { ensurePostgres, ensurePythonEnvironments } from "../harness/provision.ts";
import { type Absence, type Contender, contenders } from "./generators/contenders.ts";
import { type Contract, readContract } from "./generators/contract.ts";
import { designs, type SideBySideDesign } from "./generators/designs.ts";
import { driveOperations, type OperationResult } from "./generators/driveOperations.ts";

interface Measurement {
  readonly results: readonly OperationResult[];
  readonly typeErrors: number;
  readonly findings: number;
  readonly lines: number;
  readonly milliseconds: number;
  /** Why there is nothing to ask. */
  readonly failure?: string;
}

const runs = 2;
const rules = "E,F,I,B,S,UP,C4,SIM";
const scratch = join(workFolder, "side-by-side");

try {
  await compare();
} catch (error) {
  console.log(`\nSide by side: not measured: ${String(error).split("\n")[0]}`);
}

async function compare(): Promise<void> {
  ensurePostgres();
  ensurePythonEnvironments();
  await buildExtension();
  const cluster = await startCluster("side-by-side");
  try {
    await cluster.sql("postgres", "ALTER SYSTEM SET log_statement = 'all'");
    await cluster.sql("postgres", "SELECT pg_reload_conf()");
    printHead();
    const all = contenders();
    for (const design of designs) {
      if (!existsSync(design.folder)) console.log(`\n${design.name}: not beside the repository`);
      else await compareDesign(cluster, design, all);
    }
  } finally {
    await cluster.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function compareDesign(
  cluster: Cluster,
  design: SideBySideDesign,
  all: readonly (Contender | Absence)[],
): Promise<void> {
  const documents = join(scratch, design.name, "docs");
  for (const path of design.documents) {
    mkdirSync(dirname(join(documents, path)), { recursive: true });
    cpSync(join(design.folder, path), join(documents, path));
  }
  const contract = readContract(join(documents, design.contract));
  console.log(`\n${design.name}, ${contract.operations.length} operations`);
  let own: Measurement | undefined;
  for (const [at, contender] of all.entries()) {
    if ("absence" in contender) {
      console.log(`  ${contender.name.padEnd(24)}${contender.absence}`);
      continue;
    }
    const name = `${design.name.replace(/\W/g, "_").toLowerCase()}_${at}`;
    const measured = await measure(cluster, { design, contender, contract, name, documents });
    own ??= measured;
    printRow(contender.name, measured, own);
  }
}

interface Task {
  readonly design: SideBySideDesign;
  readonly contender: Contender;
  readonly contract: Contract;
  /** Of the database. */
  readonly name: string;
  readonly documents: string;
}

async function measure(cluster: Cluster, task: Task): Promise<Measurement> {
  const { contender, design, documents } = task;
  const output = join(scratch, design.name, contender.name);
  const [program = "", ...args] = contender.command({ documents, contract: join(documents, design.contract) }, output);
  const times: number[] = [];
  let said = "";
  for (let turn = 0; turn < runs; turn += 1) {
    rmSync(output, { recursive: true, force: true });
    mkdirSync(output, { recursive: true });
    const begun = performance.now();
    said = (await run(program, args, { cwd: output })).output;
    times.push(performance.now() - begun);
  }
  const source = join(output, contender.source);
  const files = existsSync(source) ? filesBelow(source).filter((file) => file.endsWith(".py")) : [];
  const lines = files.reduce((sum, file) => sum + readFileSync(file, "utf8").split("\n").length, 0);
  const milliseconds = Math.min(...times);
  if (files.length === 0) {
    return { results: [], typeErrors: 0, findings: 0, lines, milliseconds, failure: lastLine(said) };
  }
  const quality = { typeErrors: await typeErrors(output, contender), findings: await findings(output, contender) };
  const asked = await ask(cluster, task, output);
  return { ...quality, ...asked, lines, milliseconds };
}

/** With the same settings for all, whatever a generated project has of its own. */
async function typeErrors(cwd: string, { source }: Contender): Promise<number> {
  const shared = [
    "--config-file",
    join(import.meta.dirname, "generators/mypy.ini"),
    "--cache-dir",
    join(workFolder, "mypy-cache-side-by-side"),
  ];
  const { output } = await run(python("mypy"), [...shared, source], { cwd });
  return output.split("\n").filter((line) => / error: /.test(line)).length;
}

async function findings(cwd: string, { source }: Contender): Promise<number> {
  const options = [
    "--isolated",
    "--no-cache",
    "--select",
    rules,
    "--target-version",
    "py311",
    "--output-format",
    "json",
  ];
  const { output } = await run(python("ruff"), ["check", ...options, "--config", 'src=["src", "."]', source], { cwd });
  const found: unknown = JSON.parse(output.slice(0, output.lastIndexOf("]") + 1) || "[]");
  return Array.isArray(found) ? found.length : 0;
}

/** Starts the application beside an empty database of its own and sends every operation its request. */
async function ask(
  cluster: Cluster,
  { contender, contract, design, name }: Task,
  cwd: string,
): Promise<Pick<Measurement, "results" | "failure">> {
  const database = await createDatabase(cluster, name);
  if (contender.hasMigrations) {
    if (design.tables !== undefined) {
      await cluster.sql(name, design.tables);
      await cluster.sql(name, `GRANT REFERENCES ON ALL TABLES IN SCHEMA public TO ${name}_owner`);
    }
    const { code, output } = await run(python("alembic"), ["upgrade", "head"], {
      cwd,
      env: environment(database.migrationUrl),
    });
    if (code !== 0) return { results: [], failure: `migrations: ${lastLine(output)}` };
    await grantAccess(cluster, name);
    if (design.rows !== undefined) await cluster.sql(name, design.rows);
  }
  const url = database.applicationUrl;
  const server = await startUvicorn(contender.application, cwd, { ...environment(url), DATABASE_URL: url }).catch(
    (error) => lastLine(String(error)),
  );
  if (typeof server === "string") return { results: [], failure: `does not start: ${server}` };
  try {
    const target = {
      url: server.url + (await servedBelow(server.url, contract)),
      token: tokenFor(design.claims),
      databaseLog: cluster.log,
    };
    return { results: await driveOperations(contract, target) };
  } finally {
    await server.stop();
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

/** Some generators serve below the path of the contract's server, some at the root; either is fine. */
async function servedBelow(url: string, { basePath, operations }: Contract): Promise<string> {
  const documented = await fetch(`${url}/openapi.json`).then(
    (response) => response.text(),
    () => "",
  );
  return operations.some(({ path }) => documented.includes(`"${basePath}${path}"`)) ? basePath : "";
}

function printHead(): void {
  console.log(`
Side by side. Each application is started and sent the same valid request for every operation of the
contract, built from the contract's schemas with the keys that earlier answers gave. Answered: with a 2xx. Valid: status
and body as the contract has them, formats too. From the database: valid, and PostgreSQL got a statement for it. mypy: errors with
--strict and
the plugin of pydantic; ruff: findings of ${rules}; both over the application's source without tests, of the
lines given. Time: wall clock of the command, the best of ${runs}; in brackets the ratio to ours. The others read the contract only, ours
the tables too, and what the others write is meant to be filled in.`);
}

function printRow(name: string, measured: Measurement, own: Measurement): void {
  const { results, failure, typeErrors: errors, findings: found, lines, milliseconds } = measured;
  const valid = results.filter(({ fault }) => fault === undefined);
  const stored = valid.filter(({ askedDatabase }) => askedDatabase);
  const ratio = measured === own ? "" : ` (${(milliseconds / own.milliseconds).toFixed(1)})`;
  const cells = [
    `${results.filter(({ status }) => status >= 200 && status < 300).length} answered`,
    `${valid.length} valid`,
    `${stored.length} from the database`,
    `mypy ${errors}`,
    `ruff ${found}`,
    `${lines} lines`,
    `${milliseconds.toFixed(0)} ms${ratio}`,
  ];
  console.log(`  ${name.padEnd(24)}${cells.map((cell) => cell.padEnd(cell.length < 12 ? 13 : 22)).join("")}`.trimEnd());
  if (failure !== undefined) console.log(`    ${failure}`);
  if (!process.env["BENCH_DETAILS"]) return;
  for (const { operation, fault, askedDatabase } of results) {
    console.log(`    ${operation}: ${fault ?? "valid"}${askedDatabase ? ", from the database" : ""}`);
  }
}
