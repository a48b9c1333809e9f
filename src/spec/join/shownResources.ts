import type { NamedSchema, Property, Schema } from "../model.ts";
import { type TypingContext, withColumnTypes } from "./columnTyping.ts";
import { type Resource, schemaSubject } from "./resources.ts";

export interface ShowingContext extends TypingContext {
  readonly answerOf: (resource: Resource) => Schema | undefined;
}

/** What an answer names as a table or entity, `items: OrderItem[]`, is the model in which answers show that one. */
export function withShownResources(schema: Schema, context: ShowingContext): Schema {
  const named = schema.resource === undefined ? undefined : context.resourceNamed(schema.resource);
  const shown = named && context.answerOf(named);
  if (shown) return schema.nullable === true ? { ...shown, nullable: true } : shown;
  return withParts(schema, (part) => withShownResources(part, context));
}

/** A named model whose document says no types takes them from the columns of what it is called after, `OrderInput`. */
export function typedModel({ name, schema, source }: NamedSchema, context: ShowingContext): NamedSchema {
  const target = context.resourceNamed(name) ?? context.resourceNamed(schemaSubject(name));
  const shown = withShownResources(schema, context);
  return { name, schema: target ? withColumnTypes(shown, target, context) : shown, source };
}

function withParts(schema: Schema, change: (part: Schema) => Schema): Schema {
  const { items, properties } = schema;
  const inner = items && change(items);
  const changed = properties?.map((property): Property => {
    const part = change(property.schema);
    return part === property.schema ? property : { ...property, schema: part };
  });
  const isSame = inner === items && !changed?.some((property, index) => property !== properties?.[index]);
  return isSame ? schema : { ...schema, ...(inner && { items: inner }), ...(changed && { properties: changed }) };
}
