import * as vscode from "vscode";
import { type RunHost, requireFolder } from "./run.ts";

const names = ["domain-model.md", "api-contract.md", "database-design.md", "error-handling.md"] as const;

/** Proposes the four design documents, filled with a small worked example, under `docs/`. */
export async function proposeTemplates(host: RunHost): Promise<void> {
  const { changes, context } = host;
  const workspace = host.openWorkspace(requireFolder(host));
  for (const name of names) {
    const template = vscode.Uri.joinPath(context.extensionUri, "agents", "templates", name);
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(template));
    const path = `docs/${name}`;
    changes.forgetRejections(path);
    changes.propose(path, await workspace.readText(path), text, "engine");
  }
  await vscode.commands.executeCommand("backendImplementer.openAllProposals");
}
