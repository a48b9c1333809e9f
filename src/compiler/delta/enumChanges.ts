import type { EnumType } from "../../spec/model.ts";
import { executeSql } from "../migrationText.ts";
import type { BackendPlan } from "../plan.ts";
import { quoted, quotedKey, splitName, tableKey } from "../schemaText.ts";

export interface EnumChanges {
  readonly created: readonly string[];
  /** Each outside of a transaction, because a value can only be used once its addition is committed. */
  readonly extended: readonly string[];
  /** Types that lose a value or another order: made anew, which fails while a row has a lost value. */
  readonly remade: readonly string[];
  readonly dropped: readonly string[];
}

export function enumChanges(from: BackendPlan, to: BackendPlan): EnumChanges {
  const olds = new Map(from.spec.database.enums.map((type) => [type.name, type]));
  const news = new Map(to.spec.database.enums.map((type) => [type.name, type]));
  const pairs = [...news.values()].flatMap((type) => {
    const old = olds.get(type.name);
    return old && old.values.join("\0") !== type.values.join("\0") ? [{ old, type }] : [];
  });
  return {
    created: [...news.values()].filter(({ name }) => !olds.has(name)).map(createType),
    extended: pairs.filter(({ old, type }) => isExtension(old, type)).flatMap(({ old, type }) => additions(old, type)),
    remade: pairs.filter(({ old, type }) => !isExtension(old, type)).flatMap(({ type }) => remake(type, from, to)),
    dropped: [...olds.values()]
      .filter(({ name }) => !news.has(name))
      .map(({ name }) => executeSql(`DROP TYPE ${quotedKey(name)}`)),
  };
}

/** Whether the old values stand among the new ones, in their old order. */
export function isExtension(old: EnumType, type: EnumType): boolean {
  return type.values.filter((value) => old.values.includes(value)).join("\0") === old.values.join("\0");
}

function createType({ name, values }: EnumType): string {
  return executeSql(`CREATE TYPE ${quotedKey(name)} AS ENUM (${values.map(literal).join(", ")})`);
}

/** Each value is put after the one before it, so that the order is the design's; a first one before the next. */
function additions(old: EnumType, type: EnumType): readonly string[] {
  const key = quotedKey(type.name);
  return type.values.flatMap((value, index) => {
    if (old.values.includes(value)) return [];
    const before = type.values[index - 1];
    const next = old.values[0];
    const place =
      before !== undefined ? ` AFTER ${literal(before)}` : next === undefined ? "" : ` BEFORE ${literal(next)}`;
    const add = executeSql(`ALTER TYPE ${key} ADD VALUE IF NOT EXISTS ${literal(value)}${place}`);
    return [`with op.get_context().autocommit_block():\n    ${add}`];
  });
}

function remake(type: EnumType, from: BackendPlan, to: BackendPlan): readonly string[] {
  const key = quotedKey(type.name);
  const { schema } = splitName(type.name);
  const old = `${splitName(type.name).name}_before`;
  const columns = from.aggregates.flatMap(({ table }) => {
    const kept = to.aggregates.find((aggregate) => tableKey(aggregate.table) === tableKey(table))?.table ?? table;
    return table.columns
      .filter((column) => column.type.name === type.name)
      .map((column) => ({
        table: quotedKey(tableKey(table)),
        name: quoted(column.name),
        array: column.type.array ? "[]" : "",
        before: column.default,
        after: kept.columns.find(({ name }) => name === column.name)?.default,
      }));
  });
  const alter = (table: string, name: string, action: string) =>
    executeSql(`ALTER TABLE ${table} ALTER COLUMN ${name} ${action}`);
  return [
    executeSql(`ALTER TYPE ${key} RENAME TO ${quoted(old)}`),
    createType(type),
    ...columns.flatMap(({ table, name, array, before, after }) => [
      ...(before === undefined ? [] : [alter(table, name, "DROP DEFAULT")]),
      alter(table, name, `TYPE ${key}${array} USING ${name}::text${array}::${key}${array}`),
      ...(after === undefined ? [] : [alter(table, name, `SET DEFAULT ${after}`)]),
    ]),
    executeSql(`DROP TYPE ${schema === undefined ? "" : `${quoted(schema)}.`}${quoted(old)}`),
  ];
}

function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
