import { createFileWorkspace } from "./node/fileWorkspace.ts";
import { findRipgrep } from "./node/ripgrep.ts";
import { answerTurn } from "./vscode/chat/chatTurn.ts";
import { answerAsClaude } from "./vscode/claudeProvider.ts";
import { askAnyFolder, askFolder, foldersWithDesign } from "./vscode/folders/askFolder.ts";
import { createLazyHandlers } from "./vscode/lazyHandlers.ts";
import { followDisk } from "./vscode/review/diskChanges.ts";
import { showProposals } from "./vscode/review/showProposals.ts";
import { runWithProgress } from "./vscode/runWithProgress.ts";
import { greetSample } from "./vscode/sampleProject.ts";
import { showReview } from "./vscode/showReview.ts";
import { createCheckTasks } from "./vscode/tasks/checkTasks.ts";
import { createInvokeTool } from "./vscode/tools/invokeTool.ts";
import { checklistHover } from "./vscode/trees/checklistHelp.ts";
import { createProposalRows } from "./vscode/trees/proposalRows.ts";

/**
 * What the editor needs only after somebody has asked for something: a bundle of its own, loaded by the first
 * command, run or review. It shares no module state with the activation bundle; what it needs is handed to it.
 */
export const surface = {
  answerAsClaude,
  answerTurn,
  askAnyFolder,
  askFolder,
  checklistHover,
  createCheckTasks,
  createInvokeTool,
  createLazyHandlers,
  followDisk,
  foldersWithDesign,
  greetSample,
  runWithProgress,
  showReview,
  showProposals,
  createProposalRows,
  openDisk: createDisks(),
};

/** The disk below a folder, which remembers what it has read; the same for whoever asks. */
function createDisks(): (root: string, editorRoot: string) => ReturnType<typeof createFileWorkspace> {
  const disks = new Map<string, ReturnType<typeof createFileWorkspace>>();
  return (root, editorRoot) => {
    const disk =
      disks.get(root) ?? createFileWorkspace(root, { ripgrep: () => findRipgrep(editorRoot), remembers: true });
    disks.set(root, disk);
    return disk;
  };
}
