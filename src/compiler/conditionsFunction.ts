import { deletionOf } from "./marks.ts";
import { rowAttribute } from "./modelFiles.ts";
import type { AggregatePlan, FilterPlan, Through } from "./plan.ts";

/** `_conditions`: what the criteria of a list and `always` come to, every value a bound parameter. */
export function conditionsFunction(aggregate: AggregatePlan, always: readonly string[]): string {
  const { className, filters } = aggregate;
  const name = filters.length > 0 ? "criteria" : "_";
  const head = `def _conditions(${name}: ${className}Filter) -> list[ColumnElement[bool]]:`;
  if (filters.length === 0) return `${head}\n    return [${always.join(", ")}]`;
  const parts = Array.from({ length: Math.ceil(filters.length / mostBranches) }, (_, index) =>
    filters.slice(index * mostBranches, (index + 1) * mostBranches),
  );
  return parts
    .map((part, index) => {
      const rest = index + 1 < parts.length ? [`*${conditionsName(index + 1)}(criteria)`] : [];
      return [
        head.replace("_conditions", conditionsName(index)),
        `    conditions: list[ColumnElement[bool]] = [${[...(index === 0 ? always : []), ...rest].join(", ")}]`,
        ...part.flatMap((filter) => [
          `    if criteria.${filter.name} is not None:`,
          `        conditions.append(${condition(aggregate, filter)})`,
        ]),
        "    return conditions",
      ].join("\n");
    })
    .join("\n\n\n");
}

/** More branches than this in one function are refused by ruff's PLR0912. */
const mostBranches = 12;

function conditionsName(part: number): string {
  return part === 0 ? "_conditions" : `_conditions_${part + 1}`;
}

function condition({ className }: AggregatePlan, filter: FilterPlan): string {
  const { name, field, operator, through } = filter;
  if (through) return throughCondition(className, through, `criteria.${name}`);
  const column = `${className}Row.${rowAttribute(field.name)}`;
  const value = `criteria.${name}`;
  if (operator === "atLeast") return `${column} >= ${value}`;
  if (operator === "atMost") return `${column} <= ${value}`;
  if (operator === "above") return `${column} > ${value}`;
  if (operator === "below") return `${column} < ${value}`;
  if (operator === "equal") return `${column} == ${value}`;
  if (operator === "anyOf") return `${column}.${field.column.type.array ? "overlap" : "in_"}(${value})`;
  return field.column.type.array ? `${column}.contains([${value}])` : `${column}.icontains(${value}, autoescape=True)`;
}

/** The rows in between that are not deleted. */
function throughCondition(className: string, { aggregate, column, parentColumn }: Through, value: string): string {
  const row = `${aggregate.className}Row`;
  const deleted = deletionOf(aggregate);
  const [key] = aggregate.key;
  const conditions = [
    `${row}.${rowAttribute(parentColumn.name)} == ${value}`,
    ...(deleted ? [`${row}.${rowAttribute(deleted.name)}.is_(None)`] : []),
  ];
  const between = `select(${row}.${rowAttribute(key?.name ?? "id")}).where(${conditions.join(", ")})`;
  return `${className}Row.${rowAttribute(column.name)}.in_(${between})`;
}
