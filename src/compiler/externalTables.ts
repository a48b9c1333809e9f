import type { DesignSpec } from "../spec/model.ts";
import { splitName, tableKey } from "./schemaText.ts";

/** A table that foreign keys point at and the design does not define: Supabase's `auth.users`. */
export interface ExternalTable {
  readonly name: string;
  readonly schema: string | undefined;
  readonly columns: readonly string[];
}

export function externalTables(spec: DesignSpec): readonly ExternalTable[] {
  const own = new Set(spec.database.tables.map(tableKey));
  const columns = new Map<string, Set<string>>();
  for (const { references } of spec.database.tables.flatMap(({ constraints }) => constraints)) {
    if (!references || own.has(references.table)) continue;
    const names = references.columns.length > 0 ? references.columns : ["id"];
    columns.set(references.table, new Set([...(columns.get(references.table) ?? []), ...names]));
  }
  return [...columns].map(([key, names]) => {
    return { ...splitName(key), columns: [...names] };
  });
}
