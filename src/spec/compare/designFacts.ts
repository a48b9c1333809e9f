import type {
  Column,
  Constraint,
  DesignSpec,
  DomainEvent,
  Endpoint,
  Entity,
  Field,
  NamedSchema,
  Policy,
  Table,
  TableIndex,
  ValueObject,
} from "../model.ts";
import { type Facts, factsOf, present, sentenceFact, sqlFact } from "./facts.ts";
import { namesUsed, schemaFacts } from "./schemaFacts.ts";

/** A design as what it decides, without the words it says it in and the places where it does. */
export interface DesignFacts {
  /** By the ids of elements. */
  readonly elements: ReadonlyMap<string, ElementFacts>;
  /** By the names of schemas. */
  readonly schemas: ReadonlyMap<string, Facts>;
}

export interface ElementFacts {
  readonly facts: Facts;
  /** The schemas that it uses, and those that they use. */
  readonly schemas: readonly string[];
}

export function designFacts(spec: DesignSpec): DesignFacts {
  const { api, database, domain, errors } = spec;
  const reach = reachOf(api.schemas);
  const plain = <Element extends { readonly id: string }>(
    elements: readonly Element[],
    facts: (element: Element) => Facts,
  ): (readonly [string, ElementFacts])[] =>
    elements.map((element) => [element.id, { facts: facts(element), schemas: [] }]);
  const models = [...domain.entities, ...domain.valueObjects, ...domain.events];
  return {
    elements: new Map([
      ...api.endpoints.map((endpoint) => [endpoint.id, endpointFacts(endpoint, reach)] as const),
      ...plain(database.tables, (table) => tableFacts(table, database)),
      ...plain(
        database.tables.flatMap(({ columns }) => columns),
        (column) => columnFacts(column, database),
      ),
      ...plain(
        database.tables.flatMap(({ constraints }) => constraints),
        constraintFacts,
      ),
      ...plain(database.indexes, indexFacts),
      ...plain(database.policies, policyFacts),
      ...plain(models, (model) => modelFacts(model, domain)),
      ...plain(
        models.flatMap(({ fields }): readonly Field[] => fields),
        fieldFacts,
      ),
      ...plain(domain.rules, ({ text }) => factsOf([["sentence", sentenceFact(text)]])),
      ...plain(errors.codes, ({ status, retryable }) =>
        factsOf([
          ["status", status?.toString()],
          ["retry", retryable === undefined ? undefined : retryable ? "yes" : "no"],
        ]),
      ),
    ]),
    schemas: new Map(api.schemas.map(({ name, schema }) => [name, schemaFacts(schema)])),
  };
}

/** The named schemas that one uses, directly or through others, itself included. */
function reachOf(schemas: readonly NamedSchema[]): (names: readonly string[]) => readonly string[] {
  const used = new Map(schemas.map(({ name, schema }) => [name, namesUsed(schema)]));
  return (names) => {
    const reached = new Set<string>();
    const left = [...names];
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      left.push(...(used.get(name) ?? []));
    }
    return [...reached].sort();
  };
}

function endpointFacts(endpoint: Endpoint, reach: ReturnType<typeof reachOf>): ElementFacts {
  const { parameters, request, responses, security, errorCodes, callLimit } = endpoint;
  const answers = responses.filter(({ status }) => status < 400);
  const statuses = (all: typeof responses) => list(all.map(({ status }) => String(status)));
  const isAlone = answers.length === 1;
  const bodies = answers.flatMap(({ status, schema }) =>
    schema ? named(isAlone ? "answer" : `answer ${status}`, schemaFacts(schema)) : [],
  );
  const facts = factsOf([
    ["status", statuses(answers)],
    ["error statuses", statuses(responses.filter(({ status }) => status >= 400))],
    ["error codes", list(errorCodes)],
    ["auth", security && (list(security.map(({ scheme, scopes }) => [scheme, ...scopes].join(" "))) ?? "none")],
    ["call limit", callLimit],
    ["request type", request?.contentType],
    ...parameters.flatMap(({ name, in: place, required, schema }) =>
      named(`${place} parameter ${name}`, schemaFacts(schema, required)),
    ),
    ...(request ? named("request", schemaFacts(request.schema)) : []),
    ...bodies,
  ]);
  const schemas = [...parameters, ...(request ? [request] : []), ...answers].flatMap(({ schema }) =>
    schema ? namesUsed(schema) : [],
  );
  return { facts, schemas: reach(schemas) };
}

/** `request` of a whole body, `request field note` of a part. */
function named(what: string, facts: Facts) {
  return [...facts].map(([at, fact]) => [at === "" ? what : `${what} field ${at}`, fact] as const);
}

function list(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : [...new Set(values)].sort().join(", ");
}

function tableFacts(table: Table, { indexes, policies }: DesignSpec["database"]): Facts {
  const { schema, rowSecurity, storage, external, columns, constraints } = table;
  const of = (elements: readonly { readonly name: string; readonly table: string }[]) =>
    elements.filter((element) => element.table === columns[0]?.table);
  return factsOf([
    ["schema", schema],
    ["row security", rowSecurity],
    ["partition key", sqlFact(storage?.partitionBy)],
    ["partition of", storage?.partitionOf],
    ["inherits", list(storage?.inherits ?? [])],
    ["made by others", external && "yes"],
    ...columns.map(({ name }) => [`column ${name}`, present] as const),
    ...constraints.map(({ name }) => [`constraint ${name}`, present] as const),
    ...of(indexes).map(({ name }) => [`index ${name}`, present] as const),
    ...of(policies).map(({ name }) => [`policy ${name}`, present] as const),
  ]);
}

function columnFacts(column: Column, { enums }: DesignSpec["database"]): Facts {
  const { type, nullable, identity, collation } = column;
  const size = type.arguments.length > 0 ? `(${type.arguments.join(",")})` : "";
  const values = enums.find(({ name }) => name === type.name)?.values;
  return factsOf([
    ["type", `${type.name}${size}${type.array ? "[]" : ""}`],
    ["null", nullable ? "allowed" : "not allowed"],
    ["values", values?.join(", ")],
    ["default", sqlFact(column.default)],
    ["identity", identity],
    ["expression", sqlFact(column.generated)],
    ["collation", collation],
  ]);
}

function constraintFacts({ type, columns, references, expression, deferrable, ...rest }: Constraint): Facts {
  return factsOf([
    ["kind", type],
    ["columns", columns.join(", ")],
    ["target", references && `${references.table} (${references.columns.join(", ")})`],
    ["on delete", references?.onDelete],
    ["on update", references?.onUpdate],
    ["condition", sqlFact(expression)],
    ["deferrable", deferrable],
    ["nulls", rest.nullsNotDistinct ? "not distinct" : undefined],
  ]);
}

function indexFacts({ table, unique, method, parts, include, where, nullsNotDistinct }: TableIndex): Facts {
  const part = ({ column, expression, descending, nulls, operatorClass }: TableIndex["parts"][number]) =>
    [column ?? `(${expression})`, operatorClass, descending && "desc", nulls && `nulls ${nulls}`]
      .filter(Boolean)
      .join(" ");
  return factsOf([
    ["table", table],
    ["kind", `${unique ? "unique " : ""}${method}`],
    ["columns", sqlFact(parts.map(part).join(", "))],
    ["include", list(include)],
    ["condition", sqlFact(where)],
    ["nulls", nullsNotDistinct ? "not distinct" : undefined],
  ]);
}

function policyFacts({ table, command, permissive, roles, using, withCheck }: Policy): Facts {
  return factsOf([
    ["table", table],
    ["command", command],
    ["kind", permissive ? "permissive" : "restrictive"],
    ["roles", list(roles)],
    ["using", sqlFact(using)],
    ["check", sqlFact(withCheck)],
  ]);
}

function modelFacts(model: Entity | ValueObject | DomainEvent, { stateMachines }: DesignSpec["domain"]): Facts {
  const machines = stateMachines.filter(({ entity }) => entity === model.name);
  return factsOf([
    ["aggregate root", model.kind === "entity" ? (model.aggregateRoot ? "yes" : "no") : undefined],
    ["table", model.kind === "entity" ? model.table : undefined],
    ["aggregate", model.kind === "event" ? model.aggregate : undefined],
    ["trigger", model.kind === "event" && model.trigger !== undefined ? sentenceFact(model.trigger) : undefined],
    ...model.fields.map(({ name }) => [`field ${name}`, present] as const),
    ...machines.flatMap(({ states }) => states.map((state) => [`state ${state}`, present] as const)),
    ...machines.flatMap(({ transitions }) =>
      transitions.map(
        ({ from, to, trigger }) => [`transition ${from} to ${to}`, trigger ? sentenceFact(trigger) : present] as const,
      ),
    ),
  ]);
}

function fieldFacts({ type, required }: Field): Facts {
  const key = type.toLowerCase().replace(/\s+/g, "");
  return factsOf([
    ["type", type === "" ? undefined : { text: type, key }],
    ["required", required ? "yes" : "no"],
  ]);
}
