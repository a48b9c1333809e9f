import type { Field } from "../../spec/model.ts";
import { sameThing, singular, words } from "../../support/words.ts";
import type { AggregatePlan, BackendPlan, FieldPlan } from "../plan.ts";
import type { RuleContext } from "./resolveStatement.ts";

/** A field that a sentence names, and whose it is. */
export interface NamedField {
  readonly aggregate: AggregatePlan;
  readonly field: FieldPlan;
}

export type Domain = BackendPlan["spec"]["domain"];

/**
 * The field that words such as `an order's quantity`, `the quantity of an order item`, `Order.quantity`, `quantity` or
 * its description in the domain model name; undefined when none or several are meant.
 */
export function fieldNamed(
  phrase: string,
  aggregates: readonly AggregatePlan[],
  { entities }: Domain,
): NamedField | undefined {
  const bare = withoutArticle(phrase);
  const of = /^(.+?) (?:of|von|eines|einer|der|des) (.+)$/i.exec(bare) ?? /^(.+?)の(.+)$/.exec(bare)?.map(swap);
  const possessive = /^(.+?)(?:'s|s') (.+)$/.exec(bare) ?? /^(\w+)\.(\w+)$/.exec(bare);
  const owned = possessive ? [possessive[1], possessive[2]] : of ? [of[2], of[1]] : undefined;
  if (owned?.[0] !== undefined && owned[1] !== undefined) {
    const owner = aggregateNamed(owned[0], aggregates);
    return owner && only(fieldsNamed(owned[1], [owner], entities));
  }
  const direct = fieldsNamed(bare, aggregates, entities);
  if (direct.length > 0) return only(direct);
  const prefixed = aggregates.flatMap((aggregate) => {
    const name = words(aggregate.className);
    const said = words(bare);
    const isOwn = said.length > name.length && name.every((word, at) => singular(said[at] ?? "") === singular(word));
    return isOwn ? fieldsNamed(said.slice(name.length).join(" "), [aggregate], entities) : [];
  });
  return only(prefixed.length > 0 ? prefixed : aggregates.flatMap((aggregate) => fieldAmongWords(bare, aggregate)));
}

/** `Reserved stock` and `stock on hand` of a stock item are its `reserved` and `on_hand`. */
function fieldAmongWords(phrase: string, aggregate: AggregatePlan): readonly NamedField[] {
  const name = words(aggregate.className).map(singular);
  const said = words(phrase);
  const rest = said.filter((word) => !name.includes(singular(word)));
  if (rest.length === 0 || rest.length === said.length) return [];
  return aggregate.fields
    .filter(({ column }) => words(column.name).join(" ") === rest.join(" "))
    .map((field) => ({ aggregate, field }));
}

/** The aggregate of words such as `an order`, `orders`, `order items`; `lines` are the order lines where nothing else is. */
export function aggregateNamed(phrase: string, aggregates: readonly AggregatePlan[]): AggregatePlan | undefined {
  const said = withoutArticle(phrase);
  const exact = aggregates.filter((aggregate) => namesOf(aggregate).some((name) => sameThing(name, said)));
  if (exact.length > 0) return only(exact);
  const last = words(said).map(singular).join(" ");
  if (last === "") return undefined;
  return only(aggregates.filter(({ className }) => words(className).map(singular).join(" ").endsWith(` ${last}`)));
}

/** `open orders` is `open` and the orders; `items` of an order may be its `order_items`. */
export function aggregateAtEnd(
  phrase: string,
  aggregates: readonly AggregatePlan[],
): { readonly aggregate: AggregatePlan; readonly attribute: string } | undefined {
  const said = words(withoutArticle(phrase));
  for (let start = 0; start < said.length; start += 1) {
    const aggregate = aggregateNamed(said.slice(start).join(" "), aggregates);
    if (aggregate) return { aggregate, attribute: said.slice(0, start).join(" ") };
  }
  return undefined;
}

/** The aggregate of the rule's section alone, else all of them. */
export function scopeOf({ rule, aggregates }: Pick<RuleContext, "rule" | "aggregates">): readonly AggregatePlan[] {
  const own = rule.entity === undefined ? undefined : aggregateNamed(rule.entity, aggregates);
  return own ? [own] : aggregates;
}

export function withoutArticle(phrase: string): string {
  return phrase
    .trim()
    .replace(/^(?:the|an?|each|every|all|any|der|die|das|ein|eine|jede[rs]?|alle)\s+/i, "")
    .trim();
}

function swap(_: string, index: number, parts: readonly string[]): string {
  return parts[index === 0 ? 0 : 3 - index] ?? "";
}

function namesOf({ className, module, plural, table }: AggregatePlan): readonly string[] {
  return [className, module, plural, table.name];
}

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}

function fieldsNamed(
  phrase: string,
  aggregates: readonly AggregatePlan[],
  entities: readonly { readonly name: string; readonly fields: readonly Field[] }[],
): readonly NamedField[] {
  const all = aggregates.flatMap((aggregate) => aggregate.fields.map((field) => ({ aggregate, field })));
  const exact = all.filter(({ field }) => joined(field.column.name) === joined(phrase));
  if (exact.length > 0) return exact;
  const described = all.filter(({ aggregate, field }) =>
    descriptionsOf(aggregate, field, entities).includes(joined(phrase)),
  );
  if (described.length > 0) return described;
  return all.filter(({ field }) => stem(field.column.name) === stem(phrase));
}

/** What the domain model or the table calls the field beside its name. */
function descriptionsOf(
  { className }: AggregatePlan,
  { column }: FieldPlan,
  entities: readonly { readonly name: string; readonly fields: readonly Field[] }[],
): readonly string[] {
  const own = entities.find(({ name }) => sameThing(name, className))?.fields;
  const described = own?.find(({ name }) => joined(name) === joined(column.name))?.description;
  return [described, column.comment].flatMap((text) => (text === undefined ? [] : joined(text)));
}

function joined(text: string): string {
  return words(withoutArticle(text))
    .join("")
    .replace(/^emailaddress$|^emailadresse$/, "email");
}

/** `end date`, `ends_at` and `end_on` are one thing. */
function stem(text: string): string {
  const said = words(withoutArticle(text)).map(singular);
  const rest = said.filter((word, index) => index === 0 || !/^(?:at|on|date|time|timestamp)$/.test(word));
  return rest.join("").replace(/^(start|end)(?:s|ed|ing)?$/, "$1");
}
