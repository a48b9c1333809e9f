import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";

/** Never part of a design or a backend, whether or not version control says so. */
const alwaysIgnored = [
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  ".venv",
  "venv",
  "__pycache__",
  "*.pyc",
  ".mypy_cache",
  ".ruff_cache",
  ".pytest_cache",
  ".tox",
  ".nox",
  ".eggs",
  ".direnv",
  ".ipynb_checkpoints",
  "__pypackages__",
  "site-packages",
  "**/build/lib",
  "*.egg-info",
];

/** Whether a path, relative to the folder of the rules, is ignored; a folder's ends in a slash. */
export type IgnoreRules = (path: string) => boolean;

export function builtInRules(): IgnoreRules {
  return rulesOf(ignore().add(alwaysIgnored));
}

/** The rules of a folder's own `.gitignore`; undefined when it has none. */
export async function readRules(folder: string): Promise<IgnoreRules | undefined> {
  const text = await readFile(join(folder, ".gitignore"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : rulesOf(ignore().add(text));
}

function rulesOf(rules: Ignore): IgnoreRules {
  return (path) => ignore.isPathValid(path) && rules.ignores(path);
}
