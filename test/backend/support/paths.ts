import { readdirSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../../..");

/** Everything that the backend suite needs and git does not know. */
export const workFolder = join(root, ".backend-test");

/** Python with the generated stack; the harness installs it from `test/backend/requirements.txt`. */
export const venv = join(workFolder, "venv");

export const python = (name: string): string => join(venv, "bin", name);

/** The same with what projects of others use beside it (`requirements-brownfield.txt`). */
export const brownfieldPython = (name: string): string => join(workFolder, "brownfield", "bin", name);

/** Folder of the newest PostgreSQL that Debian has installed. */
export function postgresBinaries(): string {
  const parent = "/usr/lib/postgresql";
  const versions = readdirSync(parent).sort((left, right) => Number(right) - Number(left));
  return join(parent, versions[0] ?? "", "bin");
}
