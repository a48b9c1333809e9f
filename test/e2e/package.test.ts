import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packExtension } from "../harness/pack.ts";
import { extensionId, temporaryFolder } from "../harness/paths.ts";
import { openWindow } from "../harness/window.ts";
import * as journey from "./journey.ts";

test("the package is made offline, installs, and implements from the palette", { timeout: 300_000 }, async () => {
  const vsix = packExtension(temporaryFolder("package"));
  assert.ok(statSync(vsix).size <= 12_000_000, `${statSync(vsix).size} bytes`);
  const settings = { "chat.disableAIFeatures": true };
  const window = await openWindow({ fixture: "orders", extensions: {}, vsix, settings });
  try {
    const installed = readdirSync(join(window.editor.dataFolder, "extensions"));
    assert.ok(
      installed.some((name) => name.startsWith(`${extensionId}-`)),
      installed.join(", "),
    );
    await journey.openDocuments(window);
    await window.workbench.command("Backend Implementer: Implement Design Documents");
    assert.deepEqual(journey.failing(await journey.readChecklist(window)), []);
  } finally {
    await window.close();
  }
});
