import { listedValues } from "../spec/join/listedValues.ts";
import type { Column, DesignSpec, EnumType, Table } from "../spec/model.ts";
import { isText } from "../spec/sql/typeKinds.ts";
import type { StateMachine } from "../spec/stateMachine.ts";
import { snakeCase, uniqueName, words } from "../support/words.ts";
import { className, enumMemberName } from "./names.ts";
import type { EnumMember, EnumPlan } from "./plan.ts";
import { splitName, tableKey } from "./schemaText.ts";

/** Enum of a column by `table.column`. */
export type EnumsByColumn = ReadonlyMap<string, EnumPlan>;

export interface TableNames {
  readonly table: Table;
  readonly className: string;
  readonly module: string;
}

/**
 * The closed sets of strings: PostgreSQL enums, checks that list values, and the states of a state
 * machine whose column is plain text.
 *
 * A PostgreSQL enum that several tables use stands in a module of its own, so that a parent and its
 * children need not import each other; every other set belongs to its table.
 */
export function planEnums(spec: DesignSpec, tables: readonly TableNames[], taken: Set<string>): EnumsByColumn {
  const natives = new Map<string, EnumPlan>();
  const byColumn = new Map<string, EnumPlan>();
  for (const names of tables) {
    for (const column of names.table.columns) {
      const native = spec.database.enums.find(({ name }) => name === column.type.name);
      const plan = native
        ? (natives.get(native.name) ?? nativeEnum(native, ownerOf(native, names, tables), taken))
        : textEnum(spec, names, column, taken);
      if (native && plan) natives.set(native.name, plan);
      if (plan) byColumn.set(`${tableKey(names.table)}.${column.name}`, plan);
    }
  }
  return byColumn;
}

/** The state machine of a column, matched by entity and field. */
export function machineOf(spec: DesignSpec, names: TableNames, column: Column): StateMachine | undefined {
  const entity = snakeCase(names.className);
  return spec.domain.stateMachines.find(
    (machine) =>
      (snakeCase(machine.entity) === entity || snakeCase(machine.entity) === names.table.name) &&
      (snakeCase(machine.field) === column.name || (machine.field === "" && column.name === "status")),
  );
}

/** Module of the enums that several tables use. */
export const sharedEnumModule = "enums";

function ownerOf(type: EnumType, first: TableNames, tables: readonly TableNames[]): string {
  const users = tables.filter(({ table }) => table.columns.some((column) => column.type.name === type.name));
  return users.length > 1 ? sharedEnumModule : first.module;
}

function nativeEnum(type: EnumType, module: string, taken: Set<string>): EnumPlan {
  const name = claim(className(splitName(type.name).name.replace(/_(?:enum|type|t)$/, "")), "Value", taken);
  return { className: name, module, sqlName: type.name, members: members(type.values) };
}

function textEnum(spec: DesignSpec, names: TableNames, column: Column, taken: Set<string>): EnumPlan | undefined {
  if (!isText(column.type) || column.type.array) return undefined;
  const values =
    checkedValues(names.table, column) ?? machineOf(spec, names, column)?.states ?? statesListed(spec, names, column);
  if (values === undefined || values.length < 2) return undefined;
  const name = claim(className(`${names.className}_${column.name}`), "Value", taken);
  return { className: name, module: names.module, members: members(values) };
}

/** `status | OrderStatus | PENDING, PAID, REFUNDED` of the entity: nothing but its states. */
function statesListed(spec: DesignSpec, names: TableNames, column: Column): readonly string[] | undefined {
  if (!/^(?:status|state)$/.test(column.name)) return undefined;
  const entity = spec.domain.entities.find(({ name }) => snakeCase(name) === snakeCase(names.className));
  const text = entity?.fields.find(({ name }) => snakeCase(name) === column.name)?.description ?? "";
  const values = text.split(/\s*(?:,|\/|\|)\s*/);
  return values.every((value) => /^[A-Z][A-Z_]+$/.test(value)) ? values : undefined;
}

function checkedValues(table: Table, column: Column): readonly string[] | undefined {
  const checks = table.constraints.filter(({ type }) => type === "check");
  return checks.map((check) => listedValues(check, column.name)).find((values) => values !== undefined);
}

function claim(name: string, suffix: string, taken: Set<string>): string {
  const free = taken.has(name) ? uniqueName(`${name}${suffix}`, taken) : name;
  taken.add(free);
  return free;
}

function members(values: readonly string[]): readonly EnumMember[] {
  const taken = new Set<string>();
  return values.map((value) => {
    const name = uniqueName(memberName(value), taken);
    taken.add(name);
    return { name, value };
  });
}

function memberName(value: string): string {
  const hasWords = words(value).length > 0 || value === "";
  return hasWords ? enumMemberName(value) : `VALUE_${value.codePointAt(0)?.toString(16) ?? ""}`;
}
