import type { ApiPlan, ModelPlan, OperationPlan, PagingPlan, QueryFilter, QueryPlan, SortingPlan } from "./apiPlan.ts";
import { docstring, stringLiteral } from "./python.ts";

/** The methods that turn a query into a filter and a page. */
export function queryMethods({ operations }: ApiPlan, model: ModelPlan): readonly string[] {
  const operation = operations.find(({ query }) => query?.model === model);
  if (!operation?.query || !operation.target) return [];
  return [filterMethod(operation, operation.query), ...pageMethod(operation.query)];
}

/** Filter of a list without query parameters, and of one with them. */
export function filterExpression({ target, query }: OperationPlan): string {
  const hasModel = query !== undefined && query.model.fields.length > 0;
  const given = (query?.filters ?? []).filter(({ source }) => isOfRoute(source) || (source === "value" && !hasModel));
  const args = given.map(({ filter, attribute }) => `${filter.name}=${attribute}`).join(", ");
  return hasModel ? `query.to_filter(${args})` : `${target?.className}Filter(${args})`;
}

export function pageExpression({ query }: OperationPlan): string {
  if (query?.sorting?.attribute !== undefined || query?.paging.style === "cursor") return "query.to_page()";
  if (query?.paging.limitAttribute === undefined && query?.paging.offsetAttribute === undefined) {
    const order = query?.sorting ? `, order=${orderExpression(query.sorting)}` : "";
    return `PageRequest(limit=${query?.paging.defaultLimit ?? 1000}${order})`;
  }
  return "query.to_page()";
}

/** Whether the route itself asks for the value, in its path or in a header. */
function isOfRoute(source: QueryFilter["source"]): boolean {
  return source === "path" || source === "sent";
}

function filterMethod({ target }: OperationPlan, { filters }: QueryPlan): string {
  const name = `${target?.className}Filter`;
  const fromRoute = filters.filter(({ source }) => isOfRoute(source));
  const parameters = fromRoute.map(
    ({ filter, optional }) => `${filter.name}: ${filter.field.type.expression}${optional ? " | None" : ""}`,
  );
  const values = filters.map(({ filter, source, attribute }) =>
    source === "value"
      ? `${filter.name}=${attribute},`
      : `${filter.name}=${isOfRoute(source) ? filter.name : `self.${attribute}`},`,
  );
  return [
    `    def to_filter(self${parameters.length > 0 ? `, *, ${parameters.join(", ")}` : ""}) -> ${name}:`,
    docstring("Return what the list is narrowed to.", 2),
    `        return ${name}(`,
    ...values.map((value) => `            ${value}`),
    "        )",
  ].join("\n");
}

function pageMethod({ paging, sorting }: QueryPlan): readonly string[] {
  const { limitAttribute, offsetAttribute, style, defaultLimit } = paging;
  if (style === "cursor") return [cursorMethod(paging, sorting)];
  if (limitAttribute === undefined && offsetAttribute === undefined && sorting?.attribute === undefined) return [];
  const order = sorting ? `, order=${orderExpression(sorting)}` : "";
  const limit = limitAttribute === undefined ? String(defaultLimit) : `self.${limitAttribute}`;
  const offset =
    offsetAttribute === undefined
      ? "0"
      : style === "page"
        ? `(self.${offsetAttribute} - 1) * ${limit}`
        : `self.${offsetAttribute}`;
  const reachable = offsetAttribute === undefined ? offset : `min(${offset}, LARGEST_OFFSET)`;
  return [
    [
      "    def to_page(self) -> PageRequest:",
      docstring("Return the part of the list that is asked for.", 2),
      `        return PageRequest(limit=${limit}, offset=${reachable}${order})`,
    ].join("\n"),
  ];
}

function cursorMethod({ limitAttribute, cursorAttribute, defaultLimit }: PagingPlan, sorting?: SortingPlan): string {
  const limit = limitAttribute === undefined ? String(defaultLimit) : `self.${limitAttribute}`;
  const order = sorting ? orderExpression(sorting) : '""';
  return [
    "    def to_page(self) -> CursorRequest:",
    docstring("Return the part of the list that is asked for.", 2),
    ...(sorting ? [`        order = ${order}`] : []),
    `        after = position_of(self.${cursorAttribute}, ${sorting ? "order" : order})`,
    `        return CursorRequest(limit=${limit}, ${sorting ? "order=order, " : ""}after=after)`,
  ].join("\n");
}

function orderExpression({ attribute, directionAttribute, fallback }: SortingPlan): string {
  const otherwise = stringLiteral(fallback?.name ?? "");
  if (attribute === undefined) return otherwise;
  if (directionAttribute === undefined) return `self.${attribute} or ${otherwise}`;
  return `f"{self.${attribute}}:{self.${directionAttribute}}"`;
}
