import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { type ArchitectureDiagram, architectureDiagram } from "../../session/architecture/diagram.ts";
import { architectureContent, architecturePage } from "../../session/architecture/page.ts";
import { designElements } from "../../session/jsonOutput.ts";
import type { DesignSpec } from "../../spec/model.ts";
import { debounced } from "../../support/debounced.ts";
import { toAbortSignal } from "../cancellation.ts";
import { checkDesign, type RunHost } from "../run.ts";
import { architectureWords } from "./architectureWords.ts";

/** The picture of the design, in one panel that follows the design, the code and the run. */
export function createArchitectureView(host: RunHost): { show(): Promise<void> } {
  let panel: vscode.WebviewPanel | undefined;
  host.disposables.push(new vscode.Disposable(() => panel?.dispose()));
  return {
    show: async () => {
      if (panel) {
        panel.reveal();
        return;
      }
      await ensureDesign(host);
      panel = openPanel(host);
      panel.onDidDispose(() => {
        panel = undefined;
      });
    },
  };
}

/** Before the first run of a window nothing is read; then the documents and the code are, once. */
async function ensureDesign(host: RunHost): Promise<void> {
  if (host.repeatedReview.design() && host.store.review()) return;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t("Reading the design"),
    cancellable: true,
  };
  await vscode.window.withProgress(options, (_progress, token) =>
    checkDesign({ attached: [], pasted: "" }, host, toAbortSignal(token)),
  );
}

const viewType = "backendImplementer.architecture";

/** A change of many files is one new picture. */
const pause = 300;

function openPanel(host: RunHost): vscode.WebviewPanel {
  const panel = vscode.window.createWebviewPanel(viewType, architectureWords.title, vscode.ViewColumn.Active, {
    enableScripts: true,
    localResourceRoots: [],
  });
  panel.iconPath = vscode.Uri.joinPath(host.context.extensionUri, "media", "icon.svg");
  const nonce = randomBytes(16).toString("base64");
  panel.webview.html = architecturePage({ ...contentOf(host), nonce });
  let shown = architectureContent(contentOf(host));
  const refresh = debounced(pause, () => {
    const html = architectureContent(contentOf(host));
    if (html === shown || !panel.visible) return;
    shown = html;
    void panel.webview.postMessage({ type: "content", html });
  });
  const listening = [
    refresh,
    host.store.onDidChange(refresh),
    host.timeline.onDidChange(refresh),
    panel.onDidChangeViewState(() => {
      // What was hidden has been thrown away, and begins again with the page it was made with.
      if (panel.visible) panel.webview.html = architecturePage({ ...contentOf(host), nonce });
    }),
    panel.webview.onDidReceiveMessage((message: unknown) => open(message, host)),
  ];
  panel.onDidDispose(() => vscode.Disposable.from(...listening).dispose());
  return panel;
}

const empty: ArchitectureDiagram = { tables: [], relations: [], groups: [] };

function contentOf({ repeatedReview, store, timeline }: RunHost) {
  const spec = repeatedReview.design();
  const diagram = spec ? architectureDiagram(spec, store.review()) : empty;
  return { diagram, timeline: timeline.timeline(), words: architectureWords };
}

/** The page names an element, and nothing else is taken from it. */
async function open(message: unknown, { repeatedReview, store }: RunHost): Promise<void> {
  const spec = repeatedReview.design();
  if (!spec || typeof message !== "object" || message === null || !("type" in message && message.type === "open"))
    return;
  const id = "id" in message ? String(message.id) : "";
  const wantsCode = "side" in message && message.side === "code";
  const place = (wantsCode && codeOf(id)) || sourceOf(id, spec);
  if (place) await vscode.commands.executeCommand("backendImplementer.openLocation", place.path, place.line);

  function codeOf(of: string) {
    return store.review()?.coverage.elements.find((element) => element.id === of)?.code;
  }
}

function sourceOf(id: string, spec: DesignSpec) {
  return designElements(spec).find((element) => element.id === id)?.source;
}
