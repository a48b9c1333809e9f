import assert from "node:assert/strict";
import { eventually } from "../harness/polling.ts";
import { windowTest } from "../harness/window.ts";
import { axeViolations } from "./axe.ts";

const withoutChat = { fixture: "orders", settings: { "chat.disableAIFeatures": true } };

windowTest(
  "the architecture is drawn, reached by the keyboard, and leads to the design",
  withoutChat,
  async (window) => {
    const { workbench } = window;
    await workbench.command("Backend Implementer: Show Architecture");
    const frame = workbench.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
    const first = frame.locator("g.node").first();
    await first.waitFor({ timeout: 60_000 });
    assert.equal(await frame.locator("g.node").count(), 9);
    assert.equal(await frame.locator("button.endpoint").count(), 40);
    assert.match(
      (await first.getAttribute("aria-label")) ?? "",
      /^✗ \w+: table, missing, \d+ columns?, \d+ pointing here$/,
    );

    const page = workbench.page
      .frames()
      .find((each) => each.name() === "active-frame" || /fake\.html/.test(each.url()));
    assert.ok(page, "the webview has a frame");
    assert.deepEqual(await axeViolations(page), []);

    await first.focus();
    await workbench.page.keyboard.press("ArrowRight");
    const second = frame.locator("g.node:focus");
    assert.notEqual(await second.getAttribute("aria-label"), await first.getAttribute("aria-label"));
    await workbench.page.keyboard.press("Enter");
    await eventually(
      () => workbench.tab("database-design.md").count(),
      (shown) => shown === 1,
    );
  },
);
