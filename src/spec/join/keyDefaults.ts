import { snakeCase } from "../../support/words.ts";
import { keyOfTable } from "../merge/tableShapes.ts";
import type { Column, DesignSpec, Endpoint, Table } from "../model.ts";
import type { AssumptionLedger } from "./assumptions.ts";
import { keyColumns } from "./columnFacts.ts";
import { purposeOf } from "./operationPurpose.ts";
import { type ResourceWalk, type WalkContext, walkPath } from "./resourceWalk.ts";
import { isFilledByTrigger } from "./triggers.ts";

/** What stands for a key that the application makes, in place of a default of the database. */
const byApplication = "application";

/**
 * Lets the application make the keys of rows that are created by a body that is not described or does not name them: nobody asks
 * a caller for the UUID of what does not exist yet. The table stays as the design has it; only the user's
 * decision gives it a default.
 */
export function withKeyDefaults(spec: DesignSpec, context: WalkContext, ledger: AssumptionLedger): DesignSpec {
  const made = new Map<string, Column>();
  for (const endpoint of spec.api.endpoints) {
    const walk = walkPath(endpoint, context);
    const column = walk && keyToMake(spec, endpoint, walk);
    if (!column || mayGive(endpoint, column, context) || !walk.target.table || made.has(column.id)) continue;
    const { value, state } = ledger.assume({
      id: `default:${keyOfTable(walk.target.table)}.${column.name}`,
      kind: "default",
      element: column.id,
      source: column.source,
      basis: endpoint.source,
      value: byApplication,
      text: `The application makes ${column.name} of a new row of ${walk.target.table.name}, a random UUID; "none" would ask for it, SQL such as "gen_random_uuid()" would be its default.`,
    });
    if (/^none$/i.test(value)) continue;
    const isDefault = state === "corrected" && value !== byApplication;
    made.set(column.id, { ...column, ...(isDefault ? { default: value } : { fromApplication: true }) });
  }
  if (made.size === 0) return spec;
  const tables = spec.database.tables.map((table): Table => {
    if (!table.columns.some(({ id }) => made.has(id))) return table;
    return { ...table, columns: table.columns.map((column) => made.get(column.id) ?? column) };
  });
  return { ...spec, database: { ...spec.database, tables } };
}

function mayGive({ request }: Endpoint, { name }: Column, { resolve }: WalkContext): boolean {
  if (!request) return false;
  const schema = resolve(request.schema);
  const named = (resolve(schema.items ?? schema).properties ?? []).map((property) => snakeCase(property.name));
  return named.length === 0 || named.includes(snakeCase(name));
}

/** The key of one UUID that nothing gives a value to. */
function keyToMake(spec: DesignSpec, endpoint: Endpoint, { target, resource }: ResourceWalk): Column | undefined {
  const { table } = target;
  if (!table || purposeOf(endpoint.method, resource).body !== "create") return undefined;
  const [key, ...more] = keyColumns(table);
  const column = table.columns.find(({ name }) => name === key);
  if (!column || more.length > 0 || column.type.name !== "uuid" || column.default !== undefined) return undefined;
  const refers = table.constraints.some(({ type, columns }) => type === "foreignKey" && columns.includes(column.name));
  return refers || isFilledByTrigger(spec, table, column) ? undefined : column;
}
