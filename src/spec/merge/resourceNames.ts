import { singular, snakeCase } from "../../support/words.ts";
import type { Endpoint, Schema } from "../model.ts";

/** What a document calls its models, and its tables and entities. */
export interface KnownNames {
  readonly models: ReadonlySet<string>;
  /** By {@link thingKey}. */
  readonly things: ReadonlySet<string>;
}

/** The same for `OrderItem` and `order_items`. */
export function thingKey(name: string): string {
  return singular(snakeCase(name));
}

/**
 * Leaves out a body and an answer that only name the table or entity which the path leads to, when no
 * model has that name: joining derives them from there, without keys, owners and secrets. The name of
 * another thing stays, since the path does not say what would be meant; an answer that has the name of
 * nothing, `StudyRow`, is as open as one without.
 */
export function withoutResourceNames(endpoint: Endpoint, known: KnownNames): Endpoint {
  const { request, ...rest } = endpoint;
  const isResource = (schema: Schema | undefined): boolean => namesResource(schema, endpoint.path, known);
  return {
    ...rest,
    ...(request && !isResource(request.schema) && { request }),
    responses: endpoint.responses.map((response) => {
      if (!isResource(response.schema) && !namesNothing(response.schema, known)) return response;
      const { schema: _, ...others } = response;
      return others;
    }),
  };
}

function namesResource(schema: Schema | undefined, path: string, { models, things }: KnownNames): boolean {
  const name = schema?.ref ?? schema?.items?.ref;
  if (name === undefined || models.has(name) || !things.has(thingKey(name))) return false;
  const last = path.split("/").findLast((segment) => things.has(thingKey(segment)));
  return last !== undefined && thingKey(last) === thingKey(name);
}

function namesNothing(schema: Schema | undefined, { models, things }: KnownNames): boolean {
  const name = schema?.ref ?? schema?.items?.ref;
  return name !== undefined && !models.has(name) && !things.has(thingKey(name));
}
