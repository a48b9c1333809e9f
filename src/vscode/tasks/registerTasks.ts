import * as vscode from "vscode";

/** As the manifest's `taskDefinitions` has it. */
export const taskType = "backend-implementer";

/** Tasks that hold the code against the design in a terminal; what makes them is loaded when somebody asks for tasks. */
export function registerTasks(load: () => Promise<vscode.TaskProvider>): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(taskType, {
    provideTasks: async (token) => (await load()).provideTasks(token),
    resolveTask: async (task, token) => (await load()).resolveTask(task, token),
  });
}
