import type { DesignElement, DesignSpec } from "./model.ts";

/**
 * Every element of the design, once, in the order endpoints, tables with what belongs to them,
 * entities, value objects, events, rules, error codes. Ids are unique within one specification.
 */
export function elementsOf(spec: DesignSpec): readonly DesignElement[] {
  const { api, database, domain, errors } = spec;
  return [
    ...api.endpoints,
    ...database.tables.flatMap((table) => [table, ...table.columns, ...table.constraints]),
    ...database.indexes,
    ...database.policies,
    ...domain.entities.flatMap((entity) => [entity, ...entity.fields]),
    ...domain.valueObjects.flatMap((valueObject) => [valueObject, ...valueObject.fields]),
    ...domain.events.flatMap((event) => [event, ...event.fields]),
    ...domain.rules,
    ...errors.codes,
  ];
}
