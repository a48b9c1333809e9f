import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ensureDebianPackages } from "./debian.ts";
import { root } from "./paths.ts";
import { runToEnd } from "./processes.ts";

const postgresHome = "/usr/lib/postgresql";

interface PythonEnvironment {
  readonly folder: string;
  readonly requirements: string;
}

const environments: readonly PythonEnvironment[] = [
  { folder: "venv", requirements: "requirements.txt" },
  { folder: "brownfield", requirements: "requirements-brownfield.txt" },
  { folder: "schemathesis", requirements: "requirements-schemathesis.txt" },
].map(({ folder, requirements }) => ({
  folder: join(root, ".backend-test", folder),
  requirements: join(root, "test", "backend", requirements),
}));

/** What the sandbox for commands is made of; without it its tests are skipped, and say so. */
export function ensureBubblewrap(): void {
  if (process.platform === "linux" && !existsSync("/usr/bin/bwrap")) ensureDebianPackages(["bubblewrap"]);
}

/** The folder of the newest PostgreSQL's programs; Debian's PostgreSQL is installed when there is none. */
export function ensurePostgres(): string {
  if (!newestPostgres()) ensureDebianPackages(["postgresql"]);
  const found = newestPostgres();
  if (!found) throw new Error(`No PostgreSQL found under ${postgresHome}.`);
  return found;
}

/**
 * The Python environments in which generated backends are run, and from which they are asked.
 *
 * Each is made anew when its list changes; what asks must not change the versions of what answers.
 */
export function ensurePythonEnvironments(): void {
  for (const environment of environments) ensurePythonEnvironment(environment);
}

/**
 * A generator of others that the benches compare with, in an environment of its own so that its
 * dependencies meet nobody else's. Gives the folder of its programs; throws what pip says when it
 * cannot be installed.
 */
export function ensureGenerator(name: string): string {
  const folder = join(root, ".backend-test", "generators", name);
  const requirements = join(root, "test", "bench", "generators", `requirements-${name}.txt`);
  ensurePythonEnvironment({ folder, requirements });
  return join(folder, "bin");
}

function ensurePythonEnvironment({ folder, requirements }: PythonEnvironment): void {
  const stamp = join(folder, "requirements.sha256");
  const wanted = createHash("sha256").update(listOf(requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log(`Installing the Python packages of ${basename(requirements)} into .backend-test, once …`);
  if (!existsSync("/usr/bin/python3") || !hasVenvModule()) ensureDebianPackages(["python3", "python3-venv"]);
  rmSync(folder, { recursive: true, force: true });
  runToEnd("python3", ["-m", "venv", folder]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements];
  runToEnd(join(folder, "bin", "python"), pip);
  writeFileSync(stamp, wanted);
}

/** A list with those that it takes in. */
function listOf(requirements: string): string {
  const other = (_: string, name: string) => listOf(join(dirname(requirements), name));
  return readFileSync(requirements, "utf8").replace(/^-r (\S+)$/gm, other);
}

function newestPostgres(): string | undefined {
  if (!existsSync(postgresHome)) return undefined;
  const versions = readdirSync(postgresHome).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(postgresHome, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

function hasVenvModule(): boolean {
  try {
    runToEnd("python3", ["-c", "import ensurepip, venv"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
