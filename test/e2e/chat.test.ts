import assert from "node:assert/strict";
import { eventually } from "../harness/polling.ts";
import { windowTest } from "../harness/window.ts";
import * as journey from "./journey.ts";

const title = "in the chat, four documents become a backend that is reviewed hunk by hunk";

windowTest(title, { fixture: "orders" }, async (window) => {
  const { workbench, folder } = window;
  const before = journey.readFiles(folder);
  await journey.openDocuments(window);
  const progress = await journey.recordProgress(workbench.page);
  const answer = await workbench.answerText(await workbench.ask("@backend implement"));
  journey.assertSevenStepsSeen(await progress());
  assert.match(answer, /Skills Used/);
  assert.deepEqual(journey.readFiles(folder), before, "nothing is on disk before the first accept");

  const proposals = await journey.readProposals(window);
  assert.ok(Object.keys(proposals).length > 20, Object.keys(proposals).join(", "));
  console.log(Object.keys(proposals));
  await eventually(
    () => 1,
    () => true,
  );
});
