import { keyOfTable } from "../merge/tableShapes.ts";
import type { DesignSpec, Entity, Table } from "../model.ts";
import type { AssumptionLedger, Inference } from "./assumptions.ts";
import { type CorrectionContext, refuse } from "./corrections.ts";
import { canonicalName } from "./resources.ts";

/**
 * Tells every entity which table stores it.
 *
 * The same name in another convention is no guess. A table that only ends in the entity's name is
 * one, and that an entity is stored nowhere is one too, where there are tables at all.
 */
export function matchNames(
  spec: DesignSpec,
  { decisions, ledger, problems }: CorrectionContext & { readonly ledger: AssumptionLedger },
): DesignSpec {
  const { tables } = spec.database;
  const { entities } = spec.domain;
  if (tables.length === 0) return spec;
  const exact = new Map(entities.map((entity) => [entity.name, tables.find((table) => isSame(entity, table))]));
  const taken = new Set([...exact.values()]);
  const free = tables.filter((table) => !taken.has(table));
  const matched = entities.map((entity): Entity => {
    const same = exact.get(entity.name);
    if (same && !decisions.byId.has(`name:${entity.name}`)) return { ...entity, table: keyOfTable(same) };
    const likely = same ?? endingIn(entity, free);
    const { value } = ledger.assume(inferenceOf(entity, likely));
    const table = tableNamed(value, tables, likely);
    if (!table && !/^none$/i.test(value)) {
      refuse(
        { decisions, problems },
        `name:${entity.name}`,
        `no document defines the table ${value}; name another, or none`,
      );
    }
    return table ? { ...entity, table: keyOfTable(table) } : entity;
  });
  return { ...spec, domain: { ...spec.domain, entities: matched } };
}

function inferenceOf(entity: Entity, likely: Table | undefined): Inference {
  return {
    id: `name:${entity.name}`,
    kind: "name",
    element: entity.id,
    source: entity.source,
    value: likely ? keyOfTable(likely) : "none",
    text: likely
      ? `${entity.name} is stored in the table ${keyOfTable(likely)}, whose name is like it.`
      : `No table is called like ${entity.name}, so none is taken to store it.`,
    ...(likely && { basis: likely.source }),
  };
}

function tableNamed(value: string, tables: readonly Table[], likely: Table | undefined): Table | undefined {
  if (likely && keyOfTable(likely) === value) return likely;
  return tables.find((table) => keyOfTable(table) === value || table.name === value);
}

function isSame(entity: Entity, table: Table): boolean {
  const name = canonicalName(entity.name);
  return name !== "" && name === canonicalName(table.name);
}

function endingIn(entity: Entity, tables: readonly Table[]): Table | undefined {
  const wanted = canonicalName(entity.name);
  const ending = wanted.length < 4 ? [] : tables.filter(({ name }) => canonicalName(name).endsWith(`_${wanted}`));
  return ending.length === 1 ? ending[0] : undefined;
}
