import * as vscode from "vscode";
import { createOverlay } from "../changes/overlay.ts";
import { sinceBaseline } from "../review/sinceBaseline.ts";
import { type ReportFormat, writeReport } from "../session/reports/reports.ts";
import { toAbortSignal } from "./cancellation.ts";
import { requireProjectFolder } from "./projectFolder.ts";
import { checkDesign, type RunHost } from "./run.ts";

/** By the ending of the file that the user names; HTML for any other. */
const formats: Readonly<Record<string, ReportFormat>> = { sarif: "sarif", xml: "junit", json: "json", txt: "text" };

/** Checks the present state, proposals included, and writes what `check` of the headless command writes. */
export async function exportReport(host: RunHost): Promise<void> {
  const folder = requireProjectFolder(host.folder);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, "backend-report.html"),
    title: vscode.l10n.t("Export Report"),
    saveLabel: vscode.l10n.t("Export"),
    filters: { HTML: ["html"], SARIF: ["sarif"], JUnit: ["xml"], JSON: ["json"], Text: ["txt"] },
  });
  if (!target) return;
  const location = vscode.ProgressLocation.Notification;
  const progress = { location, title: vscode.l10n.t("Checking against the design"), cancellable: true };
  const text = await vscode.window.withProgress(progress, (_, token) =>
    reportText(host, folder, formatOf(target), toAbortSignal(token)),
  );
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  // Nobody waits for the answer: the folder would be held until then.
  offerToOpen(target).catch((thrown: unknown) => host.log.error("The report cannot be opened.", thrown));
}

async function reportText(
  host: RunHost,
  folder: vscode.Uri,
  format: ReportFormat,
  signal: AbortSignal,
): Promise<string> {
  const check = await checkDesign({ attached: [], pasted: "" }, host, signal);
  const { review: whole, documents, unknownDrift, unread } = check;
  const review = sinceBaseline(whole);
  const version = String(host.context.extension.packageJSON.version);
  const workspace = createOverlay(host.openWorkspace(folder), host.changes);
  const checked = { review, unknownDrift, unread, ...(review === whole ? {} : { whole }) };
  return writeReport(checked, format, { version, workspace, documents, codeFolder: "" });
}

function formatOf({ path }: vscode.Uri): ReportFormat {
  return formats[path.split(".").at(-1)?.toLowerCase() ?? ""] ?? "html";
}

async function offerToOpen(target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t("Open");
  const said = vscode.l10n.t("The report is in {0}.", vscode.workspace.asRelativePath(target));
  if ((await vscode.window.showInformationMessage(said, open)) !== open) return;
  if (target.path.endsWith(".html")) await vscode.env.openExternal(target);
  else await vscode.window.showTextDocument(target);
}
