import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Compilation } from "../../../src/compiler/compilation.ts";
import { compile } from "../../../src/compiler/compile.ts";
import type { DesignSpec } from "../../../src/spec/model.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import type { Cluster } from "./cluster.ts";
import { python, workFolder } from "./paths.ts";
import { type CommandResult, run, startDaemon } from "./processes.ts";

export const jwtSecret = "only-for-the-tests-0123456789-abcdefghij";

/** A project as the engine wrote it, in a folder of its own. */
export interface GeneratedProject {
  readonly folder: string;
  readonly spec: DesignSpec;
  readonly compilation: Compilation;
  readonly remove: () => void;
}

export function generateProject(documents: string): Promise<GeneratedProject> {
  return generateFrom(documents, filesBelow(documents));
}

/** The same from some files of a folder. */
export async function generateFrom(folder: string, paths: readonly string[]): Promise<GeneratedProject> {
  const documents = paths.map((path) => ({ path: relative(folder, path), text: readFileSync(path, "utf8") }));
  const { spec } = await readSpec(documents);
  return writeProject(spec, compile(spec));
}

function writeProject(spec: DesignSpec, compilation: Compilation): GeneratedProject {
  mkdirSync(workFolder, { recursive: true });
  const folder = mkdtempSync(join(workFolder, "project-"));
  for (const { path, text } of compilation.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, spec, compilation, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The analyzers that the project's own `pyproject.toml` configures. */
export const staticTools: readonly (readonly [string, readonly string[]])[] = [
  ["mypy", ["--strict", "src"]],
  ["black", ["--check", "."]],
  ["isort", ["--check", "."]],
  ["ruff", ["check", "."]],
  ["bandit", ["-q", "-r", "src"]],
];

export interface Database {
  /** As the role that owns the tables. */
  readonly migrationUrl: string;
  /** As the role that the application runs as: neither superuser nor owner, and bound by row policies. */
  readonly applicationUrl: string;
}

/** An empty database with an owner and an application role. */
export async function createDatabase(cluster: Cluster, name: string): Promise<Database> {
  await cluster.sql("postgres", `CREATE ROLE ${name}_owner LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS`);
  await cluster.sql("postgres", `CREATE ROLE ${name}_app LOGIN NOSUPERUSER NOBYPASSRLS`);
  await cluster.sql("postgres", `CREATE DATABASE ${name} OWNER ${name}_owner`);
  const url = (role: string) => `postgresql://${role}@127.0.0.1:${cluster.port}/${name}`;
  return { migrationUrl: url(`${name}_owner`), applicationUrl: url(`${name}_app`) };
}

/** What an operator grants to the application role once the tables are there. */
export async function grantAccess(cluster: Cluster, name: string): Promise<void> {
  const schemas = await cluster.sql(
    name,
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
  );
  for (const schema of schemas.split("\n")) {
    await cluster.sql(name, `GRANT USAGE ON SCHEMA ${schema} TO ${name}_app`);
    await cluster.sql(name, `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${name}_app`);
    await cluster.sql(name, `GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${name}_app`);
    await cluster.sql(name, `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${name}_app`);
  }
}

export function alembic(project: GeneratedProject, url: string, ...args: readonly string[]): Promise<CommandResult> {
  return run(python("alembic"), args, { cwd: project.folder, env: environment(url) });
}

export interface Server {
  readonly url: string;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** The generated application under uvicorn, answering. */
export function startServer(
  project: GeneratedProject,
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const application = ["--factory", "app.main:create_app", "--app-dir", "src"];
  return startUvicorn(application, project.folder, { ...environment(databaseUrl), ...settings });
}

/** Any application under uvicorn, on a port that the system gave it; rejects with the log when it does not start. */
export async function startUvicorn(
  application: readonly string[],
  cwd: string,
  settings: Readonly<Record<string, string>>,
  program = python("uvicorn"),
): Promise<Server> {
  const server = startDaemon(
    program,
    // A connection that the server closes while a request is on its way fails; on a busy machine five seconds pass between two.
    [...application, "--host", "127.0.0.1", "--port", "0", "--timeout-keep-alive", "120"],
    { cwd, env: { ...process.env, ...settings } },
    "SIGTERM",
  );
  const [, url = ""] = await server.logged(/running on (http:\/\/127\.0\.0\.1:\d+)/);
  return { url, ...server };
}

/** The settings that every generated backend needs. */
export function environment(databaseUrl: string): Readonly<Record<string, string>> {
  return {
    APP_DATABASE_URL: databaseUrl,
    APP_JWT_SECRET: jwtSecret,
    APP_FILES_FOLDER: join(workFolder, "files"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
