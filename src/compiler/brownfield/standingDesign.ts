import type { DesignSpec } from "../../spec/model.ts";
import type { Decision } from "../compilation.ts";
import type { PlannedBackend } from "../compile.ts";
import { buildable } from "../delta/compileChange.ts";
import type { BackendPlan } from "../plan.ts";
import { tableKey } from "../schemaText.ts";

/** The database as the project's models have it: the tables that stand, as the design wants them. */
export function standingPlan({ plan }: PlannedBackend, declared: ReadonlyMap<string, unknown>): BackendPlan {
  const { database } = plan.spec;
  const isDeclared = (table: string): boolean => declared.has(table);
  const tables = database.tables.filter((table) => isDeclared(tableKey(table)));
  const used = new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type.name)));
  const standing = {
    ...database,
    tables,
    enums: database.enums.filter(({ name }) => used.has(name)),
    indexes: database.indexes.filter(({ table }) => isDeclared(table)),
    policies: database.policies.filter(({ table }) => isDeclared(table)),
    statements: [],
  };
  return {
    ...buildable({ ...plan, spec: { ...plan.spec, database: standing } }),
    aggregates: plan.aggregates.filter(({ table }) => isDeclared(tableKey(table))),
  };
}

/** What stands and is not as designed is the team's to change. */
export function differences(
  spec: DesignSpec,
  implemented: ReadonlySet<string>,
  declared: ReadonlyMap<string, { readonly module: string; readonly name: string }>,
): readonly Decision[] {
  return spec.database.tables.flatMap((table) => {
    const model = declared.get(tableKey(table));
    const indexes = spec.database.indexes.filter((index) => index.table === tableKey(table));
    const differing = [...table.columns, ...table.constraints, ...indexes].filter(({ id }) => !implemented.has(id));
    if (!model || differing.length === 0) return [];
    const names = differing.map(({ name }) => name).join(", ");
    return [
      {
        text: `${model.module}.${model.name} is not as designed in ${names}; change it and write the migration, it is left as it stands.`,
      },
    ];
  });
}
