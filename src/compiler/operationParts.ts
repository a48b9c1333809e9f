import type { DesignSpec } from "../spec/model.ts";
import { planAdjustment } from "./adjustments.ts";
import { planHeaders } from "./answerHeaders.ts";
import type { OperationPlan, QueryPlan, RequestPlan, ResourcePath, ResponsePlan } from "./apiPlan.ts";
import { answersRows, bulkAnswer, planBulk } from "./bulkWrites.ts";
import { planConditionalRead } from "./conditionalReads.ts";
import { planPrecondition } from "./conditions.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { planQuery } from "./filters.ts";
import { keepsAnswers, keyParameter } from "./idempotency.ts";
import { planLink } from "./links.ts";
import { planListRequest } from "./listRequests.ts";
import { planMark } from "./marks.ts";
import type { OperationDraft } from "./modelBuilding.ts";
import { hasBody } from "./operationKinds.ts";
import type { AggregatePlan, OperationKind, SessionSettingPlan } from "./plan.ts";
import { type BodyPurpose, planForm, planRequest, planValuesInQuery } from "./requests.ts";
import { type AnswerSource, planResponse, successResponse } from "./responses.ts";
import { noteIdle, planSentParameters, withSentFilters } from "./sentParameters.ts";
import { planSignIn } from "./signIn.ts";
import { tallyResponse } from "./tallies.ts";
import { planTransition } from "./transitions.ts";
import { takesForm } from "./uploads.ts";

/** What the operations are planned against. */
export interface OperationContext {
  readonly spec: DesignSpec;
  readonly aggregates: readonly AggregatePlan[];
  readonly session: SessionSettingPlan;
  readonly errors: ErrorCatalogue;
}

/** What the kind of the operation asks for; undefined, with a gap in the draft, when the design does not have it. */
export function partsOf(
  draft: OperationDraft,
  context: OperationContext,
  operation: Omit<RowOperation, "target"> & { readonly target: AggregatePlan | undefined },
): OperationParts | undefined {
  const { kind, name, target } = operation;
  if (kind === "signIn") return planSignIn(draft, name, context.errors);
  return kind === "health" || !target ? healthParts(draft, name) : rowParts(draft, context, { ...operation, target });
}

/** What the operation takes, does and answers. */
export type OperationParts = Pick<
  OperationPlan,
  | "request"
  | "query"
  | "response"
  | "transition"
  | "mark"
  | "link"
  | "adjustment"
  | "precondition"
  | "once"
  | "conditionalRead"
  | "sent"
  | "signIn"
  | "target"
  | "bulk"
> &
  Partial<Pick<OperationPlan, "headers">>;

function healthParts(draft: OperationDraft, name: string): OperationParts {
  const response = planResponse(draft, { kind: "health", name });
  return response ? { response } : {};
}

interface RowOperation {
  readonly kind: OperationKind;
  readonly name: string;
  readonly path: ResourcePath;
  readonly target: AggregatePlan;
  readonly isPublic: boolean;
}

function rowParts(draft: OperationDraft, context: OperationContext, operation: RowOperation): OperationParts {
  const { kind, name, path, target: aggregate } = operation;
  const query =
    kind === "list" ? withSentFilters(draft, aggregate, planQuery(draft, name, aggregate, path)) : undefined;
  checkTotals(draft, operation);
  const many = kind === "updateMany" || kind === "deleteMany" ? planBulk(draft, operation) : undefined;
  const adjusted =
    kind === "adjust"
      ? planAdjustment(draft, aggregate, { name, verb: path.rest.at(-1) ?? "", errors: context.errors })
      : undefined;
  const request = many?.request ?? adjusted?.request ?? bodyOf(draft, operation, context.errors);
  const protocol = protocolParts(draft, context, operation);
  const sent = planSentParameters(draft, path, [protocol.once]);
  noteIdle(draft, sent, effectiveNames(query, request));
  const answer = { kind: answerKind(draft, kind), aggregate, name, ...(query && { paging: query.paging }) };
  const values = many ? { bulk: bulkAnswer({ bulk: many.bulk, kind }) } : {};
  const response = answerOf(draft, kind, { ...answer, ...values });
  return {
    ...(query && { query }),
    ...actionParts(draft, context, operation),
    ...(many && { bulk: many.bulk }),
    ...(adjusted && { adjustment: adjusted.adjustment }),
    ...(request && { request }),
    ...(response && { response }),
    ...protocol,
    ...(sent.length > 0 && { sent }),
  };
}

/** Totals are kept by whoever writes one row. */
function checkTotals(draft: OperationDraft, { kind, target: { countsIn, totals, table } }: RowOperation): void {
  const isOther = kind === "upsert" || kind === "link" || (kind === "createMany" && totals !== undefined);
  if ((countsIn && (isOther || kind.endsWith("Many"))) || (totals && isOther)) {
    draft.gaps.push(`no document says when the totals that depend on ${table.name} follow a write of several rows`);
  }
}

function answerKind(draft: OperationDraft, kind: OperationKind): "entity" | "entities" | "nothing" {
  if (kind === "list" || kind === "createMany") return "entities";
  if (kind === "link") return successResponse(draft.endpoint.responses)?.schema ? "entity" : "nothing";
  if (kind === "updateMany") return answersRows(draft) ? "entities" : "nothing";
  return kind === "delete" || kind === "deleteMany" ? "nothing" : "entity";
}

function answerOf(draft: OperationDraft, kind: OperationKind, source: AnswerSource): ResponsePlan | undefined {
  if (kind === "download") return undefined;
  return kind === "tally" ? tallyResponse : planResponse(draft, source);
}

/** What the verb at the end of the path does to the row. */
function actionParts(
  draft: OperationDraft,
  { errors }: OperationContext,
  { kind, path, target, isPublic }: RowOperation,
): Pick<OperationPlan, "transition" | "mark" | "link"> {
  const verb = path.rest.at(-1) ?? "";
  if (kind === "mark") return { mark: planMark(draft, target, { verb, isPublic }) };
  if (kind === "link") {
    const link = planLink(draft, path);
    return link ? { link } : {};
  }
  const transition = kind === "transition" ? planTransition(draft, target, verb, errors) : undefined;
  return transition ? { transition } : {};
}

/** Parameters of the route that narrow a list or fill a column. */
function effectiveNames(query: QueryPlan | undefined, request: RequestPlan | undefined): ReadonlySet<string> {
  const filters = (query?.filters ?? []).flatMap(({ source, attribute }) => (source === "sent" ? [attribute] : []));
  const values = (request?.externals ?? []).flatMap(({ source, parameter }) =>
    source === "sent" ? (parameter ?? []) : [],
  );
  return new Set([...filters, ...values]);
}

/** What the headers of the request and of the answer say. */
function protocolParts(
  draft: OperationDraft,
  { aggregates, errors }: OperationContext,
  { kind, target }: RowOperation,
): Pick<OperationPlan, "precondition" | "once" | "conditionalRead" | "headers"> {
  const precondition = isWrite(kind) ? planPrecondition(draft.endpoint, target, errors) : undefined;
  const isKept =
    kind === "create" &&
    !takesForm(draft.endpoint) &&
    keepsAnswers(aggregates) &&
    successResponse(draft.endpoint.responses)?.schema;
  const once = isKept ? keyParameter(draft.endpoint) : undefined;
  const conditionalRead = planConditionalRead(draft, kind, target);
  const headers = planHeaders(draft, kind, { target, conditional: conditionalRead !== undefined });
  return {
    ...(precondition && { precondition }),
    ...(once && { once }),
    ...(conditionalRead && { conditionalRead }),
    headers,
  };
}

function isWrite(kind: OperationKind): boolean {
  return kind === "update" || kind === "replace" || kind === "delete" || isAction(kind);
}

function isAction(kind: OperationKind): boolean {
  return kind === "transition" || kind === "mark" || kind === "adjust";
}

function bodyOf(
  draft: OperationDraft,
  { kind, name, path }: RowOperation,
  errors: ErrorCatalogue,
): RequestPlan | undefined {
  if ((kind === "transition" || kind === "mark") && !hasBody(draft)) return undefined;
  const isCreation = kind === "create" || kind === "createMany";
  if (isCreation && takesForm(draft.endpoint)) return planForm(draft, name, path, errors);
  if (kind === "createMany") return planListRequest(draft, name, path);
  if (!isBodyPurpose(kind)) return undefined;
  if (kind === "update" && !draft.endpoint.request) return planValuesInQuery(draft, name, path);
  return planRequest(draft, name, path, kind);
}

function isBodyPurpose(kind: OperationKind): kind is BodyPurpose {
  return ["create", "update", "replace", "upsert", "transition", "mark"].includes(kind);
}
