/** What somebody meets who installs the extension and has never seen it, with the keyboard alone. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { packedExtension } from "../harness/pack.ts";
import { artefacts } from "../harness/paths.ts";
import { takePicture } from "../harness/pictures.ts";
import { eventually } from "../harness/polling.ts";
import { type EditorWindow, windowTest } from "../harness/window.ts";
import { axeViolations } from "./axe.ts";
import * as journey from "./journey.ts";

const name = "the walkthrough of the package leads from the sample to a report, by the keyboard alone";

/** Wide enough that VS Code shows the pictures of a walkthrough beside its steps. */
const newcomer = () => ({
  extensions: {},
  vsix: packedExtension(),
  query: () => ({ ew: "true" }),
  page: { viewport: { width: 1720, height: 1200 } },
});

windowTest(name, newcomer, async (window) => {
  await seeWalkthrough(window);
  await openSample(window);
  await planAndImplement(window);
  await review(window);
  await report(window);
});

async function seeWalkthrough(window: EditorWindow): Promise<void> {
  const { workbench } = window;
  const { page } = workbench;
  await workbench.showContainer("Backend Implementer");
  await page.getByRole("button", { name: "Open Sample Project…" }).waitFor();
  await takePicture(window, "01-no-folder");
  await press(page.locator(".welcome-view-content a", { hasText: "See how it works" }));
  for (const [index, title] of [...steps, steps[0]].entries()) {
    await unfold(window, title);
    await page.waitForTimeout(700);
    if (index < steps.length) await takePicture(window, `02-walkthrough-${index + 1}`);
  }
}

const steps = [
  "Open the design documents",
  "See what was understood",
  "Implement",
  "Review the proposals",
  "Done is computed",
  "Optional: add a model",
] as const;

async function openSample(window: EditorWindow): Promise<void> {
  const { workbench, folder } = window;
  const { page } = workbench;
  await press(step(window, steps[0]).getByRole("button", { name: "Open Sample Project…" }));
  await answerDialog(window, {
    title: "Where should the sample project be put?",
    path: `${folder}/`,
    picture: "03-where",
  });
  for (const document of ["domain-model.md", "openapi.yaml", "database-design.md", "error-handling.md"])
    await workbench.tab(document).waitFor({ timeout: 120_000 });
  await unfold(window, steps[1]);
  await page.waitForTimeout(700);
  await takePicture(window, "04-sample");
}

async function planAndImplement(window: EditorWindow): Promise<void> {
  const { workbench } = window;
  const { page } = workbench;
  await page.locator(".interactive-input-part", { hasText: /Backend Imp/ }).waitFor();
  await unfold(window, steps[1]);
  await press(step(window, steps[1]).getByRole("button", { name: "Plan" }));
  await answered(window, /The offline engine is free/);
  await takePicture(window, "05-plan");
  const progress = await journey.recordProgress(page);
  await command(window, "Backend Implementer: Implement Design Documents");
  await answered(window, /Backend proposed[\s\S]*Skills Used/);
  journey.assertSevenStepsSeen(await progress());
  assert.deepEqual(journey.failing(await journey.readChecklist(window)), []);
  await takePicture(window, "06-implemented");
}

async function review(window: EditorWindow): Promise<void> {
  const { workbench, folder } = window;
  await command(window, "Backend Implementer: Review All Proposals");
  await workbench.tab("Proposed backend changes").waitFor();
  await workbench
    .lenses(/Accept/)
    .first()
    .waitFor();
  await takePicture(window, "07-review");
  await command(window, "Backend Implementer: Accept All Proposals");
  const sample = join(folder, "orders-backend");
  await eventually(
    () => existsSync(join(sample, "alembic.ini")),
    (isThere) => isThere,
  );
  await workbench.pane("Proposals").getByRole("button", { name: "Check Against the Design" }).waitFor();
  await workbench.tab("Proposed backend changes").waitFor({ state: "detached" });
  await takePicture(window, "08-accepted");
}

async function report(window: EditorWindow): Promise<void> {
  const { workbench, folder } = window;
  await press(workbench.pane("Proposals").getByRole("button", { name: "Check Against the Design" }));
  await answered(window, /Review[\s\S]*design coverage (\d+) of \1/);
  await takePicture(window, "09-checked");
  await command(window, "Backend Implementer: Export Report…");
  const file = join(folder, "report.html");
  await answerDialog(window, { title: "Export Report", path: file, picture: "10-export" });
  const html = await eventually(
    () => (existsSync(file) ? readFileSync(file, "utf8") : ""),
    (text) => text !== "",
  );
  const context = await workbench.page
    .context()
    .browser()
    ?.newContext({ viewport: { width: 1200, height: 1600 } });
  const page = await context?.newPage();
  assert.ok(page, "the browser has a page for the report");
  await page.setContent(html);
  assert.deepEqual(await axeViolations(page), []);
  await page.screenshot({ path: join(artefacts, "states", "11-report.png") });
}

function step({ workbench }: EditorWindow, title: string): Locator {
  return workbench.page.locator(".getting-started-step", { hasText: title });
}

/** A step that is done unfolds the next one by itself, and pressing a step that is unfolded folds it again. */
async function unfold(window: EditorWindow, title: string): Promise<void> {
  const pressUnlessUnfolded = async (): Promise<boolean> => {
    const header = step(window, title).first();
    const isUnfolded = (await header.getAttribute("aria-expanded")) === "true";
    if (!isUnfolded) await header.press("Enter");
    return isUnfolded;
  };
  await eventually(pressUnlessUnfolded, (isUnfolded) => isUnfolded);
}

async function press(button: Locator): Promise<void> {
  await button.press("Enter");
}

/** Like `workbench.command`, without the mouse. */
async function command({ workbench }: EditorWindow, title: string): Promise<void> {
  const { page } = workbench;
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget .quick-input-filter input").fill(`>${title}`);
  await page.locator(".quick-input-widget .monaco-list-row.focused", { hasText: title.split(": ")[1] ?? "" }).waitFor();
  await page.keyboard.press("Enter");
}

interface DialogAnswer {
  readonly title: string;
  readonly path: string;
  readonly picture: string;
}

/** Enter may meet a list that is just being read, and then goes into one of its folders instead of being the answer. */
async function answerDialog(window: EditorWindow, { title, path, picture }: DialogAnswer): Promise<void> {
  const { page } = window.workbench;
  // The palette, which has led here, looks the same but for its title and may not be gone yet.
  const dialog = page.locator(".quick-input-widget", { has: page.locator(".quick-input-title", { hasText: title }) });
  const input = dialog.locator(".quick-input-filter input");
  await dialog.locator(".monaco-list-row").first().waitFor();
  const answer = async (): Promise<boolean> => {
    if (await dialog.isHidden()) return true;
    await input.fill(path);
    await takePicture(window, picture);
    if ((await input.inputValue()) !== path) return false;
    await input.press("Enter");
    return dialog.waitFor({ state: "hidden", timeout: 5000 }).then(
      () => true,
      () => false,
    );
  };
  await eventually(answer, Boolean);
}

/** Waits until the last answer is complete and says this; of long answers only what is on the screen is in the page. */
async function answered({ workbench }: EditorWindow, text: RegExp): Promise<void> {
  const complete = ".interactive-item-container.interactive-response:not(.chat-response-loading)";
  await workbench.page.locator(complete, { hasText: text }).last().waitFor({ timeout: 60_000 });
}
