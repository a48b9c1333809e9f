import * as vscode from "vscode";

/** Those whose handlers are in a bundle of their own, which the first of them loads. */
const lazyCommandIds = [
  "backendImplementer.showArchitecture",
  "backendImplementer.exportReport",
  "backendImplementer.steer",
  "backendImplementer.showTranscript",
  "backendImplementer.exportTranscript",
  "backendImplementer.acceptHunk",
  "backendImplementer.rejectHunk",
  "backendImplementer.acceptFile",
  "backendImplementer.rejectFile",
  "backendImplementer.acceptItem",
  "backendImplementer.rejectItem",
  "backendImplementer.groupByItem",
  "backendImplementer.groupByStep",
  "backendImplementer.acceptAll",
  "backendImplementer.rejectAll",
  "backendImplementer.takeBackEdit",
  "backendImplementer.undoDecision",
  "backendImplementer.nextChange",
  "backendImplementer.previousChange",
  "backendImplementer.markReviewed",
  "backendImplementer.rejectWithReason",
  "backendImplementer.explainChange",
  "backendImplementer.forgetWord",
  "backendImplementer.filterProposals",
  "backendImplementer.showAllProposals",
  "backendImplementer.searchProposals",
  "backendImplementer.keepMine",
  "backendImplementer.takeProposed",
  "backendImplementer.takeBoth",
  "backendImplementer.compareConflict",
  "backendImplementer.submitComment",
  "backendImplementer.rejectWithComment",
  "backendImplementer.deleteComment",
  "backendImplementer.openProposal",
  "backendImplementer.openAllProposals",
  "backendImplementer.openLocation",
  "backendImplementer.openCode",
  "backendImplementer.openSample",
  "backendImplementer.createTemplates",
  "backendImplementer.convertPaste",
  "backendImplementer.goToDesign",
  "backendImplementer.recordBaseline",
  "backendImplementer.forgetBaseline",
  "backendImplementer.showWholeProject",
  "backendImplementer.showSinceBaseline",
  "backendImplementer.acceptDrift",
  "backendImplementer.acceptAllDrift",
  "backendImplementer.linkRule",
  "backendImplementer.unlinkRule",
  "backendImplementer.openCheckHelp",
  "backendImplementer.confirmAssumption",
  "backendImplementer.correctAssumption",
  "backendImplementer.reopenAssumption",
  "backendImplementer.openDecisions",
] as const;

const ownCommandIds = [
  "backendImplementer.implement",
  "backendImplementer.plan",
  "backendImplementer.check",
  "backendImplementer.fix",
  "backendImplementer.continue",
  "backendImplementer.setApiKey",
  "backendImplementer.removeApiKey",
  "backendImplementer.showLog",
  "backendImplementer.chooseFolder",
] as const;

/** Of views that are there from the start. */
const viewCommandIds = ["backendImplementer.filterCoverage", "backendImplementer.showAllCoverage"] as const;

/** Every command the manifest contributes; `test/unit/manifest.test.ts` holds the lists together. */
export const commandIds = [...ownCommandIds, ...viewCommandIds, ...lazyCommandIds] as const;

export type LazyCommandId = (typeof lazyCommandIds)[number];

/** Those whose handlers are built anew for each folder that is chosen. */
export type FolderCommandId = LazyCommandId | (typeof viewCommandIds)[number];

export type FolderHandlers = Readonly<Record<FolderCommandId, CommandHandler>>;

export type CommandId = (typeof commandIds)[number];

/** Arguments are what the menu, key or lens passes; research/platform.md §2 lists them. */
export type CommandHandler = (...args: readonly unknown[]) => unknown;

/** Stands for the lazy handlers; `load` is called by the first command, and again only when it has failed. */
export function lazyHandlers(
  load: () => Promise<Readonly<Record<LazyCommandId, CommandHandler>>>,
): Readonly<Record<LazyCommandId, CommandHandler>> {
  let loading: ReturnType<typeof load> | undefined;
  const loaded = (): ReturnType<typeof load> => {
    loading ??= load().catch((thrown: unknown) => {
      loading = undefined;
      throw thrown;
    });
    return loading;
  };
  const handlerOf =
    (id: LazyCommandId): CommandHandler =>
    async (...args) =>
      (await loaded())[id](...args);
  return Object.fromEntries(lazyCommandIds.map((id) => [id, handlerOf(id)])) as Record<LazyCommandId, CommandHandler>;
}

/**
 * What a command needs of the folder: as it is, one that is chosen, or one that is chosen and stays until the command has
 * ended, because it reads design and code.
 */
export type FolderNeed = "asItIs" | "onceChosen" | "held";

const needs: Readonly<Partial<Record<FolderCommandId, FolderNeed>>> = {
  "backendImplementer.createTemplates": "onceChosen",
  "backendImplementer.convertPaste": "onceChosen",
  "backendImplementer.exportReport": "held",
  "backendImplementer.showArchitecture": "held",
};

/** Each goes to the folder that is the chosen one when the command is given. */
export function folderHandlers(
  withHandlers: (need: FolderNeed, work: (handlers: FolderHandlers) => Promise<unknown>) => Promise<unknown>,
): Readonly<Record<FolderCommandId, CommandHandler>> {
  const handlerOf =
    (id: FolderCommandId): CommandHandler =>
    (...args) =>
      withHandlers(needs[id] ?? "asItIs", async (handlers) => handlers[id](...args));
  const ids = [...viewCommandIds, ...lazyCommandIds];
  return Object.fromEntries(ids.map((id) => [id, handlerOf(id)])) as Record<FolderCommandId, CommandHandler>;
}

export function registerCommands(
  handlers: Readonly<Record<CommandId, CommandHandler>>,
  onFailure: (thrown: unknown) => void,
): vscode.Disposable {
  const registrations = commandIds.map((id) =>
    vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        return await handlers[id](...args);
      } catch (thrown) {
        return onFailure(thrown);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}
