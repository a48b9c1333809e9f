import type { ModelPlan, OperationPlan } from "./apiPlan.ts";
import type { GeneratedFile } from "./compilation.ts";
import { attributePath, holderOf } from "./heldColumns.ts";
import { copiedArguments, copiedImports } from "./heldCopies.ts";
import { givenColumns } from "./modelBuilding.ts";
import type { AggregatePlan, BatchMethod, ErrorClassPlan, FieldPlan } from "./plan.ts";
import { docstring, importsFrom, pythonModule } from "./python.ts";
import { tableKey } from "./schemaText.ts";

/** Values of new rows that are those of a row which they refer to: the price of a line is that of its product. */
export interface CopyPlan {
  /** The rows that take the values. */
  readonly aggregate: AggregatePlan;
  /** Attribute of the created row that holds them; undefined for the created rows themselves. */
  readonly attribute?: string;
  /** The column that names the row they are taken from. */
  readonly by: FieldPlan;
  readonly source: AggregatePlan;
  readonly values: readonly { readonly field: FieldPlan; readonly from: FieldPlan }[];
  /** Raised where no visible row is named. */
  readonly missing: ErrorClassPlan;
}

/** What the body of a creation leaves out and the rows take from others. */
export function copiesOf(
  model: Pick<ModelPlan, "fields">,
  aggregate: AggregatePlan,
  aggregates: readonly AggregatePlan[],
): readonly CopyPlan[] {
  const given = new Set(model.fields.flatMap(givenColumns));
  const open = aggregate.fields.filter(
    ({ column, name }) => column.copied && !column.copied.ofParts && !given.has(name),
  );
  const columns = [...new Set(open.flatMap(({ column }) => column.copied?.by ?? []))];
  return columns.flatMap((name): readonly CopyPlan[] => {
    const by = aggregate.fields.find(({ column }) => column.name === name);
    const own = open.filter(({ column }) => column.copied?.by === name);
    const source = aggregates.find(({ table }) => tableKey(table) === own[0]?.column.copied?.table);
    if (!by || !source || !given.has(by.name)) return [];
    const values = own.flatMap((field) => {
      const from = source.fields.find(({ column }) => column.name === field.column.copied?.column);
      return from ? [{ field, from }] : [];
    });
    const refused = aggregate.violations.find(
      ({ constraint, when }) => when === "write" && "references" in constraint && constraint.columns.join() === name,
    );
    return [{ aggregate, by, source, values, missing: refused?.error ?? source.notFound }];
  });
}

/** A value of a new row that is the same in all rows inside of it: the currency of its lines. */
export interface PartValue {
  readonly aggregate: AggregatePlan;
  readonly field: FieldPlan;
  /** Attribute of the new row that holds the others, and what they are. */
  readonly attribute: string;
  readonly part: AggregatePlan;
  readonly from: FieldPlan;
}

/** The values that a body leaves out and the rows in it have. */
export function partValuesOf(
  model: Pick<ModelPlan, "fields">,
  aggregate: AggregatePlan,
  aggregates: readonly AggregatePlan[],
): readonly PartValue[] {
  const given = new Set(model.fields.flatMap(givenColumns));
  return aggregate.fields.flatMap((field): readonly PartValue[] => {
    const { copied } = field.column;
    if (!copied?.ofParts || given.has(field.name)) return [];
    const part = aggregates.find(({ table }) => tableKey(table) === copied.table);
    const child = aggregate.children.find((plan) => plan.aggregate === part?.className);
    const from = part?.fields.find(({ column }) => column.name === copied.column);
    const isInBody = model.fields.some(({ children }) => children?.attribute === child?.attribute);
    return part && child && from && isInBody ? [{ aggregate, field, attribute: child.attribute, part, from }] : [];
  });
}

function partValueLine({ aggregate, field, attribute, part, from }: PartValue): string {
  const source = holderOf(part, from)?.value.name;
  const value =
    source === undefined
      ? `data.${attribute}[0].${from.name}`
      : `next(item.${attributePath(part, from)} for item in data.${attribute} if item.${source} is not None)`;
  const held = holderOf(aggregate, field)?.value;
  if (!held) return `data = replace(data, ${field.name}=${value})`;
  const parts = held.parts.map(({ name, field: { column, type } }) => {
    const nothing = type.expression === "Decimal" ? "Decimal()" : "0";
    return `${name}=${column === field.column ? value : nothing}`;
  });
  return `data = replace(data, ${held.name}=${held.className}(${parts.join(", ")}))`;
}

/** Lines of a service that complete `data`, a new row or several. */
export function copyLines({ request, kind }: OperationPlan): readonly string[] {
  const copied = (request?.copies ?? []).map((copy) => {
    const call = (rows: string): string => `await ${functionName(copy)}(uow, ${rows})`;
    if (copy.attribute !== undefined) {
      return `data = replace(data, ${copy.attribute}=${call(`data.${copy.attribute}`)})`;
    }
    return kind === "createMany" ? `data = ${call("data")}` : `(data,) = ${call("[data]")}`;
  });
  return [...copied, ...(request?.partValues ?? []).map(partValueLine)];
}

export function copyFunctions({ request }: OperationPlan): readonly string[] {
  return (request?.copies ?? []).map(functionName);
}

/** Methods of the repository of what values are taken from. */
export function copyMethods(
  { className }: AggregatePlan,
  operations: readonly OperationPlan[],
): readonly BatchMethod[] {
  const isSource = operations.some(({ request }) =>
    (request?.copies ?? []).some(({ source }) => source.className === className),
  );
  return isSource ? ["find_many"] : [];
}

/** `app.services.copied_values`; nothing where no new row takes a value from another. */
export function copyFiles(operations: readonly OperationPlan[]): readonly GeneratedFile[] {
  const copies = operations.flatMap(({ request }) => request?.copies ?? []);
  const unique = [...new Map(copies.map((copy) => [functionName(copy), copy])).values()];
  if (unique.length === 0) return [];
  const text = pythonModule({
    docstring: "Values that new rows take from the rows they refer to, as those are when they are made.",
    imports: [
      ...importsFrom("collections.abc", "Sequence"),
      ...importsFrom("dataclasses", "replace"),
      ...importsFrom("app.core.errors", ...unique.map(({ missing }) => missing.className)),
      ...importsFrom("app.domain.ports.unit_of_work", "UnitOfWork"),
      ...unique.flatMap(({ aggregate }) => importsFrom(`app.domain.${aggregate.module}`, `New${aggregate.className}`)),
      ...unique.flatMap(copiedImports),
    ],
    body: unique.map(copyFunction),
  });
  return [{ path: "src/app/services/copied_values.py", text, step: 4 }];
}

/** Which values it gives is part of the name where two operations leave out different ones. */
function functionName({ aggregate, source, values, by }: CopyPlan): string {
  const all = aggregate.fields.filter(({ column }) => column.copied?.by === by.column.name);
  const part = values.length === all.length ? "values" : values.map(({ field }) => field.name).join("_and_");
  return `${aggregate.plural}_with_${source.module.replace(/_$/, "")}_${part}`;
}

function copyFunction(copy: CopyPlan): string {
  const { aggregate, source, by, missing } = copy;
  const type = `New${aggregate.className}`;
  const [key] = source.key;
  const sources = source.plural;
  const taken = copiedArguments(copy, `${sources}[row.${by.name}]`);
  return [
    `async def ${functionName(copy)}(uow: UnitOfWork, rows: Sequence[${type}]) -> tuple[${type}, ...]:`,
    docstring(
      `Return the rows with what they take from their ${sources.replaceAll("_", " ")}; raise where one is not there.`,
      1,
    ),
    `    found = await uow.${sources}.find_many([row.${by.name} for row in rows])`,
    `    ${sources} = {item.${key?.name ?? "id"}: item for item in found}`,
    `    if any(row.${by.name} not in ${sources} for row in rows):`,
    `        raise ${missing.className}()`,
    "    return tuple(",
    `        replace(row, ${taken.join(", ")})`,
    "        for row in rows",
    "    )",
  ].join("\n");
}
