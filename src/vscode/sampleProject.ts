import * as vscode from "vscode";
import { UserFacingError } from "../support/errors.ts";

const sampleName = "orders-backend";

/**
 * Copies the sample's design documents into a new folder below one that the user picks, and opens it: in this window
 * where no folder is open, else in one of its own. Throws a {@link UserFacingError} where nothing can be written.
 */
export async function openSample(context: vscode.ExtensionContext): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    title: vscode.l10n.t("Where should the sample project be put?"),
    openLabel: vscode.l10n.t("Put the Sample Here"),
  });
  const parent = picked?.[0];
  if (parent === undefined) return;
  const folder = await copySample(vscode.Uri.joinPath(context.extensionUri, "dist", "sample"), parent);
  await vscode.workspace.fs.writeFile(openedSample(context), Buffer.from(folder.toString()));
  const isEmpty = (vscode.workspace.workspaceFolders ?? []).length === 0;
  const where = isEmpty ? { forceReuseWindow: true } : { forceNewWindow: true };
  await vscode.commands.executeCommand("vscode.openFolder", folder, where);
}

/**
 * Whether {@link openSample} has just opened this folder; answers with yes once. Read from a file: a browser stores
 * `globalState` a moment after it is told to, and the change of the window does not wait for that.
 */
export async function isOpenedSample(context: vscode.ExtensionContext, folder: vscode.Uri): Promise<boolean> {
  if (!folder.path.includes(`/${sampleName}`)) return false;
  const opened = openedSample(context);
  try {
    if (Buffer.from(await vscode.workspace.fs.readFile(opened)).toString() !== folder.toString()) return false;
    await vscode.workspace.fs.delete(opened);
    return true;
  } catch {
    // No sample was opened since the last one was shown.
    return false;
  }
}

function openedSample({ globalStorageUri }: vscode.ExtensionContext): vscode.Uri {
  return vscode.Uri.joinPath(globalStorageUri, "openedSample");
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
    const folder = vscode.Uri.joinPath(parent, freeName(sampleName, names));
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
