import { join } from "node:path";
import * as vscode from "vscode";
import { createChangeSet } from "./changes/changeSet.ts";
import { createAnalyzerProcess } from "./node/analyzerProcess.ts";
import { createDiskWriter } from "./node/diskWriter.ts";
import { readDocumentFile } from "./node/documentFile.ts";
import { createScratchDatabase } from "./node/scratchDatabaseProcess.ts";
import { createStateLog } from "./node/stateLog.ts";
import { createStoreLock } from "./node/storeLock.ts";
import type { RunKind } from "./session/prompt.ts";
import { recordTimeline } from "./session/runTimeline.ts";
import { createApiKeys } from "./vscode/apiKeys.ts";
import { registerAssumptions } from "./vscode/assumptions/registerAssumptions.ts";
import { registerChatParticipant } from "./vscode/chat/chatParticipant.ts";
import { lazyHandlers, registerCommands } from "./vscode/commands.ts";
import { createDesignProblems } from "./vscode/designProblems.ts";
import { createEditorWorkspace, type OpenWorkspace } from "./vscode/editorWorkspace.ts";
import { watchKeysInSettings } from "./vscode/keysInSettings.ts";
import { createLog } from "./vscode/log.ts";
import { type OwnModelParts, registerOwnLanguageModel, resolveOwnLanguageModel } from "./vscode/ownLanguageModel.ts";
import { projectFolder } from "./vscode/projectFolder.ts";
import { createRepeatedReview } from "./vscode/repeatedReview.ts";
import { createReportDocument, type ReportDocument } from "./vscode/reportDocument.ts";
import { createLiveFiles } from "./vscode/review/liveFiles.ts";
import { registerReview } from "./vscode/review/registerReview.ts";
import type { RunHost } from "./vscode/run.ts";
import { createRunDesk } from "./vscode/runDesk.ts";
import { openedSampleKey } from "./vscode/sampleProject.ts";
import { isChatAvailable, keyDialogs } from "./vscode/settings.ts";
import { showFailure } from "./vscode/showFailure.ts";
import { registerTasks } from "./vscode/tasks/registerTasks.ts";
import { registerTools } from "./vscode/tools/registerTools.ts";
import { whenThere } from "./vscode/whenThere.ts";

const loadRuntime = async () => (await import("./runtime.ts")).runtime;
const loadSurface = async () => (await import("./surface.ts")).surface;

const openWorkspace: OpenWorkspace = (root) =>
  createEditorWorkspace(root, async () => (await loadSurface()).openDisk(root.fsPath, vscode.env.appRoot));

/** Builds the adapters and wires them; nothing heavy is loaded before the first run. */
export function activate(context: vscode.ExtensionContext): void {
  const log = createLog();
  const { host, review, report } = build(context, log);
  const { keys, repeatedReview } = host;
  const commands = registerCommands(
    {
      ...review.handlers,
      ...lazyHandlers(async () => (await loadSurface()).createLazyHandlers(host)),
      ...runHandlers(host, report),
      "backendImplementer.setApiKey": () => keys.ask(),
      "backendImplementer.removeApiKey": () => keys.remove(),
      "backendImplementer.showLog": () => log.show(),
    },
    (thrown) => showFailure(thrown, log),
  );
  const surfaces = [
    registerChatParticipant(host, async () => (await loadSurface()).answerTurn),
    registerTasks(async () => (await loadSurface()).createCheckTasks(host)),
    registerTools(async () => (await loadSurface()).createInvokeTool(host)),
    registerOwnLanguageModel({ state: context.globalState, keys, loadClaude: () => loadClaude(host) }),
    commands,
    watchKeysInSettings(keys),
  ];
  context.subscriptions.push(log, ...surfaces, review.onDidWrite(repeatedReview.repeat));
  greetOpenedSample(host).catch((thrown: unknown) => log.error("The sample cannot be shown.", thrown));
  resolveOwnLanguageModel().catch((thrown: unknown) => log.warn(`The picker does not list our model: ${thrown}`));
}

/** The window that the sample was opened in knows it by what the one before has left. */
async function greetOpenedSample({ context, folder }: RunHost): Promise<void> {
  if (folder === undefined || context.globalState.get(openedSampleKey) !== folder.toString()) return;
  await context.globalState.update(openedSampleKey, undefined);
  await (await loadSurface()).greetSample(folder);
}

/** Claude as a model that VS Code offers. */
async function loadClaude({ context, keys }: RunHost): ReturnType<OwnModelParts["loadClaude"]> {
  const [{ answerAsClaude }, runtime] = await Promise.all([loadSurface(), loadRuntime()]);
  return (call) => answerAsClaude(call, { runtime, context, keys });
}

/** The requests of the chat, as commands of the palette: carried out in the chat where there is one. */
function runHandlers(host: RunHost, report: ReportDocument) {
  const handler = (kind: RunKind) => async () => {
    if (!isChatAvailable()) return (await loadSurface()).runWithProgress(kind, host, report);
    await vscode.commands.executeCommand("workbench.action.chat.open", { query: `@backend /${kind}` });
  };
  return {
    "backendImplementer.implement": handler("implement"),
    "backendImplementer.plan": handler("plan"),
    "backendImplementer.check": handler("check"),
    "backendImplementer.fix": handler("fix"),
    "backendImplementer.continue": handler("continue"),
  };
}

function build(context: vscode.ExtensionContext, log: ReturnType<typeof createLog>) {
  const changes = createChangeSet();
  const analyzer = createAnalyzerProcess({ script: join(context.extensionPath, "dist", "analyzer.cjs"), log });
  const database = createScratchDatabase({ script: join(context.extensionPath, "dist", "scratchDatabase.cjs"), log });
  const problems = createDesignProblems({ database, loadRuntime, log, home: context.extensionUri });
  const folder = projectFolder();
  const storage = context.storageUri?.fsPath;
  const disk = createDiskWriter(folder?.fsPath ?? "", { ...(storage !== undefined && { storage }) });
  const runs = createRunDesk();
  const live = createLiveFiles();
  const kept = { storage: storageOf(context, log), disk };
  const review = registerReview({ changes, live, runs, folder, home: context.extensionUri, ...kept, log, loadSurface });
  const { store } = review;
  const repeatedReview = createRepeatedReview({ folder, store, analyzer, log, openWorkspace });
  const rereading = { problems, onReread: repeatedReview.remember, readDocument: readDocumentFile, disk };
  const assumptions = registerAssumptions({ folder, analyzer, ...rereading });
  const host: RunHost = {
    context,
    folder,
    keys: createApiKeys(context.secrets, keyDialogs),
    analyzer,
    prepareAnalyzer: analyzer.prepare,
    changes,
    store,
    disk,
    review: review.parts,
    repeatedReview,
    problems,
    assumptions: assumptions.store,
    timeline: recordTimeline(() => performance.now()),
    log,
    loadRuntime,
    runs,
    live,
    restored: review.restored,
    openWorkspace,
    readDocument: readDocumentFile,
  };
  const report = createReportDocument(store);
  const awaited = { isThere: () => store.review() !== undefined, onDidChange: store.onDidChange };
  const reviewed = whenThere(awaited, async () => (await loadSurface()).showReview(host), log);
  context.subscriptions.push(analyzer, problems, report, reviewed, repeatedReview, review, assumptions);
  return { host, review, report };
}

/** What outlives the window is kept in the editor's folder for this workspace. */
function storageOf({ storageUri }: vscode.ExtensionContext, log: ReturnType<typeof createLog>) {
  if (storageUri === undefined) return undefined;
  const onPutAside = (copy: string, why: "damaged" | "newer"): void => {
    const was = why === "newer" ? "written by a newer version of this extension" : "damaged";
    log.warn(`What was stored of the review was ${was}; it is kept as ${copy}.`);
  };
  return {
    state: createStateLog(storageUri.fsPath, { onPutAside }),
    lock: createStoreLock(storageUri.fsPath),
  };
}
