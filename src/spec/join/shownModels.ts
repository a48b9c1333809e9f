import { pascalCase, singular, snakeCase } from "../../support/words.ts";
import { keyOfTable } from "../merge/tableShapes.ts";
import type { DesignSpec, NamedSchema, Property, Schema } from "../model.ts";
import type { Problem } from "../reading.ts";
import type { AssumptionLedger } from "./assumptions.ts";
import { visibleProperties } from "./columnFacts.ts";
import { correctedShape, refuse } from "./corrections.ts";
import type { Decisions } from "./decisions.ts";
import { answerModel, type WireName } from "./derivedModels.ts";
import { type ResourceField, resourceFields } from "./resourceFields.ts";
import { canonicalName, nameOf, type Resource, sourceOf } from "./resources.ts";
import { shapeText } from "./shapeText.ts";

/** The models in which answers show resources; made when the first answer needs one. */
export interface ShownModels {
  readonly fieldsOf: (resource: Resource) => readonly ResourceField[];
  /** The reference to the schema that shows the resource; undefined when nothing is known of it. */
  readonly answerOf: (resource: Resource) => Schema | undefined;
  /** The reference to one that shows the parts of the resource inside, as arrays. */
  readonly detailOf: (resource: Resource, parts: readonly Resource[]) => Schema | undefined;
  readonly schemas: () => readonly NamedSchema[];
}

interface ShownContext {
  readonly ledger: AssumptionLedger;
  readonly decisions: Decisions;
  readonly problems: Problem[];
  readonly wire: WireName;
}

export function createShownModels(spec: DesignSpec, context: ShownContext): ShownModels {
  const visible = visibleProperties(spec);
  const fields = new Map<string, readonly ResourceField[]>();
  const models = new Map<string, NamedSchema>();
  const taken = new Set(spec.api.schemas.map(({ name }) => name));
  const fieldsOf = (resource: Resource): readonly ResourceField[] => {
    const key = keyOf(resource);
    const known = fields.get(key) ?? resourceFields(spec, resource, { visible, wire: context.wire });
    fields.set(key, known);
    return known;
  };
  const answerOf = (resource: Resource): Schema | undefined => {
    const key = keyOf(resource);
    const known = models.get(key) ?? shownModel(resource, fieldsOf(resource), { ...context, taken });
    if (!known) return undefined;
    models.set(key, known);
    taken.add(known.name);
    return { type: "ref", ref: known.name };
  };
  return {
    fieldsOf,
    answerOf,
    detailOf: (resource, parts) => {
      const shown = answerOf(resource);
      const whole = models.get(keyOf(resource));
      if (!shown || !whole) return undefined;
      const key = `${keyOf(resource)} with ${parts.map(keyOf).join()}`;
      const arrays = parts.flatMap((part): Property[] => {
        const items = answerOf(part);
        const name = context.wire(snakeCase(part.table?.name ?? nameOf(part)));
        return items ? [{ name, required: true, schema: { type: "array", items } }] : [];
      });
      const properties = [...(whole.schema.properties ?? []), ...arrays];
      const name = models.get(key)?.name ?? freeName(whole.name.replace(/Out(?=\d*$)/, "Detail"), taken);
      models.set(key, { ...whole, name, schema: { ...whole.schema, properties } });
      taken.add(name);
      return { type: "ref", ref: name };
    },
    schemas: () => [...models.values()],
  };
}

function shownModel(
  resource: Resource,
  fields: readonly ResourceField[],
  { ledger, decisions, problems, wire, taken }: ShownContext & { readonly taken: ReadonlySet<string> },
): NamedSchema | undefined {
  const source = sourceOf(resource);
  const schema = answerModel(fields, wire);
  if (!source || (schema.properties ?? []).length === 0) return undefined;
  const name = freeName(`${pascalCase(resource.entity?.name ?? singular(canonicalName(nameOf(resource))))}Out`, taken);
  const id = `model:${name}`;
  const { value, state } = ledger.assume({
    id,
    kind: "model",
    element: resource.table?.id ?? resource.entity?.id ?? "",
    source,
    value: shapeText(schema),
    text: `Answers show ${nameOf(resource)} as ${name}: everything it is made of, without secrets and marks of deletion.`,
  });
  if (state !== "corrected") return { name, schema, source };
  const corrected = correctedShape(value, (reference) => taken.has(reference));
  if (!corrected)
    refuse(
      { decisions, problems },
      id,
      "it is no shape that can be read; write it like { name: string; note?: string }",
    );
  return { name, schema: corrected ?? schema, source };
}

function keyOf({ table, entity }: Resource): string {
  return table ? `table ${keyOfTable(table)}` : `entity ${entity?.name ?? ""}`;
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  return taken.has(wanted) ? freeName(`${wanted.replace(/Out(?=\d*$)/, "Row")}Out`, taken) : wanted;
}
