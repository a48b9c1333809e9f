import assert from "node:assert/strict";
import type { Message } from "../../src/agent/messages.ts";

/**
 * What providers demand of a history: roles alternate and begin with the user, no message is empty,
 * and every call is answered, once and in order, at the beginning of the next message.
 */
export function assertValidHistory(messages: readonly Message[]): void {
  for (const [index, message] of messages.entries()) {
    const before = messages[index - 1];
    // An answer that the provider has paused is gone on with in another message.
    const goesOn = before?.role === "assistant" && before.stop === "paused";
    if (!goesOn) assert.equal(message.role, before?.role === "user" ? "assistant" : "user", `role of message ${index}`);
    assert.ok(message.parts.length > 0, `message ${index} is empty`);
    const calls = message.parts.flatMap((part) => (part.type === "toolCall" ? [part.id] : []));
    assert.equal(new Set(calls).size, calls.length, `identifiers in message ${index}`);
    const next = messages[index + 1]?.parts ?? [];
    const results = next.flatMap((part) => (part.type === "toolResult" ? [part.callId] : []));
    assert.deepEqual(results, calls);
    assert.ok(next.slice(0, results.length).every(({ type }) => type === "toolResult"));
  }
}
