/** The review as its user does it: by keyboard alone, over a reload, with a conflict, by items of the design. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../harness/polling.ts";
import { type EditorWindow, windowTest } from "../harness/window.ts";
import * as journey from "./journey.ts";

const quiet = { fixture: "orders", settings: { "chat.disableAIFeatures": true } };

/** The sample has this file already, so what is proposed for it comes in several hunks. */
const existing = "pyproject.toml";

windowTest("a review by keyboard alone, in the middle of which the window is reloaded", quiet, async (window) => {
  const { workbench, folder } = window;
  const { keyboard } = workbench.page;
  await propose(window);
  const before = journey.readFiles(folder);

  await workbench.command("Backend Implementer: Go to Next Proposed Change");
  await inFront(window, ".env.example");
  await keyboard.press("Alt+F5");
  await inFront(window, ".gitignore");
  await keyboard.press("Control+N");
  await progress(window, /^1 of \d+ decided/);
  const first = await inFront(window, existing);
  await keyboard.press("F7");
  await workbench.page.locator(".diff-review-table").first().waitFor();
  await keyboard.press("Escape");
  await line(window, (at) => at === first);
  await keyboard.press("Alt+F5");
  const second = await line(window, (at) => at > first);
  await keyboard.press("Shift+Alt+F5");
  await line(window, (at) => at === first);
  await keyboard.press("Control+Y");
  await progress(window, /^2 of \d+ decided/);
  await line(window, (at) => at >= second - 1);
  assert.equal(journey.readFiles(folder)[".gitignore"], before[".gitignore"], "what is rejected is not written");
  assert.notEqual(journey.readFiles(folder)[existing], before[existing], "what is accepted is");

  await keyboard.press("Control+Alt+N");
  await workbench.page.getByText("The agent is told in its next turn").waitFor();
  await keyboard.type("Pin the exact versions.");
  await keyboard.press("Enter");
  await row(window, "Pin the exact versions.");
  await progress(window, /^3 of \d+ decided/);
  await keyboard.press("Control+Alt+M");
  await row(window, /^pyproject\.toml, .*, reviewed$/);

  const decided = await progress(window, /^3 of \d+ decided/);
  await window.tabStored(existing);
  await window.reload();
  await workbench.tab(`${existing} (proposed)`).waitFor();
  await workbench.showContainer("Backend Implementer");
  assert.equal(await progress(window, /decided/), decided);
  await row(window, /Pin the exact versions\.$/);
  await row(window, /^pyproject\.toml, .*, reviewed$/);
  await workbench.command("Backend Implementer: Undo Last Decision");
  await progress(window, /^2 of \d+ decided/);
  await inFront(window, existing);

  await keyboard.press("Control+Alt+Enter");
  await inFront(window, "__init__.py");
  await workbench.command("Backend Implementer: Accept All Proposals");
  await workbench.status("Backend").waitFor();
  const after = journey.readFiles(folder);
  assert.ok(Object.keys(after).length > Object.keys(before).length + 80);
  assert.equal(after[".gitignore"], before[".gitignore"]);
});

windowTest(
  "a conflict is ended in the diff, and what belongs to one table is accepted as one",
  quiet,
  async (window) => {
    const { workbench, folder } = window;
    const { keyboard } = workbench.page;
    await propose(window);
    await noneLooksRenamed(window);
    await journey.openProposal(window, existing);
    const file = join(folder, existing);
    writeFileSync(file, readFileSync(file, "utf8").replace('"pydantic>=2.10"', '"pydantic>=2.11"'));
    await workbench.lenses("take the proposal").first().waitFor();
    await row(window, /^Conflict with your edit, line 10/);
    await workbench
      .lenses(/^\s*compare$/)
      .first()
      .click();
    await workbench.tab("your edit, and the proposal").waitFor();
    for (const side of ['"pydantic>=2.11"', '"pydantic[email]>=2.10"']) await compared(window, side);
    await journey.openProposal(window, existing);
    await workbench.lenses("take both and edit").first().click();
    const both = await eventually(
      () => journey.readProposal(window, existing),
      (text) => text.includes('"pydantic[email]>=2.10"'),
    );
    assert.match(both, /"pydantic>=2\.11",[\s\S]*"pydantic\[email\]>=2\.10"/);
    assert.match(readFileSync(file, "utf8"), /"pydantic>=2\.11"/, "nothing is written before it is accepted");
    await workbench.command("Backend Implementer: Undo Last Decision");
    await workbench
      .lenses(/keep yours$/)
      .first()
      .click();
    await eventually(
      () => workbench.lenses("take the proposal").count(),
      (count) => count === 0,
    );
    await progress(window, /^1 of \d+ decided/);

    await workbench.command("Backend Implementer: Filter Proposals…");
    await asked(window, "Filter Proposals");
    await keyboard.type("orders");
    await keyboard.press("Enter");
    await workbench
      .pane("Proposals")
      .getByText(/^\d+ of \d+ changes are shown/)
      .waitFor();
    await workbench.command("Backend Implementer: Show All Proposals");
    await workbench
      .pane("Proposals")
      .getByText(/wait for your review/)
      .waitFor();
    await workbench.command("Backend Implementer: Search in Proposals…");
    await asked(window, "Search in Proposals");
    await keyboard.type('__tablename__ = "orders"');
    await workbench.quickPick('__tablename__ = "orders"').waitFor();
    await keyboard.press("Enter");
    await inFront(window, "order.py");

    const before = journey.readFiles(folder);
    await workbench.command("Backend Implementer: Accept Design Item");
    await asked(window, "Accept Design Item");
    await keyboard.type("table orders");
    await workbench.quickPick("table orders").waitFor();
    await keyboard.press("Enter");
    const written = await eventually(
      () => journey.differing(before, journey.readFiles(folder)),
      (paths) => paths.length > 2,
    );
    assert.ok(written.includes("src/app/persistence/models/order.py"), written.join(", "));
    assert.ok(written.some((path) => path.startsWith("migrations/")));
    assert.ok(!written.some((path) => path.includes("/routers/")));
    await workbench.tab("order.py (proposed)").waitFor({ state: "detached" });
    await inFront(window, existing);
    await workbench.command("Backend Implementer: Undo Last Decision");
    await eventually(
      () => journey.differing(before, journey.readFiles(folder)),
      (paths) => paths.length === 0,
    );
  },
);

async function propose(window: EditorWindow): Promise<void> {
  await journey.openDocuments(window);
  await window.workbench.command("Backend Implementer: Implement Design Documents");
  await journey.readChecklist(window);
  for (const view of ["Quality Checklist", "Design Coverage", "Design Assumptions"]) {
    await window.workbench.togglePane(view);
  }
}

/** Waits until a line is shown on the right of the comparison. */
async function compared({ workbench }: EditorWindow, line: string): Promise<void> {
  await workbench.page.locator(".multiDiffEntry .modified .view-line", { hasText: line }).first().waitFor();
}

/** Waits until the proposal of a file is in front with the cursor in it; the line of the cursor. */
async function inFront(window: EditorWindow, name: string): Promise<number> {
  await window.workbench.activeTab(`${name} (proposed)`).waitFor();
  return line(window, () => true, name);
}

async function asked({ workbench }: EditorWindow, title: string): Promise<void> {
  await workbench.page.locator(".quick-input-title", { hasText: title }).waitFor();
}

/** `name` is of the file that the cursor is to be in, where that matters. */
function line({ bridge }: EditorWindow, isWanted: (line: number) => boolean, name = ""): Promise<number> {
  return eventually(
    () =>
      bridge.run((vscode, part) => {
        const editor = vscode.window.activeTextEditor;
        const { scheme, path } = editor?.document.uri ?? { scheme: "", path: "" };
        return scheme === "backend-proposed" && path.includes(part) ? (editor?.selection.active.line ?? -1) : -1;
      }, name),
    (at) => at >= 0 && isWanted(at),
  );
}

function progress({ workbench }: EditorWindow, text: RegExp): Promise<string> {
  const read = async () =>
    (
      (await workbench
        .status(/proposed|decided/)
        .first()
        .textContent()) ?? ""
    ).trim();
  return eventually(read, (shown) => text.test(shown));
}

/** Waits for a row of the proposals by what a screen reader says of it. */
async function row({ workbench }: EditorWindow, name: string | RegExp): Promise<void> {
  const isNamed = (said: string): boolean => (typeof name === "string" ? said.includes(name) : name.test(said));
  await eventually(
    () => workbench.tree("Proposals"),
    (rows) => rows.some((each) => isNamed(each.name.replace(/, has actions$/, ""))),
  );
}

/** What stands under another name, so that no language server reads it, is compared with what it was under that name. */
async function noneLooksRenamed({ workbench }: EditorWindow): Promise<void> {
  await workbench.command("Backend Implementer: Review All Proposals");
  const inert = workbench.page.locator(".multiDiffEntry", { hasText: `${existing}.proposed` }).first();
  await inert.locator(".line-insert").first().waitFor();
  const base = await inert.locator(".editor.original .view-line").allTextContents();
  assert.ok(base.map((text) => text.trim()).includes('"pydantic>=2.10",'), base.join("\n"));
  assert.equal(await inert.locator(".file-path .status").textContent(), "");
}
