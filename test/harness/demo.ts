/** `npm run demo`: walks the whole path in a headless browser and takes the README's pictures on the way. */
import { statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Locator } from "playwright-core";
import { buildExtension } from "./build.ts";
import { toPalettePng } from "./palettePng.ts";
import { root } from "./paths.ts";
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
  page: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 2, reducedMotion: "reduce" },
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

async function takePictures({ workbench, bridge }: EditorWindow): Promise<void> {
  const { page } = workbench;
  const all = page.locator(".monaco-workbench");
  const sideBar = page.locator(".part.sidebar");
  await workbench.scrollChat("up");
  await page
    .getByText(/^Completed \d+ steps/)
    .first()
    .click();
  await workbench.scrollChat("up");
  await picture("overview", all);
  await page
    .getByText(/^Completed \d+ steps/)
    .first()
    .click();
  await workbench.scrollChat("up");
  await picture("chat", page.locator(".part.auxiliarybar"));
  await bridge.run(async (vscode) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.path;
    const uri = vscode.Uri.from({ scheme: "backend-proposed", path: `${folder}/pyproject.toml` });
    await vscode.commands.executeCommand("backendImplementer.openProposal", uri);
  }, undefined);
  await workbench
    .lenses(/^\s*Reject$/)
    .first()
    .waitFor();
  await workbench.scrollChat("down");
  await picture("review", all);
  await page.setViewportSize({ width: 1440, height: 1040 });
  await workbench.togglePane("Proposals");
  await picture("checklist", sideBar);
  await workbench.togglePane("Quality Checklist");
  await workbench.rows("Design Coverage").first().click();
  await picture("coverage", sideBar);
}

async function picture(name: string, part: Locator): Promise<void> {
  await part.page().mouse.move(700, 890);
  await part.page().waitForTimeout(800); // hovers fade, links above the code settle
  const file = join(root, "media", `${name}.png`);
  writeFileSync(file, toPalettePng(await part.screenshot({ animations: "disabled" })));
  console.log(`media/${name}.png  ${Math.ceil(statSync(file).size / 1024)} KB`);
}
