// Opens the design documents and types the first prompt, once for each browser that visits.
// biome-ignore lint/style/noRestrictedImports: this is an extension of its own
const vscode = require("vscode");

exports.activate = async (context) => {
  const documents = process.env.BACKEND_IMPLEMENTER_DEMO;
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!documents || !folder || context.workspaceState.get("stageIsSet")) return;
  await context.workspaceState.update("stageIsSet", true);
  for (const path of JSON.parse(documents)) {
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, path), {
      preview: false,
      preserveFocus: true,
    });
  }
  await vscode.commands.executeCommand("workbench.action.chat.open", {
    query: "@backend implement",
    isPartialQuery: true,
  });
};
