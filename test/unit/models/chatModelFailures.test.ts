/** D26: what goes wrong with a model of the editor has a name, and the loop ends in it with nothing lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelErrorKind } from "../../../src/agent/messages.ts";
import { chatModelError } from "../../../src/vscode/chatModelFailures.ts";
import { implementRun } from "../../support/implementRun.ts";
import { call, scriptedModel } from "../../support/scriptedModel.ts";
import { assertValidHistory } from "../../support/validHistory.ts";

const going = new AbortController().signal;

const coded = (code: string, message = "no") => Object.assign(new Error(message), { name: "LanguageModelError", code });
const named = (name: string, message = "") => Object.assign(new Error(message), { name });

const failures: readonly (readonly [what: string, thrown: unknown, kind: ModelErrorKind, said: RegExp])[] = [
  ["a consent that is not given", coded("NoPermissions"), "consent", /^MODEL_CONSENT: .* GPT .*\(no\)\. Allow it/],
  ["a model that has vanished", coded("NotFound", "gone"), "notFound", /^MODEL_GONE: GPT .*\(gone\)\. Pick another/],
  ["a block", coded("Blocked"), "rateLimit", /^MODEL_BLOCKED: GPT .*Go on later/],
  [
    "a quota that is used up",
    named("ChatQuotaExceeded"),
    "billing",
    /^MODEL_QUOTA: the quota for GPT is used up\. Pick/,
  ],
  ["too many requests", named("ChatRateLimited", "slow"), "rateLimit", /^MODEL_RATE: GPT was asked too often \(slow\)/],
  ["a cancellation by the editor", named("Canceled"), "aborted", /cancelled/],
  ["a prompt that is too long", new Error("Message exceeds token limit."), "contextFull", /token limit/],
  ["the same in other words", new Error("prompt exceeds the limit of 64000"), "contextFull", /64000/],
  ["a code of the prototype", coded("toString", "odd"), "server", /^odd$/],
  ["an error without words", new Error(""), "server", /^GPT failed without saying why/],
  ["what is no error", "boom", "server", /^boom$/],
];

for (const [what, thrown, kind, said] of failures) {
  test(`D26: ${what} is of the kind ${kind}, and named`, () => {
    const error = chatModelError(thrown, "GPT", going);
    assert.deepEqual(
      [error.kind, error.cause instanceof Error ? error.cause.message : ""],
      [kind, thrown instanceof Error ? thrown.message : kind === "server" ? "boom" : ""],
    );
    assert.match(error.message, said);
  });
}

test("D26: whatever is thrown after Stop is the stop", () => {
  assert.equal(chatModelError(coded("Blocked"), "GPT", AbortSignal.abort()).kind, "aborted");
});

const endings = [
  ["NoPermissions", "modelFailed", 1],
  ["NotFound", "modelFailed", 1],
  ["Blocked", "paused", 1],
] as const;

for (const [code, stopped, requests] of endings) {
  test(`D26: ${code} in mid-run ends it ${stopped}, resumable, with what was proposed and no second try`, async () => {
    const write = call("Write", { file_path: "src/app/new.py", content: "x = 1\n" });
    const model = scriptedModel([write], chatModelError(coded(code), "GPT", going));
    const { result, changes } = await implementRun({ model });
    assert.deepEqual([result.stopped, model.requests.length], [stopped, 1 + requests]);
    assert.match(result.detail ?? "", /^MODEL_/);
    assert.equal(changes.proposedText("src/app/new.py"), "x = 1\n");
    assertValidHistory(result.state?.messages ?? assert.fail("nothing to resume"));
    assert.match(result.report, /`\/continue` goes on from here/);
  });
}
