import assert from "node:assert/strict";
import { windowTest } from "../harness/window.ts";
import * as journey from "./journey.ts";

windowTest("the chat answers questions about the design without a model", { fixture: "orders" }, async (window) => {
  const { workbench, bridge } = window;
  await journey.openDocuments(window);
  /** Each in a chat of its own: the list holds only the answers that are on the screen. */
  const ask = async (prompt: string): Promise<string> => {
    await workbench.openChat();
    await bridge.run((vscode) => vscode.commands.executeCommand("workbench.action.chat.newChat"), undefined);
    await workbench.page.locator(".interactive-response").first().waitFor({ state: "detached" });
    return workbench.answerText(await workbench.ask(prompt));
  };

  const missing = await ask("@backend which endpoints are missing?");
  assert.match(missing, /Missing: 40/);
  assert.match(missing, /Skills Used\s*None/);

  const explained = await ask("@backend explain error ORDER_NOT_FOUND");
  assert.match(explained, /Error code ORDER_NOT_FOUND/);
  assert.match(explained, /designed \(error-handling\.md:\d+\), not implemented yet/);

  const help = await ask("@backend make it nice");
  assert.match(help, /which tables have no index\?/);
});
