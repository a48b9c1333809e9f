import * as vscode from "vscode";
import { UserFacingError } from "../support/errors.ts";

/** Where the folder of the sample is remembered over the change of the window that opens it. */
export const openedSampleKey = "backendImplementer.openedSample";

/**
 * Copies the sample's design documents into a new folder below one that the user picks, and opens it: in this window
 * where no folder is open, else in one of its own. Throws a {@link UserFacingError} where nothing can be written.
 */
export async function openSample({ extensionUri, globalState }: vscode.ExtensionContext): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    title: vscode.l10n.t("Where should the sample project be put?"),
    openLabel: vscode.l10n.t("Put the Sample Here"),
  });
  const parent = picked?.[0];
  if (parent === undefined) return;
  const folder = await copySample(vscode.Uri.joinPath(extensionUri, "dist", "sample"), parent);
  await globalState.update(openedSampleKey, folder.toString());
  const isEmpty = (vscode.workspace.workspaceFolders ?? []).length === 0;
  const where = isEmpty ? { forceReuseWindow: true } : { forceNewWindow: true };
  await vscode.commands.executeCommand("vscode.openFolder", folder, where);
}

const walkthrough = "backend-implementer.backend-implementer#start";

/** Opens the sample's design documents in tabs, our views, and the walkthrough at what comes next. */
export async function greetSample(folder: vscode.Uri): Promise<void> {
  for (const name of ["domain-model.md", "openapi.yaml", "database-design.md", "error-handling.md"]) {
    const document = vscode.Uri.joinPath(folder, "docs", name);
    await vscode.window.showTextDocument(document, { preview: false });
  }
  await vscode.commands.executeCommand("backendImplementer.proposals.focus");
  await vscode.commands.executeCommand("workbench.action.openWalkthrough", { category: walkthrough, step: "plan" });
}

/** Never into a folder that is there already: it may hold the user's work. */
async function copySample(sample: vscode.Uri, parent: vscode.Uri): Promise<vscode.Uri> {
  try {
    const names = new Set((await vscode.workspace.fs.readDirectory(parent)).map(([name]) => name));
    const folder = vscode.Uri.joinPath(parent, freeName("orders-backend", names));
    await vscode.workspace.fs.copy(sample, folder, { overwrite: false });
    return folder;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new UserFacingError(
      "SAMPLE_NOT_WRITTEN",
      vscode.l10n.t(
        "The sample could not be put into {0} ({1}). Pick a folder that you can write to.",
        parent.path,
        why,
      ),
    );
  }
}

function freeName(name: string, taken: ReadonlySet<string>, next = 1): string {
  const candidate = next === 1 ? name : `${name}-${next}`;
  return taken.has(candidate) ? freeName(name, taken, next + 1) : candidate;
}
