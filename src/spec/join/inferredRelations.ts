import { keyOfTable } from "../merge/tableShapes.ts";
import type { Constraint, DesignSpec, Table } from "../model.ts";
import type { AssumptionLedger } from "./assumptions.ts";
import { keyColumns } from "./columnFacts.ts";
import type { Decisions } from "./decisions.ts";
import { relationId } from "./relations.ts";
import type { ResourceWalk, WalkGuess } from "./resourceWalk.ts";

/**
 * Gives the tables the foreign keys that both a path and a column's name ask for:
 * `/customers/{id}/orders`, and `orders.customer_id` without a key.
 */
export function withInferredRelations(
  spec: DesignSpec,
  walks: readonly ResourceWalk[],
  ledger: AssumptionLedger,
): DesignSpec {
  const guesses = walks.flatMap(({ guesses: all }) => all.filter((guess) => guess.type === "relation"));
  const added = new Map<string, Constraint>();
  for (const guess of guesses) {
    const constraint = constraintOf(guess);
    if (!constraint || added.has(constraint.id)) continue;
    const target = `${constraint.references?.table}.${constraint.references?.columns.join()}`;
    const { state, value } = ledger.assume({
      id: relationId(guess.child, guess.column),
      kind: "relation",
      element: guess.column.id,
      source: guess.column.source,
      value: target,
      text: `${constraint.table}.${guess.column.name} refers to ${target}: a path asks for it, and no foreign key says so.`,
    });
    if (!/^none$/i.test(value))
      added.set(constraint.id, state === "open" ? constraint : { ...constraint, confidence: "declared" });
  }
  if (added.size === 0) return spec;
  const tables = spec.database.tables.map((table): Table => {
    const own = [...added.values()].filter((constraint) => constraint.table === keyOfTable(table));
    return own.length === 0 ? table : { ...table, constraints: [...table.constraints, ...own] };
  });
  return { ...spec, database: { ...spec.database, tables } };
}

/** Ids of the relations that the user says do not exist. */
export function refusedRelations({ byId }: Decisions): ReadonlySet<string> {
  const refused = [...byId].filter(
    ([id, { corrected }]) => id.startsWith("relation:") && /^none$/i.test(corrected ?? ""),
  );
  return new Set(refused.map(([id]) => id));
}

function constraintOf({ child, parent, column }: Extract<WalkGuess, { type: "relation" }>): Constraint | undefined {
  if (!child.table || !parent.table) return undefined;
  const name = `${child.table.name}_${column.name}_fkey`;
  const table = keyOfTable(child.table);
  return {
    id: `constraint:${table}.${name}`,
    kind: "constraint",
    name,
    source: column.source,
    confidence: "inferred",
    table,
    type: "foreignKey",
    named: false,
    columns: [column.name],
    references: {
      table: keyOfTable(parent.table),
      columns: keyColumns(parent.table),
      onDelete: "noAction",
      onUpdate: "noAction",
    },
  };
}
