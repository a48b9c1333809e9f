import { words } from "../support/words.ts";
import type { Parameter, Schema, SourceSpan } from "./model.ts";

/** What a document says once and of all endpoints; an endpoint that says something else itself is not meant. */
export interface ApiConventions {
  /** How names of JSON are written. */
  readonly casing?: "camel" | "snake";
  readonly paging?: PagingConvention;
}

/** How lists are asked for one part at a time. */
export interface PagingConvention {
  readonly parameters: readonly Parameter[];
  /** What the rows are wrapped in; its parts may be of any type. Undefined: the document does not say. */
  readonly envelope?: Schema;
  readonly source: SourceSpan;
}

export type PagingRole = "limit" | "offset" | "cursor" | "sort";

/** The part that a query parameter plays in paging, by its name. */
export function pagingRole(name: string): PagingRole | undefined {
  const text = words(name).join(" ");
  if (/^(?:limit|page size|per page|size|page limit|max results|top|take|count)$/.test(text)) return "limit";
  if (/^(?:offset|skip|page|page number|start)$/.test(text)) return "offset";
  if (
    /^(?:cursor|page cursor|after|after cursor|page token|next token|next cursor|starting after|continuation token)$/.test(
      text,
    )
  )
    return "cursor";
  return /^(?:sort|sort by|order|order by|sort order|sort dir|direction|ordering)$/.test(text) ? "sort" : undefined;
}
