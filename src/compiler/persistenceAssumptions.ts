import { policySql } from "../spec/join/callerColumns.ts";
import type { DesignSpec } from "../spec/model.ts";
import { sameThing } from "../support/words.ts";
import type { Assumption, NeedsDetail } from "./compilation.ts";
import { isWithoutZone } from "./fieldPlans.ts";
import type { AggregatePlan } from "./plan.ts";
import type { SightPlan } from "./rules/rulePlan.ts";
import { tableKey } from "./schemaText.ts";

/** What the database design leaves open and the engine decides. */
export function persistenceAssumptions(spec: DesignSpec, aggregates: readonly AggregatePlan[]): readonly Assumption[] {
  return [
    ...forcedSecurity(spec),
    ...keylessTables(aggregates),
    ...momentsWithoutZone(aggregates),
    ...hiddenDeletions(spec, aggregates),
  ];
}

/** What the persistence half cannot implement. */
export function persistenceGaps(spec: DesignSpec, aggregates: readonly AggregatePlan[]): readonly NeedsDetail[] {
  const policies = spec.database.policies
    .filter((policy) => policy.sql === undefined && policy.using === undefined && policy.withCheck === undefined)
    .map((policy) => ({
      element: policy.id,
      reason: "The policy is described in words; give it as CREATE POLICY with its USING or WITH CHECK expression.",
      source: policy.source,
    }));
  const entities = spec.domain.entities
    .filter(({ name }) => !aggregates.some((aggregate) => sameThing(name, aggregate.className)))
    .map((entity) => ({
      element: entity.id,
      reason: `No table holds ${entity.name}; add one to the database design or mark it as a value object.`,
      source: entity.source,
    }));
  return [...policies, ...entities];
}

function forcedSecurity(spec: DesignSpec): readonly Assumption[] {
  return spec.database.tables
    .filter(({ rowSecurity }) => rowSecurity === "enabled")
    .map((table) => ({
      text: `Row-level security of ${table.name} is forced, so that the policies hold for the owner of the table too.`,
      element: table.id,
      source: table.source,
    }));
}

function keylessTables(aggregates: readonly AggregatePlan[]): readonly Assumption[] {
  return aggregates
    .filter(({ table }) => !table.constraints.some(({ type }) => type === "primaryKey"))
    .map(({ table, key }) => ({
      text: `${table.name} has no primary key; rows are identified by ${key.map(({ name }) => name).join(", ")}.`,
      element: table.id,
      source: table.source,
    }));
}

function momentsWithoutZone(aggregates: readonly AggregatePlan[]): readonly Assumption[] {
  return aggregates.flatMap(({ table, fields }) => {
    const names = fields.filter(isWithoutZone).map(({ column }) => column.name);
    if (names.length === 0) return [];
    const text = `${names.join(", ")} of ${table.name} keep no offset; they hold UTC. With timestamptz nothing has to be assumed.`;
    return [{ text, element: table.id, source: table.source }];
  });
}

/** PostgreSQL checks the new row of an update against the policies for reading, too. */
function hiddenDeletions(spec: DesignSpec, aggregates: readonly AggregatePlan[]): readonly Assumption[] {
  return aggregates.flatMap(({ table, fields }) => {
    const deleted = fields.find(({ role }) => role === "deletedAt")?.column.name;
    if (deleted === undefined || table.rowSecurity === "off") return [];
    const hides = new RegExp(`\\b${deleted}\\s+IS\\s+NULL`, "i");
    const readers = spec.database.policies.filter(
      ({ table: name, command }) => name === tableKey(table) && (command === "select" || command === "all"),
    );
    if (readers.length === 0 || !readers.every((policy) => hides.test(policySql(policy)))) return [];
    const [policy] = readers;
    return [
      {
        text: `Every policy for reading ${table.name} hides deleted rows, so PostgreSQL refuses to set ${deleted} (error 42501); the repository filters deleted rows by itself, the condition can leave the policy.`,
        ...(policy && { element: policy.id, source: policy.source }),
      },
    ];
  });
}

/** A column that names the caller when a row is made keeps nobody from the rows of others, where no rule (`sights`) does. */
export function openRows(
  spec: DesignSpec,
  aggregates: readonly AggregatePlan[],
  sights: readonly SightPlan[],
): readonly Assumption[] {
  const kept = new Set(sights.flatMap(({ owner, aggregate }) => (owner ? tableKey(aggregate.table) : [])));
  const reached = new Set(
    spec.api.endpoints
      .filter(({ method, security }) => method !== "POST" && security?.length !== 0)
      .flatMap(({ resource }) => resource?.steps.at(-1)?.table ?? []),
  );
  return aggregates.flatMap(({ table, fields }) => {
    const owner = fields.find(({ column }) => column.fromCaller === true)?.column.name;
    const isKept =
      kept.has(tableKey(table)) || spec.database.policies.some((policy) => policy.table === tableKey(table));
    if (owner === undefined || isKept || !reached.has(tableKey(table))) return [];
    const text = `No policy says who may see or change rows of ${table.name}, so whoever may call an endpoint reaches those of every ${owner}; a row policy in the database design keeps them to their owner.`;
    return [{ text, element: table.id, source: table.source }];
  });
}
