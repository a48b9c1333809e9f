import type { Random } from "../../support/seededRandom.ts";
import { alteredBodies } from "./alteredBodies.ts";
import type { AlteredDesign, Expectation, Truth } from "./alteredDesign.ts";
import type { BodyFacts, EndpointFact, SchemaFact } from "./facts.ts";

interface Designed extends BodyFacts {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly expectation: Omit<Expectation, "at">;
}

const operational = /^\/?$|\/(health|healthz|ready|readyz|live|livez|metrics|ping)(\/|$)/;

/** An OpenAPI document: parameters have other names than in the code, and one endpoint in five is not as the code has it. */
export function alterApi({ facts }: Truth, random: Random): AlteredDesign {
  const known = facts.endpoints.filter(({ inSchema, method }) => inSchema && method !== "HEAD");
  const taken = new Set(known.map(({ method, path }) => keyOf(method, path)));
  const designed: Designed[] = [];
  const extras: Expectation[] = [];
  for (const fact of known) {
    const change = random(20);
    if (change === 0) extras.push(...extra(fact, "left out of the design"));
    else if (change === 1) designed.push(...moved(fact, taken, extras));
    else if (change === 2) designed.push(otherStatus(fact));
    else if (change === 3) designed.push(invented(fact, taken), asItIs(fact));
    else if (change <= 7) designed.push(otherwise(fact, alteredBodies(fact, facts.schemas ?? {}, change)));
    else designed.push(asItIs(fact));
  }
  return written(
    designed.filter(({ method, path }, at) => firstAt(designed, method, path) === at),
    extras,
    facts.schemas ?? {},
  );
}

function firstAt(designed: readonly Designed[], method: string, path: string): number {
  return designed.findIndex((other) => keyOf(other.method, other.path) === keyOf(method, path));
}

function keyOf(method: string, path: string): string {
  return `${method} ${path.replace(/\{[^}]*\}/g, "{}").replace(/\/+$/, "")}`;
}

function asItIs(fact: EndpointFact): Designed {
  return { ...fact, path: renamed(fact.path), expectation: expected(fact, "implemented", "as it is") };
}

/** `{item_id}` and `{file_path:path}` of the code are `{itemIdOfIt}` and the like in the design. */
function renamed(path: string): string {
  return path.replace(
    /\{(\w+)[^}]*\}/g,
    (_, name: string) => `{${name.replace(/_(\w)/g, (__, next: string) => next.toUpperCase())}OfIt}`,
  );
}

function expected(fact: EndpointFact, status: Expectation["status"], why: string): Omit<Expectation, "at"> {
  return { kind: "endpoint", status, why, shows: [], file: fact.file };
}

function extra(fact: EndpointFact, why: string): Expectation[] {
  if (operational.test(fact.path)) return [];
  return [{ ...expected(fact, "extra", why), at: `endpoint:${keyOf(fact.method, fact.path)}` }];
}

function moved(fact: EndpointFact, taken: ReadonlySet<string>, extras: Expectation[]): Designed[] {
  const path = renamed(`${fact.path.replace(/\/+$/, "")}/elsewhere`);
  if (taken.has(keyOf(fact.method, path))) return [asItIs(fact)];
  extras.push(...extra(fact, "under another path in the design"));
  return [{ ...fact, path, expectation: expected(fact, "missing", "under another path in the code") }];
}

function otherStatus(fact: EndpointFact): Designed {
  const status = fact.status === 200 ? 201 : 200;
  return { ...fact, path: renamed(fact.path), status, expectation: expected(fact, "mismatched", "another status") };
}

/** Who may call or a body is another than the code's. */
function otherwise(
  fact: EndpointFact,
  bodies: { readonly why: string; readonly facts: BodyFacts } | undefined,
): Designed {
  if (!bodies) return asItIs(fact);
  const expectation = expected(fact, "mismatched", bodies.why);
  return { ...fact, ...bodies.facts, path: renamed(fact.path), expectation };
}

function invented(fact: EndpointFact, taken: ReadonlySet<string>): Designed {
  const method = ["GET", "POST", "PUT", "PATCH", "DELETE"].find((verb) => !taken.has(keyOf(verb, fact.path))) ?? "GET";
  const path = taken.has(keyOf(method, fact.path)) ? `${renamed(fact.path)}/invented` : renamed(fact.path);
  return { method, path, status: 200, expectation: { ...expected(fact, "missing", "made up"), file: null } };
}

function written(
  designed: readonly Designed[],
  extras: readonly Expectation[],
  schemas: Readonly<Record<string, SchemaFact>>,
): AlteredDesign {
  const components = { securitySchemes: { Bearer: { type: "http", scheme: "bearer" } }, schemas };
  const head = ["openapi: 3.1.0", "info:", "  title: The project", '  version: "1"'];
  const lines = [...head, `components: ${JSON.stringify(components)}`, "paths:"];
  const expectations = [...extras];
  for (const path of new Set(designed.map((endpoint) => endpoint.path))) {
    lines.push(`  ${JSON.stringify(path)}:`);
    for (const endpoint of designed.filter((candidate) => candidate.path === path)) {
      lines.push(`    ${endpoint.method.toLowerCase()}:`);
      expectations.push({ ...endpoint.expectation, at: `openapi.yaml:${lines.length}` });
      lines.push(
        ...parameters(path),
        ...contractOf(endpoint),
        "      responses:",
        `        "${endpoint.status}":`,
        "          description: Done",
        ...(endpoint.response ? [`          content: ${JSON.stringify(jsonOf(endpoint.response))}`] : []),
      );
    }
  }
  return { documents: [{ path: "openapi.yaml", text: `${lines.join("\n")}\n` }], expectations };
}

function jsonOf(schema: SchemaFact) {
  return { "application/json": { schema } };
}

function contractOf({ secured, request }: BodyFacts): string[] {
  const security = secured === undefined || secured === null ? undefined : secured ? [{ Bearer: [] }] : [];
  return [
    ...(security ? [`      security: ${JSON.stringify(security)}`] : []),
    ...(request ? [`      requestBody: ${JSON.stringify({ required: true, content: jsonOf(request) })}`] : []),
  ];
}

function parameters(path: string): string[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  if (names.length === 0) return [];
  return [
    "      parameters:",
    ...names.map((name) => `        - { name: ${name}, in: path, required: true, schema: { type: string } }`),
  ];
}
