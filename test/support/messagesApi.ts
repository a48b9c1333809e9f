import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Answers one request. */
export type Script = (response: ServerResponse, request: ReceivedRequest) => void;

export interface MessagesApi {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

/** A server that speaks the Messages API as far as the test has scripted it, one script for each request. */
export async function startMessagesApi(...scripts: readonly Script[]): Promise<MessagesApi> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request = {
        url: incoming.url,
        headers: incoming.headers,
        body: JSON.parse(String(Buffer.concat(chunks)) || "{}"),
      };
      requests.push(request);
      const script = scripts[requests.length - 1] ?? failure(500, "api_error", "no script");
      script(response, request);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

/** Sends the events; the last step ends, cuts, or keeps open the stream. */
export function events(sent: readonly object[], then: "end" | "cut" | "stall" = "end"): Script {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    for (const event of sent) {
      response.write(`event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    if (then === "end") response.end();
    if (then === "cut") setTimeout(() => response.destroy(), 20);
  };
}

/** Sends the same bytes in pieces of the given lengths, which are repeated; each piece is a write of its own. */
export function pieces(body: Uint8Array, lengths: readonly number[]): Script {
  return async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    for (let at = 0, turn = 0; at < body.length; turn++) {
      const length = lengths[turn % lengths.length] ?? body.length;
      response.write(body.subarray(at, at + length));
      at += length;
      if (turn % 16 === 0) await new Promise((next) => setImmediate(next));
    }
    response.end();
  };
}

/** The bytes of a stream of events. */
export function encoded(sent: readonly object[], lineBreak = "\n"): Uint8Array {
  const lines = sent.map((event) => [
    `event: ${(event as { type: string }).type}`,
    `data: ${JSON.stringify(event)}`,
    "",
    "",
  ]);
  return new TextEncoder().encode(lines.map((event) => event.join(lineBreak)).join(""));
}

export function failure(
  status: number,
  type: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Script {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ type: "error", error: { type, message } }));
  };
}

const usage = { input_tokens: 10, output_tokens: 1, cache_creation_input_tokens: 100, cache_read_input_tokens: 2000 };

export const started = {
  type: "message_start",
  message: { id: "msg_1", type: "message", role: "assistant", model: "m", content: [], stop_reason: null, usage },
};

export function finished(stop: string): object[] {
  return [
    { type: "message_delta", delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 42 } },
    { type: "message_stop" },
  ];
}

export function textBlock(index: number, ...deltas: readonly string[]): object[] {
  return block(
    index,
    { type: "text", text: "" },
    deltas.map((text) => ({ type: "text_delta", text })),
  );
}

export function thinkingBlock(index: number, thinking: string, signature: string): object[] {
  const deltas = [
    { type: "thinking_delta", thinking },
    { type: "signature_delta", signature },
  ];
  return block(index, { type: "thinking", thinking: "", signature: "" }, deltas);
}

export function toolBlock(index: number, id: string, name: string, ...json: readonly string[]): object[] {
  const deltas = ["", ...json].map((partial_json) => ({ type: "input_json_delta", partial_json }));
  return block(index, { type: "tool_use", id, name, input: {} }, deltas);
}

function block(index: number, content_block: object, deltas: readonly object[]): object[] {
  return [
    { type: "content_block_start", index, content_block },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}
