/** G01, G02, G15: a key that is set, found in the settings, moved and removed (research/security.md §3). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../harness/polling.ts";
import { windowTest } from "../harness/window.ts";
import * as journey from "./journey.ts";

const key = "CANARY7f3aKEY.q8Zx";
const setting = "backendImplementer.anthropic.apiKey";

const pasted = {
  fixture: "orders",
  settings: { [setting]: key, "backendImplementer.model": "anthropic", "chat.disableAIFeatures": true },
};

windowTest(
  "G01 G02 G15 a key in the settings is moved to secret storage, and a removed one is gone",
  pasted,
  async (window) => {
    const { workbench, editor } = window;
    const userSettings = () => readFileSync(join(editor.dataFolder, "data/User/settings.json"), "utf8");
    const warning = await workbench.notification("KEY_IN_SETTINGS");
    const said = (await warning.textContent()) ?? "";
    assert.match(said, /anthropic\.apiKey/);
    assert.ok(!said.includes(key));
    await warning.getByRole("button", { name: "Move to Secret Storage" }).click();
    await eventually(userSettings, (text) => !text.includes(setting));
    assert.ok(!userSettings().includes(key));

    await journey.openDocuments(window);
    await workbench.command("Backend Implementer: Remove Anthropic API Key");
    await workbench.command("Backend Implementer: Implement Design Documents");
    const refused = await workbench.notification("NO_API_KEY");
    await refused.getByRole("button", { name: "Set Anthropic API Key" }).click();
    await workbench.page.locator(".quick-input-widget input[type=password]").waitFor();
  },
);
