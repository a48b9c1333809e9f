import assert from "node:assert/strict";
import { windowTest } from "../harness/window.ts";
import * as journey from "./journey.ts";

windowTest(
  "the chat answers questions about the design without a model, as an agent and in Ask mode",
  { fixture: "orders" },
  async (window) => {
    const { workbench, bridge } = window;
    await journey.openDocuments(window);
    /** Each in a chat of its own: the list holds only the answers that are on the screen. */
    const ask = async (prompt: string, mode = "agent"): Promise<string> => {
      await workbench.openChat();
      await bridge.run((vscode) => vscode.commands.executeCommand("workbench.action.chat.newChat"), undefined);
      await workbench.page.locator(".interactive-response").first().waitFor({ state: "detached" });
      await bridge.command("workbench.action.chat.open", { mode });
      return workbench.answerText(await workbench.ask(prompt));
    };

    const missing = await ask("@backend which endpoints are missing?");
    assert.match(missing, /Missing: 40/);
    assert.match(missing, /Skills Used\s*None/);

    const where = await ask("@backend where is POST /orders?", "ask");
    assert.match(where, /POST \/api\/v1\/orders: designed \(openapi\.yaml:\d+\), not implemented yet/);
    const answer = workbench.page.locator(".interactive-response").last();
    await answer
      .locator("a", { hasText: /^openapi\.yaml:\d+$/ })
      .first()
      .click();
    await workbench.activeTab("openapi.yaml").waitFor();
    const followUps = workbench.page.locator(".interactive-input-followups .monaco-button");
    await followUps.first().waitFor();
    assert.deepEqual(await followUps.allTextContents(), ["Implement what is missing", "Check against the design"]);
    assert.equal(await answer.locator(".chat-command-button").count(), 0);

    const help = await ask("@backend make it nice");
    assert.match(help, /which tables have no index\?/);
  },
);
