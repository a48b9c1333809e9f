/** I11, I12, I17: windows with several folders, with none, and where nobody is asked for trust (research/security.md §3). */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { eventually } from "../harness/polling.ts";
import { type EditorWindow, windowTest } from "../harness/window.ts";
import * as journey from "./journey.ts";

const workspaceFile = (folder: string) => join(dirname(folder), "two.code-workspace");
const other = (folder: string) => join(dirname(folder), "other");

/** A folder that is on no disk comes first; the second folder has the very same paths as the first real one. */
const several = {
  fixture: "orders",
  prepare: (folder: string) => {
    mkdirSync(other(folder));
    cpSync(join(folder, "docs"), join(other(folder), "docs"), { recursive: true });
    cpSync(join(folder, "pyproject.toml"), join(other(folder), "pyproject.toml"));
    const folders = [{ uri: `memfs:${other(folder)}`, name: "virtual" }, { path: folder }, { path: other(folder) }];
    writeFileSync(workspaceFile(folder), JSON.stringify({ folders }));
  },
  query: (folder: string) => ({ workspace: workspaceFile(folder) }),
};

/** How many changes wait for a decision in the folder that is shown. */
const proposed = ({ workbench }: EditorWindow) => workbench.status(/\d+ changes? proposed/);
const nothingProposed = ({ workbench }: EditorWindow) => workbench.status("Backend").and(workbench.status(/^(?!.*\d)/));

/** As the palette does, which what opens by itself would close. */
async function command({ bridge }: EditorWindow, ...call: readonly string[]): Promise<void> {
  await bridge.run((vscode, [id, ...args]) => {
    void vscode.commands.executeCommand(`backendImplementer.${id}`, ...args);
  }, call);
}

async function chooseFolder(window: EditorWindow, name: string): Promise<void> {
  await command(window, "chooseFolder");
  await window.workbench.quickPick(name).click();
}

/** Names of the folders that there is a task for. */
function checkedFolders({ bridge }: EditorWindow): Promise<readonly string[]> {
  return bridge.run(async (vscode) => {
    const tasks = await vscode.tasks.fetchTasks({ type: "backend-implementer" });
    return tasks.map(({ scope }) => (typeof scope === "object" ? scope.name : "")).sort();
  }, undefined);
}

windowTest(
  "I11 of several folders the user chooses one; no other is written to, and what waits in each comes back with it",
  several,
  async (window) => {
    const { workbench, bridge, folder } = window;
    const before = journey.readFiles(folder);
    const asked = await workbench.ask("@backend implement");
    await workbench.quickPick("other").click();
    assert.match(await workbench.answerText(asked), /In the folder other of this workspace/);
    await proposed(window).waitFor();
    const waiting = (await proposed(window).textContent()) ?? "";
    assert.deepEqual(await checkedFolders(window), ["orders-backend", "other"]);
    await command(window, "openProposal", "alembic.ini");
    await workbench.activeTab("alembic.ini (proposed) · other").waitFor();

    await chooseFolder(window, "orders-backend");
    await nothingProposed(window).waitFor();
    await workbench.page.locator('.activitybar a[aria-label="Backend Implementer"]').waitFor();
    await workbench.tab("alembic.ini (proposed)").waitFor({ state: "detached" });
    await command(window, "createTemplates");
    const templates = proposed(window).filter({ hasNotText: waiting });
    await templates.waitFor();

    await chooseFolder(window, "other");
    await workbench.status(waiting).waitFor();

    await bridge.run((vscode) => void vscode.workspace.updateWorkspaceFolders(2, 1), undefined);
    await templates.waitFor();
    await bridge.run((vscode, path) => {
      vscode.workspace.updateWorkspaceFolders(2, 0, { uri: vscode.Uri.file(path) });
    }, other(folder));
    await workbench.status(waiting).waitFor();

    await command(window, "acceptAll");
    await eventually(
      () => journey.readFiles(other(folder))["alembic.ini"],
      (text) => text !== undefined,
    );
    assert.deepEqual(journey.readFiles(folder), before);
  },
);

windowTest(
  "I12 without a folder it says what to open, and nothing breaks",
  { query: () => ({ ew: "true" }) },
  async (window) => {
    const { workbench } = window;
    const answer = await workbench.answerText(await workbench.ask("@backend implement"));
    assert.match(answer, /NO_FOLDER.*Open the project's folder first/);
    await workbench.chatButton("Open Folder").waitFor();
    for (const name of ["createTemplates", "undoDecision"]) await command(window, name);
    await workbench.notification("NO_FOLDER");
    await workbench.notification("NOTHING_TO_UNDO");
  },
);

const trustOff = {
  fixture: "orders",
  workspaceTrust: true,
  settings: { "security.workspace.trust.enabled": false, "chat.disableAIFeatures": true },
};

windowTest(
  "I17 where trust is switched off, the first run says what a folder has a say in",
  trustOff,
  async (window) => {
    const { workbench } = window;
    await journey.openDocuments(window);
    await workbench.command("Backend Implementer: Implement Design Documents");
    await workbench.notification("Workspace Trust is switched off");
    await journey.readChecklist(window);
  },
);
