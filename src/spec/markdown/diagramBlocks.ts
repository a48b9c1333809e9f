import type { Fragment } from "../fragment.ts";
import type { Entity, Field, ValueObject } from "../model.ts";
import { snakeCase } from "./columnText.ts";
import type { FieldRow } from "./fieldTables.ts";
import { type MarkdownReading, spanOf } from "./reading.ts";

/** An entity, class or enum of a diagram. */
export interface DiagramBlock {
  readonly name: string;
  readonly line: number;
  readonly rows: FieldRow[];
}

/** Adds what a diagram draws as an entity; a name without fields is an entity that is only named. */
export function addDrawnModel(reading: MarkdownReading, block: DiagramBlock, isValueObject: boolean): void {
  const model = modelOf(reading, block);
  const into = reading.diagram;
  if (isValueObject)
    into.valueObjects.push({ ...model, id: `valueObject:${model.name}`, kind: "valueObject" } satisfies ValueObject);
  else
    into.entities.push({
      ...model,
      id: `entity:${model.name}`,
      kind: "entity",
      aggregateRoot: false,
    } satisfies Entity);
}

/** Generators draw an enum as an entity whose attributes are `VALUE VALUE`. */
export function addDrawnEnum(reading: MarkdownReading, block: DiagramBlock, into: Fragment): void {
  const values = [...new Set(block.rows.map((row) => row.name))];
  into.enums.push({ name: snakeCase(block.name), values, source: sourceOf(reading, block) });
}

function sourceOf(reading: MarkdownReading, block: DiagramBlock): ReturnType<typeof spanOf> {
  return spanOf(reading, { line: block.line, endLine: block.rows.at(-1)?.line ?? block.line });
}

function modelOf(reading: MarkdownReading, block: DiagramBlock): Omit<ValueObject, "id" | "kind"> {
  const fields = block.rows.map(
    (row): Field => ({
      id: `field:${block.name}.${row.name}`,
      kind: "field",
      name: row.name,
      source: spanOf(reading, row),
      confidence: "declared",
      owner: block.name,
      type: row.type.replace(/\?$/, ""),
      required: row.required ?? !/\?(?:\s|$)|null/i.test(`${row.type} ${row.constraints}`),
    }),
  );
  const unique = fields.filter((field, index) => fields.findIndex((other) => other.name === field.name) === index);
  return { name: block.name, source: sourceOf(reading, block), confidence: "declared", fields: unique };
}
