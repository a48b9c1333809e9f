import { isChangeable, isGivenOnCreation, keyColumns } from "../spec/join/columnFacts.ts";
import type { DesignSpec, Entity, Table } from "../spec/model.ts";
import type { StateMachine } from "../spec/stateMachine.ts";
import { plural, sameThing, singular, snakeCase, uniqueName, words } from "../support/words.ts";
import { buildableDesign } from "./buildableDesign.ts";
import { childPlans } from "./childPlans.ts";
import type { Assumption, NeedsDetail } from "./compilation.ts";
import { type EnumsByColumn, machineOf, planEnums, type TableNames } from "./enumPlans.ts";
import { eventGaps } from "./eventFiles.ts";
import { fieldPlans } from "./fieldPlans.ts";
import { className, pythonName } from "./names.ts";
import { persistenceAssumptions, persistenceGaps } from "./persistenceAssumptions.ts";
import type { AggregatePlan, ErrorClassPlan, FieldPlan, SessionSettingPlan } from "./plan.ts";
import { reservedModule } from "./reservedRoutes.ts";
import { tableKey } from "./schemaText.ts";
import { planSession } from "./sessionSettings.ts";
import { uniqueKeys } from "./uniqueKeys.ts";

export interface AggregatePlans {
  readonly aggregates: readonly AggregatePlan[];
  /** Named after the aggregates, so that they take no name away. */
  readonly partitions: readonly AggregatePlan[];
  readonly session: SessionSettingPlan;
  readonly assumptions: readonly Assumption[];
  readonly needsDetail: readonly NeedsDetail[];
}

/**
 * One aggregate a table, in an order in which every foreign key but a circular one points backwards.
 *
 * `filters`, `violations` and `invariants` are empty and `notFound` is a placeholder: they follow from the API
 * and the error design, and the planner of those fills them in.
 */
export function planAggregates(design: DesignSpec): AggregatePlans {
  const { spec, assumptions, needsDetail } = buildableDesign(design);
  const taken = new Set<string>();
  const tables = dependencyOrder(spec.database.tables);
  const modelled = tables.filter(({ storage }) => storage?.partitionOf === undefined);
  const all = nameTables(spec, [...modelled, ...tables.filter((table) => !modelled.includes(table))], taken);
  const names = all.slice(0, modelled.length);
  const enums = planEnums(spec, names, taken);
  const aggregates = names.map((named) => planAggregate(spec, named, names, enums));
  return {
    aggregates,
    partitions: all.slice(modelled.length).map((named) => planAggregate(spec, named, [], enums)),
    session: planSession(spec),
    assumptions: [...assumptions, ...persistenceAssumptions(spec, aggregates)],
    needsDetail: [...needsDetail, ...persistenceGaps(spec, aggregates), ...eventGaps(spec, aggregates)],
  };
}

/** The values that a new row needs or may have. */
export function creationFields(aggregate: AggregatePlan): readonly FieldPlan[] {
  return aggregate.fields.filter(isGivenOnCreation);
}

/** The values that an update may change. */
export function changeFields(aggregate: AggregatePlan): readonly FieldPlan[] {
  return aggregate.fields.filter(isChangeable);
}

/** Whether `find_by_id` takes `for_update=True`: a transition must not race another one, nor a write its condition, a job is taken up once, and a rule is about the state that is written over. */
export function locksRows({ stateMachine, version, job, isGuarded }: AggregatePlan): boolean {
  return (stateMachine ?? version ?? job) !== undefined || isGuarded === true;
}

interface NamedTable extends TableNames {
  readonly plural: string;
  readonly entity: Entity | undefined;
}

const placeholder: ErrorClassPlan = {
  code: "NOT_FOUND",
  className: "NotFoundError",
  status: 404,
  message: "Not found",
  retryable: false,
};

/** Modules of the generated packages that are not an aggregate's. */
const modulesInUse = [
  "base",
  "common",
  "deps",
  "enums",
  "events",
  "integrity",
  "invariants",
  "paging",
  "policies",
  "ports",
  "principal",
  "unit_of_work",
  "unset",
  "value_objects",
];

function nameTables(spec: DesignSpec, tables: readonly Table[], classes: Set<string>): readonly NamedTable[] {
  const modules = new Set(modulesInUse);
  const plurals = new Set(["health", reservedModule]);
  return tables.map((table) => {
    const entity = entityOf(spec, table);
    const bare = singular(bareName(table));
    const name = uniqueName(className(entity?.name ?? bare), classes);
    classes.add(name);
    const module = uniqueName(pythonName(snakeCase(entity?.name ?? bare)), modules);
    modules.add(module);
    const attribute = uniqueName(pythonName(plural(snakeCase(entity?.name ?? bare))), plurals);
    plurals.add(attribute);
    return { table, className: name, module, plural: attribute, entity };
  });
}

function entityOf(spec: DesignSpec, table: Table): Entity | undefined {
  const bare = bareName(table);
  return spec.domain.entities.find(({ name }) => words(name).length > 0 && sameThing(name, bare));
}

/** Without schema and without the prefixes that only say "table". */
function bareName(table: Table): string {
  return snakeCase(table.name).replace(/^(?:tbl|t|tb)_/, "");
}

/** Names that say too little as a parameter, or that the methods of a repository use themselves. */
const localNames = new Set(
  "id attribute changed changes criteria data deleted for_update page row row_names statement stored".split(" "),
);

function planAggregate(
  spec: DesignSpec,
  named: NamedTable,
  names: readonly NamedTable[],
  enums: EnumsByColumn,
): AggregatePlan {
  const { table } = named;
  const fields = fieldPlans(spec, table, enums);
  const key = keyColumns(table).flatMap((name) => fields.filter(({ column }) => column.name === name));
  const own = [...new Set(fields.flatMap((field) => field.enum ?? []))];
  const stateMachine = stateMachineOf(spec, named, fields);
  return {
    table,
    className: named.className,
    module: named.module,
    plural: named.plural,
    fields,
    key,
    uniqueKeys: uniqueKeys(spec, table),
    ...calledAs(spec, named, names),
    keyParameters: key.map(({ name }) => (localNames.has(name) ? `${named.module.replace(/_$/, "")}_${name}` : name)),
    children: childPlans(spec, named, names),
    enums: own.filter(({ module }) => module === named.module),
    ...(stateMachine && { stateMachine }),
    description: named.entity?.description ?? table.comment ?? `A row of the table ${table.name}`,
    filters: [],
    notFound: placeholder,
    violations: [],
    invariants: [],
  };
}

/** The singular words by which paths name rows of the table. */
function calledAs(
  { api }: DesignSpec,
  { table, module }: NamedTable,
  names: readonly NamedTable[],
): Pick<AggregatePlan, "calledAs"> {
  const steps = api.endpoints.flatMap(({ resource }) => resource?.steps ?? []);
  const segments = steps.flatMap(({ segment, table: key }) => (key === tableKey(table) ? segment : []));
  const taken = new Set(names.map((other) => other.module));
  const called = [...new Set(segments.map((segment) => singular(snakeCase(segment))))].filter(
    (name) => name !== module && !taken.has(name) && `_${module}`.endsWith(`_${name}`),
  );
  return called.length > 0 ? { calledAs: called } : {};
}

/** The machine in the values of the column: `In Progress` of the document becomes `in_progress` of the check. */
function stateMachineOf(spec: DesignSpec, named: NamedTable, fields: readonly FieldPlan[]): StateMachine | undefined {
  for (const field of fields) {
    const machine = field.enum && machineOf(spec, named, field.column);
    if (!machine || !field.enum) continue;
    const values = field.enum.members.map(({ value }) => value);
    const stateValue = (state: string) => values.find((value) => words(value).join() === words(state).join());
    const transitions = machine.transitions.flatMap((transition) => {
      const from = stateValue(transition.from);
      const to = stateValue(transition.to);
      return from === undefined || to === undefined ? [] : [{ ...transition, from, to }];
    });
    if (transitions.length > 0) return { ...machine, field: field.name, states: values, transitions };
  }
  return undefined;
}

/** Referenced tables first; within a cycle the order of the document decides. */
function dependencyOrder(tables: readonly Table[]): readonly Table[] {
  const byName = new Map(tables.map((table) => [tableKey(table), table]));
  const ordered: Table[] = [];
  const seen = new Set<string>();
  const visit = (table: Table): void => {
    if (seen.has(tableKey(table))) return;
    seen.add(tableKey(table));
    const referred = table.constraints.flatMap(({ references }) => references?.table ?? []);
    for (const name of [...(table.storage?.inherits ?? []), ...referred]) {
      const target = byName.get(name);
      if (target) visit(target);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table);
  return ordered;
}
