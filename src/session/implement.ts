import type { Message, StopReason } from "../agent/messages.ts";
import type { ModelClient } from "../agent/model.ts";
import { failingText, saidText, systemText, taskText } from "../agent/prompt.ts";
import { outOfScope } from "../agent/scope.ts";
import { createSkillShelf, type SkillShelf } from "../agent/skills.ts";
import type { ChangeSet } from "../changes/model.ts";
import { createOverlay } from "../changes/overlay.ts";
import type { Compilation, NeedsDetail } from "../compiler/compilation.ts";
import { createOfflineModel } from "../models/offline.ts";
import type { Review } from "../review/model.ts";
import type { DesignDocument, DesignSpec } from "../spec/model.ts";
import { isAbort, UserFacingError } from "../support/errors.ts";
import { redact } from "../support/redact.ts";
import { createToolbox } from "../tools/toolbox.ts";
import type { ToolPorts } from "../tools/toolPorts.ts";
import type { Agent } from "./agentFiles.ts";
import { proposeCertainFixes } from "./certainFixes.ts";
import { openAssumptions, readDesign } from "./design.ts";
import { watchDocuments } from "./documentWatch.ts";
import type { RunResult, SessionEvent } from "./events.ts";
import { readExistingProject } from "./existingFiles.ts";
import { failingLines, situationText } from "./failing.ts";
import { inspectFile } from "./inspectFile.ts";
import { newPackages } from "./newPackages.ts";
import { type Phase, type PhaseEnd, runPhase } from "./phase.ts";
import type { Analyzer, Workspace } from "./ports.ts";
import { reviewWorkspace } from "./proposedState.ts";
import { type ChangeFacts, proposeRest, type Reconciled, reconcile, withdrawForks } from "./reconcile.ts";
import { type RunFacts, runReport } from "./report.ts";
import { createReviewWords } from "./reviewWords.ts";
import { type RunState, withUserText } from "./runState.ts";
import { scaffoldInterfaces } from "./scaffoldInterfaces.ts";
import { skillUses } from "./skillUses.ts";
import { type Budget, createSpending, type Spending } from "./spending.ts";
import type { Steering } from "./steering.ts";
import { createStepTracker } from "./stepTracker.ts";

export interface ImplementRequest {
  /** `fix` works off what the review holds against the present state; `continue` goes on with `resume`. */
  readonly kind: "implement" | "fix" | "continue";
  readonly documents: readonly DesignDocument[];
  /** What the user typed besides the command; may be empty. */
  readonly instructions: string;
  readonly resume?: RunState;
  readonly signal: AbortSignal;
}

export interface ImplementPorts {
  readonly workspace: Workspace;
  /** Absolute path of the workspace folder, when it has one. */
  readonly root?: string;
  readonly changes: ChangeSet;
  readonly analyzer: Analyzer;
  readonly agent: Agent;
  /** Undefined: the offline engine does it all. */
  readonly model?: ModelClient;
  /** With a model: whether the offline engine proposes first what follows mechanically. True when undefined. */
  readonly scaffoldFirst?: boolean;
  readonly commands?: ToolPorts["commands"];
  /** What the model may use before the run pauses. */
  readonly budget?: Budget;
  /** What the user says while the run goes on. */
  readonly steering?: Pick<Steering, "take">;
  /** What the user has said of the proposals, a line each: reasons of rejections, comments. */
  readonly said?: () => readonly string[];
  /** From 0 to 1, as `Math.random`; spreads the tries after a failure. */
  readonly random?: () => number;
}

/**
 * The use case: documents → specification → proposals → review → report.
 *
 * Throws a {@link UserFacingError} when there is nothing to start from, and when the analyzers fail.
 * Otherwise, a failing model and a cancellation included, it ends in a `finished` event and returns
 * the same result.
 */
export async function* implement(
  request: ImplementRequest,
  ports: ImplementPorts,
): AsyncGenerator<SessionEvent, RunResult, void> {
  const started = performance.now();
  const outcome = yield* outcomeOf(request, ports);
  const facts = { ...outcome, milliseconds: Math.round(performance.now() - started) };
  const result: RunResult = {
    ...facts,
    report: redact(runReport({ ...facts, ...proposedFacts(ports.changes) })),
  };
  yield { type: "finished", result };
  return result;
}

/** Of everything that waits for a decision, that of earlier runs as well. */
function proposedFacts(changes: ChangeSet): Pick<RunFacts, "proposed" | "newPackages"> {
  // A rename is one file, as in the views.
  const files = changes.files().filter((file) => changes.renameOf(file.path)?.from !== file);
  return { proposed: files.length, newPackages: newPackages(changes) };
}

type Outcome = Omit<RunResult, "report" | "milliseconds">;

async function* outcomeOf(
  request: ImplementRequest,
  ports: ImplementPorts,
): AsyncGenerator<SessionEvent, Outcome, void> {
  const refusal = outOfScope(request.instructions);
  if (refusal !== undefined) return nothing(ports, "refused", refusal);
  if (request.kind === "continue" && !(ports.model && request.resume)) throw nothingToContinue(request);
  try {
    return yield* carryOut(request, ports);
  } catch (thrown) {
    if (request.signal.aborted || isAbort(thrown)) return nothing(ports, "cancelled");
    throw thrown;
  }
}

function nothingToContinue({ resume }: ImplementRequest): UserFacingError {
  const why = resume
    ? "The last run was a model's, and the offline engine cannot go on with that; choose that model again, or start"
    : "There is no run with a model in this folder to go on with; start";
  return new UserFacingError(
    "NOTHING_TO_CONTINUE",
    `${why} a new run with /implement, or see what is open with /check.`,
  );
}

const offlineLabel = "Offline engine";

function nothing({ model }: ImplementPorts, stopped: StopReason, detail?: string): Outcome {
  return {
    stopped,
    ...(detail === undefined ? {} : { detail }),
    model: model?.info.label ?? offlineLabel,
    assumptions: [],
    needsDetail: [],
    skillsUsed: [],
  };
}

/** What both phases of a run share. */
interface Run {
  readonly request: ImplementRequest;
  readonly ports: ImplementPorts;
  readonly spec: DesignSpec;
  readonly toolPorts: ToolPorts;
  readonly shelf: SkillShelf;
  readonly tracker: ReturnType<typeof createStepTracker>;
  readonly spending: Spending;
  review(): Promise<Review>;
}

async function* carryOut(
  request: ImplementRequest,
  ports: ImplementPorts,
): AsyncGenerator<SessionEvent, Outcome, void> {
  const { analyzer, model } = ports;
  const changedSince = await watchDocuments(request.documents, ports.workspace);
  const reading = await readDesign(request.documents, analyzer, request.signal);
  yield { type: "specRead", reading };
  const run = startRun(request, ports, reading.spec);

  const { end, compilation, facts, state } = yield* model ? askModel(model, run) : askOffline(run);

  const review = end.stopped === "cancelled" ? undefined : await run.review();
  if (review) yield { type: "reviewed", review };
  const changedDocuments = await changedSince();
  return {
    stopped: end.stopped,
    ...(end.detail === undefined ? {} : { detail: end.detail }),
    ...(end.failure ? { failure: end.failure } : {}),
    model: model?.info.label ?? offlineLabel,
    ...(review ? { review } : {}),
    assumptions: [...openAssumptions(reading), ...(compilation?.assumptions ?? [])],
    needsDetail: stillOpen(compilation?.needsDetail ?? [], review),
    skillsUsed: skillUses(run.shelf.loaded(), end.answer),
    ...(facts ? { changes: facts } : {}),
    ...(changedDocuments.length > 0 ? { changedDocuments } : {}),
    ...(state ? { state } : {}),
    ...run.spending.facts(),
  };
}

interface Asked {
  readonly end: PhaseEnd;
  /** What the offline engine made, when it took part. */
  readonly compilation?: Compilation;
  /** How its proposals met what stands. */
  readonly facts?: ChangeFacts;
  readonly state?: RunState;
}

async function* askOffline(run: Run): AsyncGenerator<SessionEvent, Asked, void> {
  const reconciled = await compileFor(run);
  const { compilation, facts } = reconciled;
  const end = yield* playOffline(reconciled, run);
  await fixWhatIsCertain(run);
  return { end, compilation, facts };
}

async function fixWhatIsCertain({ request, ports, toolPorts: { overlay, disk }, review }: Run): Promise<void> {
  if (request.kind !== "fix" || request.signal.aborted) return;
  const { changes, analyzer } = ports;
  await proposeCertainFixes({ review: await review(), overlay, disk, changes, analyzer, signal: request.signal });
}

async function compileFor({ ports, spec, request }: Run): Promise<Reconciled> {
  const existing = await readExistingProject(ports.workspace);
  return reconcile(await ports.analyzer.compile({ spec, existing }, request.signal), ports.workspace);
}

/** A run that was cancelled before the model had a turn is continued from its beginning. */
function startsAfresh({ kind, resume }: ImplementRequest): boolean {
  return kind === "implement" || (kind === "continue" && resume?.messages.length === 0);
}

async function* askModel(model: ModelClient, run: Run): AsyncGenerator<SessionEvent, Asked, void> {
  const { request, ports } = run;
  // From here on an earlier run is over, whatever becomes of this one.
  if (startsAfresh(request)) yield { type: "state", state: stateOf(model, { messages: [] }, run.shelf) };
  if (!startsAfresh(request) || ports.scaffoldFirst === false) {
    await fixWhatIsCertain(run);
    const end = yield* converse(model, undefined, run);
    return { end, state: stateOf(model, end, run.shelf) };
  }
  const reconciled = await compileFor(run);
  const { compilation, facts } = reconciled;
  const scaffold = yield* playOffline(reconciled, run);
  if (scaffold.stopped !== "finished") {
    return { end: scaffold, compilation, facts, state: stateOf(model, { ...scaffold, messages: [] }, run.shelf) };
  }
  const end = yield* converse(model, compilation, run);
  return { end, compilation, facts, state: stateOf(model, end, run.shelf) };
}

function startRun(request: ImplementRequest, ports: ImplementPorts, spec: DesignSpec): Run {
  const overlay = createOverlay(ports.workspace, ports.changes);
  const shelf = createSkillShelf(ports.agent.skills, request.resume?.loadedSkills);
  return {
    request,
    ports,
    spec,
    shelf,
    toolPorts: {
      disk: ports.workspace,
      overlay,
      changes: ports.changes,
      shelf,
      ...(ports.root === undefined ? {} : { root: ports.root }),
      ...(ports.commands ? { commands: ports.commands } : {}),
    },
    tracker: createStepTracker(),
    spending: createSpending(ports.model?.info, ports.budget),
    review: () => reviewWorkspace(spec, overlay, ports.analyzer, request.signal),
  };
}

/** The offline engine through the same loop and tools. Its words are left out: steps and report say the same. */
async function* playOffline(reconciled: Reconciled, run: Run): AsyncGenerator<SessionEvent, PhaseEnd, void> {
  const { agent, model, changes } = run.ports;
  withdrawForks(reconciled.compilation, changes);
  const end = yield* runPhase({
    ...phaseOf(run),
    model: createOfflineModel(reconciled.compilation),
    tools: createToolbox(agent.definition.tools, { ...run.toolPorts, origin: "engine" }),
    messages: [{ role: "user", parts: [{ type: "text", text: "Implement the design." }] }],
    quiet: true,
    last: model === undefined,
  });
  if (end.stopped === "finished") proposeRest(reconciled, changes);
  return end;
}

async function* converse(
  model: ModelClient,
  compilation: Compilation | undefined,
  run: Run,
): AsyncGenerator<SessionEvent, PhaseEnd, void> {
  const { ports, spec, toolPorts } = run;
  const { overlay } = toolPorts;
  const said = createReviewWords(ports.said ?? (() => []), resumed(run.request)?.messages);
  const phase = runPhase({
    ...phaseOf(run),
    model,
    tools: createToolbox(ports.agent.definition.tools, {
      ...toolPorts,
      origin: "model",
      seen: new Map(),
      inspect: (path, signal) => inspectFile(path, { spec, overlay, analyzer: ports.analyzer, signal }),
    }),
    messages: await firstMessages(compilation, said(), run),
    beforeFinish: async () => failingText(failingLines(await run.review())) || undefined,
    situation: async () => situationText(ports.changes, failingLines(await run.review())),
    budget: () => run.spending.exceeded(),
    ...(ports.random ? { random: ports.random } : {}),
    steering: () => joined(ports.steering?.take(), saidText(said())),
    onHistory: (messages) => ({ type: "state", state: stateOf(model, { messages }, run.shelf) }),
    quiet: false,
    last: true,
  });
  for (;;) {
    const { value, done } = await phase.next();
    if (done) return value;
    if (value.type === "agent" && value.event.type === "usage") run.spending.add(value.event.usage);
    yield value;
  }
}

const defaultTurns = 60;

function phaseOf({ ports, request, tracker }: Run): Pick<Phase, "system" | "maxTurns" | "signal" | "tracker" | "root"> {
  const { definition, skills } = ports.agent;
  return {
    system: systemText(definition, skills),
    maxTurns: definition.maxTurns ?? defaultTurns,
    signal: request.signal,
    tracker,
    root: ports.root,
  };
}

function joined(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.filter((text) => text).join("\n\n") || undefined;
}

/** The run that this one goes on with; undefined when it begins anew. */
function resumed(request: ImplementRequest): RunState | undefined {
  return request.kind === "continue" && !startsAfresh(request) ? request.resume : undefined;
}

async function firstMessages(
  compilation: Compilation | undefined,
  said: readonly string[],
  run: Run,
): Promise<readonly Message[]> {
  const { request, spec } = run;
  const earlier = resumed(request);
  if (earlier) {
    const asked = joined(goingOn(earlier, request.instructions), saidText(said));
    return withUserText(earlier.messages, redact(asked ?? ""));
  }
  const startsFromState = compilation !== undefined || request.kind === "fix";
  const text = taskText({
    spec,
    instructions: request.instructions,
    scaffold: compilation?.files.map(({ path }) => path) ?? [],
    needsDetail: compilation?.needsDetail.map(({ element, reason }) => `${element}: ${reason}`) ?? [],
    interfaces: compilation ? scaffoldInterfaces(compilation.files, compilation.needsDetail) : [],
    failing: startsFromState ? failingLines(await run.review()) : [],
    said,
  });
  return [{ role: "user", parts: [{ type: "text", text: redact(text) }] }];
}

/** A run that came to its end is not gone on with but asked for more. */
function goingOn({ stopped }: RunState, instructions: string): string {
  const words = instructions.trim();
  if (stopped === "finished") return words || "Look at what is still open, and go on with it.";
  return `Go on where you stopped. ${words}`.trim();
}

/** What the model has filled in since is not open any more. */
function stillOpen(needsDetail: readonly NeedsDetail[], review: Review | undefined): readonly NeedsDetail[] {
  const covered = review?.coverage.elements.filter(({ status }) => status === "implemented").map(({ id }) => id);
  const implemented = new Set(covered);
  return needsDetail.filter(({ element }) => !implemented.has(element));
}

function stateOf(
  model: ModelClient,
  { messages, stopped }: Pick<PhaseEnd, "messages"> & Partial<PhaseEnd>,
  shelf: SkillShelf,
): RunState {
  const loadedSkills = shelf.loaded().map(({ name }) => name);
  return { version: 1, model: model.info.id, messages, loadedSkills, ...(stopped && { stopped }) };
}
