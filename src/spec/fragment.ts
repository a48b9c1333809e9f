import type { ApiConventions } from "./apiConventions.ts";
import type { CallLimit } from "./callLimits.ts";
import type { DdlStatement } from "./ddl/statement.ts";
import type { ViolationCode } from "./errorParts.ts";
import type {
  Column,
  Constraint,
  DomainEvent,
  Endpoint,
  Entity,
  EnumType,
  ErrorCode,
  ErrorEnvelope,
  NamedSchema,
  Policy,
  RetryPolicy,
  Rule,
  SourceSpan,
  SqlStatement,
  SqlType,
  Table,
  TableIndex,
  ValueObject,
} from "./model.ts";
import type { NotUnderstood, Problem } from "./reading.ts";
import type { SecurityScheme } from "./security.ts";
import type { StateMachine } from "./stateMachine.ts";

/** How much a form says: where two readings of one element meet, the higher rank is taken. */
export const ranks = { diagram: 0, outline: 1, prose: 2, sqlFence: 3, formal: 4 } as const;

export type Rank = (typeof ranks)[keyof typeof ranks];

/** What one reader found in one document, before the documents are put together. */
export interface Fragment {
  readonly path: string;
  readonly rank: Rank;
  /** The document is also there in parts, whose versions count whatever their form. */
  readonly superseded?: boolean;
  readonly titles: string[];
  /** Base paths the document declares; they are already in front of its endpoints' paths. */
  readonly basePaths: string[];
  readonly endpoints: Endpoint[];
  readonly callLimits: CallLimit[];
  readonly conventions: ApiConventions[];
  readonly schemas: NamedSchema[];
  readonly securitySchemes: SecurityScheme[];
  readonly tables: Table[];
  readonly tableChanges: TableChange[];
  readonly renames: Renaming[];
  readonly enums: EnumType[];
  /** Among the statements as well, as SQL. */
  readonly domains: DomainDefinition[];
  readonly indexes: TableIndex[];
  readonly policies: Policy[];
  readonly statements: SqlStatement[];
  /** The definitions above as they are executed, with those that only change others. */
  readonly ddl: DdlStatement[];
  readonly entities: Entity[];
  readonly valueObjects: ValueObject[];
  readonly rules: Rule[];
  readonly stateMachines: StateMachine[];
  readonly events: DomainEvent[];
  readonly errorCodes: ErrorCode[];
  /** Codes that endpoints name: the error design when no document is one. */
  readonly codeUses: CodeUse[];
  readonly envelopes: ErrorEnvelope[];
  readonly violations: ViolationCode[];
  readonly retries: RetryPolicy[];
  readonly validations: { readonly status: number; readonly code: string }[];
  readonly problems: Problem[];
  readonly notUnderstood: NotUnderstood[];
}

export interface CodeUse {
  readonly code: string;
  readonly status?: number;
  readonly source: SourceSpan;
  /** In the example of an error body, outside the endpoints. */
  readonly isShown?: true;
}

/** `CREATE DOMAIN`; the base may be a domain itself. */
export interface DomainDefinition {
  /** As in {@link SqlType.name}. */
  readonly name: string;
  readonly base: SqlType;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
}

/** `ALTER … RENAME`, and the values that `ALTER TYPE` gives an enumeration. */
export interface Renaming {
  readonly kind: "table" | "column" | "constraint" | "index" | "policy" | "type" | "value" | "newValue";
  /** Key of the table, enumeration or domain that it is about, as in {@link Column.table}; empty for an index. */
  readonly owner: string;
  readonly from: string;
  readonly to: string;
  /** The value that a new one stands beside; behind all of them when there is none. */
  readonly neighbour?: string;
  readonly isAfter?: boolean;
  readonly sql: string;
  readonly source: SourceSpan;
}

/** What a later statement says of a table that may stand in another document. */
export interface TableChange {
  /** As in {@link Column.table}. */
  readonly table: string;
  readonly source: SourceSpan;
  readonly change:
    | { readonly type: "addColumn"; readonly column: Column; readonly constraints: readonly Constraint[] }
    | { readonly type: "addConstraint"; readonly constraint: Constraint }
    | { readonly type: "rowSecurity"; readonly rowSecurity: Table["rowSecurity"] }
    | { readonly type: "default"; readonly column: string; readonly expression: string | undefined }
    | { readonly type: "nullable"; readonly column: string; readonly nullable: boolean }
    | { readonly type: "identity"; readonly column: string; readonly identity: "always" | "byDefault" }
    | { readonly type: "dropColumn"; readonly column: string }
    | { readonly type: "dropConstraint"; readonly name: string }
    | { readonly type: "columnType"; readonly column: string; readonly columnType: SqlType }
    | { readonly type: "partitionOf"; readonly parent: string }
    | { readonly type: "comment"; readonly column?: string; readonly text: string };
}

export function createFragment(path: string, rank: Rank): Fragment {
  return {
    path,
    rank,
    titles: [],
    basePaths: [],
    endpoints: [],
    callLimits: [],
    conventions: [],
    schemas: [],
    securitySchemes: [],
    tables: [],
    tableChanges: [],
    renames: [],
    enums: [],
    domains: [],
    indexes: [],
    policies: [],
    statements: [],
    ddl: [],
    entities: [],
    valueObjects: [],
    rules: [],
    stateMachines: [],
    events: [],
    errorCodes: [],
    codeUses: [],
    envelopes: [],
    violations: [],
    retries: [],
    validations: [],
    problems: [],
    notUnderstood: [],
  };
}
