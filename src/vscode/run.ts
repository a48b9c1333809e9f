import * as vscode from "vscode";
import type { ChangeSet } from "../changes/model.ts";
import { createOverlay } from "../changes/overlay.ts";
import { userWords } from "../changes/userWords.ts";
import { steps } from "../compiler/compilation.ts";
import type { ProjectCheck } from "../session/checkProject.ts";
import type { RunResult, SessionEvent } from "../session/events.ts";
import type { PlanPorts } from "../session/planRun.ts";
import type { Analyzer, DiskWriter, Log } from "../session/ports.ts";
import type { RunKind } from "../session/prompt.ts";
import { type TurnWords, withResult, withTurns } from "../session/runRationale.ts";
import type { TimelineRecorder } from "../session/runTimeline.ts";
import type { Runtime } from "../session/runtime.ts";
import { createTurnRecorder } from "../session/turnRecorder.ts";
import type { DesignDocument } from "../spec/model.ts";
import { isAbort, UserFacingError } from "../support/errors.ts";
import type { ApiKeys } from "./apiKeys.ts";
import { createApprovals } from "./approvals.ts";
import type { DesignAssumptions } from "./assumptions/designAssumptions.ts";
import type { RunRequest } from "./chat/chatRequest.ts";
import { chooseModel } from "./chosenModel.ts";
import { collectDesignDocuments, type ReadDocument } from "./designDocuments.ts";
import type { DesignProblems } from "./designProblems.ts";
import type { OpenWorkspace } from "./editorWorkspace.ts";
import { requireProjectFolder } from "./projectFolder.ts";
import type { RepeatedReview } from "./repeatedReview.ts";
import type { LiveFiles } from "./review/liveFiles.ts";
import type { ReviewParts } from "./review/reviewParts.ts";
import type { GoingRun, RunDesk, Setback } from "./runDesk.ts";
import { readSettings } from "./settings.ts";
import type { ReviewStore } from "./trees/reviewStore.ts";
import { noticeTrustIsOff, refuseUntrusted } from "./trust.ts";

/** What a run in the editor works with; built for the folder that is chosen, and let go of when another one is. */
export interface RunHost {
  readonly context: vscode.ExtensionContext;
  /** The folder that proposals are about. */
  readonly folder: vscode.Uri | undefined;
  /** Disposed with the rest of it. */
  readonly disposables: { push(...disposables: readonly vscode.Disposable[]): unknown };
  readonly keys: ApiKeys;
  readonly analyzer: Analyzer;
  /** Starts the analyzer process, so that it is ready when the documents are found. */
  readonly prepareAnalyzer: () => void;
  readonly changes: ChangeSet;
  readonly store: ReviewStore;
  readonly disk: DiskWriter;
  readonly review: ReviewParts;
  readonly repeatedReview: RepeatedReview;
  readonly problems: DesignProblems;
  readonly assumptions: DesignAssumptions;
  readonly timeline: TimelineRecorder;
  readonly log: Log;
  readonly openWorkspace: OpenWorkspace;
  readonly readDocument: ReadDocument;
  readonly loadRuntime: () => Promise<Runtime>;
  readonly runs: RunDesk;
  readonly live: LiveFiles;
  /** Resolves when what an earlier window left is back; never rejects. */
  readonly restored: Promise<unknown>;
}

/** Carries out what is about the chosen folder; the user is asked for it before, where that takes asking. */
export type UseHost = <T>(work: (host: RunHost) => Promise<T>) => Promise<T>;

/** Where a run is shown: the chat, or a notification and a report document. */
export interface RunSurface {
  readonly signal: AbortSignal;
  /** The model picked in the chat, when there is a chat. */
  readonly pickedModel?: vscode.LanguageModelChat;
  show(event: SessionEvent): void;
  /** An answer in Markdown that is no run's: `/check`, `/plan`. */
  answer(markdown: string): void;
}

/** The folder that is implemented in. Throws a {@link UserFacingError} where nothing may be done. */
export function requireFolder({ folder }: Pick<RunHost, "folder">): vscode.Uri {
  const found = requireProjectFolder(folder);
  refuseUntrusted();
  return found;
}

/**
 * Carries out one request and shows it on the surface; the views say that it goes on, and what came in its way. Returns
 * the result of a run, undefined for `/plan` and `/check`, which only look, with our own parsers, and so are done in
 * Restricted Mode too. Throws a {@link UserFacingError} for what the user can mend.
 */
export async function carryOut(
  kind: RunKind,
  request: RunRequest,
  host: RunHost,
  surface: RunSurface,
): Promise<RunResult | undefined> {
  const location = { viewId: `backendImplementer.${changedViews[kind]}` };
  try {
    const work = () => carryOutKind(kind, request, host, surface);
    const result = await vscode.window.withProgress({ location }, work);
    host.runs.settle(result?.state && result.stopped !== "finished" ? "stopped" : undefined);
    return result;
  } catch (thrown) {
    host.runs.settle(setbackOf(thrown));
    throw thrown;
  }
}

/** The view that is about to change. */
const changedViews = {
  plan: "assumptions",
  check: "checklist",
  implement: "proposals",
  fix: "proposals",
  continue: "proposals",
} as const satisfies Record<RunKind, string>;

function setbackOf(thrown: unknown): Setback | undefined {
  if (isAbort(thrown)) return undefined;
  return thrown instanceof UserFacingError && thrown.code === "NO_DOCUMENTS" ? "noDocuments" : "failed";
}

async function carryOutKind(
  kind: RunKind,
  request: RunRequest,
  host: RunHost,
  surface: RunSurface,
): Promise<RunResult | undefined> {
  switch (kind) {
    case "plan":
      await plan(request, host, surface);
      return undefined;
    case "check":
      surface.answer((await checkDesign(request, host, surface.signal)).report);
      return undefined;
    default: {
      const folder = requireFolder(host);
      const documents = await collect(request, folder, host, surface.signal);
      return run({ kind, documents, instructions: request.instructions }, folder, host, surface);
    }
  }
}

/** Holds the present state, proposals included, against the design, and shows both in the views. */
export async function checkDesign(
  documentsOf: Pick<RunRequest, "attached" | "pasted">,
  host: RunHost,
  signal: AbortSignal,
): Promise<ProjectCheck> {
  const folder = requireProjectFolder(host.folder);
  const documents = await collect(documentsOf, folder, host, signal);
  const overlay = createOverlay(host.openWorkspace(folder), host.changes);
  const checked = await (await host.loadRuntime()).check(documents, overlay, host.analyzer, signal);
  host.problems.show(checked.reading, folder);
  host.assumptions.show(checked.reading, documents);
  host.repeatedReview.remember(checked.reading.spec);
  host.store.setReview(checked.review);
  host.runs.settle(undefined);
  return checked;
}

async function collect(
  { attached, pasted }: Pick<RunRequest, "attached" | "pasted">,
  folder: vscode.Uri,
  host: RunHost,
  signal: AbortSignal,
): Promise<readonly DesignDocument[]> {
  host.prepareAnalyzer();
  const { globs } = readSettings(await host.loadRuntime()).documents;
  return collectDesignDocuments(
    { folder, attached, pasted, globs, readDocument: host.readDocument },
    host.analyzer,
    signal,
  );
}

async function plan(request: RunRequest, host: RunHost, surface: RunSurface): Promise<void> {
  const folder = requireProjectFolder(host.folder);
  const documents = await collect(request, folder, host, surface.signal);
  const runtime = await host.loadRuntime();
  const model = await plannedModel(runtime, folder, host, surface);
  const ports = { workspace: host.openWorkspace(folder), analyzer: host.analyzer, ...(model && { model }) };
  const { reading, report } = await runtime.plan(documents, ports, surface.signal);
  host.problems.show(reading, folder);
  host.assumptions.show(reading, documents);
  surface.answer(report);
}

/** What would implement the plan; the offline engine where the chosen model is not set up yet. */
async function plannedModel(
  runtime: Runtime,
  folder: vscode.Uri,
  { context, keys }: RunHost,
  { pickedModel, signal }: RunSurface,
): Promise<PlanPorts["model"]> {
  // Its agent files would choose, and a provider would be asked what it has.
  if (!vscode.workspace.isTrusted) return undefined;
  const agent = await runtime.loadAgent(context.extensionPath, folder.fsPath);
  try {
    const model = await chooseModel(runtime, agent.definition.model, { context, keys, picked: pickedModel, signal });
    return model && { info: model.info, agent, scaffoldFirst: readSettings(runtime).scaffoldFirst };
  } catch (thrown) {
    if (thrown instanceof UserFacingError) return undefined;
    throw thrown;
  }
}

interface RunInput {
  readonly kind: "implement" | "fix" | "continue";
  readonly documents: readonly DesignDocument[];
  readonly instructions: string;
}

async function run(input: RunInput, folder: vscode.Uri, host: RunHost, surface: RunSurface): Promise<RunResult> {
  noticeTrustIsOff(host.context.workspaceState);
  await host.restored;
  const going = host.runs.begin();
  if (!going) throw runGoing();
  try {
    return await runTo(going, input, { folder, host, surface });
  } finally {
    going.end();
  }
}

function runGoing(): UserFacingError {
  return new UserFacingError(
    "RUN_GOING",
    vscode.l10n.t(
      'A run is going on in this window, so another one cannot start. Wait, stop it, or tell it something with "Backend Implementer: Steer the Run…".',
    ),
  );
}

interface RunPlace {
  readonly folder: vscode.Uri;
  readonly host: RunHost;
  readonly surface: RunSurface;
}

async function runTo(going: GoingRun, input: RunInput, place: RunPlace): Promise<RunResult> {
  const { folder, host, surface } = place;
  const runtime = await host.loadRuntime();
  const settings = readSettings(runtime);
  const workspace = host.openWorkspace(folder);
  const agent = await runtime.loadAgent(host.context.extensionPath, folder.fsPath);
  const model = await chooseModel(runtime, agent.definition.model, {
    context: host.context,
    keys: host.keys,
    log: host.log,
    picked: surface.pickedModel,
    signal: surface.signal,
  });
  const resume = host.runs.state();
  const shell = runtime.createShell(folder.fsPath, host.changes, {
    onIsolation: (isolation) => {
      host.log.info(`${isolation.summary} ${isolation.remedy ?? ""}`.trim());
      host.store.setIsolation(isolation);
    },
  });
  host.timeline.begin();
  const events = runtime.implement(
    { ...input, ...(resume ? { resume } : {}), signal: surface.signal },
    {
      workspace,
      root: folder.fsPath,
      changes: host.changes,
      said: () => userWords(host.changes.snapshot().decisions, host.store.notes()).map(({ line }) => line),
      analyzer: host.analyzer,
      agent,
      ...(model ? { model, steering: going.listen() } : {}),
      scaffoldFirst: settings.scaffoldFirst,
      random: Math.random,
      ...(settings.budget.dollars > 0 ? { budget: settings.budget } : {}),
      commands: { shell, approvals: createApprovals(), askAlways: settings.commands.approval === "always" },
    },
  );
  const wordsFor = createTurnRecorder(host.changes, model?.info.label ?? "");
  const result = await follow(events, { ...place, documents: input.documents, wordsFor });
  if (result.state) host.runs.keep(result.state);
  return result;
}

interface Following extends RunPlace {
  readonly documents: readonly DesignDocument[];
  readonly wordsFor: ReturnType<typeof createTurnRecorder>;
}

async function follow(events: AsyncGenerator<SessionEvent, RunResult, void>, following: Following): Promise<RunResult> {
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    const event = next.value;
    record(event, following);
    following.host.timeline.add(event);
    following.surface.show(event);
  }
}

function record(event: SessionEvent, { folder, host, documents, wordsFor }: Following): void {
  const { store } = host;
  switch (event.type) {
    case "specRead":
      host.problems.show(event.reading, folder);
      host.repeatedReview.remember(event.reading.spec);
      host.assumptions.show(event.reading, documents);
      break;
    case "stepFinished":
      store.recordStep({ number: event.step, title: steps[event.step - 1] ?? "" }, event.files);
      break;
    case "reviewed":
      store.setReview(event.review);
      break;
    case "agent":
      host.live.take(event.event);
      explain(wordsFor(event.event), store);
      break;
    case "state":
      host.runs.keep(event.state);
      break;
    case "finished":
      store.setRationale(withResult(store.rationale(), event.result));
      break;
    default:
      break;
  }
}

function explain(words: readonly TurnWords[], store: ReviewStore): void {
  if (words.length === 0) return;
  const known = store.rationale();
  store.setRationale({ ...known, turns: withTurns(known.turns, words) });
}
