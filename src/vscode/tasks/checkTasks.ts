import * as vscode from "vscode";
import { projectFolders } from "../projectFolder.ts";
import type { RunHost } from "../run.ts";
import { readSettings } from "../settings.ts";
import { taskType } from "./registerTasks.ts";

interface CheckTask extends vscode.TaskDefinition {
  /** Files and folders with design documents; those of the settings when left out. */
  readonly documents?: readonly string[];
  /** As `--fail-on` of the command has it. */
  readonly failOn?: string;
}

type Parts = Pick<RunHost, "context" | "folder" | "loadRuntime">;

/**
 * `backend: check` of each folder, by the headless command that the extension brings along: its findings stand in
 * Problems, and its exit status can end a sequence of tasks. Where there are no design documents there is no task. A task
 * that a folder has written down is about that folder, one of the workspace about the chosen folder.
 */
export function createCheckTasks({ context, folder: chosen, loadRuntime }: Parts): vscode.TaskProvider {
  const script = vscode.Uri.joinPath(context.extensionUri, "dist", "cli.cjs").fsPath;
  const taskOf = async (definition: CheckTask, folder: vscode.Uri): Promise<vscode.Task | undefined> => {
    const named: unknown = definition.documents;
    const documents = Array.isArray(named)
      ? named.map(String)
      : await placesOfDesign(folder, readSettings(await loadRuntime()));
    if (documents.length === 0) return undefined;
    const failOn = definition.failOn === undefined ? [] : ["--fail-on", definition.failOn];
    const args = [script, "check", ".", "--docs", ...documents, ...failOn];
    // The editor's own program is Node only when it is told to be.
    const environment = { cwd: folder.fsPath, env: { ELECTRON_RUN_AS_NODE: "1" } };
    const execution = new vscode.ProcessExecution(process.execPath, args, environment);
    const scope = vscode.workspace.getWorkspaceFolder(folder) ?? vscode.TaskScope.Workspace;
    const task = new vscode.Task(definition, scope, "check", "backend", execution, "$backend-implementer");
    task.detail = vscode.l10n.t("Checklist and coverage of the design, with the findings in Problems");
    task.group = vscode.TaskGroup.Test;
    return task;
  };
  return {
    provideTasks: async () => {
      const tasks = projectFolders().map(({ uri }) => taskOf({ type: taskType, task: "check" }, uri));
      return (await Promise.all(tasks)).flatMap((task) => task ?? []);
    },
    resolveTask: ({ definition, scope }) => {
      const own = projectFolders().find(
        ({ uri }) => typeof scope === "object" && uri.toString() === scope.uri.toString(),
      );
      const folder = typeof scope === "object" ? own?.uri : chosen;
      return folder === undefined ? undefined : taskOf(definition, folder);
    },
  };
}

/** What the globs of the settings begin with, as far as it is there. */
async function placesOfDesign(
  folder: vscode.Uri,
  { documents }: ReturnType<typeof readSettings>,
): Promise<readonly string[]> {
  const places = new Set(documents.globs.map((glob) => /^[^*?{[]*(?=\/|$)/.exec(glob)?.[0] ?? ""));
  const found: string[] = [];
  for (const place of places) {
    if (place !== "" && (await isThere(vscode.Uri.joinPath(folder, place)))) found.push(place);
  }
  return found;
}

async function isThere(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
