/** `npm run demo`: walks the whole path in a headless browser and takes the README's pictures on the way. */
import { statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Locator } from "playwright-core";
import { buildExtension } from "./build.ts";
import { toPalettePng } from "./palettePng.ts";
import { root } from "./paths.ts";
import { eventually } from "./polling.ts";
import { sampleDocuments } from "./sample.ts";
import { type EditorWindow, openWindow } from "./window.ts";

const home = "Backend Implementer";

await buildExtension();
const window = await openWindow({
  fixture: "orders",
  settings: {
    "breadcrumbs.enabled": false,
    "editor.minimap.enabled": false,
    "workbench.colorTheme": "Dark 2026",
    "workbench.layoutControl.enabled": false,
  },
  // Small enough that words can be read where the picture is scaled to a column.
  page: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5, reducedMotion: "reduce" },
});
try {
  await implement(window);
  await takePictures(window);
} finally {
  await window.close();
}

async function implement({ workbench, bridge }: EditorWindow): Promise<void> {
  await bridge.run(async (vscode, paths) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    if (!folder) throw new Error("no folder is open");
    for (const path of paths)
      await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, path), { preview: false });
  }, sampleDocuments);
  for (const path of sampleDocuments) await workbench.tab(basename(path)).waitFor();
  await workbench.answerText(await workbench.ask("@backend implement"));
  await workbench.showContainer(home);
  await workbench.rows("Proposals").first().waitFor();
}

async function takePictures(window: EditorWindow): Promise<void> {
  const { workbench } = window;
  const { page } = workbench;
  const all = page.locator(".monaco-workbench");
  await showReport(window);
  await picture("overview", all);
  await workbench.command("View: Hide Secondary Side Bar");
  await showProposal(window, "pyproject.toml");
  await picture("review", all);
  await showMarks(window);
  await picture("marks", all);
  await workbench.command("Backend Implementer: Show Architecture");
  const frame = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  await frame.locator("g.node").first().waitFor();
  await picture("architecture", page.locator(".part.editor"));
}

/** Turns the wheel until the report's first line is below the request, which stays in sight. */
async function showReport({ workbench: { page } }: EditorWindow): Promise<void> {
  await page.locator(".interactive-list").hover();
  const heading = page.locator(".interactive-response h2, .interactive-response h3", { hasText: "Backend proposed" });
  const top = async (): Promise<number> => {
    await page.mouse.wheel(0, -40);
    return (await heading.boundingBox())?.y ?? 0;
  };
  await eventually(top, (y) => y > 150);
}

async function showProposal({ workbench, bridge }: EditorWindow, path: string): Promise<void> {
  await bridge.run(async (vscode, relative) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.path;
    const uri = vscode.Uri.from({ scheme: "backend-proposed", path: `${folder}/${relative}` });
    await vscode.commands.executeCommand("backendImplementer.openProposal", uri);
  }, path);
  await workbench
    .lenses(/^\s*Reject$/)
    .first()
    .waitFor();
}

async function showMarks({ workbench, bridge }: EditorWindow): Promise<void> {
  await bridge.run(async (vscode) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    if (!folder) throw new Error("no folder is open");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    const uri = vscode.Uri.joinPath(folder, "docs/openapi.yaml");
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const line = text.split("\n").findIndex((each) => /^ {2}.*payments:$/.test(each));
    const editor = await vscode.window.showTextDocument(uri, { preview: false });
    const top = new vscode.Range(line - 1, 0, line - 1, 0);
    editor.revealRange(top, vscode.TextEditorRevealType.AtTop);
  }, undefined);
  await workbench.togglePane("Proposals");
  await workbench
    .lensLines(/implemented/i)
    .filter({ visible: true })
    .first()
    .waitFor();
}

async function picture(name: string, part: Locator): Promise<void> {
  await part.page().mouse.move(640, 790);
  await part.page().waitForTimeout(800); // hovers fade, links above the code settle
  const file = join(root, "media", `${name}.png`);
  writeFileSync(file, toPalettePng(await part.screenshot({ animations: "disabled" })));
  console.log(`media/${name}.png  ${Math.ceil(statSync(file).size / 1024)} KB`);
}
