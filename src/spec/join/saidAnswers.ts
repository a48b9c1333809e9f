import type { Endpoint, Schema } from "../model.ts";
import { plainName } from "./columnTyping.ts";
import { refersTo } from "./relations.ts";
import type { ResourceField } from "./resourceFields.ts";
import { canonicalName, type Resource } from "./resources.ts";

const counted =
  /\b(?:numbers?|counts?) of [\w ]{2,40}? (?:by|per|for each|grouped by|in each) `?([a-z][\w ]*?)`?\s*(?:[.,;(]|$)/i;

/** "Number of tickets by status": the column with a closed set of values that rows are counted by. */
export function countedBy(endpoint: Endpoint, fields: readonly ResourceField[]): ResourceField | undefined {
  const said = counted.exec(textOf(endpoint))?.[1];
  if (said === undefined) return undefined;
  return fields.find(({ name, schema }) => schema.enum !== undefined && plainName(name) === plainName(said));
}

/** A number under each value. */
export const tally: Schema = { type: "object", additional: { type: "integer" } };

const inside =
  /\b(?:with|including|includes|and|plus)(?: all)?(?: of)? (?:its|their|the|his|her) ([a-z]+(?: [a-z]+)?(?:(?:, | and |, and )(?:its |their )?[a-z]+)*)/gi;

/** "With its comments": what belongs to the row and is shown inside of it. */
export function shownInside(endpoint: Endpoint, target: Resource, resources: readonly Resource[]): readonly Resource[] {
  const names = [...textOf(endpoint).matchAll(inside)].flatMap(([, listed = ""]) =>
    listed.split(/,\s*(?:and\s+)?|\s+and\s+/).map((name) => canonicalName(name.replace(/^(?:its|their)\s+/, ""))),
  );
  const parts = resources.filter((part) => part !== target && refersTo(part, target));
  return [...new Set(names.flatMap((name) => parts.find((part) => part.names.has(name)) ?? []))];
}

function textOf({ summary = "", description = "" }: Endpoint): string {
  return `${summary}. ${description}`;
}
