import { type AggregatePlans, planAggregates } from "../../src/compiler/aggregates.ts";
import { emitPersistence } from "../../src/compiler/emitPersistence.ts";
import { planErrors } from "../../src/compiler/errorClasses.ts";
import type { AggregatePlan, BackendPlan } from "../../src/compiler/plan.ts";
import type { DesignSpec } from "../../src/spec/model.ts";
import { readSpec } from "../../src/spec/readSpec.ts";

/** Reads a design from document texts by path, `schema.sql` for instance. */
export async function specOf(documents: Readonly<Record<string, string>>): Promise<DesignSpec> {
  const reading = await readSpec(Object.entries(documents).map(([path, text]) => ({ path, text })));
  return reading.spec;
}

export async function aggregatesOf(sql: string, more: Readonly<Record<string, string>> = {}): Promise<AggregatePlans> {
  return planAggregates(await specOf({ "schema.sql": sql, ...more }));
}

/** A plan of the persistence half alone: `adjust` stands in for what the API half fills in. */
export async function persistencePlanOf(
  documents: Readonly<Record<string, string>>,
  adjust: (aggregate: AggregatePlan) => AggregatePlan = (aggregate) => aggregate,
): Promise<BackendPlan> {
  const spec = await specOf(documents);
  const plans = planAggregates(spec);
  const { errors } = planErrors(spec);
  return {
    spec,
    name: "shop",
    title: "Shop",
    values: [],
    sights: [],
    kept: [],
    ...plans,
    hasCallers: true,
    aggregates: plans.aggregates.map(adjust),
    errors,
  };
}

/** Text of the persistence files by path, as emitted. */
export async function persistenceFilesOf(sql: string): Promise<ReadonlyMap<string, string>> {
  const plan = await persistencePlanOf({ "schema.sql": sql });
  return new Map(emitPersistence(plan, 88).map(({ path, text }) => [path, text]));
}
