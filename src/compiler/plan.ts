import type { ColumnFacts } from "../spec/join/columnFacts.ts";
import type { Constraint, DesignSpec, Rule, Table, ValueObject } from "../spec/model.ts";
import type { CheckCondition } from "../spec/sql/checkConditions.ts";
import type { StateMachine } from "../spec/stateMachine.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { Assumption, NeedsDetail } from "./compilation.ts";
import type { KeptRule, PolicyPlan, SightPlan } from "./rules/rulePlan.ts";
import type { ValueCondition } from "./rules/valueConditions.ts";
import type { TotalledParent, TotalPlan } from "./totals.ts";

/**
 * Every decision the engine takes about the backend, before a line of Python is written.
 *
 * The generated project is shaped like this, one aggregate a table, one module an aggregate:
 *
 *     pyproject.toml  alembic.ini  .env.example  migrations/env.py  migrations/versions/0001_initial.py
 *     src/app/main.py
 *     src/app/core/{config,database,errors,error_handlers,security}.py
 *     src/app/domain/{paging,unset}.py
 *     src/app/domain/<module>.py                 Order, NewOrder, OrderChanges, OrderFilter, enums
 *     src/app/domain/policies/<module>.py        rules about Order that are more than the form of its values
 *     src/app/domain/ports/<module>.py           OrderRepository (Protocol)
 *     src/app/domain/ports/unit_of_work.py       UnitOfWork (Protocol), a property per plural: `orders`
 *     src/app/persistence/base.py                Base (naming convention), shared column types
 *     src/app/persistence/models/<module>.py     OrderRow
 *     src/app/persistence/repositories/<module>.py   SqlOrderRepository
 *     src/app/persistence/unit_of_work.py        SqlUnitOfWork
 *     src/app/services/<module>.py               OrderService
 *     src/app/api/{deps}.py  src/app/api/schemas/<module>.py  src/app/api/routers/<plural>.py
 *
 * Generated repositories all have: `find_by_id(key…) -> Order | None`,
 * `find_all(criteria: OrderFilter, page: PageRequest) -> list[Order]`, `count(criteria) -> int`,
 * `create(data: NewOrder) -> Order`, `update(key…, changes: OrderChanges) -> Order | None`,
 * `delete(key…) -> bool`. Key parameters are named by {@link AggregatePlan.keyParameters}.
 */
export interface BackendPlan {
  readonly spec: DesignSpec;
  /** Name of the project in `pyproject.toml`, kebab-case. */
  readonly name: string;
  readonly title: string;
  /** In an order in which every foreign key but a circular one points backwards. */
  readonly aggregates: readonly AggregatePlan[];
  /** Partitions that are tables of their own; only the database knows of them. */
  readonly partitions: readonly AggregatePlan[];
  /** What is demanded of the fields of value objects. */
  readonly values: readonly ValueCondition[];
  /** Rows that some callers do not see, where rules say so. */
  readonly sights: readonly SightPlan[];
  /** Rules that something else than a function keeps. */
  readonly kept: readonly KeptRule[];
  readonly errors: ErrorPlan;
  readonly session: SessionSettingPlan;
  /** Whether an endpoint, a scheme, a row or a policy asks who calls; otherwise nothing of it is generated. */
  readonly hasCallers: boolean;
  readonly assumptions: readonly Assumption[];
  readonly needsDetail: readonly NeedsDetail[];
}

/** One table and everything that is named after it. */
export interface AggregatePlan {
  readonly table: Table;
  /** `Order`: entity class and stem of the others (`OrderRow`, `NewOrder`, `OrderService`). */
  readonly className: string;
  /** `order`: Python module in domain, ports, models, repositories, services and schemas. */
  readonly module: string;
  /** `orders`: router module, and the repository's attribute on the unit of work. */
  readonly plural: string;
  /** In column order. */
  readonly fields: readonly FieldPlan[];
  readonly key: readonly FieldPlan[];
  /** Names of the columns of everything that is unique among the rows that are shown, the key among them. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** What paths call a row, `order` of `sales_orders`, where it is none of its other names nor that of another table. */
  readonly calledAs?: readonly string[];
  /** Python parameter names of the key, in the order of `key`: `["order_id"]`. */
  readonly keyParameters: readonly string[];
  /** Tables whose rows live and die with this one and are part of its representation. */
  readonly children: readonly ChildPlan[];
  /** Undefined where every column is an attribute of its own. */
  readonly held?: readonly HeldValue[];
  readonly enums: readonly EnumPlan[];
  readonly stateMachine?: StateMachine;
  readonly description: string;
  /** What `OrderFilter` can say; filled from the query parameters of the list endpoints. */
  readonly filters: readonly FilterPlan[];
  /** Orders that some list can name. Undefined where none can be named. */
  readonly orders?: readonly OrderPlan[];
  /** Tells the versions of a row apart, where writes depend on it: a number that counts up, or the time of change. */
  readonly version?: FieldPlan;
  /** Columns that some endpoint counts the rows by: the repository has a `count_by_…` for each. */
  readonly tallies?: readonly FieldPlan[];
  /** Some endpoint takes a deletion back: the repository has `restore`. */
  readonly restores?: boolean;
  /** The methods for several rows at once that the services call. Undefined where they call none. */
  readonly batches?: ReadonlySet<BatchMethod>;
  /** Some list is paged by cursor: the repository has `find_after`. */
  readonly seeks?: boolean;
  /** Rows stand for files, which some endpoint takes. */
  readonly file?: FilePlan;
  /** Some endpoint makes a row with a password, of which the hash is kept. */
  readonly hashes?: boolean;
  /** Rows stand for people who sign in with a password. */
  readonly account?: AccountPlan;
  /** Rows stand for work that is done behind an answer. */
  readonly job?: JobStates;
  /** Raised when no visible row has the key. */
  readonly notFound: ErrorClassPlan;
  /** Violated constraint → catalogued error; the repository translates `IntegrityError` by constraint name. */
  readonly violations: readonly ViolationPlan[];
  /** What the checks of the table say of every new or changed value, as far as it can be said without SQL. */
  readonly invariants: readonly Invariant[];
  /** Rules of the domain model that are functions of their own. Undefined where there are none. */
  readonly policies?: readonly PolicyPlan[];
  /** Numbers of the row that say something of all of its children. Undefined where there are none. */
  readonly totals?: readonly TotalPlan[];
  /** The row whose totals a write of this one changes. */
  readonly countsIn?: TotalledParent;
  /** Numbers that the API shows and no column holds. Undefined where there are none. */
  readonly derived?: readonly DerivedPlan[];
  /** A rule looks at the state of a row before it is written, so that nobody may change it meanwhile. */
  readonly isGuarded?: boolean;
}

export type BatchMethod = "create_many" | "find_many" | "update_many" | "delete_many";

/** What a class of the domain holds its values to, and the error that the design has for its violation. */
export interface StatedInvariant {
  readonly condition: CheckCondition;
  readonly field: NamedValue;
  readonly other?: NamedValue;
  /** The fields as the API calls them, for whoever reads the details of the error. */
  readonly name: string;
  readonly otherName?: string;
  readonly error: ErrorClassPlan;
  /** The rule of the domain model that states it; undefined for a check of the table and the form of a value object. */
  readonly rule?: Rule;
}

export interface NamedValue extends Pick<FieldPlan, "name" | "type"> {
  /** The attribute with the value object that it is a part of, and whether that is never without the part. */
  readonly holder?: { readonly name: string; readonly className: string; readonly hasPart: boolean };
}

/** A condition on a column, or on a column and another one. */
export interface Invariant extends StatedInvariant {
  readonly field: FieldPlan;
  readonly other?: FieldPlan;
  /** The error is that of any invalid request, so that the request's models may look at it as well. */
  readonly isGeneral: boolean;
}

/** The columns that say who signs in, with what, and what they may do. */
export interface AccountPlan {
  readonly id: FieldPlan;
  readonly login: FieldPlan;
  readonly password: FieldPlan;
  readonly scopes?: FieldPlan;
  readonly role?: FieldPlan;
  readonly tenant?: FieldPlan;
  /** Names are those of one account only together with what it belongs to. */
  readonly within?: AccountScope;
  readonly refusedIf?: FieldPlan;
  readonly allowedIf?: FieldPlan;
  /** `bearer`, as the contract writes it. */
  readonly tokenType: string;
}

/** What is named in front of the account, `tenant` by its slug, and the column of the account that refers to it. */
export interface AccountScope {
  readonly aggregate: AggregatePlan;
  readonly by: FieldPlan;
  readonly key: FieldPlan;
  readonly column: FieldPlan;
  /** Row policies show accounts only to whoever acts for what they belong to. */
  readonly isHidden: boolean;
}

/** How far a piece of work is, and the columns that say so. */
export interface JobStates {
  readonly state: FieldPlan;
  readonly waiting: EnumMember;
  readonly running?: EnumMember;
  readonly done: EnumMember;
  readonly failed: EnumMember;
  readonly started?: FieldPlan;
  readonly finished?: FieldPlan;
  readonly error?: FieldPlan;
}

/** The columns that say where a file is kept and what it is. */
export interface FilePlan {
  readonly key: FieldPlan;
  readonly name?: FieldPlan;
  readonly mediaType?: FieldPlan;
  readonly size?: FieldPlan;
  readonly sha256?: FieldPlan;
}

export interface FieldPlan extends ColumnFacts {
  /** Attribute in Python; the column's name unless that is a keyword. */
  readonly name: string;
  readonly type: PythonType;
  readonly enum?: EnumPlan;
}

/** `expression` as written in an annotation, and the modules it needs: `Decimal` from `decimal`. */
export interface PythonType {
  readonly expression: string;
  readonly imports: readonly PythonImport[];
}

export interface PythonImport {
  readonly module: string;
  readonly name: string;
}

/** A value object that the classes of the domain have as one attribute, and the table in a column for each part. */
export interface HeldValue {
  /** Attribute in Python: `unit_price`. */
  readonly name: string;
  /** As the document has it. */
  readonly object: ValueObject;
  /** Its class in `app.domain.value_objects`. */
  readonly className: string;
  /** In the order of the value object; one that no column has is left out. */
  readonly parts: readonly HeldPart[];
  /** There may be no value; all columns are null then. */
  readonly optional: boolean;
}

export interface HeldPart {
  /** Attribute of the value object. */
  readonly name: string;
  readonly field: FieldPlan;
  /** What its check lists. Undefined where it may be anything of its type. */
  readonly values?: readonly string[];
  /** The value object may be without it. */
  readonly optional: boolean;
  /** Something of the design shows the column by itself, so that the entity has it as a property too. */
  readonly isShown: boolean;
}

export interface ChildPlan {
  /** Attribute on the parent: `items`. */
  readonly attribute: string;
  /** `className` of the child's aggregate. */
  readonly aggregate: string;
  /** Columns of the child that point at the parent, in the order of the parent's key. */
  readonly foreignKey: readonly string[];
}

/** A number that a description defines as the arithmetic of columns. */
export interface DerivedPlan {
  readonly name: string;
  readonly arithmetic: Arithmetic;
  /** The words of the design. */
  readonly text: string;
}

/** A closed set of strings: a PostgreSQL enum, or a column whose check lists its values. */
export interface EnumPlan {
  /** `OrderStatus`. */
  readonly className: string;
  /** Module of the aggregate whose domain file defines it. */
  readonly module: string;
  /** Name of the PostgreSQL type; undefined when the column is text with a check. */
  readonly sqlName?: string;
  readonly members: readonly EnumMember[];
}

export interface EnumMember {
  readonly name: string;
  readonly value: string;
}

export interface FilterPlan {
  /** Attribute of the filter dataclass and query parameter in snake_case: `created_from`. */
  readonly name: string;
  /** A column of the aggregate, or of the one that the filter goes through. */
  readonly field: FieldPlan;
  readonly through?: Through;
  /** `anyOf`: the column is, or as an array has, one of several values. */
  readonly operator: "equal" | "atLeast" | "atMost" | "above" | "below" | "contains" | "anyOf";
}

/** Rows of another table that the rows of the aggregate point at. */
export interface Through {
  readonly aggregate: AggregatePlan;
  /** Column of the aggregate that points at the key of those rows. */
  readonly column: FieldPlan;
  /** Column of those rows that points at the step before. */
  readonly parentColumn: FieldPlan;
}

/** A way to sort the list of an aggregate; the key follows, so that the order is total. */
export interface OrderPlan {
  /** As a request names it: `-price`. */
  readonly name: string;
  readonly field: FieldPlan;
  readonly descending: boolean;
}

export interface ErrorPlan {
  /** One class per designed code, in design order; the engine's own codes after them. */
  readonly classes: readonly ErrorClassPlan[];
  readonly validation: { readonly status: number; readonly code: string };
  readonly unauthenticated: ErrorClassPlan;
  readonly forbidden: ErrorClassPlan;
  readonly internal: ErrorClassPlan;
  /** State transition that the state machine does not have. */
  readonly conflict: ErrorClassPlan;
}

export interface ErrorClassPlan {
  readonly code: string;
  /** `OrderNotFoundError`, in `app.core.errors`. */
  readonly className: string;
  readonly status: number;
  readonly message: string;
  readonly retryable: boolean;
  /** Seconds that `Retry-After` says, where the design wants that header. */
  readonly retryAfter?: number;
}

/** A foreign key has two sides: `write` a row that refers, or `delete` one that is referred to. Undefined: either. */
export interface ViolationPlan {
  readonly constraint: Constraint | { readonly name: string };
  readonly when?: "write" | "delete";
  readonly error: ErrorClassPlan;
}

/** How row policies learn who is calling. */
export interface SessionSettingPlan {
  /** `current_setting('app.user_id')` → setting `app.user_id` fed from the principal's `user_id`. */
  readonly settings: readonly { readonly name: string; readonly claim: "user_id" | "tenant_id" | "role" }[];
  /** Policies use Supabase's `auth.uid()`, `auth.jwt()` or `auth.role()`; the migration ships a shim. */
  readonly supabase: boolean;
  /** Roles that policies or grants name and no statement creates. */
  readonly roles: readonly string[];
}

/** How an endpoint is carried out; `operations.ts` decides, routers and services are written from it. */
export type OperationKind =
  | "list"
  | "get"
  | "create"
  | "createMany"
  | "updateMany"
  | "deleteMany"
  | "update"
  | "replace"
  | "upsert"
  | "link"
  | "delete"
  | "transition"
  | "mark"
  | "adjust"
  | "restore"
  | "tally"
  | "download"
  | "signIn"
  | "health";
