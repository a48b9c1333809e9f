import assert from "node:assert/strict";
import type { ReceivedRequest } from "./messagesApi.ts";

export interface Block {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly tool_use_id?: string;
  readonly signature?: string;
  readonly cache_control?: { readonly type: string; readonly ttl?: string };
}

interface Body {
  readonly system: readonly Block[];
  readonly tools: readonly Block[];
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[];
  readonly cache_control?: Block["cache_control"];
}

export function bodyOf(request: ReceivedRequest): Body {
  return request.body as unknown as Body;
}

/** What the Messages API demands of a request, and answers with 400 otherwise. */
export function assertValidRequest(request: ReceivedRequest): void {
  const body = bodyOf(request);
  const { messages } = body;
  for (const [index, { role, content }] of messages.entries()) {
    assert.ok(content.length > 0, `message ${index} is empty`);
    for (const block of content) {
      if (block.type === "text") assert.ok(block.text?.trim(), `blank text in message ${index}`);
      if (block.type === "thinking") assert.ok(block.signature, `unsigned thinking in message ${index}`);
    }
    const calls = content.flatMap(({ type, id }) => (type === "tool_use" ? [id] : []));
    if (role !== "assistant" || calls.length === 0) continue;
    assert.equal(new Set(calls).size, calls.length);
    const answers = messages[index + 1]?.content.slice(0, calls.length).map((block) => block.tool_use_id);
    assert.deepEqual(answers, calls, `the results for message ${index}`);
  }
  const marks = [...body.system, ...messages.flatMap(({ content }) => content), body].flatMap(
    ({ cache_control: mark }) => (mark ? [mark.ttl ?? "5m"] : []),
  );
  assert.ok(marks.length <= 4, `${marks.length} cache breakpoints`);
  assert.ok(marks.lastIndexOf("1h") <= marks.indexOf("5m"), "a longer cache lifetime comes after a shorter one");
}

/** A request as the blocks it is cached by; the marks themselves are no part of what is hashed. */
export function cachedBlocks(request: ReceivedRequest): readonly string[] {
  const unmarked = ({ cache_control: _, ...block }: Block) => JSON.stringify(block);
  const { system, tools, messages } = bodyOf(request);
  const said = messages.flatMap(({ role, content }) => content.map((block) => `${role} ${unmarked(block)}`));
  return [...tools.map(unmarked), ...system.map(unmarked), ...said];
}

/** Each request begins with the bytes of the one before it, so that all of that is read from the cache. */
export function assertGrowing(requests: readonly ReceivedRequest[]): void {
  for (const [index, request] of requests.entries()) {
    const [before, blocks] = [requests[index - 1], cachedBlocks(request)];
    const earlier = before ? cachedBlocks(before) : [];
    assert.deepEqual(blocks.slice(0, earlier.length), earlier, `request ${index}`);
  }
}
