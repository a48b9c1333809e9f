import { memoized } from "../../support/memoized.ts";
import { singular, snakeCase, words } from "../../support/words.ts";
import { keyOfTable } from "../merge/tableShapes.ts";
import type { DesignSpec, Entity, Schema, SourceSpan, Table } from "../model.ts";

/** What the design calls by one name: a table, the entity that it stores, or only one of the two. */
export interface Resource {
  readonly table?: Table;
  readonly entity?: Entity;
  /** In {@link canonicalName}'s form; the last words of `wallet_transactions` are none of them. */
  readonly names: ReadonlySet<string>;
}

/** Names are equal whatever their convention, number and prefix: `OrderItem`, `tbl_order_items`. */
export const canonicalName = memoized((name) => singular(snakeCase(name).replace(/^(?:tbl|tb|t)_/, "")));

/** Tables with the entities that they store, then the entities that no table stores. */
export function resourcesOf(spec: DesignSpec): readonly Resource[] {
  const { entities } = spec.domain;
  const stored = spec.database.tables
    .filter(({ storage }) => storage?.partitionOf === undefined)
    .map((table): Resource => {
      const entity = entities.find((candidate) => candidate.table === keyOfTable(table));
      return { table, ...(entity && { entity }), names: namesOf([table.name, entity?.name]) };
    });
  const others = entities
    .filter(({ table }) => table === undefined)
    .map((entity): Resource => ({ entity, names: namesOf([entity.name]) }));
  return [...stored, ...others];
}

function namesOf(names: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(
    names.flatMap((name) => (name === undefined ? [] : canonicalName(name))).filter((name) => name !== ""),
  );
}

export function nameOf({ table, entity }: Resource): string {
  return entity?.name ?? table?.name ?? "";
}

export function sourceOf({ table, entity }: Resource): SourceSpan | undefined {
  return table?.source ?? entity?.source;
}

/** The one resource of that name. */
export function resourceNamed(name: string, among: readonly Resource[]): Resource | undefined {
  const wanted = canonicalName(name);
  return among.find(({ names }) => names.has(wanted));
}

/** `wallet_transactions` for `transactions`: the resources whose names end in these words. */
export function resourcesEndingIn(name: string, among: readonly Resource[]): readonly Resource[] {
  const wanted = canonicalName(name);
  if (wanted.length < 4) return [];
  return among.filter(({ names }) => [...names].some((known) => known.endsWith(`_${wanted}`)));
}

/** `Order` for `OrderListResponse`, `CreateOrderRequest` and `OrderDto`. */
export const schemaSubject = memoized((name) =>
  singular(
    words(name)
      .filter((word) => !schemaWords.has(word))
      .join("_"),
  ),
);

const schemaWords = new Set([
  ..."response request list page paged paginated result results out output input dto detail details read view".split(
    " ",
  ),
  ..."resource model create update new patch put summary payload body data collection envelope".split(" "),
]);

/** References in a schema and in the first level of an envelope: what an answer is named after. */
export function referencesIn(schema: Schema, resolve: (schema: Schema) => Schema): readonly string[] {
  const parts = [schema, resolve(schema)].flatMap((part) => [
    part,
    part.items,
    ...(hasKey(part) ? [] : (part.properties ?? []).map((property) => property.schema)),
  ]);
  return parts.flatMap((part) => part?.ref ?? part?.items?.ref ?? []);
}

/** What has a key is no envelope: the lines of an order do not say what the order is. */
function hasKey({ properties = [] }: Schema): boolean {
  return properties.some(({ name }) => /^(?:id|uuid)$/i.test(name));
}
