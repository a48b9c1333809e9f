import { moduleOf } from "./layers.ts";

/** Paths by module; null for a name that two files share. */
export type Modules = ReadonlyMap<string, string | null>;

/**
 * Files by every ending of their module path, because the folder that Python starts from is not
 * known: `backend/app/db.py` is found as `app.db`, and `src/orders/models.py` as `src.orders.models`,
 * too. An ending that two files share finds neither.
 */
export function indexModules(paths: readonly string[]): Modules {
  const modules = new Map<string, string | null>();
  for (const path of paths) {
    const parts = moduleOf(path).split(".");
    for (let start = 1; start < parts.length; start++) {
      const ending = parts.slice(start).join(".");
      modules.set(ending, modules.has(ending) ? null : path);
    }
  }
  for (const path of paths) modules.set(path.replace(/(\/__init__)?\.py$/, "").replaceAll("/", "."), path);
  for (const path of paths) modules.set(moduleOf(path), path);
  return modules;
}
