import { delimiter, isAbsolute, resolve, sep } from "node:path";

/** The variables a child process gets. Everything else, keys and tokens above all, stays here. */
const passedOn = ["PATH", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "COMSPEC", "PATHEXT"];

/**
 * Where programs are looked for when a command runs: a project can put a folder of its own, or a relative
 * one, on the PATH, and those are left out.
 */
export function programPath(root: string): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders
    .filter((folder) => isAbsolute(folder) && !`${resolve(folder)}${sep}`.startsWith(root + sep))
    .join(delimiter);
}

/** A clean environment: an allow-list of the parent's, and what the caller adds. */
export function childEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // The editor's own executable is a Node only when told so.
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: "1", ...extra };
}
