import { groupBy } from "../../support/groupBy.ts";
import { slug } from "../markdown/text.ts";
import type { DomainDesign, DomainEvent, Entity, Field, Rule, ValueObject } from "../model.ts";
import type { StateMachine } from "../stateMachine.ts";
import { code, joinBlocks, writeFence, writeParagraph, writeSection, writeTable } from "./markdownText.ts";

/** The domain model: a heading and a field table for each entity, rules with their ids, transition tables. */
export function writeDomain({ entities, valueObjects, rules, stateMachines, events }: DomainDesign): string {
  const models = [...entities, ...valueObjects].filter((model) => model.fields.length > 0);
  const drawn = models.filter((model) => !canBeHeading(model));
  const described = entities.filter((entity) => entity.fields.length > 0 && canBeHeading(entity));
  const named = entities.filter(isOnlyNamed);
  const isOnlyNamedObject = (name: string): boolean =>
    [...entities, ...valueObjects].some((model) => model.name === name && isOnlyNamed(model));
  const owners = new Set([...entities, ...valueObjects].map(({ name }) => name));
  const isOwned = (rule: Rule): boolean => rule.entity !== undefined && ownPrefix(rule) !== undefined;
  const free = rules.filter((rule) => !isOwned(rule));
  const other = rules.filter(
    (rule) => isOwned(rule) && (!owners.has(rule.entity ?? "") || isOnlyNamedObject(rule.entity ?? "")),
  );
  return joinBlocks([
    "# Domain model",
    writeSection(
      "## Entities",
      described.map((entity) => writeModel(entity, rules.filter(isOwned))),
    ),
    writeSection("## Tables and entities that are only named", [named.map(writeName).join("\n")]),
    writeSection("## Value objects", [
      valueObjects.filter(isOnlyNamed).map(writeName).join("\n"),
      ...valueObjects
        .filter((valueObject) => canBeHeading(valueObject) && !isOnlyNamed(valueObject))
        .map((valueObject) => writeModel(valueObject, rules.filter(isOwned))),
    ]),
    writeSection("## Further entities and value objects", [writeDiagram(drawn)]),
    writeSection("## State machines", stateMachines.map(writeMachine)),
    writeSection("## Domain events", writeEvents(events)),
    ...writeFreeRules(free),
    ...[...new Set(other.map((rule) => rule.entity ?? ""))].map((entity) =>
      writeSection(`## ${entity}`, writeOwnRules(entity, other)),
    ),
  ]);
}

function writeModel(model: Entity | ValueObject, rules: readonly Rule[]): string {
  const isRoot = model.kind === "entity" && model.aggregateRoot;
  return writeSection(`### ${code(model.name)}${isRoot ? " (aggregate root)" : ""}`, [
    writeParagraph(model.description),
    writeTable(["Field", "Type", "Required", "Description"], model.fields.map(fieldRow)),
    ...writeOwnRules(model.name, rules),
  ]);
}

/** Readers of headings know identifiers only. */
function canBeHeading({ name }: Entity | ValueObject): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}

function writeDiagram(models: readonly (Entity | ValueObject)[]): string {
  const blocks = models.map(({ kind, name, fields }) => {
    const head = kind === "entity" ? `entity "${name}"` : `class "${name}" <<ValueObject>>`;
    return `${head} {\n${fields.map((field) => `  ${field.name}: ${field.type}${field.required ? "" : "?"}`).join("\n")}\n}`;
  });
  return blocks.length === 0 ? "" : writeFence("plantuml", blocks.join("\n\n"));
}

function fieldRow({ name, type, required, description }: Field): string[] {
  return [code(name), type, required ? "yes" : "no", description ?? ""];
}

function isOnlyNamed({ fields }: Entity | ValueObject): boolean {
  return fields.length === 0;
}

function writeName({ name, description }: Entity | ValueObject): string {
  return `- ${code(name)}${description === undefined ? "" : `: ${writeParagraph(description)}`}`;
}

/** `order-invariants-2` was named after its entity and heading, and gets its name from them again. */
function ownPrefix({ name, entity }: Rule): string | undefined {
  const made = /^(.+)-\d+$/.exec(name)?.[1];
  return made !== undefined && entity !== undefined && made.includes(slug(entity)) ? made : undefined;
}

/** Under a label, which unlike a heading leaves no doubt whose rules these are. */
function writeOwnRules(entity: string, rules: readonly Rule[]): string[] {
  const own = rules.filter((rule) => rule.entity === entity);
  const prefixes = [...new Set(own.map((rule) => ownPrefix(rule) ?? ""))];
  return prefixes.map((prefix) => {
    const part = prefix.startsWith(`${slug(entity)}-`) ? prefix.slice(slug(entity).length + 1) : prefix;
    const items = own.filter((rule) => ownPrefix(rule) === prefix).map(({ text }) => `- ${writeParagraph(text)}`);
    return writeSection(`**${titleOf(part)}:**`, [items.join("\n")]);
  });
}

const declaredId = /^[A-Z]{1,6}-?[A-Z]{0,6}-?\d+(?:\.\d+)?$/;

/** Rules with ids of their own in one table, the others under the heading that named them. */
function writeFreeRules(rules: readonly Rule[]): string[] {
  const declared = rules.filter((rule) => declaredId.test(rule.name));
  const made = rules.filter((rule) => !declaredId.test(rule.name));
  const groups = groupBy(made, (rule) => rule.name.replace(/-\d+$/, ""));
  return [
    writeSection("## Business rules", [
      writeTable(
        ["Id", "Entity", "Rule"],
        declared.map(({ name, entity, text }) => [name, entity ?? "", text]),
      ),
    ]),
    ...[...groups].map(([prefix, group]) =>
      writeSection(`## ${titleOf(prefix)}`, [group.map(({ text }) => `- ${writeParagraph(text)}`).join("\n")]),
    ),
  ];
}

function titleOf(part: string): string {
  const words = part
    .replace(/^((?:business-|validation-|domain-)?rules|invariants|constraints)-(.+)$/, "$1 ($2)")
    .replaceAll("-", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** One table names them all with what raises them; a section for each that carries something has its fields. */
function writeEvents(events: readonly DomainEvent[]): string[] {
  const summary = events.map(({ name, aggregate, trigger, description }) => {
    return [code(name), aggregate ?? "", trigger ?? "", description ?? ""];
  });
  const carrying = events.filter(({ fields }) => fields.length > 0);
  return [
    writeTable(["Event", "Aggregate", "Trigger", "Description"], summary),
    ...carrying.map(({ name, fields }) =>
      writeSection(`### ${code(name)}`, [
        writeTable(["Field", "Type", "Required", "Description"], fields.map(fieldRow)),
      ]),
    ),
  ];
}

function writeMachine({ entity, field, transitions }: StateMachine): string {
  return writeSection(`### ${code(`${entity}.${field}`)}`, [
    writeTable(
      ["From", "To", "Trigger"],
      transitions.map(({ from, to, trigger }) => [code(from), code(to), trigger ?? ""]),
    ),
  ]);
}
