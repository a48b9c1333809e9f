/** The variables a child process gets. Everything else, keys and tokens above all, stays here. */
const passedOn = ["PATH", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "COMSPEC", "PATHEXT"];

/** A clean environment: an allow-list of the parent's, and what the caller adds. */
export function childEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // The editor's own executable is a Node only when told so.
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: "1", ...extra };
}
