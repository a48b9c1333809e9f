import type { Endpoint, Schema } from "../spec/model.ts";
import { singular, snakeCase, words } from "../support/words.ts";
import type { PathParameter, ResourcePath, ResourceStep } from "./apiPlan.ts";
import { foreignKeyTo, isUnique, matchField, namesAggregate, schemaSubject } from "./fieldMatching.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";

/** What the paths are read against. */
export interface PathContext {
  readonly basePath: string;
  readonly aggregates: readonly AggregatePlan[];
  /** Properties of a schema with its references followed. */
  readonly resolve: (schema: Schema) => Schema;
}

/** Reads a path segment by segment; what no aggregate explains ends up in `rest`. */
export function resourcePath(endpoint: Endpoint, context: PathContext): ResourcePath {
  const inside = endpoint.path.startsWith(context.basePath)
    ? endpoint.path.slice(context.basePath.length)
    : endpoint.path;
  const segments = inside.split("/").filter((segment) => segment !== "");
  const steps: ResourceStep[] = [];
  let position = skipPrefix(segments, context);
  while (position < segments.length) {
    const step = readStep(segments, position, { endpoint, context, parent: steps.at(-1) });
    if (!step) break;
    steps.push(step.step);
    position += step.length;
  }
  const known = steps.length > 0 ? position : 0;
  return { steps, rest: segments.slice(known), template: template(endpoint.path) };
}

/** The last aggregate of the path, which the operation is about. */
export function targetOf(path: ResourcePath): ResourceStep | undefined {
  return path.steps.at(-1);
}

interface StepReading {
  readonly endpoint: Endpoint;
  readonly context: PathContext;
  readonly parent: ResourceStep | undefined;
}

function readStep(
  segments: readonly string[],
  position: number,
  reading: StepReading,
): { readonly step: ResourceStep; readonly length: number } | undefined {
  const segment = segments[position] ?? "";
  if (isParameter(segment)) return undefined;
  const rest = segments.length - position - 1;
  const aggregate = findAggregate(segment, rest, reading);
  if (!aggregate) return undefined;
  const parentColumns = reading.parent ? foreignKeyTo(aggregate, reading.parent.aggregate) : [];
  const next = segments[position + 1];
  if (next === "me" || (rest === 0 && isOwnName(segment))) {
    const own = ownField(aggregate);
    return own && { step: { aggregate, own, parentColumns }, length: next === "me" ? 2 : 1 };
  }
  if (next === undefined || !isParameter(next)) return { step: { aggregate, parentColumns }, length: 1 };
  const parameter = pathParameter(next, aggregate, parentColumns);
  return parameter && { step: { aggregate, parameter, parentColumns }, length: 2 };
}

/** `/api/shop/orders`: words in front of the first resource that name no resource. */
function skipPrefix(segments: readonly string[], { aggregates }: PathContext): number {
  const first = segments.findIndex((segment) => aggregates.some((aggregate) => namesAggregate(segment, aggregate)));
  const plain = first > 0 && segments.slice(0, first).every((segment) => prefixWord.test(segment));
  return plain ? first : 0;
}

const prefixWord = /^(?:api|rest|public|internal|v\d+(?:\.\d+)?)$/i;

function findAggregate(segment: string, rest: number, reading: StepReading): AggregatePlan | undefined {
  const { endpoint, context, parent } = reading;
  const named = context.aggregates.filter((aggregate) => namesAggregate(segment, aggregate));
  if (!parent) {
    if (named[0]) return named[0];
    return rest <= 1 && (isOwnName(segment) || !isVerbLike(endpoint, rest)) ? bySchema(segment, reading) : undefined;
  }
  const related = context.aggregates.filter((aggregate) => foreignKeyTo(aggregate, parent.aggregate).length > 0);
  const child = parent.aggregate.children.find(({ attribute }) => attribute === pythonName(segment));
  return (
    related.find((aggregate) => namesAggregate(segment, aggregate)) ??
    related.find(({ className }) => className === child?.aggregate) ??
    related.find((aggregate) => isCompound(aggregate, parent.aggregate, segment)) ??
    (endpoint.method === "GET" && rest === 0 ? bySchema(segment, reading, related) : undefined)
  );
}

/** `history` under `orders` is `order_status_history`. */
function isCompound(aggregate: AggregatePlan, parent: AggregatePlan, segment: string): boolean {
  const own = words(aggregate.className).map(singular);
  const first = words(parent.className).map(singular);
  const last = words(segment).map(singular);
  return own.slice(0, first.length).join() === first.join() && own.slice(-last.length).join() === last.join();
}

/** The aggregate that the response is named after, where the path has a name of its own. */
function bySchema(
  segment: string,
  { endpoint, context }: StepReading,
  among: readonly AggregatePlan[] = context.aggregates,
): AggregatePlan | undefined {
  const answer = endpoint.responses.find(({ status }) => status >= 200 && status < 300)?.schema;
  const names = [answer, answer && context.resolve(answer)].flatMap((schema) =>
    schema ? [schema, schema.items, ...(schema.properties ?? []).map((property) => property.schema)] : [],
  );
  const refs = names.flatMap((schema) => schema?.ref ?? schema?.items?.ref ?? []);
  const subjects = refs.map(schemaSubject);
  return isHealth(segment)
    ? undefined
    : among.find((aggregate) => subjects.some((subject) => namesAggregate(subject, aggregate)));
}

export function isHealth(segment: string): boolean {
  return /^(?:health|healthz|healthcheck|health-check|ready|readyz|readiness|live|livez|liveness|ping|status|_health)$/i.test(
    segment,
  );
}

function isVerbLike(endpoint: Endpoint, rest: number): boolean {
  return endpoint.method !== "GET" && rest === 0;
}

function isOwnName(segment: string): boolean {
  return segment === "me" || segment === "profile" || segment === "account";
}

/** The column that says who a row is: compared with the caller by the policies, else the key. */
function ownField(aggregate: AggregatePlan): FieldPlan | undefined {
  return aggregate.fields.find(({ role }) => role === "owner") ?? aggregate.key[0];
}

function isParameter(segment: string): boolean {
  return segment.startsWith("{") && segment.endsWith("}");
}

function pathParameter(
  segment: string,
  aggregate: AggregatePlan,
  parentColumns: readonly FieldPlan[],
): PathParameter | undefined {
  const wire = segment.slice(1, -1);
  const ownKey = aggregate.key.filter((field) => !parentColumns.includes(field));
  const named = matchField(aggregate, wire);
  const isOther = named !== undefined && !named.isKey && isUnique(aggregate, named);
  const field = isOther ? named : (ownKey.find((key) => key === named) ?? ownKey[0] ?? aggregate.key[0]);
  if (!field) return undefined;
  const name = wire.toLowerCase() === "id" ? `${aggregate.module.replace(/_$/, "")}_id` : pythonName(snakeCase(wire));
  return { name, wire: templateName(wire), field };
}

function template(path: string): string {
  return path.replace(/\{([^}]+)\}/g, (_, wire: string) => `{${templateName(wire)}}`);
}

/** FastAPI takes identifiers only. */
function templateName(wire: string): string {
  return /^[A-Za-z_]\w*$/.test(wire) ? wire : pythonName(wire);
}
