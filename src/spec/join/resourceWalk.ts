import type { EndpointResource, ResourceStep } from "../endpointResource.ts";
import { keyOfTable } from "../merge/tableShapes.ts";
import type { Column, DesignSpec, Endpoint, Schema } from "../model.ts";
import { pathSegments } from "../pathSegments.ts";
import { holdsUsers } from "./callerColumns.ts";
import { type Collection, namedByAnswer } from "./collections.ts";
import { isHealth, plainPrefix } from "./operationPurpose.ts";
import { isCompound, likelyReference, memberNamed, refersTo, relationId } from "./relations.ts";
import { canonicalName, type Resource, resourceNamed, resourcesEndingIn } from "./resources.ts";

/** A guess that a step rests on, to be shown as an assumption. */
export type WalkGuess =
  | { readonly type: "name"; readonly segment: string; readonly resource: Resource }
  | { readonly type: "relation"; readonly child: Resource; readonly parent: Resource; readonly column: Column };

export interface ResourceWalk {
  readonly resource: EndpointResource;
  /** What the endpoint is about. */
  readonly target: Resource;
  readonly guesses: readonly WalkGuess[];
}

export interface WalkContext {
  readonly spec: DesignSpec;
  readonly resources: readonly Resource[];
  /** By {@link canonicalName}; a name that the user gave counts before them. */
  readonly collections: ReadonlyMap<string, Collection>;
  /** Names that the user gave to segments, by {@link canonicalName}; undefined for "names nothing". */
  readonly aliases: ReadonlyMap<string, Resource | undefined>;
  /** Ids of relations that the user says do not exist. */
  readonly refused: ReadonlySet<string>;
  readonly resolve: (schema: Schema) => Schema;
}

/** Reads a path segment by segment; undefined when no segment names a table or an entity. */
export function walkPath(endpoint: Endpoint, context: WalkContext): ResourceWalk | undefined {
  const segments = segmentsOf(endpoint, context);
  const start = firstNamed(segments, context);
  const caller = callersInFront(segments, start, context);
  const steps: ResourceStep[] = caller ? [stepOf(caller, "me", { own: true, parameter: undefined })] : [];
  const guesses: WalkGuess[] = [];
  let position = start;
  let parent = caller;
  while (position < segments.length) {
    const found = findResource(segments, position, { endpoint, context, parent });
    if (!found) break;
    const segment = segments[position] ?? "";
    const next = segments[position + 1];
    const isMe = isCaller(next, found.resource);
    const own = isMe || (position === segments.length - 1 && isOwnName(segment));
    const parameter = own ? undefined : parameterIn(next);
    steps.push(stepOf(found.resource, segment, { own, parameter }));
    guesses.push(...found.guesses);
    parent = found.resource;
    position += isMe || parameter !== undefined ? 2 : 1;
  }
  const [first, ...others] = steps;
  if (!first || !parent) return undefined;
  const prefix = wordsInFront(segments.slice(0, caller ? start - 1 : start));
  return { resource: { steps: [first, ...others], prefix, rest: segments.slice(position) }, target: parent, guesses };
}

function segmentsOf({ path }: Endpoint, { spec }: WalkContext): readonly string[] {
  const { basePath } = spec.api;
  return pathSegments(path.startsWith(basePath) ? path.slice(basePath.length) : path);
}

function wordsInFront(segments: readonly string[]): readonly string[] {
  return segments.filter((segment) => !plainPrefix.test(segment));
}

/** Columns whose value the path gives. */
export function parentColumns({ resource, target }: ResourceWalk): ReadonlySet<string> {
  const parents = resource.steps.slice(0, -1).filter(({ parameter }) => parameter !== undefined);
  const tables = new Set(parents.flatMap(({ table }) => table ?? []));
  const keys = (target.table?.constraints ?? []).filter(({ references }) => references && tables.has(references.table));
  return new Set(keys.flatMap(({ columns }) => columns));
}

function stepOf(
  { table, entity }: Resource,
  segment: string,
  { own, parameter }: { readonly own: boolean; readonly parameter: string | undefined },
): ResourceStep {
  return {
    ...(table && { table: keyOfTable(table) }),
    ...(entity && { entity: entity.name }),
    segment,
    ...(parameter !== undefined && { parameter }),
    own,
  };
}

/** Words and parameters in front of the first segment that names something. */
function firstNamed(segments: readonly string[], context: WalkContext): number {
  const named = segments.findIndex(
    (segment) => !isParameter(segment) && (directly(segment, context) ?? collectionOf(segment, context)) !== undefined,
  );
  if (named >= 0) return named;
  if (isOwnName(segments.at(-1) ?? "")) return segments.length - 1;
  const bare = segments.findIndex((segment) => !plainPrefix.test(segment));
  return Math.max(0, bare);
}

interface Search {
  readonly endpoint: Endpoint;
  readonly context: WalkContext;
  readonly parent: Resource | undefined;
}

interface Found {
  readonly resource: Resource;
  readonly guesses: readonly WalkGuess[];
}

function findResource(segments: readonly string[], position: number, search: Search): Found | undefined {
  const segment = segments[position] ?? "";
  if (isParameter(segment)) return undefined;
  const { endpoint, context, parent } = search;
  const isLast = position >= segments.length - 2;
  if (parent) return nested(segment, parent, { ...search, isLast: position === segments.length - 1 });
  const known = foundByName(segment, context);
  if (known || context.aliases.has(canonicalName(segment))) return known;
  const mayBeNamedByAnswer = isOwnName(segment) || endpoint.method === "GET" || position < segments.length - 1;
  const answered = isLast && mayBeNamedByAnswer ? bySchema(segment, context.resources, search) : undefined;
  if (answered) return certain(answered);
  const likely = isHealth(segment)
    ? undefined
    : isOwnName(segment)
      ? (resourceNamed("user", context.resources) ?? resourceNamed("account", context.resources))
      : onlyOne(resourcesEndingIn(segment, context.resources));
  return likely && guessed(segment, likely);
}

function foundByName(segment: string, context: WalkContext): Found | undefined {
  const named = directly(segment, context);
  if (named) return context.aliases.has(canonicalName(segment)) ? guessed(segment, named) : certain(named);
  const collection = collectionOf(segment, context);
  if (!collection) return undefined;
  return collection.isGuess ? guessed(segment, collection.resource) : certain(collection.resource);
}

function guessed(segment: string, resource: Resource): Found {
  return { resource, guesses: [{ type: "name", segment, resource }] };
}

function certain(resource: Resource): Found {
  return { resource, guesses: [] };
}

function directly(segment: string, { resources, aliases }: WalkContext): Resource | undefined {
  const name = canonicalName(segment);
  return aliases.has(name) ? aliases.get(name) : resourceNamed(segment, resources);
}

function collectionOf(segment: string, { collections, aliases }: WalkContext): Collection | undefined {
  const name = canonicalName(segment);
  return aliases.has(name) ? undefined : collections.get(name);
}

function onlyOne(resources: readonly Resource[]): Resource | undefined {
  return resources.length === 1 ? resources[0] : undefined;
}

function nested(segment: string, parent: Resource, search: Search & { readonly isLast: boolean }): Found | undefined {
  const { context, endpoint, isLast } = search;
  const related = context.resources.filter((resource) => refersTo(resource, parent));
  const mapped = context.aliases.get(canonicalName(segment));
  if (mapped) return guessed(segment, mapped);
  const sure =
    resourceNamed(segment, related) ??
    memberNamed(context.spec, parent, segment, related) ??
    related.find((resource) => isCompound(resource, parent, segment)) ??
    (endpoint.method === "GET" && isLast ? bySchema(segment, related, search) : undefined);
  if (sure) return certain(sure);
  const likely = context.resources.filter((resource) => resource !== parent);
  const named =
    resourceNamed(segment, likely) ??
    memberNamed(context.spec, parent, segment, likely) ??
    likely.find((resource) => isCompound(resource, parent, segment));
  if (!named) {
    const ending = onlyOne(resourcesEndingIn(segment, related));
    return ending && guessed(segment, ending);
  }
  const column = likelyReference(named, parent);
  if (!column) return certain(named);
  if (context.refused.has(relationId(named, column))) return undefined;
  return { resource: named, guesses: [{ type: "relation", child: named, parent, column }] };
}

/** The resource that the answer is named after, where the path has a name of its own. */
function bySchema(segment: string, among: readonly Resource[], { endpoint, context }: Search): Resource | undefined {
  return isHealth(segment) ? undefined : namedByAnswer(endpoint, { resources: among, resolve: context.resolve });
}

/** `/users/me`, and `/profiles/current` of what stands for a person. */
/** Whoever is signed in, where what follows refers to them: `/me/orders` are the orders of `/users/me`. */
function callersInFront(segments: readonly string[], start: number, context: WalkContext): Resource | undefined {
  const segment = segments[start] ?? "";
  if (segments[start - 1] !== "me") return undefined;
  const named = directly(segment, context) ?? collectionOf(segment, context)?.resource;
  return context.resources.find(
    (resource) => resource.table && named && holdsUsers(resource.table) && refersTo(named, resource),
  );
}

function isCaller(segment: string | undefined, { names }: Resource): boolean {
  const isPerson = ["user", "account", "profile", "customer", "member"].some((name) => names.has(name));
  return segment === "me" || (segment === "current" && isPerson);
}

function isOwnName(segment: string): boolean {
  return segment === "me" || segment === "profile" || segment === "account";
}

function parameterIn(segment = ""): string | undefined {
  return isParameter(segment) ? segment.slice(1, -1) : undefined;
}

function isParameter(segment: string): boolean {
  return segment.startsWith("{") && segment.endsWith("}");
}
