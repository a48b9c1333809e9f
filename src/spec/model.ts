import type { ApiConventions } from "./apiConventions.ts";
import type { CopiedValue } from "./copiedValue.ts";
import type { EndpointResource } from "./endpointResource.ts";
import type { EnvelopeRole, RetryTerms, ViolationCode } from "./errorParts.ts";
import type { DocumentNotice } from "./notice.ts";
import type { AnswerHeaders, FormParts, ParameterBasis, SchemaType } from "./schemaParts.ts";
import type { SecurityRequirement, SecurityScheme } from "./security.ts";
import type { StateMachine } from "./stateMachine.ts";
import type { ForeignKeyTarget, IdentityOptions, IndexPart, StatementKind, TableStorage } from "./tableParts.ts";

/**
 * The design specification: what the four Phase 2 documents say, in one form. Plain readonly data, safe to send
 * as JSON. Every element carries a stable id, its line, and how sure the reading is.
 */
export interface DesignSpec {
  readonly api: ApiDesign;
  readonly database: DatabaseDesign;
  readonly domain: DomainDesign;
  readonly errors: ErrorDesign;
}

/** As collected. `path` is relative to the workspace, or a label for pasted text. */
export interface DesignDocument {
  readonly path: string;
  readonly text: string;
  readonly notice?: DocumentNotice;
}

export type DocumentKind = "domain" | "api" | "database" | "errors";

/** Lines count from 1 and both ends are included. */
export interface SourceSpan {
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
}

/** `declared`: the document says it. `inferred`: a rule of ours filled it in; shown as an assumption. */
export type Confidence = "declared" | "inferred" | "missing";

export type ElementKind =
  | "endpoint"
  | "table"
  | "column"
  | "index"
  | "constraint"
  | "policy"
  | "entity"
  | "field"
  | "valueObject"
  | "event"
  | "rule"
  | "errorCode";

/**
 * What every part of the design has in common.
 *
 * `id` is `<kind>:<key>` and does not change when the element moves in its document:
 * `endpoint:GET /api/v1/orders/{orderId}`, `table:orders`, `column:orders.status`,
 * `index:idx_orders_status`, `constraint:orders.orders_total_check`, `policy:orders.orders_owner`,
 * `entity:Order`, `field:Order.status`, `valueObject:Money`,
 * `event:OrderPlaced`, `rule:BR-1`, `errorCode:ORDER_NOT_FOUND`.
 */
export interface DesignElement {
  readonly id: string;
  readonly kind: ElementKind;
  readonly name: string;
  readonly source: SourceSpan;
  readonly confidence: Confidence;
  /** The function that keeps a rule, or makes an endpoint or a table out of sight, as a person says: `src/orders.py::OrderService.cancel`. */
  readonly linkedTo?: string;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface ApiDesign extends ApiConventions {
  readonly title?: string;
  /** Already part of every endpoint's `path`; kept for the router prefix. Empty or `/api/v1`. */
  readonly basePath: string;
  readonly endpoints: readonly Endpoint[];
  /** Named request and response models (OpenAPI components, TypeScript interfaces, field tables). */
  readonly schemas: readonly NamedSchema[];
  readonly securitySchemes: readonly SecurityScheme[];
}

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

export interface Endpoint extends DesignElement {
  readonly kind: "endpoint";
  readonly method: HttpMethod;
  /** Full path with the base path in front and parameters in braces: `/api/v1/orders/{orderId}`. */
  readonly path: string;
  readonly operationId?: string;
  readonly tag?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly request?: RequestBody;
  readonly responses: readonly ResponseShape[];
  /** Undefined: the document does not say. Empty: public. */
  readonly security?: readonly SecurityRequirement[];
  /** Codes the contract names for this endpoint, in its text or in its response examples. */
  readonly errorCodes: readonly string[];
  /** How often it may be called, as a table of such limits says it: `10 requests per minute per user`. */
  readonly callLimit?: string;
  /** What the path is about; undefined when no document has a table or an entity of such a name. */
  readonly resource?: EndpointResource;
  /** Where another document promises another answer with equal authority; such an endpoint is not implemented. */
  readonly conflict?: SourceSpan;
}

export interface Parameter extends ParameterBasis {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly required: boolean;
  readonly schema: Schema;
  readonly description?: string;
}

export interface RequestBody extends FormParts {
  readonly contentType: string;
  readonly required: boolean;
  readonly schema: Schema;
  /** Undefined: declared. An inferred body without properties says that there is none. */
  readonly confidence?: Confidence;
}

export interface ResponseShape extends AnswerHeaders {
  readonly status: number;
  readonly description?: string;
  readonly contentType?: string;
  /** Undefined: the answer has no body, or the document does not describe one. */
  readonly schema?: Schema;
  /** Undefined: declared. */
  readonly confidence?: Confidence;
}

export interface NamedSchema {
  readonly name: string;
  readonly schema: Schema;
  readonly source: SourceSpan;
}

/**
 * A request or response shape, one form for OpenAPI 3.0, 3.1, JSON examples and field tables.
 *
 * `allOf` is merged by the reader. A `ref` names an entry of {@link ApiDesign.schemas}; the reader
 * guarantees that the entry exists.
 */
export interface Schema {
  readonly type: SchemaType;
  readonly nullable?: boolean;
  readonly description?: string;
  readonly default?: JsonValue;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  /** `uuid`, `date-time`, `date`, `email`, `uri`, `decimal`, `int64`, `binary`, … */
  readonly format?: string;
  readonly enum?: readonly JsonValue[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: readonly Property[];
  /** Values of keys that `properties` does not name; false when there may be none. */
  readonly additional?: Schema | false;
  readonly ref?: string;
  /** The table or entity that a reference names where no schema has the name; joining shows it in answers. */
  readonly resource?: string;
  readonly variants?: readonly Schema[];
  readonly discriminator?: string;
}

export interface Property {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
}

export interface DatabaseDesign {
  /** In the order of the documents; foreign keys may point forward. */
  readonly tables: readonly Table[];
  readonly enums: readonly EnumType[];
  readonly indexes: readonly TableIndex[];
  readonly policies: readonly Policy[];
  /** Everything else that is SQL and must reach the database as it is, in document order. */
  readonly statements: readonly SqlStatement[];
}

export interface Table extends DesignElement {
  readonly kind: "table";
  /** Undefined for the default schema. */
  readonly schema?: string;
  readonly comment?: string;
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly rowSecurity: "off" | "enabled" | "forced";
  readonly storage?: TableStorage;
  /** Somebody else creates and changes it; migrations leave it alone. */
  readonly external?: true;
}

export interface Column extends DesignElement {
  readonly kind: "column";
  readonly table: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** SQL text of the default: `now()`, `'draft'`, `gen_random_uuid()`. */
  readonly default?: string;
  /** Numbered by the database; `serial` by a sequence in its default, which PostgreSQL makes with the column. */
  readonly identity?: "always" | "byDefault" | "serial";
  readonly identityOptions?: IdentityOptions;
  /** Key of a serial column's sequence where the column or its table has been renamed since it was made. */
  readonly sequence?: string;
  /** SQL text of a stored generated column. */
  readonly generated?: string;
  readonly collation?: string;
  readonly comment?: string;
  /** A new row's value is whoever is signed in, not part of a request. */
  readonly fromCaller?: boolean;
  /** The application makes a new row's value, a random UUID or, as text, a number; the database has no default for it. */
  readonly fromApplication?: boolean;
  /** Where a new row's value comes from that no request gives. */
  readonly copied?: CopiedValue;
}

/** `name` is PostgreSQL's own: `varchar`, `int4`, `timestamptz`, `numeric`, or the name of an enum. */
export interface SqlType {
  readonly name: string;
  readonly arguments: readonly number[];
  readonly array: boolean;
  /** What `name` stands for where the design defines it as a domain; `base` is none, `notNull` what it says itself. */
  readonly domain?: { readonly base: SqlType; readonly notNull: boolean; readonly hasDefault: boolean };
}

/** `name` is the declared one, else the one PostgreSQL would give: `orders_pkey`, `orders_total_check`. */
export interface Constraint extends DesignElement {
  readonly kind: "constraint";
  readonly table: string;
  readonly type: "primaryKey" | "foreignKey" | "unique" | "check" | "exclude";
  readonly named: boolean;
  readonly columns: readonly string[];
  readonly references?: ForeignKeyTarget;
  /** SQL text of a check, or the whole definition of an exclusion constraint. */
  readonly expression?: string;
  readonly deferrable?: "immediate" | "deferred";
  readonly nullsNotDistinct?: boolean;
  /** The definition as SQL where it says more than the other fields: `INCLUDE`, `MATCH FULL`, `NOT VALID`, … */
  readonly definition?: string;
}

export interface TableIndex extends DesignElement {
  readonly kind: "index";
  readonly table: string;
  readonly unique: boolean;
  /** `btree`, `gin`, `gist`, `hash`, `brin`. */
  readonly method: string;
  readonly parts: readonly IndexPart[];
  readonly include: readonly string[];
  readonly where?: string;
  readonly nullsNotDistinct?: boolean;
  /** The statement as the design has it. */
  readonly sql?: string;
  /** Whether only `sql` says everything: collations, storage parameters, parameters of operator classes. */
  readonly verbatim?: boolean;
}

export interface Policy extends DesignElement {
  readonly kind: "policy";
  readonly table: string;
  readonly command: "all" | "select" | "insert" | "update" | "delete";
  readonly permissive: boolean;
  readonly roles: readonly string[];
  readonly using?: string;
  readonly withCheck?: string;
  /** The statement as the design has it; undefined when only prose describes the policy. */
  readonly sql?: string;
}

export interface EnumType {
  readonly name: string;
  readonly values: readonly string[];
  readonly source: SourceSpan;
}

export interface SqlStatement {
  readonly kind: StatementKind;
  readonly name: string;
  /** The statement without its closing semicolon. */
  readonly sql: string;
  readonly source: SourceSpan;
}

export interface DomainDesign {
  readonly entities: readonly Entity[];
  readonly valueObjects: readonly ValueObject[];
  readonly rules: readonly Rule[];
  readonly stateMachines: readonly StateMachine[];
  readonly events: readonly DomainEvent[];
}

export interface Entity extends DesignElement {
  readonly kind: "entity";
  readonly aggregateRoot: boolean;
  readonly description?: string;
  readonly fields: readonly Field[];
  /** The table that stores it, as in {@link Column.table}; undefined when none does. */
  readonly table?: string;
}

export interface Field extends DesignElement {
  readonly kind: "field";
  readonly owner: string;
  /** The type as written; empty when the document gives none. */
  readonly type: string;
  readonly required: boolean;
  readonly description?: string;
}

export interface ValueObject extends DesignElement {
  readonly kind: "valueObject";
  readonly description?: string;
  readonly fields: readonly Field[];
}

/** Something that happened in the domain and that others are told of; `fields` is what it carries. */
export interface DomainEvent extends DesignElement {
  readonly kind: "event";
  readonly description?: string;
  readonly fields: readonly Field[];
  /** The entity or aggregate that raises it; one of {@link DomainDesign.entities}. */
  readonly aggregate?: string;
  /** What brings it about, as the design names it: `submit`, `POST /orders`, "the order is paid". */
  readonly trigger?: string;
}

/** `name` is the design's own rule id (`BR-1`), else one made from heading and position. */
export interface Rule extends DesignElement {
  readonly kind: "rule";
  readonly text: string;
  readonly entity?: string;
}

export interface ErrorDesign {
  readonly codes: readonly ErrorCode[];
  readonly envelope?: ErrorEnvelope;
  /** Status and code of a request that fails validation; FastAPI's own 422 when undefined. */
  readonly validation?: { readonly status: number; readonly code: string };
  /** The designed answer to a violated constraint; undefined when no document has such a table. */
  readonly violations?: readonly ViolationCode[];
  /** Undefined where no document says when a call is tried again. */
  readonly retries?: readonly RetryPolicy[];
}

/** `appliesTo` has error codes, statuses (`503`, `5xx`) and names of what is called; empty: to whatever may pass. */
export interface RetryPolicy extends RetryTerms {
  readonly appliesTo: readonly string[];
  readonly source: SourceSpan;
  readonly confidence: Confidence;
}

export interface ErrorCode extends DesignElement {
  readonly kind: "errorCode";
  /** Undefined when no document gives one. */
  readonly status?: number;
  readonly message?: string;
  readonly retryable?: boolean;
}

/** The error body, leaf by leaf in document order: `["error", "code"]` → `code`. Field casing is kept. */
export interface ErrorEnvelope {
  readonly contentType: string;
  readonly fields: readonly EnvelopeField[];
  readonly source: SourceSpan;
  readonly confidence: Confidence;
}

export interface EnvelopeField {
  readonly path: readonly string[];
  readonly role: EnvelopeRole;
  /** The value of a `constant` (`success: false`), and the example that shows the shape of `details` and `type`. */
  readonly value?: JsonValue;
}
