import { wireNaming } from "../spec/join/derivedModels.ts";
import type { DesignSpec } from "../spec/model.ts";
import { kebabCase } from "../support/words.ts";
import { hasCallers } from "./access.ts";
import { isAdjusted } from "./adjustments.ts";
import { planAggregates } from "./aggregates.ts";
import { headerUse } from "./answerHeaders.ts";
import { applicationFiles } from "./applicationFiles.ts";
import { withBatches } from "./bulkServices.ts";
import { commonSchemaFile } from "./commonSchemaFile.ts";
import type { Compilation, GeneratedFile } from "./compilation.ts";
import { tagFiles } from "./conditionalReads.ts";
import { versionFiles, withConditions } from "./conditions.ts";
import { copyFiles } from "./copiedValues.ts";
import { dependencyFile } from "./dependencyFiles.ts";
import { emitPersistence } from "./emitPersistence.ts";
import { type ErrorCatalogue, notFoundOf, planErrors, transitionErrorOf, withoutUnused } from "./errorClasses.ts";
import { correlationHeader, envelopeOf, errorFiles } from "./errorFiles.ts";
import { type ExistingProject, fitToProject, projectLineWidth } from "./existingProject.ts";
import { fileStoreFiles } from "./fileStoreFiles.ts";
import { formatPython } from "./format.ts";
import { asksForParts } from "./heldBodies.ts";
import { withHeldValues } from "./heldValues.ts";
import { idempotencyFiles, keyError, keyTable, withKeyTable } from "./idempotency.ts";
import { invariantFiles, planInvariants } from "./invariants.ts";
import { jobAssumptions, withJobs, workFiles, workGaps } from "./jobs.ts";
import { type OperationPlanning, planOperations } from "./operations.ts";
import { orderingFiles } from "./orderingFiles.ts";
import { openRows } from "./persistenceAssumptions.ts";
import type { AggregatePlan, BackendPlan, ErrorClassPlan } from "./plan.ts";
import { rateLimitFiles } from "./rateLimits.ts";
import { reservedFiles } from "./reservedRoutes.ts";
import { retryFiles } from "./retryFiles.ts";
import { routerFiles } from "./routerFiles.ts";
import { placeRules, withGuards } from "./rules/planRules.ts";
import { policyFiles } from "./rules/policyFiles.ts";
import { type RuleReading, readRules } from "./rules/readRules.ts";
import { withRuledParts } from "./rules/ruledParts.ts";
import { sightFiles } from "./rules/sightFiles.ts";
import { schemaFiles } from "./schemaFiles.ts";
import { securityFile } from "./securityFiles.ts";
import { serviceFiles } from "./serviceFiles.ts";
import { settingsFile } from "./settingsFiles.ts";
import { withoutShownSecrets } from "./shownSecrets.ts";
import { passwordFiles } from "./signInFiles.ts";
import { stepOf } from "./steps.ts";
import { totalFiles, withTotals } from "./totals.ts";
import { refusesAgain } from "./transitions.ts";
import { unraisedCodes } from "./unraisedCodes.ts";
import { withFiles } from "./uploads.ts";
import { valueInvariants } from "./valueObjectFiles.ts";
import { planViolations } from "./violations.ts";

/**
 * Turns a design specification into a complete Python project.
 *
 * Pure and deterministic: the same specification and project give the same bytes. What the team
 * keeps by hand (`existing`) is completed, and its line width kept. What the design leaves open
 * is an assumption; what it does not determine at all is left out and needs detail.
 */
export function compile(spec: DesignSpec, existing: ExistingProject = {}): Compilation {
  const { files, ...rest } = generate(planBackend(spec), projectLineWidth(existing));
  return { ...rest, files: files.flatMap((file) => fitToProject(file, existing)) };
}

/** What a specification comes to, before a file is written. */
export interface PlannedBackend {
  readonly plan: BackendPlan;
  readonly operations: OperationPlanning;
  readonly errors: ErrorCatalogue;
}

export function planBackend(design: DesignSpec): PlannedBackend {
  const { spec, assumptions: kept } = withKeyTable(withoutShownSecrets(design));
  const planned = planAggregates(spec);
  const planning = planErrors(spec);
  const totalled = withTotals(spec, withNotFound(planned.aggregates, planning.errors), planning.errors);
  const found = withFiles(spec, withConditions(spec, totalled));
  const { aggregates: named, assumptions: held } = withHeldValues(spec, withJobs(spec, found));
  const answered = withViolations(spec, named, planning.errors);
  const rules = readRules(spec, answered, planning.errors);
  const isRefused = (aggregate: AggregatePlan): boolean =>
    refusesAgain(aggregate, spec, planning.errors) || isAdjusted(aggregate, spec);
  const guarded = withRuledParts(withGuards(answered, rules, isRefused), rules.drafts);
  const aggregates = withInvariants(spec, guarded, rules.conditions, planning.errors);
  const unruled = planOperations({ spec, aggregates, session: planned.session, errors: planning.errors });
  const ruled = placeRules(rules, unruled);
  const batched = withBatches(ruled.aggregates, unruled.api.operations, planning.errors);
  const operations = withRules(unruled, batched);
  const written = withReachable(operations, planning.errors);
  const raised = raisedErrors(operations.api, written, planning.errors, rules.values);
  const { errors, assumptions: errorAssumptions } = withoutUnused(planning, raised);
  const title = spec.api.title ?? "Backend";
  const plan: BackendPlan = {
    spec,
    name: kebabCase(title) || "backend",
    title,
    aggregates: written,
    partitions: planned.partitions,
    values: rules.values,
    sights: rules.sights,
    kept: ruled.kept,
    errors,
    session: planned.session,
    hasCallers: hasCallers(spec, planned.session, operations),
    assumptions: [
      ...kept,
      ...[...planned.assumptions, ...openRows(spec, written, rules.sights), ...held],
      ...errorAssumptions,
      ...operations.assumptions,
      ...jobAssumptions(operations.api.operations),
      ...ruled.assumptions,
      ...unraisedCodes(operations.api.operations, raised, errors),
    ],
    needsDetail: [
      ...planned.needsDetail,
      ...operations.needsDetail,
      ...workGaps(operations.api.operations),
      ...ruled.needsDetail,
    ],
  };
  return { plan, operations, errors };
}

function withInvariants(
  { api }: DesignSpec,
  aggregates: readonly AggregatePlan[],
  stated: RuleReading["conditions"],
  { invalid }: ErrorCatalogue,
): readonly AggregatePlan[] {
  const answers = { wire: wireNaming(api), general: invalid };
  return aggregates.map((aggregate) => ({ ...aggregate, invariants: planInvariants(aggregate, stated, answers) }));
}

function withViolations(
  spec: DesignSpec,
  aggregates: readonly AggregatePlan[],
  errors: ErrorCatalogue,
): readonly AggregatePlan[] {
  return aggregates.map((aggregate) => {
    const violations = planViolations(spec, aggregate, aggregates, errors).map((violation) =>
      aggregate.table.name === keyTable ? { ...violation, error: keyError(errors) } : violation,
    );
    return { ...aggregate, violations };
  });
}

/** What the endpoints, the tables and the rules raise; an error of the engine's own that is none of it is left out. */
function raisedErrors(
  { operations, reserved }: OperationPlanning["api"],
  aggregates: readonly AggregatePlan[],
  errors: ErrorCatalogue,
  values: BackendPlan["values"],
): readonly ErrorClassPlan[] {
  return [
    ...values.map(({ error }) => error),
    ...aggregates.flatMap(({ violations }) => violations.map(({ error }) => error)),
    ...aggregates.flatMap(({ policies = [] }) => policies.flatMap(({ check }) => check?.error ?? [])),
    ...aggregates.flatMap(({ totals = [] }) => totals.flatMap(({ currency }) => currency?.error ?? [])),
    ...aggregates.flatMap(({ invariants }) => invariants.map(({ error }) => error)),
    ...operations.flatMap(({ transition }) => [transition?.error ?? [], transition?.refusal ?? []].flat()),
    ...operations.flatMap(({ limit }) => limit?.error ?? []),
    ...operations.flatMap(({ adjustment }) =>
      [...(adjustment?.limits.map(({ error }) => error) ?? []), adjustment?.negative ?? []].flat(),
    ),
    ...operations.flatMap(({ request }) => request?.copies?.map(({ missing }) => missing) ?? []),
    ...(reserved.length > 0 ? [errors.notImplemented].flatMap((error) => error ?? []) : []),
    ...operations.flatMap(({ request }) =>
      request?.upload ? [request.upload.tooLarge, request.upload.mediaType] : [],
    ),
    ...aggregates.flatMap((aggregate) => (aggregate.stateMachine ? transitionErrorOf(aggregate, errors) : [])),
  ];
}

/** The whole project as it is where nothing stands yet, Python formatted to `width` columns. */
export function generate({ plan, operations: { api }, errors }: PlannedBackend, width: number): Compilation {
  const files = [
    ...emitPersistence(plan, width),
    ...orderingFiles(plan, errors),
    ...versionFiles(api.operations),
    ...tagFiles(api.operations),
    ...invariantFiles(plan, { values: valueInvariants(plan), asksForParts: asksForParts(api) }, envelopeOf(plan)),
    ...policyFiles(plan),
    ...sightFiles(plan),
    ...idempotencyFiles(api.operations, errors),
    ...fileStoreFiles(api),
    ...workFiles(api.operations),
    ...passwordFiles(plan.aggregates),
    ...retryFiles(plan),
    ...rateLimitFiles(api),
    ...schemaFiles(plan, api),
    ...serviceFiles(plan, api, errors),
    ...copyFiles(api.operations),
    ...totalFiles(plan.aggregates),
    ...routerFiles(api),
    ...reservedFiles(api, errors),
    dependencyFile(plan, api, errors),
    ...(plan.hasCallers ? [securityFile(plan, errors)] : []),
    settingsFile(plan, api),
    ...applicationFiles(plan, api, correlationHeader(plan)),
    ...errorFiles(plan, errors, {
      headers: headerUse(api.operations),
      saysWhen: api.operations.some(({ limit }) => limit),
    }),
  ];
  const { assumptions, needsDetail } = plan;
  const all = [...files, commonSchemaFile(api, files)];
  return { files: ordered(all).map((file) => finished(file, width)), assumptions, needsDetail };
}

/** The operations with the rules of their aggregates, whose errors are among their answers. */
function withRules(planning: OperationPlanning, aggregates: readonly AggregatePlan[]): OperationPlanning {
  const operations = planning.api.operations.map((operation) => {
    const { name, target, errors } = operation;
    const own = aggregates.find(({ className }) => className === target?.className)?.policies ?? [];
    const raised = own.flatMap(({ callers, check }) => (check && callers.includes(name) ? check.error : []));
    return { ...operation, errors: [...new Set([...errors, ...raised])] };
  });
  return { ...planning, aggregates, api: { ...planning.api, operations } };
}

/** A table that nothing writes violates no constraint, so it needs no error that the design does not have. */
function withReachable({ api, aggregates }: OperationPlanning, errors: ErrorCatalogue): readonly AggregatePlan[] {
  const writes = api.operations.filter(({ kind }) => kind !== "list" && kind !== "get" && kind !== "delete");
  const targets = aggregates.filter(({ className }) => writes.some(({ target }) => target?.className === className));
  const written = new Set(
    targets.flatMap(({ className, children }) => [className, ...children.map((child) => child.aggregate)]),
  );
  return aggregates.map((aggregate) => ({
    ...aggregate,
    violations: aggregate.violations.filter(
      ({ error, when }) => error !== errors.duplicate || when === "delete" || written.has(aggregate.className),
    ),
  }));
}

function withNotFound(aggregates: readonly AggregatePlan[], errors: ErrorCatalogue): readonly AggregatePlan[] {
  return aggregates.map((aggregate) => ({ ...aggregate, notFound: notFoundOf(aggregate, errors) }));
}

/** A file as it is proposed: Python is formatted. */
export function finished(file: GeneratedFile, width: number): GeneratedFile {
  return file.path.endsWith(".py") && file.text !== "" ? { ...file, text: formatPython(file.text, width) } : file;
}

function ordered(files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  const unique = new Map(files.map((file) => [file.path, { ...file, step: stepOf(file.path) }]));
  return [...unique.values()].sort((left, right) => left.step - right.step || (left.path < right.path ? -1 : 1));
}
