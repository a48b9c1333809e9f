import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../harness/polling.ts";
import { windowTest } from "../harness/window.ts";
import * as journey from "./journey.ts";

windowTest("without design documents the chat says what to open and offers templates", {}, async (window) => {
  const { workbench, folder } = window;
  const answer = await workbench.answerText(await workbench.ask("@backend implement"));
  assert.match(answer, /NO_DOCUMENTS/);
  await workbench.chatButton("Create Design Document Templates").click();
  const proposals = await eventually(
    () => journey.readProposals(window),
    (texts) => Object.keys(texts).length === 4,
  );
  assert.ok(Object.keys(proposals).every((path) => path.startsWith("docs/")));
  assert.deepEqual(journey.readFiles(folder), {}, "templates are proposals too");
});

const paletteOnly = { settings: { "chat.disableAIFeatures": true } };

windowTest(
  "without design documents the palette says what to open and offers templates",
  paletteOnly,
  async (window) => {
    await window.workbench.command("Backend Implementer: Implement Design Documents");
    const toast = window.workbench.toast("NO_DOCUMENTS");
    await toast.getByText("Create Templates").waitFor();
  },
);

const untrusted = {
  fixture: "orders",
  workspaceTrust: true,
  settings: { "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never" },
};

windowTest("in a folder that is not trusted it explains and does nothing", untrusted, async (window) => {
  const { workbench, folder } = window;
  const before = journey.readFiles(folder);
  await journey.openDocuments(window);
  const answer = await workbench.answerText(await workbench.ask("@backend implement"));
  assert.match(answer, /NOT_TRUSTED/);
  assert.deepEqual(journey.readFiles(folder), before);
});

windowTest(
  "a document that cannot be parsed is reported at its line, and the rest is implemented",
  { fixture: "orders" },
  async (window) => {
    writeFileSync(join(window.folder, "docs/openapi.yaml"), "openapi: 3.1.0\npaths:\n  /orders: [unclosed\n");
    await journey.openDocuments(window);
    await window.workbench.answerText(await window.workbench.ask("@backend implement"));
    const problems = await window.bridge.run(
      (vscode) =>
        vscode.languages
          .getDiagnostics()
          .filter(([uri]) => uri.path.endsWith("openapi.yaml"))
          .flatMap(([, diagnostics]) =>
            diagnostics.map(({ source, range }) => ({ source, line: range.start.line + 1 })),
          ),
      undefined,
    );
    assert.ok(
      problems.some(({ line }) => line >= 3),
      JSON.stringify(problems),
    );
    const paths = Object.keys(await journey.readProposals(window));
    assert.ok(
      paths.some((path) => path.includes("migrations/")),
      paths.join(", "),
    );
  },
);
