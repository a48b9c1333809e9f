import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureDebianPackages } from "./debian.ts";
import { root } from "./paths.ts";
import { runToEnd } from "./processes.ts";

const postgresHome = "/usr/lib/postgresql";
const environment = join(root, ".backend-test", "venv");
const requirements = join(root, "test", "backend", "requirements.txt");

/** The folder of the newest PostgreSQL's programs; Debian's PostgreSQL is installed when there is none. */
export function ensurePostgres(): string {
  if (!newestPostgres()) ensureDebianPackages(["postgresql"]);
  const found = newestPostgres();
  if (!found) throw new Error(`No PostgreSQL found under ${postgresHome}.`);
  return found;
}

/** The Python environment in which generated backends are checked and run; made anew when its list changes. */
export function ensurePythonEnvironment(): string {
  const stamp = join(environment, "requirements.sha256");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return environment;
  console.log("Installing the generated stack's Python packages into .backend-test/venv, once …");
  if (!existsSync("/usr/bin/python3") || !hasVenvModule()) ensureDebianPackages(["python3", "python3-venv"]);
  rmSync(environment, { recursive: true, force: true });
  runToEnd("python3", ["-m", "venv", environment]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements];
  runToEnd(join(environment, "bin", "python"), pip);
  writeFileSync(stamp, wanted);
  return environment;
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
