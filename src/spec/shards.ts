import type { Fragment } from "./fragment.ts";
import type { Problem } from "./reading.ts";

/**
 * Marks the fragments of documents that are also there in parts: `docs/architecture.md` beside
 * `docs/architecture/api.md`. The parts are the ones that are kept up to date, so their version of an
 * element counts; what only the whole document has stays.
 */
export function markSuperseded(
  fragments: readonly Fragment[],
  paths: readonly string[],
): { readonly fragments: readonly Fragment[]; readonly problems: readonly Problem[] } {
  const wholes = new Map(paths.flatMap((path) => partOf(path, paths)));
  const problems = [...wholes].map(([path, part]): Problem => {
    const folder = path.replace(/\.\w+$/, "/");
    const message = `This document is also there in parts (${part}), whose versions count; leave it out, or the folder ${folder}.`;
    return { path, line: 1, severity: "warning", code: "SPEC-WHOLE", message };
  });
  return {
    fragments: fragments.map((fragment) => (wholes.has(fragment.path) ? { ...fragment, superseded: true } : fragment)),
    problems,
  };
}

/** The document with its first part; nothing for a document without parts. */
function partOf(path: string, paths: readonly string[]): [path: string, part: string][] {
  const folder = path.replace(/\.\w+$/, "/");
  const part = folder === path ? undefined : paths.find((other) => other.startsWith(folder));
  return part === undefined ? [] : [[path, part]];
}
