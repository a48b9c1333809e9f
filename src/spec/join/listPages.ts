import { type PagingConvention, pagingRole } from "../apiConventions.ts";
import type { Endpoint, Schema } from "../model.ts";

/** The list with the parameters that a document gives all lists; unchanged where it says itself how it is paged, or that it is not. */
export function withPaging(endpoint: Endpoint, { parameters }: PagingConvention): Endpoint {
  const success = endpoint.responses.find(({ status }) => status >= 200 && status < 300)?.schema;
  const own = endpoint.parameters.filter(({ name, in: place }) => place === "query" && isOfPages(name));
  const isWhole = unpaged.test(`${endpoint.summary ?? ""} ${endpoint.description ?? ""}`);
  if (success?.type === "array" || isWhole || own.some(({ name }) => !parameters.some((item) => item.name === name)))
    return endpoint;
  const missing = parameters.filter(({ name }) => !own.some((parameter) => parameter.name === name));
  return { ...endpoint, parameters: [...endpoint.parameters, ...missing] };
}

/** What the rows of a list are wrapped in by what a document says of all lists. */
export function envelopeFor({ parameters }: Endpoint, convention: PagingConvention | undefined): Schema | undefined {
  const names = new Set(parameters.map(({ name }) => name));
  return convention?.parameters.every(({ name }) => names.has(name)) ? convention.envelope : undefined;
}

const unpaged =
  /\b(?:not paged|not paginated|unpaged|un-?paginated|without (?:paging|pages|pagination)|no (?:paging|pagination))\b/i;

function isOfPages(name: string): boolean {
  const role = pagingRole(name);
  return role !== undefined && role !== "sort";
}
