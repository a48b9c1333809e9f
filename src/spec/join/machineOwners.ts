import { snakeCase } from "../../support/words.ts";
import type { DesignSpec } from "../model.ts";
import type { StateMachine } from "../stateMachine.ts";
import { canonicalName } from "./resources.ts";

/**
 * State machines that are called like a closed set, `OrderStatus`, become those of what has it: of the one entity with a
 * field of that type, or of the one table with a column of it.
 */
export function withMachineOwners(spec: DesignSpec): DesignSpec {
  const { stateMachines, entities } = spec.domain;
  const names = new Set([...entities, ...spec.database.tables].map(({ name }) => canonicalName(name)));
  const isOwner = ({ entity }: StateMachine): boolean => names.has(canonicalName(entity));
  if (stateMachines.every(isOwner)) return spec;
  const owned = stateMachines.map((machine) => (isOwner(machine) ? machine : ofOwner(spec, machine)));
  return { ...spec, domain: { ...spec.domain, stateMachines: owned } };
}

function ofOwner({ domain, database }: DesignSpec, machine: StateMachine): StateMachine {
  const set = snakeCase(machine.entity);
  const fields = domain.entities.flatMap(({ fields: all }) => all.filter(({ type }) => snakeCase(type) === set));
  const columns = database.tables.flatMap(({ name, columns: all }) =>
    all.filter(({ type }) => type.name === set).map((column) => ({ owner: name, name: column.name })),
  );
  const [owner, ...others] = fields.length > 0 ? fields : columns;
  return owner && others.length === 0 ? { ...machine, entity: owner.owner, field: owner.name } : machine;
}
