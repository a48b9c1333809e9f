import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { windowTest } from "../harness/window.ts";
import * as journey from "./journey.ts";

windowTest("without design documents the chat says what to open and offers templates", {}, async (window) => {
  const { workbench, folder } = window;
  const answer = await workbench.answerText(await workbench.ask("@backend implement"));
  assert.match(answer, /NO_DOCUMENTS/);
  await workbench.chatButton("Create Design Document Templates").click();
  await workbench.tab("Proposed backend changes (4 files)").waitFor();
  const names = ["domain-model", "api-contract", "database-design", "error-handling"];
  const paths = names.map((name) => `docs/${name}.md`);
  const templates = await journey.readProposals(window, paths);
  for (const path of paths) assert.match(templates[path] ?? "", /^# /, path);
  assert.deepEqual(journey.readFiles(folder), {}, "templates are proposals too");
});

const paletteOnly = { settings: { "chat.disableAIFeatures": true } };

windowTest("without design documents the palette offers templates too", paletteOnly, async ({ workbench }) => {
  await workbench.command("Backend Implementer: Implement Design Documents");
  const notification = await workbench.notification("NO_DOCUMENTS");
  await notification.getByRole("button", { name: "Create Design Document Templates" }).waitFor();
});

const broken = "a document that cannot be parsed is reported at its line, and the rest is implemented";

windowTest(broken, { fixture: "orders" }, async (window) => {
  writeFileSync(join(window.folder, "docs/openapi.yaml"), "openapi: 3.1.0\npaths:\n  /orders: [unclosed\n");
  await journey.openDocuments(window);
  await window.workbench.answerText(await window.workbench.ask("@backend implement"));
  const lines = await window.bridge.run((vscode) => {
    const found = vscode.languages.getDiagnostics().filter(([uri]) => uri.path.endsWith("openapi.yaml"));
    return found.flatMap(([, diagnostics]) => diagnostics.map(({ range }) => range.start.line + 1));
  }, undefined);
  assert.ok(
    lines.some((line) => line >= 3),
    `problems at lines ${lines.join(", ")}`,
  );
  assert.match(await journey.readProposal(window, "migrations/versions/0002_tables.py"), /create_table/);
});
