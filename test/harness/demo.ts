/** `npm run demo`: walks the whole path in a headless browser and takes the README's pictures on the way. */
import { statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Locator } from "playwright-core";
import { buildExtension } from "./build.ts";
import { toPalettePng } from "./palettePng.ts";
import { root } from "./paths.ts";
import { sampleDocuments } from "./sample.ts";
import { type EditorWindow, openWindow } from "./window.ts";

await buildExtension();
const window = await openWindow({
  fixture: "orders",
  settings: {
    "editor.minimap.enabled": false,
    "workbench.colorTheme": "Dark 2026",
    "workbench.layoutControl.enabled": false,
  },
  page: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 2, reducedMotion: "reduce" },
});
try {
  await walk(window);
} finally {
  await window.close();
}

async function walk({ workbench, bridge }: EditorWindow): Promise<void> {
  const { page } = workbench;
  await bridge.run(async (vscode, paths) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    if (!folder) throw new Error("no folder is open");
    for (const path of paths)
      await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, path), { preview: false });
  }, sampleDocuments);
  for (const path of sampleDocuments) await workbench.tab(basename(path)).waitFor();
  const answer = await workbench.ask("@backend implement");
  await workbench.answerText(answer);
  await picture("chat", page.locator(".part.auxiliarybar"));
  await workbench.showContainer("Backend Implementer");
  await picture("overview", page.locator(".monaco-workbench"));
}

async function picture(name: string, part: Locator): Promise<void> {
  await part.page().mouse.move(700, 890);
  const file = join(root, "media", `${name}.png`);
  writeFileSync(file, toPalettePng(await part.screenshot({ animations: "disabled" })));
  console.log(`media/${name}.png  ${Math.round(statSync(file).size / 1024)} KB`);
}
