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

/** What stands and contradicts the design is the team's to change, and what it does not expect is said. */
export function differences(spec: DesignSpec, models: readonly ModelShape[]): readonly Decision[] {
  return models.flatMap((model) => {
    const { table, module, name, lacks, place } = model;
    const designed = spec.database.tables.find((candidate) => tableKey(candidate) === table);
    if (!designed || !lacks) return [];
    const differing = lacks.differences.join("; ");
    const unwritten =
      place || lacks.model.length === 0 ? "" : lacks.model.map((id) => id.replace(/^.*[.:]/, "")).join(", ");
    const isSecured = lacks.database.includes(designed.id);
    const texts = [
      ...(differing === ""
        ? []
        : [
            `${module}.${name} differs from the design and is left as it stands (${differing}). Change it and write the migration, or correct the design.`,
          ]),
      ...(unwritten === ""
        ? []
        : [
            `${module}.${name} lacks ${unwritten} and is not written in a way that lines can be added to; add them by hand.`,
          ]),
      ...(isSecured
        ? [
            `The migration switches row level security on for ${table}: code that stands and does not set what the policies ask for sees none of its rows any more.`,
          ]
        : []),
    ];
    return texts.map((text) => ({ text }));
  });
}
