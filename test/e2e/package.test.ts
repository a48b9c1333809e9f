import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { distFolder } from "../harness/build.ts";
import { packedExtension } from "../harness/pack.ts";
import { extensionId } from "../harness/paths.ts";
import { eventually } from "../harness/polling.ts";
import { windowTest } from "../harness/window.ts";
import * as journey from "./journey.ts";

/** Everything else runs the built tree; this is what people install, without the chat. Its size is promised. */
function installed() {
  const vsix = packedExtension();
  const limits = { [vsix]: 12_000_000, [join(distFolder, "extension.cjs")]: 150 * 1024 };
  for (const [file, limit] of Object.entries(limits)) assert.ok(statSync(file).size <= limit, `${file} is too large`);
  return { fixture: "orders", extensions: {}, vsix, settings: { "chat.disableAIFeatures": true } };
}

windowTest(
  "the package is made offline, installs, and works the same from the palette with chat switched off",
  installed,
  async (window) => {
    const { workbench, folder, editor } = window;
    const names = readdirSync(join(editor.dataFolder, "extensions"));
    assert.ok(
      names.some((name) => name.startsWith(`${extensionId}-`)),
      names.join(", "),
    );
    const before = journey.readFiles(folder);
    await journey.openDocuments(window);
    const progress = await journey.recordProgress(workbench.page);
    await workbench.command("Backend Implementer: Implement Design Documents");
    const checklist = await journey.readChecklist(window);
    assert.match(await progress(), /Checklist and coverage/);
    assert.deepEqual(journey.failing(checklist), []);
    assert.match(await journey.openReport(window), /^### Skills Used$/m);
    assert.deepEqual(journey.readFiles(folder), before, "nothing is on disk before the first accept");

    const proposals = await journey.readProposals(window, Object.keys(journey.implementHeadless()));
    await workbench.command("Backend Implementer: Accept All Proposals");
    const wanted = { ...before, ...proposals };
    await eventually(
      () => journey.differing(journey.readFiles(folder), wanted),
      (paths) => paths.length === 0,
    );
    assert.deepEqual(journey.failing(await journey.readChecklist(window)), []);
  },
);
