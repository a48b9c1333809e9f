import { join } from "node:path";
import * as vscode from "vscode";
import { createChangeSet } from "./changes/changeSet.ts";
import { createAnalyzerProcess } from "./node/analyzerProcess.ts";
import { createDiskWriter } from "./node/diskWriter.ts";
import { readDocumentFile } from "./node/documentFile.ts";
import { createFolderLock, folderStorePath } from "./node/folderStore.ts";
import { createScratchDatabase } from "./node/scratchDatabaseProcess.ts";
import { createStateLog } from "./node/stateLog.ts";
import type { RunKind } from "./session/prompt.ts";
import { recordTimeline } from "./session/runTimeline.ts";
import { createApiKeys } from "./vscode/apiKeys.ts";
import { registerAssumptions } from "./vscode/assumptions/registerAssumptions.ts";
import { registerChatParticipant } from "./vscode/chat/chatParticipant.ts";
import { type FolderHandlers, folderHandlers, lazyHandlers, registerCommands } from "./vscode/commands.ts";
import { editedProposals } from "./vscode/currentText.ts";
import { createDesignProblems } from "./vscode/designProblems.ts";
import { createEditorWorkspace, type OpenWorkspace } from "./vscode/editorWorkspace.ts";
import { createFolderScopes, type FolderScope, type FolderScopes } from "./vscode/folders/folderScopes.ts";
import { watchKeysInSettings } from "./vscode/keysInSettings.ts";
import { createLog } from "./vscode/log.ts";
import { type OwnModelParts, registerOwnLanguageModel, resolveOwnLanguageModel } from "./vscode/ownLanguageModel.ts";
import { folderInUse, folderNotChosen, projectFolders } from "./vscode/projectFolder.ts";
import { createRepeatedReview } from "./vscode/repeatedReview.ts";
import { createReportDocument, type ReportDocument } from "./vscode/reportDocument.ts";
import { createLiveFiles } from "./vscode/review/liveFiles.ts";
import { registerReview } from "./vscode/review/registerReview.ts";
import type { RunHost, UseHost } from "./vscode/run.ts";
import { createRunDesk } from "./vscode/runDesk.ts";
import { isOpenedSample } from "./vscode/sampleProject.ts";
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
  const host = createWindowHost(context, log);
  const { keys } = host;
  const scopes = openScopes(host);
  const use: UseHost = (work) => scopes.use((scope) => work(scope.host));
  const withHandlers: Parameters<typeof folderHandlers>[0] = async (need, work) => {
    if (need === "held") return scopes.use(({ handlers }) => work(handlers));
    return work((await (need === "asItIs" ? scopes.current() : scopes.decided())).handlers);
  };
  const commands = registerCommands(
    {
      ...folderHandlers(withHandlers),
      ...runHandlers(scopes),
      "backendImplementer.setApiKey": () => keys.ask(),
      "backendImplementer.removeApiKey": () => keys.remove(),
      "backendImplementer.showLog": () => log.show(),
      "backendImplementer.chooseFolder": () => chooseFolder(scopes),
    },
    (thrown) => showFailure(thrown, log),
  );
  const surfaces = [
    registerChatParticipant(use, log, async () => (await loadSurface()).answerTurn),
    registerTasks(async () => (await loadSurface()).createCheckTasks((await scopes.current()).host)),
    registerTools(async () => (await loadSurface()).createInvokeTool(use)),
    registerOwnLanguageModel({ state: context.globalState, keys, loadClaude: () => loadClaude(host) }),
    commands,
    watchKeysInSettings(keys),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void scopes.follow()),
  ];
  context.subscriptions.push(log, ...surfaces, scopes);
  greetOpenedSample(context).catch((thrown: unknown) => log.error("The sample cannot be shown.", thrown));
  resolveOwnLanguageModel().catch((thrown: unknown) => log.warn(`The picker does not list our model: ${thrown}`));
}

async function greetOpenedSample(context: vscode.ExtensionContext): Promise<void> {
  for (const { uri } of projectFolders())
    if (await isOpenedSample(context, uri)) await (await loadSurface()).greetSample(uri);
}

/** Claude as a model that VS Code offers. */
async function loadClaude({ context, keys }: WindowHost): ReturnType<OwnModelParts["loadClaude"]> {
  const [{ answerAsClaude }, runtime] = await Promise.all([loadSurface(), loadRuntime()]);
  return (call) => answerAsClaude(call, { runtime, context, keys });
}

/** The requests of the chat, as commands of the palette: carried out in the chat where there is one. */
function runHandlers(scopes: FolderScopes<HostScope>) {
  const handler = (kind: RunKind) => async () => {
    if (!isChatAvailable()) {
      const { runWithProgress } = await loadSurface();
      return scopes.use(({ host, report }) => runWithProgress(kind, host, report));
    }
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

/** What of a {@link RunHost} is the window's, whichever folder is chosen. */
type WindowHost = Pick<
  RunHost,
  "context" | "keys" | "analyzer" | "prepareAnalyzer" | "log" | "loadRuntime" | "openWorkspace" | "readDocument"
>;

function createWindowHost(context: vscode.ExtensionContext, log: RunHost["log"]): WindowHost {
  const analyzer = createAnalyzerProcess({ script: join(context.extensionPath, "dist", "analyzer.cjs"), log });
  context.subscriptions.push(analyzer);
  return {
    context,
    keys: createApiKeys(context.secrets, keyDialogs),
    analyzer,
    prepareAnalyzer: analyzer.prepare,
    log,
    loadRuntime,
    openWorkspace,
    readDocument: readDocumentFile,
  };
}

interface HostScope extends FolderScope {
  readonly host: RunHost;
  readonly handlers: FolderHandlers;
  readonly report: ReportDocument;
}

const chosenFolderKey = "backendImplementer.folder";

function openScopes(window: WindowHost): FolderScopes<HostScope> {
  const { workspaceState } = window.context;
  return createFolderScopes({
    folders: () => projectFolders().map(({ uri }) => uri.toString()),
    choice: {
      read: () => workspaceState.get(chosenFolderKey),
      write: async (folder) => workspaceState.update(chosenFolderKey, folder),
    },
    open: (folder) => openScope(folder, window),
    withDesign: async (all) => (await loadSurface()).foldersWithDesign(all, await loadRuntime()),
    ask: async (among) => (await loadSurface()).askFolder(among, undefined),
    refusals: { inUse: folderInUse, undecided: folderNotChosen },
    onFailure: (thrown) => void showFailure(thrown, window.log),
  });
}

async function chooseFolder(scopes: FolderScopes<HostScope>): Promise<void> {
  const { folder } = await scopes.current();
  const picked = await (await loadSurface()).askAnyFolder(folder);
  if (picked !== undefined) await scopes.choose(picked);
}

/** Builds what depends on the folder; `address` is undefined where there is none, or none is chosen yet. */
function openScope(address: string | undefined, window: WindowHost): HostScope {
  const { context, analyzer, log } = window;
  const home = context.extensionUri;
  const folder = address === undefined ? undefined : vscode.Uri.parse(address);
  const changes = createChangeSet();
  const database = createScratchDatabase({ script: join(context.extensionPath, "dist", "scratchDatabase.cjs"), log });
  const problems = createDesignProblems({ database, loadRuntime, log, home });
  const kept = storageOf(folder, context, log);
  const disk = createDiskWriter(folder?.fsPath ?? "", { ...(kept && { storage: kept.path }) });
  const runs = createRunDesk();
  const live = createLiveFiles();
  const withDisk = { folder, storage: kept, disk, openWorkspace };
  const review = registerReview({ changes, live, runs, home, log, loadSurface, ...withDisk });
  const { store } = review;
  const edited = (): ReadonlyMap<string, string> => editedProposals(changes, review.parts.paths);
  const reviewing = { folder, store, analyzer, log, openWorkspace, editedProposals: edited };
  const repeatedReview = createRepeatedReview(reviewing);
  const rereading = { problems, onReread: repeatedReview.remember, readDocument: readDocumentFile, disk };
  const assumptions = registerAssumptions({ folder, analyzer, ...rereading });
  const report = createReportDocument(store, folder);
  const disposables: vscode.Disposable[] = [];
  const host: RunHost = {
    ...window,
    folder,
    disposables,
    changes,
    store,
    disk,
    review: review.parts,
    repeatedReview,
    problems,
    assumptions: assumptions.store,
    timeline: recordTimeline(() => performance.now()),
    runs,
    live,
    restored: review.restored,
  };
  const awaited = { isThere: () => store.review() !== undefined, onDidChange: store.onDidChange };
  const reviewed = whenThere(awaited, async () => (await loadSurface()).showReview(host), log);
  disposables.push(problems, report, reviewed, repeatedReview, assumptions, review.onDidWrite(repeatedReview.repeat));
  const dispose = (): void => vscode.Disposable.from(...disposables, review).dispose();
  const lazy = lazyHandlers(async () => (await loadSurface()).createLazyHandlers(host));
  return {
    folder: address,
    host,
    handlers: { ...review.handlers, ...lazy },
    report,
    close: async () => {
      await review.close();
      dispose();
    },
    dispose,
  };
}

/** What outlives the window is kept in the editor's folder for this extension, by the folder that it is about. */
function storageOf(folder: vscode.Uri | undefined, context: vscode.ExtensionContext, log: RunHost["log"]) {
  const { storageUri, globalStorageUri } = context;
  if (folder === undefined) return undefined;
  const onPutAside = (copy: string, why: "damaged" | "newer"): void => {
    const was = why === "newer" ? "written by a newer version of this extension" : "damaged";
    log.warn(`What was stored of the review was ${was}; it is kept as ${copy}.`);
  };
  const path = folderStorePath(globalStorageUri.fsPath, folder.toString());
  // Before, it was kept by the workspace, and was about its first folder.
  const isFirst = projectFolders()[0]?.uri.toString() === folder.toString();
  const earlier = isFirst && storageUri !== undefined ? { earlier: storageUri.fsPath } : {};
  return { path, state: createStateLog(path, { onPutAside }), lock: createFolderLock(path, earlier) };
}
