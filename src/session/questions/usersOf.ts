import type { DesignElement, DesignSpec, Endpoint } from "../../spec/model.ts";
import { words } from "../../support/words.ts";
import { designElements } from "../jsonOutput.ts";

/** The elements of the design that name another one, or are about it, in the order of the design. */
export function usersOf(element: DesignElement, spec: DesignSpec): readonly DesignElement[] {
  const test = tests[element.kind]?.(element, spec);
  if (!test) return [];
  return designElements(spec).filter((other) => other.id !== element.id && test(other));
}

type Test = (other: DesignElement) => boolean;
type TestOf = (element: DesignElement, spec: DesignSpec) => Test;

const tests: Readonly<Partial<Record<DesignElement["kind"], TestOf>>> = {
  table: ({ name }, spec) => {
    const { domain, database } = spec;
    const entities = domain.entities.filter(({ table }) => table === name).map(({ id }) => id);
    const pointing = database.tables
      .filter(({ constraints }) => constraints.some(({ references }) => references?.table === name))
      .map(({ id }) => id);
    const own = [...database.indexes, ...database.policies].filter(({ table }) => table === name).map(({ id }) => id);
    const endpoints = spec.api.endpoints.filter((endpoint) => isAbout(endpoint, { table: name })).map(({ id }) => id);
    const rules = domain.entities
      .filter((entity) => entity.table === name)
      .flatMap((entity) => rulesOf(entity.name, spec));
    return among([...entities, ...pointing, ...own, ...endpoints, ...rules]);
  },
  entity: ({ name }, spec) => {
    const { api, domain, database } = spec;
    const entity = domain.entities.find((each) => each.name === name);
    const table = database.tables.filter((each) => each.name === entity?.table).map(({ id }) => id);
    const rules = rulesOf(name, spec);
    const events = domain.events.filter((event) => event.aggregate === name).map(({ id }) => id);
    const endpoints = api.endpoints.filter((endpoint) => isAbout(endpoint, { entity: name })).map(({ id }) => id);
    return among([...table, ...rules, ...events, ...endpoints]);
  },
  column: ({ id }, { database }) => {
    const [table = "", column = ""] = id.slice("column:".length).split(/\.(?=[^.]*$)/);
    const indexes = database.indexes.filter(
      (index) => index.table === table && index.parts.some((part) => part.column === column),
    );
    const constraints = database.tables.flatMap(({ constraints: all }) =>
      all.filter(
        ({ table: owner, columns, references }) =>
          (owner === table && columns.includes(column)) ||
          (references?.table === table && references.columns.includes(column)),
      ),
    );
    return among([...indexes, ...constraints].map((each) => each.id));
  },
  errorCode: ({ name }, { api, domain }) => {
    const word = new RegExp(`(?<![\\w])${name.replace(/[^\w]/g, "\\$&")}(?![\\w])`);
    return among([
      ...api.endpoints.filter(({ errorCodes }) => errorCodes.includes(name)).map(({ id }) => id),
      ...domain.rules.filter(({ text }) => word.test(text)).map(({ id }) => id),
    ]);
  },
  endpoint: ({ id }, { api, database, domain, errors }) => {
    const endpoint = api.endpoints.find((each) => each.id === id);
    const steps = endpoint?.resource?.steps ?? [];
    return among([
      ...database.tables.filter(({ name }) => steps.some(({ table }) => table === name)).map((each) => each.id),
      ...domain.entities.filter(({ name }) => steps.some(({ entity }) => entity === name)).map((each) => each.id),
      ...errors.codes.filter(({ name }) => endpoint?.errorCodes.includes(name)).map((each) => each.id),
    ]);
  },
  rule: ({ name }, { domain }) => {
    const owner = domain.rules.find((rule) => rule.name === name)?.entity;
    return ({ kind, name: other }) => kind === "entity" && other === owner;
  },
  valueObject: ({ name }, { domain }) => {
    const word = new RegExp(`(?<!\\w)${name.replace(/[^\w]/g, "\\$&")}(?!\\w)`);
    return among(
      domain.entities.filter(({ fields }) => fields.some(({ type }) => word.test(type))).map(({ id }) => id),
    );
  },
};

/** Rules of an entity, and rules whose sentence names it: `The order items …` names `OrderItem`, and `Order`. */
function rulesOf(entity: string, { domain }: DesignSpec): readonly string[] {
  const name = words(entity).join("[ _-]?").replace(/y$/, "(?:y|ies)");
  const named = new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?:e?s)?(?![\\p{L}\\p{N}_])`, "iu");
  return domain.rules.filter((rule) => rule.entity === entity || named.test(rule.text)).map(({ id }) => id);
}

function isAbout(
  { resource }: Endpoint,
  { table, entity }: { readonly table?: string; readonly entity?: string },
): boolean {
  return (
    resource?.steps.some(
      (step) => (table !== undefined && step.table === table) || (entity !== undefined && step.entity === entity),
    ) ?? false
  );
}

function among(ids: readonly string[]): Test {
  const set = new Set(ids);
  return ({ id }) => set.has(id);
}
