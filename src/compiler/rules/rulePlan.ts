import type { Rule } from "../../spec/model.ts";
import type { CheckCondition, Ordering } from "../../spec/sql/checkConditions.ts";
import type { EnumMember, ErrorClassPlan, FieldPlan } from "../plan.ts";

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
  readonly check?: PolicyCheck;
}

export type PolicyCheck = {
  readonly error: ErrorClassPlan;
} & (
  | {
      readonly kind: "state";
      readonly field: FieldPlan;
      readonly members: readonly EnumMember[];
      /** In these states only, or in all but these. */
      readonly allowed: boolean;
    }
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
);

/** A condition on a column that a rule or a value object states, with the error that it names. */
export interface RuleCondition {
  readonly aggregate: string;
  readonly condition: CheckCondition;
  /** Undefined for what a value object says of itself. */
  readonly rule?: Rule;
  readonly error: ErrorClassPlan;
}
