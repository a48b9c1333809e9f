import type { Fragment } from "../fragment.ts";
import type { DesignSpec } from "../model.ts";
import type { Problem } from "../reading.ts";
import { mergeApi } from "./mergeApi.ts";
import { mergeDatabase } from "./mergeDatabase.ts";
import { mergeDomain } from "./mergeDomain.ts";
import { mergeErrors } from "./mergeErrors.ts";

/** Puts the documents together; `paths` is their order. Disagreements become problems. */
export function mergeFragments(
  fragments: readonly Fragment[],
  paths: readonly string[],
): { readonly spec: DesignSpec; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const api = mergeApi(fragments, paths, problems);
  const database = mergeDatabase(fragments, paths, problems);
  const tables = database.tables.map((table) => table.name);
  const spec: DesignSpec = {
    api,
    database,
    domain: mergeDomain(fragments, paths, problems, tables),
    errors: mergeErrors(fragments, api, paths, problems),
  };
  return { spec, problems };
}
