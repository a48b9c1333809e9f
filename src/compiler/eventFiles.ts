import type { DesignSpec, DomainEvent, Field } from "../spec/model.ts";
import { sameThing, snakeCase } from "../support/words.ts";
import type { GeneratedFile, NeedsDetail } from "./compilation.ts";
import { className, pythonName } from "./names.ts";
import type { AggregatePlan, BackendPlan, FieldPlan, PythonType } from "./plan.ts";
import { docstring, importsFrom, pythonModule } from "./python.ts";
import { ownValueObjects, valueType } from "./valueObjectFiles.ts";

const module = "src/app/domain/events.py";

/** The domain events as immutable messages; whoever raises one is written by hand, see {@link eventGaps}. */
export function eventFiles(plan: BackendPlan): readonly GeneratedFile[] {
  const events = messagesOf(plan.spec, plan.aggregates);
  if (events.length === 0) return [];
  const classes = events.map((event) => {
    const fields = event.fields.map((field) => ({ field, type: payloadType(plan, event, field) }));
    return { event, fields };
  });
  const imports = [
    ...importsFrom("dataclasses", "dataclass"),
    ...classes.flatMap(({ fields }) => fields.flatMap(({ type }) => type.imports)),
  ];
  const body = classes.map(({ event, fields }) => eventClass(event, fields));
  const text = pythonModule({ docstring: "Domain events: what has happened, never changed.", imports, body });
  return [{ path: module, text, step: 1 }];
}

/** The classes say what an event carries; a design does not say how events travel, and a guess would lose some. */
export function eventGaps(spec: DesignSpec, aggregates: readonly AggregatePlan[]): readonly NeedsDetail[] {
  return messagesOf(spec, aggregates).map(({ id, trigger, source }) => {
    const cause = trigger === undefined ? "No document says which operation raises it" : `It is due on "${trigger}"`;
    const remedy = `the class is in ${module}; say who is told of it and how, then raise it there.`;
    return { element: id, reason: `${cause}, and none says how it is delivered; ${remedy}`, source };
  });
}

/** An event with a table of its own is stored, and is an aggregate like the others. */
function messagesOf({ domain }: DesignSpec, aggregates: readonly AggregatePlan[]): readonly DomainEvent[] {
  const taken = new Set(aggregates.map((aggregate) => aggregate.className));
  return domain.events.filter(({ name }) => {
    const own = className(name);
    if (taken.has(own)) return false;
    taken.add(own);
    return true;
  });
}

interface TypedField {
  readonly field: Field;
  readonly type: PythonType;
}

function eventClass(event: DomainEvent, fields: readonly TypedField[]): string {
  const lines = fields.map(({ field, type }) => {
    const optional = field.required || type.expression.endsWith("| None") ? "" : " | None";
    return `    ${pythonName(field.name)}: ${type.expression}${optional}`;
  });
  const head = ["@dataclass(frozen=True, slots=True, kw_only=True)", `class ${className(event.name)}:`];
  return [...head, docstring(summaryOf(event), 1), ...(lines.length > 0 ? ["", ...lines] : [])].join("\n");
}

function summaryOf({ name, description, trigger, aggregate }: DomainEvent): string {
  if (description !== undefined) return description;
  if (trigger !== undefined) return `Raised on: ${trigger}`;
  return aggregate === undefined ? `Domain event ${name}` : `Domain event ${name} of ${aggregate}`;
}

/** As the design types it, else as the column of that name is typed; `object` where nobody says. */
function payloadType(plan: BackendPlan, event: DomainEvent, field: Field): PythonType {
  const column = columnOf(plan.aggregates, event, field.name);
  const objects = ownValueObjects(plan);
  const type = valueType(plan, objects, field.type, column?.type ?? { expression: "object", imports: [] });
  const used = objects.map(({ name }) => className(name)).filter((name) => type.expression.split(/\W+/).includes(name));
  return { ...type, imports: [...type.imports, ...importsFrom("app.domain.value_objects", ...used)] };
}

/** `orderId` is the key of the orders; any other name is looked for in the event's own aggregate, then in all. */
function columnOf(aggregates: readonly AggregatePlan[], event: DomainEvent, name: string): FieldPlan | undefined {
  const keyed = aggregates.find(({ module: stem, key }) => key.length === 1 && snakeCase(name) === `${stem}_id`);
  if (keyed) return keyed.key[0];
  const own = aggregates.find(
    (aggregate) => event.aggregate !== undefined && sameThing(aggregate.className, event.aggregate),
  );
  const named = (own ? [own] : aggregates).flatMap(({ fields }) =>
    fields.filter((field) => sameThing(field.column.name, name) && field.enum === undefined),
  );
  const types = new Set(named.map(({ type }) => type.expression));
  return types.size === 1 ? named[0] : undefined;
}
