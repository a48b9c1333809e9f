import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, noUsage } from "../../../src/agent/messages.ts";
import type { RunState } from "../../../src/session/runState.ts";
import { createRunKeys, readRunState } from "../../../src/session/storedRun.ts";
import { transcriptOf } from "../../../src/session/transcript.ts";

const secret = "sk-ant-api03-q8Zx7f3aKEYq8Zx7f3a9";

const messages: readonly Message[] = [
  { role: "user", parts: [{ type: "text", text: "# Design\n![x](https://evil.example/x.png)" }] },
  {
    role: "assistant",
    parts: [
      { type: "reasoning", text: "Look first.", replay: { provider: "anthropic", value: { signature: "SIG" } } },
      { type: "text", text: `The key is ${secret}.` },
      { type: "toolCall", id: "t1", name: "Read", input: { file_path: "README.md" } },
    ],
    stop: "toolCalls",
    usage: noUsage,
  },
  { role: "user", parts: [{ type: "toolResult", callId: "t1", content: "```\ncode\n````\n", isError: false }] },
  { role: "assistant", parts: [{ type: "text", text: "Done." }], stop: "end", usage: noUsage },
];

const state: RunState = { version: 1, model: "claude-opus-5-5", messages, loadedSkills: ["x"], stopped: "finished" };

test("as Markdown everything said stands in blocks that nothing in it can close, without secrets", () => {
  assert.equal(
    transcriptOf(state, "markdown"),
    `# Transcript

Model: \`claude-opus-5-5\`. Ended: finished.

## 1. User

\`\`\`text
# Design
![x](https://evil.example/x.png)
\`\`\`

## 2. Model

Thinking:

\`\`\`text
Look first.
\`\`\`

\`\`\`text
The key is «secret:anthropic-key».
\`\`\`

Calls \`Read\` (\`t1\`):

\`\`\`json
{
  "file_path": "README.md"
}
\`\`\`

## 3. Tools

Answer (\`t1\`):

\`\`\`\`\`text
\`\`\`
code
\`\`\`\`
\`\`\`\`\`

## 4. Model

\`\`\`text
Done.
\`\`\`
`,
  );
});

test("as JSON it can be read again, without secrets and without what only the provider can read", () => {
  const text = transcriptOf(state, "json");
  assert.ok(!text.includes(secret) && !text.includes("SIG"));
  const read = JSON.parse(text);
  assert.deepEqual([read.model, read.stopped, read.messages.length], ["claude-opus-5-5", "finished", 4]);
  assert.deepEqual(read.messages[2], messages[2]);
});

/** Each as it may stand in a file, an answer or an error; the value itself must be nowhere in what is exported. */
const secrets: readonly (readonly [what: string, text: string, value: string])[] = [
  ["a line of an .env file", "DEBUG=1\nAPI_KEY=zX8fQ2mK9vT4bL7w\nPORT=80\n", "zX8fQ2mK9vT4bL7w"],
  ["an address", "postgresql://app:Zx8f-Q2mK-9vT4@db/app", "Zx8f-Q2mK-9vT4"],
  [
    "a private key",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n",
    "hkiG9w0BAQEFAASC",
  ],
  ["an assignment in code", 'API_TOKEN = "q9Zx8fQ2mK9vT4bL7wRn"\n', "q9Zx8fQ2mK9vT4bL7wRn"],
  ["a provider's token", "ghp_0123456789abcdefghijABCDEFGHIJ456789", "ghp_0123456789abcdefghij"],
];

const carriers: readonly (readonly [where: string, parts: (text: string) => Message["parts"]])[] = [
  ["a word of the user", (text) => [{ type: "text", text }]],
  ["thinking", (text) => [{ type: "reasoning", text }]],
  [
    "the content of a file",
    (text) => [{ type: "toolCall", id: "t1", name: "Write", input: { file_path: "a.py", content: text } }],
  ],
  ["an answer of a tool", (text) => [{ type: "toolResult", callId: "t1", content: text, isError: false }]],
  [
    "the text of an error",
    (text) => [{ type: "toolResult", callId: "t1", content: `MISTAKE: near\n${text}`, isError: true }],
  ],
];

for (const [where, parts] of carriers) {
  test(`${where} is exported without its secrets, in both forms`, () => {
    for (const [what, text, value] of secrets) {
      const message = { role: "user", parts: parts(text) } as Message;
      for (const form of ["markdown", "json"] as const) {
        const exported = transcriptOf({ ...state, messages: [message] }, form);
        assert.ok(!exported.includes(value), `${what} as ${form}:\n${exported}`);
        assert.match(exported, /«secret:/);
      }
    }
  });
}

test("a value that only its key gives away is left out of an argument", () => {
  const input = { api_key: "q9Zx8fQ2mK9vT4bL7wRn" };
  const call = { type: "toolCall", id: "t1", name: "Bash", input } as const;
  const asked: RunState = {
    ...state,
    messages: [{ role: "assistant", parts: [call], stop: "toolCalls", usage: noUsage }],
  };
  for (const form of ["markdown", "json"] as const) assert.ok(!transcriptOf(asked, form).includes("q9Zx8"), form);
});

test("a run is stored message by message and read back as it was", () => {
  const keysOf = createRunKeys();
  const stored = keysOf(state);
  assert.deepEqual([...stored.keys()], ["run", "run:0", "run:1", "run:2", "run:3"]);
  assert.equal(stored.get("run:1"), messages[1], "what has not changed is the same object");
  const read = (entries: ReadonlyMap<string, unknown>) =>
    readRunState(new Map([...entries].map(([key, value]) => [key, JSON.parse(JSON.stringify(value))])));
  assert.deepEqual(read(stored), state);
  assert.equal(read(keysOf(undefined)), undefined);
  for (const key of stored.keys()) {
    assert.equal(read(new Map([...stored].filter(([other]) => other !== key))), undefined, `without ${key}`);
    assert.equal(read(new Map([...stored, [key, { role: "odd" }]])), undefined, `with another ${key}`);
  }
});

test("a history that is too long to be kept is kept shortened, and is still one to go on from", () => {
  const turn = (at: number): readonly Message[] => [
    {
      role: "assistant",
      parts: [{ type: "toolCall", id: `c${at}`, name: "Read", input: {} }],
      stop: "toolCalls",
      usage: noUsage,
    },
    { role: "user", parts: [{ type: "toolResult", callId: `c${at}`, content: "x".repeat(1000), isError: false }] },
  ];
  const long = {
    ...state,
    messages: [...messages.slice(0, 1), ...Array.from({ length: 50 }, (_, at) => turn(at)).flat()],
  };
  const kept = readRunState(createRunKeys(20_000)(long));
  assert.equal(kept?.messages.length, 21);
  assert.match(JSON.stringify(kept?.messages[0]), /Earlier turns of this run were left out/);
});
