import { singular } from "../../support/words.ts";
import { keyOfTable } from "../merge/tableShapes.ts";
import type { Column, DesignSpec, Endpoint, Table } from "../model.ts";
import type { AssumptionLedger } from "./assumptions.ts";
import { callerColumns, holdsUsers } from "./callerColumns.ts";
import type { Decisions } from "./decisions.ts";
import { purposeOf } from "./operationPurpose.ts";
import { parentColumns, type ResourceWalk } from "./resourceWalk.ts";
import { isFilledByTrigger } from "./triggers.ts";

/** Marks the columns that name whoever is signed in, unless the user says that requests give them. */
export function withCallerColumns(spec: DesignSpec, decisions: Decisions): DesignSpec {
  const tables = spec.database.tables.map((table): Table => {
    if (!table.columns.some(({ name }) => callerName.test(name))) return table;
    const columns = table.columns.map((column) =>
      namesCaller(spec, table, column) &&
      !/^request$/i.test(decisions.byId.get(ownerId(table, column))?.corrected ?? "")
        ? { ...column, fromCaller: true }
        : column,
    );
    return { ...table, columns };
  });
  return { ...spec, database: { ...spec.database, tables } };
}

/** Records whose rows a creation makes, where neither its body nor its path says so. */
export function noteOwners(
  spec: DesignSpec,
  endpoint: Endpoint,
  { walk, ledger }: { readonly walk: ResourceWalk; readonly ledger: AssumptionLedger },
): void {
  const { table } = walk.target;
  if (!table || purposeOf(endpoint.method, walk.resource).body !== "create") return;
  // A policy that compares the column with the caller is no guess of ours.
  const given = new Set([...parentColumns(walk), ...callerColumns(spec, table).keys()]);
  const body = new Set((endpoint.request?.schema.properties ?? []).map(({ name }) => plainName(name)));
  for (const column of table.columns) {
    const isOpen = namesCaller(spec, table, column) && !given.has(column.name) && !body.has(plainName(column.name));
    if (!isOpen) continue;
    ledger.assume({
      id: ownerId(table, column),
      kind: "owner",
      element: column.id,
      source: column.source,
      basis: endpoint.source,
      value: "caller",
      text: `${column.name} of a new row of ${keyOfTable(table)} is whoever is signed in; "request" would let the body say it.`,
    });
  }
}

const callerName = /^(?:owner|user|author|account|creator|created_by|creator_user)(?:_id)?$/;

/** Required, without a default, and named after whoever is signed in. */
function namesCaller(spec: DesignSpec, table: Table, column: Column): boolean {
  const required = !column.nullable && column.default === undefined;
  return callerName.test(column.name) && required && !isFilledByTrigger(spec, table, column);
}

/**
 * Whether the column refers to the user who makes the row: by its name, by what the domain model says of it, or because only
 * users in that role may make one (`instructor_id`). Only where no request gives it: somebody else may place an order for a
 * customer.
 */
export function isMaker(spec: DesignSpec, made: MadeRow, column: Column): boolean {
  const { table, endpoint } = made;
  const key = table.constraints.find(({ references, columns }) => references && columns.join() === column.name);
  const people = spec.database.tables.find((other) => keyOfTable(other) === key?.references?.table);
  if (!people || !holdsUsers(people) || column.nullable || column.default !== undefined) return false;
  const entity = spec.domain.entities.find((candidate) => candidate.table === keyOfTable(table));
  const field = entity?.fields.find(({ name }) => plainName(name) === plainName(column.name));
  const role = column.name.replace(/_id$/, "");
  const roles = (endpoint.security ?? []).flatMap(({ scopes }) => scopes.map((scope) => scope.toLowerCase()));
  return (
    makerName.test(column.name) ||
    roles.includes(role) ||
    role === singular(people.name) ||
    makerText.test([field?.description, column.comment].join(" ")) ||
    new RegExp(`\\b(?:signed-in|logged-in|authenticated|current|calling)\\s+${role}\\b`, "i").test(
      [endpoint.summary, endpoint.description].join(" "),
    )
  );
}

export interface MadeRow {
  readonly table: Table;
  readonly endpoint: Endpoint;
}

const makerName =
  /^(?:customer|buyer|client|guest|member|borrower|booker|requester|reporter|submitter|applicant|uploader|organi[sz]er|sender|subscriber)(?:_user)?(?:_id)?$|^(?:created|authored|owned|requested|reported|submitted|placed|ordered|booked|opened|raised|posted|uploaded|sent|written|recorded|logged|added|entered|filed)_by(?:_user)?(?:_id)?$/;
const makerText =
  /\b(?:who|that) (?:has |have )?(?:placed|created|made|opened|wrote|submitted|requested|booked|ordered|posted|started|reported|uploaded|issued|sent)\b|\b(?:signed-in|logged-in|authenticated|current|calling) user\b|\bthe caller\b/i;

export function ownerId(table: Table, { name }: Column): string {
  return `owner:${keyOfTable(table)}.${name}`;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
