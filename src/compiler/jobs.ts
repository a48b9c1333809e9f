import type { DesignSpec, Endpoint } from "../spec/model.ts";
import { isText, isTimestamp } from "../spec/sql/typeKinds.ts";
import { words } from "../support/words.ts";
import { changeFields } from "./aggregates.ts";
import type { OperationPlan } from "./apiPlan.ts";
import type { Assumption, GeneratedFile, NeedsDetail } from "./compilation.ts";
import { isWithoutZone } from "./fieldPlans.ts";
import type { AggregatePlan, EnumMember, FieldPlan, JobStates, PythonImport } from "./plan.ts";
import { docstring, importsFrom, pythonModule, stringLiteral } from "./python.ts";
import { resourcePath, targetOf } from "./resourcePaths.ts";
import { successResponse } from "./responses.ts";
import { stateField } from "./transitions.ts";

/**
 * Marks the aggregates whose rows stand for work that is done behind the answer: some endpoint adds one and
 * answers 202 (RFC 9110, section 15.3.3), and a column says how far it is.
 */
export function withJobs(spec: DesignSpec, aggregates: readonly AggregatePlan[]): readonly AggregatePlan[] {
  const accepted = new Set(
    spec.api.endpoints
      .filter(isAccepted)
      .flatMap((endpoint) => targetOf(resourcePath(endpoint, aggregates, spec.api))?.aggregate.className ?? []),
  );
  return aggregates.map((aggregate) => {
    const job = accepted.has(aggregate.className) ? jobStates(aggregate) : undefined;
    return job ? { ...aggregate, job } : aggregate;
  });
}

/** Whether the answer to the operation is the promise of a row that is worked on behind it. */
export function startsJob({ endpoint, kind, target }: Pick<OperationPlan, "endpoint" | "kind" | "target">): boolean {
  return kind === "create" && target?.job !== undefined && isAccepted(endpoint);
}

/** What no document says of a promise: the row, its status and its address are there, the work is not. */
export function workGaps(operations: readonly OperationPlan[]): readonly NeedsDetail[] {
  return operations
    .filter(({ endpoint, kind }) => kind === "create" && isAccepted(endpoint))
    .map(({ endpoint, target }) => {
      const said = endpoint.description ?? endpoint.summary;
      const work = `the work behind ${endpoint.name}${said === undefined ? "" : ` ("${said.trim()}")`}`;
      const one = words(target?.className ?? "row").join(" ");
      const state = target?.job
        ? `it is accepted, stored and shown, and ends as "${target.job.failed.value}" until ${workPath(target)} does it`
        : `the ${one} is stored, and no column says how far it is`;
      return {
        element: `work:${endpoint.method} ${endpoint.path}`,
        reason: `No document says how ${work} is done: ${state}.`,
        source: endpoint.source,
      };
    });
}

export function jobAssumptions(operations: readonly OperationPlan[]): readonly Assumption[] {
  return operations.filter(startsJob).map(({ endpoint }) => ({
    text: "The work is done by the process that has answered, once; what its end cuts off is not taken up again.",
    element: endpoint.id,
    source: endpoint.source,
  }));
}

/** Parameters of the route that starts a job. */
export function jobParameters(operation: OperationPlan): readonly string[] {
  const { target } = operation;
  return startsJob(operation) && target ? ["background: BackgroundTasks", `work: ${target.className}WorkDep`] : [];
}

/** The line of the route behind the one that stores the row: the task runs when the answer is sent. */
export function jobLines(operation: OperationPlan): readonly string[] {
  const { target } = operation;
  if (!startsJob(operation) || !target) return [];
  return [`background.add_task(service.carry_out, ${target.key.map(({ name }) => `found.${name}`).join(", ")}, work)`];
}

/** Dependencies `ExportWorkDep`, for `app.api.deps`. */
export function workDependencies(operations: readonly OperationPlan[]): readonly string[] {
  return jobTargets(operations).map(
    ({ className, module }) => `def get_${module}_work() -> ${className}Work:
    """Return what carries out the work behind an answer."""
    return Missing${className}Work()


${className}WorkDep = Annotated[${className}Work, Depends(get_${module}_work)]`,
  );
}

export function workImports(targets: readonly AggregatePlan[]): readonly PythonImport[] {
  return targets.flatMap(({ className, module }) => [
    ...importsFrom(`app.domain.ports.${module}_work`, `${className}Work`, `${className}WorkError`),
    ...importsFrom(`app.services.${module}_work`, `Missing${className}Work`),
  ]);
}

/** The port of the work, and what stands in its place until somebody writes it. */
export function workFiles(operations: readonly OperationPlan[]): readonly GeneratedFile[] {
  return jobTargets(operations).flatMap((target) => [
    { path: `src/app/domain/ports/${target.module}_work.py`, text: portText(target), step: 3 as const },
    { path: workPath(target), text: missingText(target, operations), step: 4 as const },
  ]);
}

/** The methods of the service that take a job up and record how it ends. */
export function jobMethods(aggregate: AggregatePlan, operations: readonly OperationPlan[]): readonly string[] {
  const { job, className, plural, key, keyParameters } = aggregate;
  if (!job || !operations.some(startsJob)) return [];
  const parameters = key.map(({ type }, index) => `${keyParameters[index]}: ${type.expression}`).join(", ");
  const names = keyParameters.join(", ");
  const one = words(className).join(" ");
  const ended = (member: EnumMember) => [stateValue(job, member), ...stamped(job.finished)];
  const failure = (text: string) =>
    `${className}Changes(${[...ended(job.failed), ...(job.error ? [`${job.error.name}=${text}`] : [])].join(", ")})`;
  return [
    `    async def carry_out(self, ${parameters}, work: ${className}Work) -> None:
        """Do what the ${one} stands for, and record how it ends."""
        taken = await self._take_up(${names})
        if taken is None:
            return
        try:
            changes = await work.carry_out(taken)
            ended = replace(changes, ${ended(job.done).join(", ")})
        except ${className}WorkError as error:
            logger.warning("The work of ${one} %s has failed: %s", ${keyParameters[0]}, error)
            ended = ${failure("str(error)")}
        except Exception:
            logger.exception("The work of ${one} %s broke off", ${keyParameters[0]})
            ended = ${failure(stringLiteral("It broke off unexpectedly"))}
        async with self._uow_factory() as uow:
            await uow.${plural}.update(${names}, ended)`,
    `    async def _take_up(self, ${parameters}) -> ${className} | None:
        async with self._uow_factory() as uow:
            found = await uow.${plural}.find_by_id(${names}, for_update=True)
            if found is None or found.${job.state.name} != ${stateName(job, job.waiting)}:
                return None
${takenUp(aggregate, job, names)}`,
  ];
}

function takenUp({ className, plural }: AggregatePlan, job: JobStates, names: string): string {
  if (!job.running) return "            return found";
  const values = [stateValue(job, job.running), ...stamped(job.started)].join(", ");
  return `            begun = ${className}Changes(${values})
            return await uow.${plural}.update(${names}, begun)`;
}

function stateName({ state }: JobStates, { name }: EnumMember): string {
  return `${state.enum?.className}.${name}`;
}

function stateValue(job: JobStates, member: EnumMember): string {
  return `${job.state.name}=${stateName(job, member)}`;
}

function stamped(field: FieldPlan | undefined): readonly string[] {
  if (!field) return [];
  return [`${field.name}=datetime.now(UTC)${isWithoutZone(field) ? ".replace(tzinfo=None)" : ""}`];
}

function jobTargets(operations: readonly OperationPlan[]): readonly AggregatePlan[] {
  const targets = operations.filter(startsJob).flatMap(({ target }) => target ?? []);
  return [...new Map(targets.map((target) => [target.className, target])).values()];
}

function isAccepted({ responses }: Pick<Endpoint, "responses">): boolean {
  return successResponse(responses)?.status === 202;
}

function workPath({ module }: AggregatePlan): string {
  return `src/app/services/${module}_work.py`;
}

function portText({ className, module }: AggregatePlan): string {
  const one = words(className).join(" ");
  return pythonModule({
    docstring: `Port of the work that the ${one} stands for.`,
    imports: [
      ...importsFrom("typing", "Protocol"),
      ...importsFrom(`app.domain.${module}`, className, `${className}Changes`),
    ],
    body: [
      `class ${className}WorkError(Exception):
    """The work cannot be done; the text is shown to whoever asks for it."""`,
      `class ${className}Work(Protocol):
    """Does behind the answer what the ${one} stands for."""

    async def carry_out(self, ${module}: ${className}) -> ${className}Changes:
        """Do it and return what is known of it; the service sets its status."""`,
    ],
  });
}

function missingText({ className, module }: AggregatePlan, operations: readonly OperationPlan[]): string {
  const one = words(className).join(" ");
  const said = operations.filter(startsJob).flatMap(({ endpoint, target }) => {
    return target?.className === className ? (endpoint.description ?? endpoint.summary ?? []) : [];
  });
  const summary = `Refuses every ${one}: no document says how the work is done`;
  const text = [summary, ...said.map((sentence) => `The design: ${sentence}`)].join(".\n\n");
  return pythonModule({
    docstring: `Work of the ${one} behind the answer.`,
    imports: [
      ...importsFrom(`app.domain.${module}`, className, `${className}Changes`),
      ...importsFrom(`app.domain.ports.${module}_work`, `${className}WorkError`),
    ],
    body: [
      `class Missing${className}Work:
${docstring(text, 1)}

    async def carry_out(self, ${module}: ${className}) -> ${className}Changes:
        """Refuse it with a reason that its status shows."""
        raise ${className}WorkError("This service does not carry out such work yet")`,
    ],
  });
}

/** The states of work and what is recorded with them; undefined where a row cannot say that it failed. */
function jobStates(aggregate: AggregatePlan): JobStates | undefined {
  const state = stateField(aggregate);
  const members = state?.enum?.members ?? [];
  const find = (pattern: RegExp) => members.find(({ value }) => pattern.test(words(value).join(" ")));
  const first = /^'([^']*)'/.exec(state?.column.default ?? "")?.[1];
  const waiting = members.find(({ value }) => value === first);
  const [running, done, failed] = [find(runningState), find(doneState), find(failedState)];
  if (!state || !waiting || !done || !failed || aggregate.key.length === 0) return undefined;
  const fields = changeFields(aggregate);
  const moment = (name: RegExp) =>
    fields.find(({ column }) => name.test(column.name) && isTimestamp(column.type) && column.type.name !== "date");
  const started = moment(/^(?:started|begun|processing_started)_(?:at|on)$/);
  const finished = moment(/^(?:finished|completed|ended|processed)_(?:at|on)$/);
  const error = fields.find(({ column }) => isText(column.type) && !column.type.array && errorName.test(column.name));
  return {
    state,
    waiting,
    done,
    failed,
    ...(running && running !== waiting && { running }),
    ...(started && { started }),
    ...(finished && { finished }),
    ...(error && { error }),
  };
}

const runningState = /^(?:running|processing|in progress|started|working|executing|generating|exporting|importing)$/;
const doneState = /^(?:completed?|done|succeeded|success|successful|finished|ready|processed|generated)$/;
const failedState = /^(?:failed|failure|error|errored)$/;
const errorName = /^(?:error(?:_message|_text|_details?)?|failure(?:_reason|_message)?|last_error)$/;
