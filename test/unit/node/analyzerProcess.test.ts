import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createAnalyzerProcess } from "../../../src/node/analyzerProcess.ts";
import { scratchFolder } from "../../support/scratchFolder.ts";

const never = new AbortController().signal;

function start(context: TestContext, idleMs = 60_000) {
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (text: string) => warnings.push(text), error: () => undefined };
  const script = join(import.meta.dirname, "../../support/analyzerStub.ts");
  const analyzer = createAnalyzerProcess({ script, log, idleMs });
  context.after(() => analyzer.dispose());
  /** The stub answers with the id of its process. */
  const ask = async (wish: string, signal = never) =>
    Number(await analyzer.readSpec([{ path: wish, text: "" }], signal));
  return { ask, analyzer, warnings };
}

async function isGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await delay(20);
  }
  return false;
}

test("calls share one process and are answered each; a failure is the caller's", async (context) => {
  const { ask } = start(context);
  const [first, second, failed] = await Promise.allSettled([ask("pid"), ask("pid"), ask("fail")]);
  assert.equal(first.status === "fulfilled" && first.value, second.status === "fulfilled" && second.value);
  assert.deepEqual([failed.status, failed.status === "rejected" && failed.reason.message], ["rejected", "no good"]);
});

test("an answer of nothing is one", async (context) => {
  const { analyzer } = start(context);
  assert.equal(await analyzer.readSpec([{ path: "nothing", text: "" }], never), undefined);
});

test("a prepared process takes the first call", async (context) => {
  const { ask, analyzer } = start(context);
  analyzer.prepare();
  analyzer.prepare();
  const pid = await ask("pid");
  analyzer.prepare();
  assert.equal(await ask("pid"), pid);
});

test("a crash is survived once, and told the second time", async (context) => {
  const { ask, warnings } = start(context);
  const marker = join(scratchFolder(context), "crashed");
  assert.ok((await ask(`crash-once:${marker}`)) > 0);
  assert.deepEqual(warnings, ["The analyzer process ended unexpectedly (7)."]);
  await assert.rejects(ask("crash"), { code: "ANALYZER_CRASHED" });
  assert.ok((await ask("pid")) > 0);
});

test("cancelling ends a process that nobody else waits for", async (context) => {
  const { ask } = start(context);
  const pid = await ask("pid");
  const controller = new AbortController();
  const hanging = ask("hang", controller.signal);
  controller.abort();
  await assert.rejects(hanging, { name: "AbortError" });
  assert.ok(await isGone(pid));
  assert.notEqual(await ask("pid"), pid);
});

test("cancelling one call leaves the others alone", async (context) => {
  const { ask } = start(context);
  const pid = await ask("pid");
  const controller = new AbortController();
  const hanging = ask("hang", controller.signal);
  const other = ask("pid");
  controller.abort();
  await assert.rejects(hanging, { name: "AbortError" });
  assert.equal(await other, pid);
});

test("an idle process is ended, and disposing rejects what is under way", async (context) => {
  const { ask } = start(context, 10);
  assert.ok(await isGone(await ask("pid")));
  const other = start(context);
  const hanging = other.ask("hang");
  other.analyzer.dispose();
  await assert.rejects(hanging, { name: "AbortError" });
});
