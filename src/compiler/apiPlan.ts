import type { Endpoint, Parameter, Schema } from "../spec/model.ts";
import type { AdjustmentPlan } from "./adjustments.ts";
import type { CallerDependency } from "./callers.ts";
import type { CopyPlan, PartValue } from "./copiedValues.ts";
import type { Lookup } from "./lookups.ts";
import type {
  AggregatePlan,
  DerivedPlan,
  ErrorClassPlan,
  FieldPlan,
  FilterPlan,
  HeldValue,
  OperationKind,
  OrderPlan,
  PythonImport,
  Through,
} from "./plan.ts";
import type { Route } from "./routeOrder.ts";

import type { SignInPlan } from "./signIn.ts";

/** Everything the API half of the emitters needs; complementary to the backend plan. */
export interface ApiPlan {
  /** In the order of the contract, unless a route would answer for another; endpoints that need detail are not among them. */
  readonly operations: readonly OperationPlan[];
  /** Endpoints that need detail and whose path an operation would answer as if a word of it were a key. */
  readonly reserved: readonly Route[];
  /** Methods that a path does not have and that another operation would answer as if a word of it were a key. */
  readonly foreign: readonly Route[];
  /** Pydantic models, each before the models that refer to it. */
  readonly models: readonly ModelPlan[];
  /** Names on the wire are camelCase where attributes are snake_case. */
  readonly camelCase: boolean;
}

export interface OperationPlan {
  readonly endpoint: Endpoint;
  readonly kind: OperationKind;
  /** Function of the router and method of the service. */
  readonly name: string;
  readonly operationId: string;
  readonly path: ResourcePath;
  /** Undefined for operations that belong to no table, such as a health check. */
  readonly target?: AggregatePlan;
  readonly access: Access;
  readonly status: number;
  readonly request?: RequestPlan;
  readonly query?: QueryPlan;
  readonly response?: ResponsePlan;
  readonly transition?: TransitionPlan;
  readonly mark?: MarkPlan;
  readonly link?: LinkPlan;
  readonly adjustment?: AdjustmentPlan;
  /** The column that the rows are counted by. */
  readonly tally?: FieldPlan;
  readonly precondition?: PreconditionPlan;
  readonly conditionalRead?: ConditionalReadPlan;
  readonly signIn?: SignInPlan;
  readonly bulk?: BulkPlan;
  /** Headers and cookies that the route takes by itself. */
  readonly sent?: readonly SentParameter[];
  /** The idempotency key, for a request that has effect only once. */
  readonly once?: Parameter;
  readonly limit?: RateLimitPlan;
  /** Headers of the successful answer. */
  readonly headers: readonly AnswerHeader[];
  /** Errors that the caller can be answered with, for the documentation of the route. */
  readonly errors: readonly ErrorClassPlan[];
}

/** Who may call: everybody, or an authenticated caller with one of `anyOf` and all of `allOf`. */
export interface Access {
  readonly public: boolean;
  readonly anyOf: readonly string[];
  readonly allOf: readonly string[];
}

/** So many calls of one caller in a window of time. */
export interface RateLimitPlan {
  readonly calls: number;
  readonly seconds: number;
  /** By address instead of by caller. */
  readonly perAddress: boolean;
  readonly error: ErrorClassPlan;
}

/** A row that the path and the caller say everything of: `PUT /users/{id}/roles/{roleId}`. */
export interface LinkPlan {
  readonly externals: readonly ExternalValue[];
  /** Finding the row that the parameter refers to, which is no error of the new row. */
  readonly sides: readonly Lookup[];
}

/** `If-Match`: the write happens only to the version that the caller has seen. */
export interface PreconditionPlan {
  readonly parameter: Parameter;
  readonly version: FieldPlan;
  readonly error: ErrorClassPlan;
}

/** Several rows that one request names; all of them are written, or none. */
export interface BulkPlan {
  /** The path of one of them, its key as a parameter. */
  readonly itemPath: ResourcePath;
  /** Name of the key in Python. */
  readonly key: string;
  /** Attribute of an item of the body that is the key. Undefined when the keys stand by themselves. */
  readonly itemKey?: string;
  /** The keys in Python, and the parameter of the route when they are in the query. */
  readonly keys?: { readonly name: string; readonly parameter?: string };
  /** The answer lists the keys that no row had, so that the others are deleted all the same. */
  readonly tellsMissing?: true;
}

/** `If-None-Match`: nothing is sent to a caller who has it already. Without a version the answer itself is compared. */
export interface ConditionalReadPlan {
  /** Undefined where the contract has only the answer 304 or the tag. */
  readonly parameter?: Parameter;
  readonly version?: FieldPlan;
}

/** A header or a cookie as a parameter of a route. */
export interface SentParameter {
  readonly parameter: Parameter;
  /** Name in Python. */
  readonly name: string;
  readonly annotation: string;
  readonly imports: readonly PythonImport[];
  /** Python text of the default; undefined when the value is required. */
  readonly default?: string;
}

/** A header of the successful answer; a `field` is that of the row that is answered. */
export interface AnswerHeader {
  readonly name: string;
  readonly value: "location" | "total" | "entityTag" | "readTag" | "field";
  readonly field?: FieldPlan;
  /** Where the contract says more than that it is text. */
  readonly schema?: Schema;
}

/** A path read as a walk through aggregates: `/orders/{orderId}/items` has the steps Order and OrderItem. */
export interface ResourcePath {
  readonly steps: readonly ResourceStep[];
  /** Segments after the last step: the verb of `/orders/{orderId}/submit`. */
  readonly rest: readonly string[];
  /** The whole path; parameters have the names of the contract, unless FastAPI does not take them. */
  readonly template: string;
}

export interface ResourceStep {
  readonly aggregate: AggregatePlan;
  readonly parameter?: PathParameter;
  /** The row is the caller's own, as in `/users/me`. */
  readonly own?: FieldPlan;
  /** Compared with the caller, where the parameter names one row only among the caller's own. */
  readonly caller?: FieldPlan;
  /** There is one such row at most below the row in front, or one of the caller's, so that no parameter names it. */
  readonly single?: true;
  /** Columns that point at the step before, in the order of its key. */
  readonly parentColumns: readonly FieldPlan[];
  /** The table in between, where no column of the rows points at the step before: the treatments of a pet are those of its visits. */
  readonly through?: Through;
}

export interface PathParameter {
  /** Name in Python. */
  readonly name: string;
  /** Name in the path of the contract. */
  readonly wire: string;
  /** The column it is compared with: a part of the key, or another unique column. */
  readonly field: FieldPlan;
  /** The path has no such parameter; `PUT /pets` names the row in its body. */
  readonly inBody?: true;
}

export interface RequestPlan {
  readonly model: ModelPlan;
  readonly optional: boolean;
  /** The body is a list of the model, or has one. */
  readonly many?: ListBody;
  /** Values of the new row that do not come from the body. */
  readonly externals: readonly ExternalValue[];
  /** Values that the new rows take from rows which they refer to. */
  readonly copies?: readonly CopyPlan[];
  /** Values that a new row has in common with the rows inside of it. */
  readonly partValues?: readonly PartValue[];
  readonly upload?: UploadPlan;
  /** The values are in the query, because the request has no body. */
  readonly inQuery?: true;
}

/** The part of a form that is a file. */
export interface UploadPlan {
  readonly attribute: string;
  /** `list`: any number of files, each of which becomes a row. `optional`: the form may come without. */
  readonly number: "one" | "optional" | "list";
  /** In bytes. */
  readonly most?: number;
  /** Empty: any. */
  readonly mediaTypes: readonly string[];
  readonly tooLarge: ErrorClassPlan;
  readonly mediaType: ErrorClassPlan;
}

export interface ListBody {
  readonly least?: number;
  readonly most?: number;
  /** The model around the list, and its only attribute. Undefined when the list is the body. */
  readonly wrapper?: { readonly model: ModelPlan; readonly attribute: string };
}

/** A column that the path, the token, the file, a header, a cookie or the hash of a password fills. */
export interface ExternalValue {
  readonly field: FieldPlan;
  readonly source: "path" | "caller" | "tenant" | "file" | "sent" | "password";
  /** Name of the parameter in Python, or what of the file it is. */
  readonly parameter?: string;
  /** There may be none in a request. */
  readonly optional?: boolean;
}

export interface QueryPlan {
  readonly model: ModelPlan;
  readonly filters: readonly QueryFilter[];
  readonly paging: PagingPlan;
  readonly sorting?: SortingPlan;
}

/** The parameters that name one of the aggregate's orders, and the one that holds where none is named. */
export interface SortingPlan {
  /** Undefined where requests cannot choose. */
  readonly attribute?: string;
  /** Undefined: newest first. */
  readonly fallback?: OrderPlan;
  /** `asc` or `desc` in a parameter of its own; orders are then called `price:desc`. */
  readonly directionAttribute?: string;
  readonly orders: readonly OrderPlan[];
}

export interface QueryFilter {
  readonly filter: FilterPlan;
  /** Attribute of the query model, the parameter of the route that gives the value, or the value itself in Python. */
  readonly attribute: string;
  readonly source: "query" | "path" | "sent" | "value";
  /** The parameter of the route may be left out. */
  readonly optional?: boolean;
  /** What gives the value, where that is who calls. */
  readonly caller?: CallerDependency;
}

/**
 * How the contract counts pages. `cursor`: it does not, a page begins where the one before ended.
 * `fixed`: there are none, and the answer holds everything up to a limit.
 */
export interface PagingPlan {
  readonly style: "offset" | "page" | "cursor" | "fixed";
  readonly cursorAttribute?: string;
  readonly limitAttribute?: string;
  readonly offsetAttribute?: string;
  readonly defaultLimit: number;
}

/** What an action sets besides a state: `POST /notifications/{id}/read`. */
export interface MarkPlan {
  readonly values: readonly MarkedValue[];
}

export interface MarkedValue {
  readonly field: FieldPlan;
  readonly value: "now" | "true" | "false" | "null" | "caller";
}

export interface TransitionPlan {
  readonly field: FieldPlan;
  /** Value of the state that the endpoint leads to. */
  readonly to: string;
  /** Undefined when the aggregate has no state machine: every state may move. */
  readonly error: ErrorClassPlan;
  readonly checked: boolean;
  /** Answered where the row is in the state already, by a design without transitions that has a code for it. */
  readonly refusal?: ErrorClassPlan;
  /** What the row must not be like beforehand, in Python. */
  readonly guards: readonly string[];
  /** `submitted_at` and the like, set to the time of the transition. */
  readonly stamps: readonly FieldPlan[];
}

/** `annotation` of the answer and how it is made of what the service returns. */
export interface ResponsePlan {
  readonly annotation: string;
  readonly imports: readonly PythonImport[];
  readonly shape: ResponseShape;
}

export type ResponseShape =
  | { readonly kind: "entity"; readonly model: string }
  | { readonly kind: "entities"; readonly model: string }
  | {
      readonly kind: "object";
      readonly model: string;
      readonly fields: readonly { readonly name: string; readonly shape: ResponseShape }[];
    }
  | { readonly kind: "value"; readonly expression: string; readonly imports: readonly PythonImport[] };

export interface ModelPlan {
  readonly name: string;
  readonly module: string;
  readonly direction: Direction;
  readonly summary: string;
  readonly fields: readonly ModelField[];
  /** Keys that no property names: kept with this type. */
  readonly additional?: string;
  /** A request with keys that no property names is taken, and they have no effect. */
  readonly ignoresOthers?: boolean;
  readonly aggregate?: AggregatePlan;
  /** What it is made into, where it is a part of a body that stands for a value object. */
  readonly value?: ValueModel;
  /** The name of the model in the contract when that name was taken. */
  readonly title?: string;
}

/** The class of a value object, its parts as fields, and how the contract shows it. */
export interface ValueModel {
  readonly className: string;
  readonly parts: readonly FieldPlan[];
  readonly schema: Schema;
}

export type Direction = "request" | "response" | "query";

export interface ModelField {
  readonly name: string;
  readonly wire: string;
  readonly annotation: string;
  readonly imports: readonly PythonImport[];
  /** Arguments of `Field(…)`, without default and alias. */
  readonly arguments: readonly string[];
  /** Python text of the default; undefined when the value is required. */
  readonly default?: string;
  readonly defaultFactory?: string;
  /** A request may leave it out, and an answer leaves it out when there is none; it is never null. */
  readonly omittable: boolean;
  readonly description?: string;
  /** The column it stands for. */
  readonly target?: FieldPlan;
  /** The value object that it stands for. */
  readonly held?: HeldValue;
  /** What the entity computes of its columns for it. */
  readonly derived?: DerivedPlan;
  /** Attribute of the children it stands for, and the model of one child. */
  readonly children?: { readonly attribute: string; readonly model: string };
}
