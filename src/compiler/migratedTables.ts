import type { AggregatePlan, BackendPlan } from "./plan.ts";

/** The tables that the migrations create, in an order in which every foreign key but a circular one points backwards. */
export function migratedTables({
  aggregates,
  partitions,
}: Pick<BackendPlan, "aggregates" | "partitions">): readonly AggregatePlan[] {
  return [...aggregates.filter(({ table }) => !table.external), ...partitions];
}
