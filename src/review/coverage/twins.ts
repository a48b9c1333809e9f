import type { SourceSpan } from "../../spec/model.ts";
import type { Analysis } from "../analysis.ts";
import type { CodeTable } from "../facts/database.ts";

/** What the code has of one table of the design. */
export interface Twins {
  /** The table in models and in migrations, in this order; one, both or none. */
  readonly all: readonly CodeTable[];
  readonly model: CodeTable | undefined;
  readonly migrated: CodeTable | undefined;
}

/** Tables, else views and what else has an index without being a table of ours. */
export function twinsOf({ models, migrations }: Analysis, key: string): Twins {
  const [model, migrated] = [models, migrations].map(({ tables, views }) => tables.get(key) ?? views.get(key));
  return { all: [model, migrated].flatMap((table) => table ?? []), model, migrated };
}

interface Gap {
  readonly span: SourceSpan;
  readonly text: string;
}

/**
 * Where models and migrations both show a table and only one of them has what the design says of it: the database then
 * lacks what the code relies on, or the other way round. An open table may have it where nobody sees it.
 */
export function gapBetween(twins: Twins, has: (table: CodeTable) => boolean): Gap | undefined {
  const { model, migrated } = twins;
  if (!model || !migrated || has(model) === has(migrated)) return undefined;
  if (!has(migrated)) return migrated.isOpen ? undefined : { span: migrated.span, text: "No migration adds it" };
  return model.isOpen ? undefined : { span: model.span, text: "The model does not have it" };
}

/** What only models have. Indexes, constraints and policies that only migrations make work without any model. */
export function gapInMigrations(twins: Twins, has: (table: CodeTable) => boolean): Gap | undefined {
  return twins.migrated && has(twins.migrated) ? undefined : gapBetween(twins, has);
}
