import { snakeCase } from "../../support/words.ts";
import { keyOfTable } from "../merge/tableShapes.ts";
import type { DesignSpec, Endpoint, Schema } from "../model.ts";
import { pathSegments } from "../pathSegments.ts";
import { isHealth, plainPrefix } from "./operationPurpose.ts";
import {
  canonicalName,
  type Resource,
  referencesIn,
  resourceNamed,
  resourcesEndingIn,
  schemaSubject,
} from "./resources.ts";

/** What a segment stands for that no table and no entity is called like. */
export interface Collection {
  readonly resource: Resource;
  /** Only the names resemble each other. */
  readonly isGuess: boolean;
}

interface Naming {
  readonly spec: DesignSpec;
  readonly resources: readonly Resource[];
  readonly resolve: (schema: Schema) => Schema;
}

/**
 * The collections of the API by {@link canonicalName}: the segments that keys stand behind, `orders` of `/orders/{orderId}`.
 *
 * They are found once for all paths, so that `POST /orders`, which answers nothing that says so, is about the same
 * table as `GET /orders`, and `/orders/{orderId}/shipments` goes through it.
 */
export function collectionsOf(naming: Naming): ReadonlyMap<string, Collection> {
  const { spec, resources } = naming;
  const found = new Map<string, Collection>();
  for (const endpoint of spec.api.endpoints) {
    const segment = keyedSegment(endpoint, naming);
    const name = canonicalName(segment ?? "");
    if (segment === undefined || found.has(name) || isHealth(segment)) continue;
    const shown = spec.api.endpoints
      .filter((other) => other.method === "GET" && isCollection(other, segment, spec))
      .map((other) => namedByAnswer(other, naming))
      .find((resource) => resource !== undefined);
    const resource = shown ?? endingIn(segment, naming);
    if (resource && resources.includes(resource)) found.set(name, { resource, isGuess: shown === undefined });
  }
  return found;
}

/** The resource that the answer is named after; inside of what has a key of its own no name is looked for. */
export function namedByAnswer(
  { responses }: Endpoint,
  { resources, resolve }: Pick<Naming, "resources" | "resolve">,
): Resource | undefined {
  const answer = responses.find(({ status }) => status >= 200 && status < 300)?.schema;
  if (!answer) return undefined;
  const subjects = referencesIn(answer, resolve).map((name) => canonicalName(schemaSubject(name)));
  return resources.find(({ names }) => subjects.some((subject) => names.has(subject)));
}

/**
 * The one resource whose name ends in these words; of several, and where the words are short, the one that `order_id`
 * refers to. Certain enough to assume, not to declare.
 */
function endingIn(segment: string, { spec, resources }: Naming): Resource | undefined {
  const plain = resourcesEndingIn(segment, resources);
  if (plain.length === 1) return plain[0];
  const ending = resourcesEndingIn(segment, resources, 1);
  const wanted = `${canonicalName(segment)}_id`;
  const referred = new Set(
    spec.database.tables.flatMap(({ constraints }) =>
      constraints.flatMap(({ references, columns }) =>
        references && columns.length === 1 && snakeCase(columns[0] ?? "") === wanted ? references.table : [],
      ),
    ),
  );
  const meant = ending.filter(({ table }) => table && referred.has(keyOfTable(table)));
  return meant.length === 1 ? meant[0] : undefined;
}

/** The segment in front of the first parameter, where nothing in front of it is called like a table or an entity. */
function keyedSegment({ path }: Endpoint, { spec, resources }: Naming): string | undefined {
  const segments = segmentsBelow(path, spec);
  const behind = segments.findIndex((segment) => segment.startsWith("{"));
  const segment = behind > 0 ? segments[behind - 1] : undefined;
  const isNamed = segments.slice(0, Math.max(0, behind)).some((part) => resourceNamed(part, resources) !== undefined);
  return segment === undefined || isNamed || plainPrefix.test(segment) ? undefined : segment;
}

/** The collection itself or one of it, and nothing behind it. */
function isCollection({ path }: Endpoint, segment: string, spec: DesignSpec): boolean {
  const [last = "", before] = segmentsBelow(path, spec).reverse();
  return last === segment || (last.startsWith("{") && before === segment);
}

function segmentsBelow(path: string, { api: { basePath } }: DesignSpec): string[] {
  return [...pathSegments(path.startsWith(basePath) ? path.slice(basePath.length) : path)];
}
