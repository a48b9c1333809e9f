import { snakeCase } from "../../support/words.ts";
import { keyOfTable } from "../merge/tableShapes.ts";
import type { DesignSpec, Endpoint, Schema } from "../model.ts";
import { pathSegments } from "../pathSegments.ts";
import { isHealth, plainPrefix } from "./operationPurpose.ts";
import { canonicalName, type Resource, referencesIn, schemaSubject } from "./resources.ts";

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
  const known = indexed(naming);
  const tried = new Set<string>();
  const found = new Map<string, Collection>();
  for (const { segments } of known.paths) {
    const segment = keyedSegment(segments, known);
    const name = canonicalName(segment ?? "");
    if (segment === undefined || tried.has(name) || isHealth(segment)) continue;
    tried.add(name);
    const shown = (known.asked.get(segment) ?? [])
      .map((endpoint) => namedByAnswer(endpoint, naming))
      .find((resource) => resource !== undefined);
    const resource = shown ?? endingIn(segment, spec, known);
    if (resource && resources.includes(resource)) found.set(name, { resource, isGuess: shown === undefined });
  }
  return found;
}

/** What many paths are looked up in: designs have hundreds of endpoints and thousands of tables. */
interface NameIndex {
  readonly paths: readonly { readonly endpoint: Endpoint; readonly segments: readonly string[] }[];
  /** The endpoints that show a collection or one of it, and nothing behind it, by its segment. */
  readonly asked: ReadonlyMap<string, readonly Endpoint[]>;
  readonly names: ReadonlySet<string>;
  /** Resources by the words that their names end in. */
  readonly endings: ReadonlyMap<string, readonly Resource[]>;
}

function indexed({ spec, resources }: Naming): NameIndex {
  const paths = spec.api.endpoints.map((endpoint) => ({ endpoint, segments: segmentsBelow(endpoint.path, spec) }));
  const asked = new Map<string, Endpoint[]>();
  for (const { endpoint, segments } of paths) {
    const last = segments.at(-1) ?? "";
    const segment = last.startsWith("{") ? segments.at(-2) : last;
    if (endpoint.method === "GET" && segment !== undefined) {
      asked.set(segment, [...(asked.get(segment) ?? []), endpoint]);
    }
  }
  const endings = new Map<string, Resource[]>();
  for (const resource of resources) {
    for (const ending of new Set([...resource.names].flatMap(endingsOf))) {
      const others = endings.get(ending);
      if (others) others.push(resource);
      else endings.set(ending, [resource]);
    }
  }
  return { paths, asked, names: new Set(resources.flatMap(({ names }) => [...names])), endings };
}

/** `b_c` and `c` of `a_b_c`. */
function endingsOf(name: string): readonly string[] {
  return name.split("_").flatMap((_, at, parts) => (at === 0 ? [] : [parts.slice(at).join("_")]));
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
function endingIn(segment: string, { database }: DesignSpec, { endings }: NameIndex): Resource | undefined {
  const name = canonicalName(segment);
  const ending = name === "" ? [] : (endings.get(name) ?? []);
  if (name.length >= 4 && ending.length === 1) return ending[0];
  if (ending.length === 0) return undefined;
  const wanted = `${name}_id`;
  const referred = new Set(
    database.tables.flatMap(({ constraints }) =>
      constraints.flatMap(({ references, columns }) =>
        references && columns.length === 1 && snakeCase(columns[0] ?? "") === wanted ? references.table : [],
      ),
    ),
  );
  const meant = ending.filter(({ table }) => table && referred.has(keyOfTable(table)));
  return meant.length === 1 ? meant[0] : undefined;
}

/** The segment in front of the first parameter, where nothing in front of it is called like a table or an entity. */
function keyedSegment(segments: readonly string[], { names }: NameIndex): string | undefined {
  const behind = segments.findIndex((segment) => segment.startsWith("{"));
  const segment = behind > 0 ? segments[behind - 1] : undefined;
  const isNamed = segments.slice(0, Math.max(0, behind)).some((part) => names.has(canonicalName(part)));
  return segment === undefined || isNamed || plainPrefix.test(segment) ? undefined : segment;
}

function segmentsBelow(path: string, { api: { basePath } }: DesignSpec): string[] {
  return [...pathSegments(path.startsWith(basePath) ? path.slice(basePath.length) : path)];
}
