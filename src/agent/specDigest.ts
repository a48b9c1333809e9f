import { shapeText } from "../spec/join/shapeText.ts";
import type {
  Column,
  Confidence,
  Constraint,
  DesignSpec,
  DomainEvent,
  Endpoint,
  Entity,
  ErrorDesign,
  Field,
  Policy,
  ResponseShape,
  Schema,
  Table,
  TableIndex,
  ValueObject,
} from "../spec/model.ts";
import { retryText } from "../spec/retryText.ts";
import type { StateMachine } from "../spec/stateMachine.ts";

/**
 * The design specification as compact Markdown for a model: everything that decides code, nothing
 * that does not. Same specification, same text, so that a provider can cache it.
 */
export function digestSpec(spec: DesignSpec): string {
  return [
    section("API", spec.api.endpoints.map(endpointText)),
    section(
      "Schemas",
      spec.api.schemas.map(({ name, schema }) => `- ${name}: ${schemaText(schema)}`),
    ),
    section("Tables", spec.database.tables.map(tableText)),
    section(
      "Enumerations",
      spec.database.enums.map(({ name, values }) => `- ${name}: ${values.join(" | ")}`),
    ),
    section("Indexes", spec.database.indexes.map(indexText)),
    section("Row level security", spec.database.policies.map(policyText)),
    section("Domain", [...spec.domain.entities, ...spec.domain.valueObjects].map(entityText)),
    section("Domain events", spec.domain.events.map(eventText)),
    section("State machines", spec.domain.stateMachines.map(stateMachineText)),
    section(
      "Business rules",
      spec.domain.rules.map(({ name, text }) => `- ${name}: ${oneLine(text)}`),
    ),
    section("Errors", errorLines(spec.errors)),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** What the design says of one element, as in the whole digest; undefined for one that has no entry of its own. */
export function describeElement(spec: DesignSpec, id: string): string | undefined {
  const { api, database, domain, errors } = spec;
  const texts = new Map([
    ...api.endpoints.map((endpoint) => [endpoint.id, endpointText(endpoint)] as const),
    ...database.tables.flatMap((table) => [
      [table.id, tableText(table)] as const,
      ...table.columns.map((column) => [column.id, columnText(column)] as const),
      ...table.constraints.map((constraint) => [constraint.id, constraintText(constraint)] as const),
    ]),
    ...database.indexes.map((index) => [index.id, indexText(index)] as const),
    ...database.policies.map((policy) => [policy.id, policyText(policy)] as const),
    ...[...domain.entities, ...domain.valueObjects].flatMap((entity) => [
      [entity.id, entityText(entity)] as const,
      ...entity.fields.map((field) => [field.id, fieldText(field)] as const),
    ]),
    ...domain.events.map((event) => [event.id, eventText(event)] as const),
    ...domain.rules.map(({ id: rule, text }) => [rule, oneLine(text)] as const),
    ...errors.codes.map((code) => [code.id, errorCodeText(code)] as const),
  ]);
  return texts.get(id)?.replace(/^- /, "");
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [`## ${title}`, ...lines].join("\n");
}

function endpointText(endpoint: Endpoint): string {
  const { parameters, request, responses, security, errorCodes, summary, description } = endpoint;
  const lines = [
    `- ${endpoint.method} ${endpoint.path}${endpoint.operationId ? ` (${endpoint.operationId})` : ""}`,
    line("about", oneLine([summary, description].filter(Boolean).join(" "))),
    line(
      "auth",
      security && (security.map(({ scheme, scopes }) => [scheme, ...scopes].join(" ")).join(" or ") || "none"),
    ),
    line(
      "parameters",
      parameters
        .map(({ name, in: place, required, schema }) => `${place} ${name}${required ? "" : "?"}: ${schemaText(schema)}`)
        .join("; "),
    ),
    line("request", request && `${schemaText(request.schema)}${sureness(request)}`),
    line("responses", responses.map(responseText).join("; ")),
    line("errors", errorCodes.join(", ")),
  ];
  return lines.filter((text) => text !== "").join("\n");
}

function responseText(response: ResponseShape): string {
  const { status, schema } = response;
  return `${status}${schema ? ` ${schemaText(schema)}` : ""}${sureness(response)}`;
}

/** What no document states is said to be so, because the model may find better. */
function sureness({ confidence }: { readonly confidence?: Confidence }): string {
  return confidence === "inferred" ? " (inferred)" : "";
}

function line(label: string, text: string | undefined): string {
  return text ? `  ${label}: ${text}` : "";
}

/** With the limits of every value, which decide what is validated. */
function schemaText(schema: Schema): string {
  const limits = limitKeys.flatMap((key) => (schema[key] === undefined ? [] : [`${key} ${String(schema[key])}`]));
  const text = shapeText(schema, schemaText);
  return limits.length === 0 ? text : `${text} (${limits.join(", ")})`;
}

const limitKeys = [
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
] as const;

function tableText(table: Table): string {
  const columns = table.columns.map((column) => `  - ${columnText(column)}`);
  const constraints = table.constraints.map((constraint) => `  - ${constraintText(constraint)}`);
  const security = table.rowSecurity === "off" ? "" : ` (row security ${table.rowSecurity})`;
  return [`- ${table.name}${security}`, ...columns, ...constraints].join("\n");
}

function columnText(column: Column): string {
  const { name, type } = column;
  const size = type.arguments.length > 0 ? `(${type.arguments.join(",")})` : "";
  return [
    `${name} ${type.name}${size}${type.array ? "[]" : ""}`,
    column.nullable ? "" : "not null",
    column.identity ? `identity ${column.identity}` : "",
    column.default === undefined ? "" : `default ${column.default}`,
    column.generated === undefined ? "" : `generated as (${column.generated})`,
  ]
    .filter((text) => text !== "")
    .join(" ");
}

function constraintText({ name, type, columns, references, expression }: Constraint): string {
  const target = references
    ? ` -> ${references.table}(${references.columns.join(", ")}) on delete ${references.onDelete}`
    : "";
  return `${name}: ${type} (${columns.join(", ")})${target}${expression ? ` ${expression}` : ""}`;
}

function indexText({ name, table, unique, method, parts, where }: TableIndex): string {
  const columns = parts.map(({ column, expression }) => column ?? `(${expression ?? ""})`).join(", ");
  return `- ${name}: ${unique ? "unique " : ""}${method} on ${table}(${columns})${where ? ` where ${where}` : ""}`;
}

function policyText({ name, table, command, using, withCheck }: Policy): string {
  return `- ${name} on ${table} for ${command}${using ? ` using (${using})` : ""}${withCheck ? ` with check (${withCheck})` : ""}`;
}

function entityText(element: Entity | ValueObject): string {
  const kind = element.kind === "entity" ? (element.aggregateRoot ? "aggregate root" : "entity") : "value object";
  return `- ${element.name} (${kind}): ${element.fields.map(fieldText).join("; ")}`;
}

function fieldText({ name, type, required }: Field): string {
  return `${name}${required ? "" : "?"}${type ? `: ${type}` : ""}`;
}

function eventText({ name, aggregate, trigger, fields }: DomainEvent): string {
  const origin = [aggregate === undefined ? "" : ` of ${aggregate}`, trigger === undefined ? "" : ` on ${trigger}`];
  const carried = fields.map(fieldText);
  return `- ${name}${origin.join("")}${carried.length === 0 ? "" : ` with ${carried.join("; ")}`}`;
}

function stateMachineText({ entity, field, transitions }: StateMachine): string {
  const steps = transitions.map(({ from, to, trigger }) => `${from} -> ${to}${trigger ? ` by ${trigger}` : ""}`);
  return `- ${entity}.${field}: ${steps.join("; ")}`;
}

function errorLines({ codes, envelope, validation, retries }: ErrorDesign): string[] {
  return [
    ...codes.map(errorCodeText),
    ...(envelope
      ? [`- body: ${envelope.fields.map(({ path, role }) => `${path.join(".")} (${role})`).join(", ")}`]
      : []),
    ...(retries ?? []).map((policy) => `- retry of ${retryText(policy)}`),
    ...(validation ? [`- failed validation: ${validation.status} ${validation.code}`] : []),
  ];
}

function errorCodeText({ name, status, message }: ErrorDesign["codes"][number]): string {
  return `- ${name}${status ? ` ${status}` : ""}${message ? `: ${message}` : ""}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
