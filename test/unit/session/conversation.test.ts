/** What a person does with a run: stops it, closes the window on it, goes on with it, tells it something, asks for more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AssistantPart, Message } from "../../../src/agent/messages.ts";
import { type ModelClient, ModelError } from "../../../src/agent/model.ts";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import type { Shell } from "../../../src/session/ports.ts";
import type { RunState } from "../../../src/session/runState.ts";
import { createSteering } from "../../../src/session/steering.ts";
import { fakeShell } from "../../support/fakeShell.ts";
import { type ImplementRun, implementRun, openRun } from "../../support/implementRun.ts";
import { call, say, scriptedModel, type Turn } from "../../support/scriptedModel.ts";
import { assertValidHistory } from "../../support/validHistory.ts";

const write = (name: string, at: number): AssistantPart =>
  call("Write", { file_path: `src/app/${name}.py`, content: `NAME = "${name}"\n` }, `w${at}`);

const turns: readonly Turn[] = [
  [call("Skill", { skill: "backend-patterns" }, "s0")],
  [write("a", 1), write("b", 2)],
  [call("Read", { file_path: "src/app/a.py" }, "r3")],
  [call("Edit", { file_path: "src/app/a.py", old_string: '"a"', new_string: '"A"' }, "e4")],
  [write("c", 5)],
  [say("Done.")],
];

function stateOf({ result }: ImplementRun): RunState {
  return JSON.parse(JSON.stringify(result.state ?? assert.fail("nothing to go on from")));
}

const proposedOf = ({ changes }: Pick<ImplementRun, "changes">) =>
  Object.fromEntries(changes.files().map(({ path }) => [path, changes.proposedText(path)]));

const whole = await implementRun({ model: scriptedModel(...turns) });

for (const crash of turns.keys()) {
  test(`a window that closes after turn ${crash} loses nothing: the run goes on to the same end`, async () => {
    const changes = createChangeSet();
    const session = openRun({ changes, model: scriptedModel(...turns) });
    const kept: RunState[] = [];
    // The first state is that nothing has been said yet.
    while (kept.length <= crash) {
      const { value, done } = await session.next();
      if (done) break;
      if (value.type === "state") kept.push(JSON.parse(JSON.stringify(value.state)));
    }
    const resume = kept.at(-1) ?? assert.fail();
    assert.equal(resume.stopped, undefined);
    assertValidHistory(resume.messages);
    const rest = scriptedModel([call("Read", { file_path: "src/app/a.py" }, "again")], ...turns.slice(crash));
    const resumed = await implementRun({ changes, model: rest }, { kind: "continue", resume });
    assert.equal(resumed.result.stopped, "finished");
    assert.deepEqual(proposedOf(resumed), proposedOf(whole));
    assertValidHistory(stateOf(resumed).messages);
    assert.ok(stateOf(resumed).loadedSkills.includes("backend-patterns"));
  });
}

const pauses: readonly (readonly [why: string, error: ModelError, said: string])[] = [
  [
    "a rate limit of an hour",
    new ModelError("rateLimit", "Slow down", { retryAfterMs: 3_600_000 }),
    "## Paused\n\nSlow down.",
  ],
  [
    "a quota",
    new ModelError("billing", "The quota is used up."),
    "## The model cannot be asked\n\nThe quota is used up.",
  ],
  [
    "a key that is withdrawn",
    new ModelError("auth", "The key was refused."),
    "## The model cannot be asked\n\nThe key was refused.",
  ],
  ["a request that is refused", new ModelError("invalidRequest", "bad tools"), "## The model failed\n\nbad tools."],
];

for (const [why, error, said] of pauses) {
  test(`${why} ends the run for now; when it is over, the run goes on where it was`, async () => {
    const stopped = await implementRun({ model: scriptedModel(...turns.slice(0, 2), error) });
    assert.deepEqual([stopped.result.failure, stopped.result.detail], [error.kind, error.message]);
    assert.ok(stopped.result.report.startsWith(`${said} \`/continue\` goes on from here.`), stopped.result.report);
    const rest = scriptedModel(...turns.slice(2));
    const resumed = await implementRun(
      { changes: stopped.changes, model: rest },
      { kind: "continue", resume: stateOf(stopped) },
    );
    assert.equal(resumed.result.stopped, "finished");
    assert.deepEqual(proposedOf(resumed), proposedOf(whole));
    assert.match(lastWords(rest.requests[0]?.messages), /^Go on where you stopped\.$/);
  });
}

test("after the end of a run a further word of the user goes to the model with all that was said before", async () => {
  const more = scriptedModel([write("more", 7)], [say("Done.")]);
  const followed = await implementRun(
    { changes: whole.changes, model: more },
    { kind: "continue", resume: stateOf(whole), instructions: "Add a module more." },
  );
  const asked = more.requests[0]?.messages ?? [];
  assert.equal(lastWords(asked), "Add a module more.");
  assert.deepEqual(asked.slice(0, -1), stateOf(whole).messages);
  assert.equal(followed.changes.proposedText("src/app/more.py"), 'NAME = "more"\n');
});

test("what the user says meanwhile reaches the model, without secrets", async () => {
  const steering = createSteering();
  steering.say("Use UTC. API_KEY is sk-ant-api03-q8Zx7f3aKEYq8Zx7f3a9");
  const model = scriptedModel(...turns);
  const { result } = await implementRun({ model, steering });
  assert.equal(result.stopped, "finished");
  assert.equal(
    lastWords(model.requests[1]?.messages),
    "The user says meanwhile: Use UTC. API_KEY is «secret:anthropic-key»",
  );
});

/** Aborts when the command has begun, or when the question about it is on the screen, and never answers. */
const hanging: readonly (readonly [state: string, commands: (stop: () => void) => Commands])[] = [
  [
    "while a command runs",
    (stop) => ({
      shell: hangingShell(stop),
      approvals: { approveCommand: async () => "once" },
    }),
  ],
  [
    "while a question is on the screen",
    (stop) => ({
      shell: fakeShell(),
      approvals: {
        approveCommand: async () => {
          stop();
          // A dialog that is closed by the stop is a no.
          return "no";
        },
      },
    }),
  ],
];

type Commands = NonNullable<Parameters<typeof implementRun>[0]["commands"]>;

function hangingShell(stop: () => void): Shell {
  return {
    ...fakeShell(),
    run: (_command, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        stop();
      }),
  };
}

for (const [state, commands] of hanging) {
  test(`D25: Stop ${state} ends the run at once, with all proposals, and it can be gone on with`, async () => {
    const controller = new AbortController();
    const bash = call("Bash", { command: "make check" }, "b2");
    const model = scriptedModel([write("a", 1)], [bash, write("late", 3)], [say("Never.")]);
    const begun = performance.now();
    const stopped = await implementRun(
      { model, commands: commands(() => controller.abort()) },
      { signal: controller.signal },
    );
    assert.ok(performance.now() - begun < 1000);
    assert.equal(stopped.result.stopped, "cancelled");
    assert.equal(model.requests.length, 2);
    assert.equal(stopped.changes.proposedText("src/app/a.py"), 'NAME = "a"\n');
    assert.equal(stopped.changes.proposedText("src/app/late.py"), undefined, "nothing is proposed after the stop");
    assertValidHistory(stateOf(stopped).messages);
  });
}

function lastWords(messages: readonly Message[] = []): string {
  const part = messages.at(-1)?.parts.at(-1);
  return part?.type === "text" ? part.text : "";
}

test("D09: what was shown of an answer that is cut off is said not to count, and the next one is shown whole", async () => {
  const broken: ModelClient = scriptedModel(...turns);
  let isBroken = true;
  const model: ModelClient = {
    ...broken,
    async *stream(request) {
      if (isBroken) {
        isBroken = false;
        yield { type: "text", delta: "I am wri" };
        yield { type: "text", delta: "ting.\n### Skills Used\n- half" };
        throw new ModelError("network", "The connection to the model was closed.");
      }
      yield* broken.stream(request);
    },
  };
  const { events, result } = await implementRun({ model });
  assert.equal(result.stopped, "finished");
  const said = events.flatMap((event) =>
    event.type === "agent" && event.event.type === "text" ? event.event.delta : [],
  );
  assert.equal(said.join(""), "I am writing.\n\n\n*(This answer was cut off here, and is asked for again.)*\n\nDone.");
});
