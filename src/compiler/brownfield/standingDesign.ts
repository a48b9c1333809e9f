import type { DatabaseDesign, DesignSpec, SqlStatement, Table } from "../../spec/model.ts";
import { planAggregates } from "../aggregates.ts";
import type { Decision } from "../compilation.ts";
import { buildable } from "../delta/compileChange.ts";
import { isRevision } from "../delta/revisions.ts";
import type { ExistingProject } from "../existingProject.ts";
import type { BackendPlan } from "../plan.ts";
import { tableKey } from "../schemaText.ts";
import type { ModelShape } from "./projectShape.ts";

/** The database as the project has it: of the design's tables those that stand, without what they lack. */
export function standingPlan(plan: BackendPlan, models: readonly ModelShape[], existing: ExistingProject): BackendPlan {
  const { database } = plan.spec;
  const standing = standingDatabase(database, models, existing);
  const trimmed = buildable({ ...plan, spec: { ...plan.spec, database: standing } });
  return { ...trimmed, aggregates: planAggregates(trimmed.spec).aggregates };
}

function standingDatabase(
  database: DatabaseDesign,
  models: readonly ModelShape[],
  existing: ExistingProject,
): DatabaseDesign {
  const declared = new Set(models.map(({ table }) => table));
  const lacking = new Set(models.flatMap(({ lacks }) => lacks?.database ?? []));
  const stands = ({ id }: { readonly id: string }): boolean => !lacking.has(id);
  const tables = database.tables
    .filter((table) => declared.has(tableKey(table)))
    .map(
      (table): Table => ({
        ...table,
        columns: table.columns.filter(stands),
        constraints: table.constraints.filter(stands),
        rowSecurity: stands(table) ? table.rowSecurity : "off",
      }),
    );
  const used = new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type.name)));
  const revisions = Object.entries(existing).flatMap(([path, text]) => (isRevision({ path }) ? [plain(text)] : []));
  return {
    tables,
    enums: database.enums.filter(({ name }) => used.has(name)),
    indexes: database.indexes.filter((index) => declared.has(index.table) && stands(index)),
    policies: database.policies.filter((policy) => declared.has(policy.table) && stands(policy)),
    statements: database.statements.filter((statement) => revisions.some((text) => makes(text, statement))),
  };
}

/** Whether a migration makes the object: its body may be another one, but there is one of that name. */
function makes(revision: string, { kind, name, sql }: SqlStatement): boolean {
  if (revision.includes(plain(sql))) return true;
  const isNamed = kind === "function" || kind === "trigger" || kind === "view" || kind === "extension";
  const created = new RegExp(
    `create (?:or replace )?(?:constraint |materialized )?${kind} (?:if not exists )?(?:\\w+\\.)?${name.toLowerCase().replace(/\W/g, "\\$&")}\\b`,
  );
  return isNamed && created.test(revision);
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll('"', "").replace(/\s+/g, " ").trim();
}

/** What stands and contradicts the design is the team's to change. */
export function differences(
  spec: DesignSpec,
  implemented: ReadonlySet<string>,
  models: readonly ModelShape[],
): readonly Decision[] {
  return models.flatMap((model) => {
    const table = spec.database.tables.find((candidate) => tableKey(candidate) === model.table);
    const indexes = spec.database.indexes.filter((index) => index.table === model.table);
    const parts = [...(table?.columns ?? []), ...(table?.constraints ?? []), ...indexes];
    const isAdded = (id: string): boolean => model.place !== undefined && (model.lacks?.model.includes(id) ?? false);
    const differing = parts.filter(({ id }) => !implemented.has(id) && !isAdded(id));
    if (differing.length === 0) return [];
    const names = differing.map(({ name }) => name).join(", ");
    const text = `${model.module}.${model.name} is not as designed in ${names}; change it and write the migration, it is left as it stands.`;
    return [{ text }];
  });
}
