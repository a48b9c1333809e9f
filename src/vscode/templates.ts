import * as vscode from "vscode";
import type { ChangeSet } from "../changes/model.ts";
import type { OpenWorkspace } from "./editorWorkspace.ts";
import { requireFolder } from "./run.ts";

const names = ["domain-model.md", "api-contract.md", "database-design.md", "error-handling.md"] as const;

/** Proposes the four design documents, filled with a small worked example, under `docs/`. */
export async function proposeTemplates(
  extensionUri: vscode.Uri,
  changes: ChangeSet,
  openWorkspace: OpenWorkspace,
): Promise<void> {
  const workspace = openWorkspace(requireFolder());
  for (const name of names) {
    const template = vscode.Uri.joinPath(extensionUri, "agents", "templates", name);
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(template));
    const path = `docs/${name}`;
    changes.propose(path, await workspace.readText(path), text);
  }
  await vscode.commands.executeCommand("backendImplementer.openAllProposals");
}
