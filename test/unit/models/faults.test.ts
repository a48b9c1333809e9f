/**
 * The faults of the line to a model: a scripted server speaks the Messages API to the real
 * SDK, and the loop with real tools runs on it. Numbers are those of the fault catalogue (group D).
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer as createTlsServer } from "node:https";
import { createServer } from "node:net";
import { after, test } from "node:test";
import { closeServers, done, type RunOptions, run, say, times, write, writes } from "../../support/faultRun.ts";
import {
  encoded,
  events,
  failure,
  finished,
  pieces,
  type Script,
  started,
  textBlock,
  thinkingBlock,
  toolBlock,
} from "../../support/messagesApi.ts";

after(closeServers);

const html: Script = (response) =>
  response.writeHead(502, { "content-type": "text/html" }).end("<html><style>p{}</style><h1>Bad  gateway</h1></html>");

// ---- Told at once, after one request

const refusals: readonly (readonly [name: string, script: Script, end: RegExp])[] = [
  [
    "D01: 401",
    failure(401, "authentication_error", "invalid x-api-key"),
    /^modelFailed: The API refused the key \(401\): invalid x-api-key\. Set it again/,
  ],
  [
    "D02: 403",
    failure(403, "permission_error", "not for you"),
    /^modelFailed: The API does not permit this .*\(403\): not for you/,
  ],
  [
    "D02: 404",
    failure(404, "not_found_error", "no model"),
    /^modelFailed: The API does not know the model "claude-opus-5-5" \(404\)/,
  ],
  [
    "D02: 400",
    failure(400, "invalid_request_error", "bad tools"),
    /^modelFailed: The API refused the request to "claude-opus-5-5" \(400\): bad tools/,
  ],
  ["D02: 422", failure(422, "invalid_request_error", "odd"), /\(422\): odd|to "claude-opus-5-5" \(422\)/],
  ["402", failure(402, "billing_error", "no credit"), /^modelFailed: no credit/],
  [
    "D03: 413 of a history that cannot be shortened",
    failure(413, "request_too_large", "too large"),
    /^modelFailed: too large/,
  ],
  [
    "D03: a prompt too long that cannot be shortened",
    failure(400, "invalid_request_error", "prompt is too long: 9 > 8"),
    /^modelFailed: prompt is too long/,
  ],
  ["D04: 429 that wants an hour", failure(429, "rate_limit_error", "Slow", { "retry-after": "3600" }), /^paused: Slow/],
  [
    "D04: 429 that names a day",
    failure(429, "rate_limit_error", "Slow", { "retry-after": new Date(Date.now() + 86_400_000).toUTCString() }),
    /^paused: Slow/,
  ],
  [
    "D28: a login page",
    (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    /^modelFailed: The endpoint answered with text\/html/,
  ],
  [
    "D28: JSON for a stream",
    (response) => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
    /answered with application\/json/,
  ],
  [
    "D29: a redirect to another host",
    (response) => response.writeHead(302, { location: "https://elsewhere.example/v1" }).end(),
    /^modelFailed: REDIRECT: 127\.0\.0\.1:\d+ sends the request on to elsewhere\.example/,
  ],
];

for (const [name, script, end] of refusals) {
  test(`${name} stops after one request, by name`, async () => {
    const ended = await run([script, done]);
    assert.match(ended.end, end);
    assert.deepEqual([ended.requests.length, ended.retries], [1, []]);
  });
}

test("D28: of an error as long as a book the beginning is told", async () => {
  const ended = await run([failure(400, "invalid_request_error", `bad ${"x".repeat(10_000_000)}`)]);
  assert.match(ended.end, /^modelFailed: The API refused the request .*bad x/);
  assert.ok(ended.end.length < 2200);
});

// ---- Tried again

const overloaded = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
const half = [started, ...toolBlock(0, "t1", "Write", '{"file_path":"app/half.py","content":"x').slice(0, -1)];

/** Long enough for a busy machine's answers. */
const impatient = { idleMs: 800, pingsMs: 800, headersMs: 800 };

const recoverable: readonly (readonly [name: string, script: Script, reason: RegExp, options?: RunOptions])[] = [
  ["D04: 429 for a second", failure(429, "rate_limit_error", "Slow", { "retry-after": "1" }), /^1000 Slow/],
  ["D04: 429 in milliseconds", failure(429, "rate_limit_error", "Slow", { "retry-after-ms": "1200" }), /^1200 Slow/],
  ["D04: 429 without a demand", failure(429, "rate_limit_error", "Slow"), /^500 Slow/],
  ["408", failure(408, "api_error", "late"), /^500 late/],
  ["409", failure(409, "api_error", "conflict"), /^500 conflict/],
  ["D05: 500", failure(500, "api_error", "Broken"), /^500 Broken/],
  ["D05: 502 in HTML", html, /^500 502 Bad gateway$/],
  ["D05: 503", failure(503, "api_error", "Away"), /^500 Away/],
  ["504", failure(504, "timeout_error", "late"), /^500 late/],
  ["D05: 529", failure(529, "overloaded_error", "Overloaded"), /^500 Overloaded/],
  [
    "529 that says not to",
    failure(529, "overloaded_error", "Overloaded", { "x-should-retry": "false" }),
    /^500 Overloaded/,
  ],
  ["D06: 407 of a proxy", failure(407, "api_error", "proxy login"), /^500 The model cannot be reached: /],
  [
    "D06: a connection refused after it was open",
    (response) => response.socket?.destroy(),
    /^500 The model cannot be reached: 127\.0\.0\.1:\d+: /,
  ],
  ["D07: no answer", () => undefined, /^500 The model cannot be reached: .*timed out/i, impatient],
  ["D08: headers and then silence", events([started], "stall"), /^500 The model has stopped sending/, impatient],
  [
    "D09: a cut in text",
    events([started, ...textBlock(0, "Wri").slice(0, -1)], "cut"),
    /^500 The connection to the model was closed/,
  ],
  [
    "D09: a cut in thinking",
    events([started, ...thinkingBlock(0, "Hm", "S").slice(0, 2)], "cut"),
    /connection .* closed/,
  ],
  ["D09: a cut in a call", events(half, "cut"), /connection .* closed/],
  ["D09: a cut between blocks", events([started, ...write("app/half.py")], "cut"), /connection .* closed/],
  ["D10: an end in a call", events(half), /broke off before its end/],
  [
    "D10: an end without message_stop",
    events([started, ...write("app/half.py"), ...finished("tool_use").slice(0, 1)]),
    /broke off/,
  ],
  ["an overload as the first event", events([overloaded]), /^500 Overloaded/],
  ["an overload after a whole call", events([started, ...write("app/half.py"), overloaded]), /^500 Overloaded/],
  [
    "an event that is no JSON",
    (response) =>
      response.writeHead(200, { "content-type": "text/event-stream" }).end("event: message_start\ndata: {oops\n\n"),
    /malformed/,
  ],
  ["D28: an empty stream", events([]), /broke off/],
  [
    "D28: garbage for gzip",
    (response) =>
      response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" }).end("not gzip"),
    /^500 The (connection|model)/,
  ],
  [
    "D16: two calls of one name",
    events([
      started,
      ...toolBlock(0, "t1", "Read", "{}"),
      ...toolBlock(1, "t1", "Read", "{}"),
      ...finished("tool_use"),
    ]),
    /malformed/,
  ],
  [
    "D16: a call without a name to answer to",
    events([started, ...toolBlock(0, "", "Read", "{}"), ...finished("tool_use")]),
    /malformed/,
  ],
  [
    "D16: two blocks in one place",
    events([started, ...write("app/half.py", "a", "t1"), ...write("app/half.py", "b", "t2"), ...finished("tool_use")]),
    /malformed/,
  ],
];

for (const [name, script, reason, options] of recoverable) {
  test(`${name} is tried again, and nothing of the broken turn stays`, async () => {
    const ended = await run([script, writes("app/new.py"), done], options);
    assert.equal(ended.end, "finished: ");
    assert.equal(ended.retries.length, 1);
    assert.match(ended.retries[0] ?? "", reason);
    assert.deepEqual(Object.keys(ended.proposed).sort(), ["app/kept.py", "app/new.py"]);
    assert.deepEqual(
      ended.messages.map(({ role }) => role),
      ["user", "assistant", "user", "assistant"],
    );
    assert.deepEqual(ended.requests[0]?.body, ended.requests[1]?.body);
  });
}

test("D05: four failures in a row pause the run; what was proposed before them stands", async () => {
  const ended = await run([
    writes("app/new.py"),
    failure(500, "api_error", "A"),
    html,
    ...times(2, failure(529, "overloaded_error", "B")),
    done,
  ]);
  assert.equal(ended.end, "paused: B");
  assert.equal(ended.retries.length, 3);
  assert.equal(ended.proposed["app/new.py"], "x = 1\n");
  assert.equal(ended.messages.at(-1)?.role, "user");
});

test("D06: a host that cannot be reached, and one that speaks no TLS, are named with the cause", async () => {
  const nowhere = await run([], { baseUrl: "http://nowhere.invalid" });
  assert.match(nowhere.end, /^paused: The model cannot be reached: nowhere\.invalid: .*(ENOTFOUND|EAI_AGAIN)/);
  const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const plain = await run([], { baseUrl: `https://127.0.0.1:${port}` });
  server.close();
  assert.match(plain.end, /^paused: The model cannot be reached: 127\.0\.0\.1:\d+: .*(SSL|TLS|wrong version|packet)/i);
});

test("D06: a certificate that nobody vouches for is named, and not trusted", async (context) => {
  const pair = selfSigned();
  if (!pair) return context.skip("there is no openssl to make a certificate with");
  const server = createTlsServer(pair, (_, response) => response.end());
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const baseUrl = `https://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const ended = await run([], { baseUrl });
  server.close();
  assert.match(ended.end, /^paused: The model cannot be reached: 127\.0\.0\.1:\d+: .*self[- ]signed certificate/);
});

function selfSigned(): { readonly key: string; readonly cert: string } | undefined {
  const made = spawnSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-subj",
      "/CN=127.0.0.1",
      "-days",
      "1",
      "-keyout",
      "-",
      "-out",
      "-",
    ],
    { encoding: "utf8" },
  );
  const [key] = /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----/.exec(made.stdout ?? "") ?? [];
  const [cert] = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(made.stdout ?? "") ?? [];
  return key && cert ? { key, cert } : undefined;
}

function pinging(milliseconds: number, then: readonly object[]): Script {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(encoded([started]));
    const timer = setInterval(() => response.write('event: ping\ndata: {"type":"ping"}\n\n'), 30);
    setTimeout(() => {
      clearInterval(timer);
      if (then.length > 0) response.end(encoded(then));
    }, milliseconds);
    response.on("close", () => clearInterval(timer));
  };
}

test("D08: pings keep a thinking model alive, but not for ever", async () => {
  const patient = await run([pinging(1200, [...textBlock(0, "Done."), ...finished("end_turn")])], {
    idleMs: 800,
  });
  assert.deepEqual([patient.end, patient.retries], ["finished: ", []]);
  const endless = await run([pinging(5000, []), done], impatient);
  assert.deepEqual([endless.end, endless.retries], ["finished: ", ["500 The model has stopped sending."]]);
});

// ---- Content

test("D11: however the bytes are cut, the answer is the same", async () => {
  const text = "Größe: 10 € 🙂 — fertig";
  const sent = [
    started,
    ...textBlock(0, text),
    ...toolBlock(1, "t1", "Write", '{"file_path":"app/ü.py","content":"ü = \\"🙂\\"\\n"}'),
    ...finished("tool_use"),
  ];
  const bom = new Uint8Array([0xef, 0xbb, 0xbf]);
  const bodies = [encoded(sent), encoded(sent, "\r\n"), new Uint8Array([...bom, ...encoded(sent)])];
  for (const body of bodies) {
    for (const lengths of [[1], [2, 3, 5, 7], [13, 1, 31], [body.length]]) {
      const ended = await run([pieces(body, lengths), done]);
      assert.deepEqual([ended.end, ended.retries], ["finished: ", []]);
      assert.equal(ended.said, `${text}Done.`);
      assert.equal(ended.proposed["app/ü.py"], 'ü = "🙂"\n');
    }
  }
});

test("D11: an event of five megabytes comes whole", async () => {
  const ended = await run([say("x".repeat(5_000_000))]);
  assert.equal(ended.said.length, 5_000_000);
});

test("D25: Stop ends the run at once: while the model speaks, and while the loop waits", async () => {
  const speaking = new AbortController();
  let closed = 0;
  const talk: Script = (response) => {
    events([started, ...textBlock(0, "Wri").slice(0, -1)], "stall")(response, { url: "", headers: {}, body: {} });
    response.on("close", () => closed++);
    setTimeout(() => speaking.abort(), 30);
  };
  const begun = performance.now();
  assert.equal((await run([talk], { signal: speaking.signal })).end, "cancelled: ");
  assert.ok(performance.now() - begun < 1000);
  await new Promise((soon) => setTimeout(soon, 20));
  assert.equal(closed, 1);
  const waiting = new AbortController();
  const waited = await run([failure(500, "api_error", "A"), done], {
    signal: waiting.signal,
    onPause: () => waiting.abort(),
  });
  assert.deepEqual([waited.end, waited.requests.length], ["cancelled: ", 1]);
});

test("D27: a key that is withdrawn in mid-run stops it with what was proposed", async () => {
  const ended = await run([writes("app/new.py"), failure(401, "authentication_error", "revoked"), done]);
  assert.match(ended.end, /^modelFailed: The API refused the key/);
  assert.equal(ended.proposed["app/new.py"], "x = 1\n");
});

test("D30: a clock that jumps changes nothing", async (context) => {
  const slow: Script = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(encoded([started]));
    context.mock.timers.enable({ apis: ["Date"], now: Date.now() + 86_400_000 });
    setTimeout(() => response.end(encoded([...textBlock(0, "Done."), ...finished("end_turn")])), 50);
  };
  const ended = await run([slow]);
  assert.deepEqual([ended.end, ended.retries], ["finished: ", []]);
});
