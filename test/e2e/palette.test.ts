import assert from "node:assert/strict";
import { eventually } from "../harness/polling.ts";
import { windowTest } from "../harness/window.ts";
import * as journey from "./journey.ts";

const withoutChat = { fixture: "orders", settings: { "chat.disableAIFeatures": true } };

windowTest("from the command palette it works the same with chat switched off", withoutChat, async (window) => {
  const { workbench, folder } = window;
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
});
