import type { DesignSpec, Endpoint, Schema } from "../spec/model.ts";
import { pascalCase } from "../support/words.ts";
import type { Direction, ModelField, ModelPlan, ValueModel } from "./apiPlan.ts";
import type { Assumption } from "./compilation.ts";
import { className } from "./names.ts";
import type { AggregatePlan } from "./plan.ts";

/**
 * What the planning of one operation collects.
 *
 * Nothing of it counts when `gaps` is not empty in the end: then the endpoint needs detail, and its
 * models and assumptions are dropped with it.
 */
export interface OperationDraft {
  readonly spec: DesignSpec;
  readonly aggregates: readonly AggregatePlan[];
  readonly endpoint: Endpoint;
  /** Module of models that belong to no aggregate. */
  readonly module: string;
  /** Named schemas that some answer shows; they keep their name there, and a request model gets a suffix. */
  readonly answered: ReadonlySet<string>;
  /** By name; a model of an earlier operation is found again. */
  readonly models: Map<string, ModelPlan>;
  /** Models being built, so that a schema that contains itself ends. */
  readonly building: Set<string>;
  readonly gaps: string[];
  readonly assumptions: Assumption[];
}

/** A schema to make a Pydantic model of. */
export interface ModelRequest {
  readonly schema: Schema;
  readonly direction: Direction;
  /** Name of an inline schema; a reference keeps the name that the contract gives. */
  readonly name: string;
  /** The aggregate that its values are read from or written to. */
  readonly aggregate?: AggregatePlan | undefined;
  /** The schema stands for a value object, whose parts are the fields of `aggregate`. */
  readonly value?: ValueModel;
  /** The parts of a form are text or a file. */
  readonly isForm?: boolean;
}

/** Attributes of the columns that a part of a request gives. */
export function givenColumns({ target, held }: ModelField): readonly string[] {
  return target ? [target.name] : (held?.parts ?? []).map(({ field }) => field.name);
}

export function resolveSchema(spec: DesignSpec, schema: Schema): Schema {
  const seen = new Set<string>();
  let current = schema;
  while (current.type === "ref" && current.ref !== undefined && !seen.has(current.ref)) {
    seen.add(current.ref);
    const target = spec.api.schemas.find(({ name }) => name === current.ref);
    if (!target) return { type: "any" };
    current = current.nullable ? { ...target.schema, nullable: true } : target.schema;
  }
  return current;
}

/** Names of the schemas that the successful answers of the contract reach. */
export function answeredSchemas(spec: DesignSpec): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (schema: Schema | undefined): void => {
    if (!schema) return;
    if (schema.ref !== undefined && !reached.has(schema.ref)) {
      reached.add(schema.ref);
      visit(spec.api.schemas.find(({ name }) => name === schema.ref)?.schema);
    }
    const inner = (schema.properties ?? []).map((property) => property.schema);
    for (const part of [schema.items, schema.additional || undefined, ...inner, ...(schema.variants ?? [])])
      visit(part);
  };
  for (const { responses } of spec.api.endpoints) {
    for (const { status, schema } of responses) if (status < 300) visit(schema);
  }
  return reached;
}

/** Name of a model: the contract's own, with a suffix where the domain has that name already. */
export function modelName(draft: OperationDraft, wanted: string, direction: Direction): string {
  const name = className(pascalCase(wanted));
  const domain = domainNames(draft.aggregates);
  const suffix = direction === "request" ? "Request" : "Response";
  const isAnswer = direction === "request" && draft.answered.has(wanted);
  const candidate = isAnswer || domain.has(name) || reserved.has(name) ? `${name}${suffix}` : name;
  const existing = draft.models.get(candidate);
  return existing && existing.direction !== direction ? `${candidate}${suffix}` : candidate;
}

/** Asked for every model of every operation, and the same for all operations of a design. */
const namesOfDesigns = new WeakMap<readonly AggregatePlan[], ReadonlySet<string>>();

function domainNames(aggregates: readonly AggregatePlan[]): ReadonlySet<string> {
  const known = namesOfDesigns.get(aggregates);
  if (known) return known;
  const names = new Set(
    aggregates.flatMap(({ className: name, fields }) => [
      `New${name}`,
      `${name}Changes`,
      `${name}Filter`,
      ...fields.flatMap((field) => field.enum?.className ?? []),
    ]),
  );
  namesOfDesigns.set(aggregates, names);
  return names;
}

export function assume(draft: OperationDraft, text: string): void {
  draft.assumptions.push({ text, element: draft.endpoint.id, source: draft.endpoint.source });
}

const reserved = new Set(
  (
    "ApiModel AsNumber AsText Decimal EmailStr EmailText ErrorResponse IsoDate IsoDatetime " +
    "IsoLocalDatetime IsoUtcDatetime Literal Omittable Omitted RequestModel StrictBool StrictFloat UtcDatetime"
  ).split(" "),
);
