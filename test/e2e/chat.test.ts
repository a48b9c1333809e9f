import assert from "node:assert/strict";
import { basename } from "node:path";
import { eventually } from "../harness/polling.ts";
import { windowTest } from "../harness/window.ts";
import * as journey from "./journey.ts";

const title = "in the chat, four documents become a backend that is reviewed hunk by hunk";

/** The sample has this file already, so what is proposed for it comes in several hunks. */
const existing = "pyproject.toml";

windowTest(title, { fixture: "orders" }, async (window) => {
  const { workbench, folder } = window;
  const before = journey.readFiles(folder);
  const onDisk = (path: string): string | undefined => journey.readFiles(folder)[path];
  await journey.openDocuments(window);
  const progress = await journey.recordProgress(workbench.page);
  const answer = await workbench.answerText(await workbench.ask("@backend implement"));
  journey.assertSevenStepsSeen(await progress());
  assert.match(answer, /Skills Used\s*\S/);
  assert.deepEqual(journey.failing(await journey.readChecklist(window)), []);
  const expected = journey.implementHeadless();
  const proposals = await journey.readProposals(window, Object.keys(expected));
  assert.deepEqual(journey.differing(proposals, expected), [], "the chat proposes what the headless command writes");
  assert.deepEqual(journey.readFiles(folder), before, "nothing is on disk before the first accept");

  await journey.openProposal(window, existing);
  const hunks = await journey.shownHunks(window);
  assert.ok(hunks >= 2, `${hunks} hunks in ${existing}`);
  await workbench
    .lenses(/^\s*Reject$/)
    .first()
    .click();
  await eventually(
    () => journey.shownHunks(window),
    (shown) => shown === hunks - 1,
  );
  const withoutRejected = await journey.readProposal(window, existing);
  assert.notEqual(withoutRejected, proposals[existing]);
  assert.equal(onDisk(existing), before[existing], "a rejected hunk is not written");

  await workbench
    .lenses(/^\s*Accept$/)
    .first()
    .click();
  const accepted = await eventually(
    () => onDisk(existing),
    (text) => text !== before[existing],
  );
  assert.equal(accepted === withoutRejected, hunks === 2, "only one hunk was accepted");

  const created = Object.keys(proposals).find((path) => path.endsWith("/main.py")) ?? "";
  await journey.openProposal(window, created);
  await workbench
    .lenses(/^\s*Accept file$/)
    .first()
    .click();
  assert.equal(
    await eventually(
      () => onDisk(created),
      (text) => text !== undefined,
    ),
    proposals[created],
  );
  await workbench.tab(`${basename(created)} (proposed)`).waitFor({ state: "detached" });

  await workbench.command("Backend Implementer: Accept All Proposals");
  const wanted = { ...before, ...proposals, [existing]: withoutRejected };
  await eventually(
    () => journey.differing(journey.readFiles(folder), wanted),
    (paths) => paths.length === 0,
  );
  await workbench.notification("Accepted the proposed changes");
  assert.deepEqual(journey.failing(await journey.readChecklist(window)), []);
});
