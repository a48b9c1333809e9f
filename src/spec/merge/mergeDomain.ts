import type { Fragment } from "../fragment.ts";
import type { DomainDesign, DomainEvent, Entity, Rule, ValueObject } from "../model.ts";
import type { Problem } from "../reading.ts";
import type { StateMachine, StateTransition } from "../stateMachine.ts";
import { withModelTypes } from "./modelTypes.ts";
import { duplicateProblem, type Grouped, grouped, inDocumentOrder, isRealDuplicate, ranked } from "./ranking.ts";

export function mergeDomain(
  fragments: readonly Fragment[],
  paths: readonly string[],
  problems: Problem[],
  tables: readonly string[],
): DomainDesign {
  const valueObjects = grouped(
    ranked(fragments, (fragment) => fragment.valueObjects),
    nameKey,
  ).map((group) => filled(group));
  const taken = new Set(valueObjects.map(nameKey));
  const entities = grouped(
    ranked(fragments, (fragment) => fragment.entities),
    nameKey,
  ).filter((group) => !taken.has(nameKey(group.first.value)));
  const described = new Set([
    ...tables.map(thingKey),
    ...[...entities.map(filled), ...valueObjects].flatMap(({ name, fields }) =>
      fields.length > 0 ? thingKey(name) : [],
    ),
  ]);
  const counting = entities.filter((group) => !isOnlyNamed(group) || !described.has(thingKey(group.first.value.name)));
  reportOnlyNamed(
    counting.filter(isOnlyNamed).map((group) => group.first.value),
    problems,
  );
  for (const { first, others } of entities) {
    const other = others.find((item) => isRealDuplicate(first, item) && item.value.fields.length > 0);
    const differs = other && other.fragment.path !== first.fragment.path;
    if (differs) problems.push(duplicateProblem(`Entity ${other.value.name}`, other.value.source, first.value.source));
    else problems.push(...fieldsLeftOut({ first, others }));
  }
  const machines = grouped(
    ranked(fragments, (fragment) => fragment.stateMachines),
    (machine) => `${machine.entity.toLowerCase()}.${machine.field.toLowerCase()}`,
  );
  const models = [...counting.map(filledEntity), ...valueObjects];
  const names = new Set(models.map(({ name }) => name));
  const kept = counting.map((group) => withModelTypes(filledEntity(group), names));
  return {
    entities: inDocumentOrder(kept, paths),
    valueObjects: inDocumentOrder(
      valueObjects.map((object) => withModelTypes(object, names)),
      paths,
    ),
    rules: inDocumentOrder(mergeRules(fragments, problems), paths),
    stateMachines: inDocumentOrder(machines.map(filledMachine), paths),
    events: inDocumentOrder(mergeEvents(fragments, kept, taken), paths),
  };
}

function nameKey(item: { readonly name: string }): string {
  return item.name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Diagrams and lists of names say nothing of a thing that some other passage describes. */
function isOnlyNamed({ first, others }: Grouped<Entity>): boolean {
  return [first, ...others].every(({ value, fragment }) => fragment.rank === 0 && value.fields.length === 0);
}

/** One remark for each document: what is only named cannot be implemented. */
function reportOnlyNamed(named: readonly Entity[], problems: Problem[]): void {
  for (const path of new Set(named.map((entity) => entity.source.path))) {
    const own = named.filter((entity) => entity.source.path === path);
    const names = own.slice(0, 5).map((entity) => entity.name);
    const list = `${names.join(", ")}${own.length > names.length ? " and others" : ""}`;
    problems.push({
      path,
      line: Math.min(...own.map((entity) => entity.source.line)),
      severity: "info",
      code: "SPEC-ONLY-NAMED",
      message: `${own.length} tables or entities (${list}) are only named, so nothing can be made of them; give their columns or fields.`,
    });
  }
}

/** What one passage of a document gives an entity and the passage that counts does not: nobody would miss it. */
function fieldsLeftOut(group: Grouped<Entity>): readonly Problem[] {
  const kept = filled(group);
  const names = new Set(kept.fields.map(nameKey));
  return [group.first, ...group.others].flatMap(({ value }): Problem[] => {
    const left = value.fields.filter((field) => !names.has(nameKey(field))).map(({ name }) => name);
    if (left.length === 0 || value.source.path !== kept.source.path) return [];
    const message = `${left.join(", ")} of ${value.name} stand here only, and ${kept.source.path}:${kept.source.line} is the version that counts; give them there, or remove them.`;
    return [{ path: value.source.path, line: value.source.line, severity: "info", code: "SPEC-DUPLICATE", message }];
  });
}

/** `ORDER_ITEMS`, `order_items` and `OrderItem` name one thing. */
function thingKey(name: string): string {
  const key = nameKey({ name });
  return key.endsWith("ies") ? `${key.slice(0, -3)}y` : key.replace(/(?<=[^s])s$/, "");
}

/** Life cycle and endpoints are often described apart: what makes a move is taken from wherever it is said, and so are moves of endpoints. */
function filledMachine({ first, others }: Grouped<StateMachine>): StateMachine {
  const moves = others.flatMap(({ value }) => value.transitions);
  const transitions = first.value.transitions.map((transition) => {
    const trigger = transition.trigger ?? moves.find((move) => isSameMove(transition, move))?.trigger;
    return trigger === undefined ? transition : { ...transition, trigger };
  });
  const further = moves.filter(
    (move) =>
      /^(?:POST|PUT|PATCH) \//.test(move.trigger ?? "") && !transitions.some((known) => isSameMove(known, move)),
  );
  const states = [...new Set([...first.value.states, ...further.flatMap(({ from, to }) => [from, to])])];
  return { ...first.value, states, transitions: [...transitions, ...further] };
}

function isSameMove(one: StateTransition, other: StateTransition): boolean {
  return (
    nameKey({ name: one.from }) === nameKey({ name: other.from }) &&
    nameKey({ name: one.to }) === nameKey({ name: other.to })
  );
}

/** The first version that has fields; a summary table often names an entity before it is described. */
function filled<T extends Entity | ValueObject | DomainEvent>({ first, others }: Grouped<T>): T {
  const detailed = [first, ...others].find((item) => item.value.fields.length > 0) ?? first;
  const description = [first, ...others].find((item) => item.value.description !== undefined)?.value.description;
  return { ...detailed.value, ...(description !== undefined && { description }) };
}

function filledEntity(group: Grouped<Entity>): Entity {
  const aggregateRoot = [group.first, ...group.others].some((item) => item.value.aggregateRoot);
  return { ...filled(group), aggregateRoot };
}

/**
 * A list of events and the description of each are one event. What is modelled as an entity or value object is
 * stored and no message; an aggregate that is none of the design's is left away.
 */
function mergeEvents(
  fragments: readonly Fragment[],
  entities: readonly Entity[],
  valueObjects: ReadonlySet<string>,
): DomainEvent[] {
  const known = new Map(entities.map((entity) => [nameKey(entity), entity.name]));
  const groups = grouped(
    ranked(fragments, (fragment) => fragment.events),
    nameKey,
  );
  const own = groups.filter(({ first: { value } }) => !known.has(nameKey(value)) && !valueObjects.has(nameKey(value)));
  return own.map((group) => {
    const { aggregate: _, trigger: __, ...event } = filled(group);
    const all = [group.first, ...group.others].map(({ value }) => value);
    const aggregate = all.flatMap((item) => known.get(nameKey({ name: item.aggregate ?? "" })) ?? [])[0];
    const trigger = all.find((item) => item.trigger !== undefined)?.trigger;
    return { ...event, ...(aggregate !== undefined && { aggregate }), ...(trigger !== undefined && { trigger }) };
  });
}

const ownId = /^[A-Z]{1,6}-?\d/;

function mergeRules(fragments: readonly Fragment[], problems: Problem[]): Rule[] {
  const rules: Rule[] = [];
  for (const { first, others } of grouped(
    ranked(fragments, (fragment) => fragment.rules),
    (rule) => rule.name,
  )) {
    rules.push(first.value);
    const different = others.filter((item) => item.value.text !== first.value.text);
    for (const [index, other] of different.entries()) {
      if (ownId.test(first.value.name)) {
        problems.push(duplicateProblem(`Rule ${other.value.name}`, other.value.source, first.value.source));
      } else {
        const name = `${other.value.name}-${index + 2}`;
        rules.push({ ...other.value, name, id: `rule:${name}` });
      }
    }
  }
  return rules;
}
