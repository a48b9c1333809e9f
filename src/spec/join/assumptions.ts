import type { SourceSpan } from "../model.ts";

export type AssumptionKind =
  | "name"
  | "resource"
  | "model"
  | "request"
  | "answer"
  | "status"
  | "owner"
  | "relation"
  | "default"
  | "type";

/**
 * A fact that the documents do not state and that was filled in, for the user to confirm or correct.
 *
 * `id` does not change when the element moves in its document: `request:POST /orders`,
 * `answer:GET /orders/{id}`, `model:OrderOut`, `status:POST /orders`, `name:Customer`, `resource:people`,
 * `default:orders.id`, `owner:orders.user_id`, `relation:orders.customer_id`, `type:orders.total`.
 */
export interface DesignAssumption {
  readonly id: string;
  readonly kind: AssumptionKind;
  /** One sentence: what is assumed, and from what it follows. */
  readonly text: string;
  /** Id of the design element it is about. */
  readonly element: string;
  readonly source: SourceSpan;
  /** Where the reason stands, when that is another place. */
  readonly basis?: SourceSpan;
  /** What is assumed, as `.backend/design.yaml` holds it. After a correction the corrected value. */
  readonly value: string;
  /** What was assumed in place of a corrected `value`. */
  readonly assumed?: string;
  /** `confirmed` and `corrected` make it a declared fact. */
  readonly state: "open" | "confirmed" | "corrected";
}

/** What a reader of one fact has found, before the user's decisions are held against it. */
export type Inference = Omit<DesignAssumption, "state" | "assumed">;

/** Everything that the joining assumes, with what the user has decided about it. */
export interface AssumptionLedger {
  /** Records the inference; answers the value that holds, which is the user's where there is a correction. */
  assume(inference: Inference): DesignAssumption;
  readonly assumptions: readonly DesignAssumption[];
}
