import type { Rule } from "../../spec/model.ts";
import type { CheckCondition, Ordering } from "../../spec/sql/checkConditions.ts";
import type { AggregatePlan, EnumMember, ErrorClassPlan, FieldPlan } from "../plan.ts";

/**
 * A function of `app.domain.policies.<module>` that holds an entity to a rule.
 *
 * `check` is undefined where only a person or a model can say in code what the sentence means: the function then has
 * a name, the sentence and its callers, and the rule needs detail.
 */
export interface PolicyPlan {
  readonly rule: Rule;
  readonly name: string;
  /** What is about to be written, or what a write has come to; the transaction is still open. */
  readonly when: "before" | "after";
  /** Names of the operations that call it. */
  readonly callers: readonly string[];
  /** The attribute of a parent whose rows it is about, in the plan of that parent; the function stands with the rows. */
  readonly within?: { readonly attribute: string; readonly module: string };
  readonly check?: PolicyCheck;
}

export type PolicyCheck = {
  readonly error: ErrorClassPlan;
} /** Rows in the state are neither changed nor deleted. */ & (
  | { readonly kind: "state"; readonly refused: RowState }
  | {
      readonly kind: "order";
      readonly field: FieldPlan;
      readonly operator: Ordering | "<>";
      readonly other: FieldPlan;
    }
  | {
      readonly kind: "count";
      /** The column that refers to whoever may have so many. */
      readonly foreignKey: FieldPlan;
      /** Attribute of the filter for it. */
      readonly filter: string;
      /** What else the counted rows have in common: an argument of the filter. */
      readonly narrowed?: { readonly filter: string; readonly field: FieldPlan; readonly value: string };
      readonly most: number;
    }
  | { readonly kind: "children"; readonly attribute: string; readonly most: number }
  /** So many values in a column that is a list. */
  | { readonly kind: "length"; readonly field: FieldPlan; readonly most: number }
  | RefersCheck
  /** What the state needs: a value, or a row that belongs to it. */
  | {
      readonly kind: "needs";
      readonly reached: RowState;
      readonly needed: { readonly name: string; readonly isList: boolean };
    }
  /** A transition that is possible for so long after a moment. */
  | {
      readonly kind: "window";
      /** The action in the words of the rule: `reopening`. */
      readonly verb: string;
      readonly reached: RowState;
      readonly since: FieldPlan;
      readonly seconds: number;
    }
  /** A moment that lies so long after now at least, or at most, when it is set. */
  | { readonly kind: "ahead"; readonly field: FieldPlan; readonly isLeast: boolean; readonly seconds: number }
  | { readonly kind: "signIn"; readonly refused: RowState }
);

/** The rows that a foreign key leads to are looked at before the row is written. */
export interface RefersCheck {
  readonly kind: "refers";
  readonly foreignKey: FieldPlan;
  /** Whose rows the key leads to. */
  readonly target: Pick<AggregatePlan, "className" | "module" | "plural" | "children">;
  /** What no row may be that is referred to. */
  readonly refused: RowState;
  /** Whether a reference is looked at when it is made, or the row in front at every write or at those of rows that are there. */
  readonly at: "reference" | "write" | "change";
  /** A row that the caller cannot see is refused as well. */
  readonly mustBeSeen: boolean;
  /** Columns of both that have to be equal, as those of the tenant. */
  readonly shared?: { readonly own: FieldPlan; readonly theirs: FieldPlan };
  /** Nobody may change the row in front meanwhile. */
  readonly locks: boolean;
}

/** A condition on one row: `ticket.status is TicketStatus.CLOSED`, `not user.active`, `board.archived_at is not None`. */
export interface RowState {
  readonly kind: "member" | "flag" | "moment";
  readonly field: FieldPlan;
  /** Of a `member`: one of these. */
  readonly members: readonly EnumMember[];
  /** False: the row is in the state where none of it is so. */
  readonly holds: boolean;
}

/** Rows that some callers do not see: those of others, or those in a state. */
export interface SightDraft {
  /** The function of `app.domain.policies.sight` that says who sees it all. */
  readonly name: string;
  readonly aggregate: Pick<AggregatePlan, "className" | "module" | "plural" | "table">;
  /** Those who see everything. */
  readonly roles: readonly string[];
  /** The column that has to be the caller. */
  readonly owner?: FieldPlan;
  /** What is not shown. */
  readonly hidden?: RowState;
}

/** A rule that something else than a function keeps: `the check stock_items_check of stock_items`. */
export interface KeptRule {
  readonly rule: Rule;
  readonly by: string;
}

export interface SightPlan extends SightDraft {
  readonly rule: Rule;
}

/** A condition on a column that a rule or a value object states, with the error that it names. */
export interface RuleCondition {
  readonly aggregate: string;
  readonly condition: CheckCondition;
  /** Undefined for what a value object says of itself. */
  readonly rule?: Rule;
  readonly error: ErrorClassPlan;
}
