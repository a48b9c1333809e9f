import { compactHistory } from "../agent/compaction.ts";
import type { Message } from "../agent/messages.ts";
import type { RunState } from "./runState.ts";

/** What of a history is kept over reloads, in characters of its JSON. */
const mostKept = 16_000_000;

/**
 * A state under the keys that it is stored by: a message each, so that a turn costs what it adds. A history that
 * is too long to be kept is kept shortened.
 */
export function createRunKeys(most = mostKept): (state: RunState | undefined) => ReadonlyMap<string, unknown> {
  const sizes = new WeakMap<Message, number>();
  const sizeOf = (message: Message): number => {
    const size = sizes.get(message) ?? JSON.stringify(message).length;
    sizes.set(message, size);
    return size;
  };
  return (state) => {
    if (!state) return new Map();
    const { messages, ...facts } = state;
    const size = messages.reduce((sum, message) => sum + sizeOf(message), 0);
    const kept = size > most ? (compactHistory(messages) ?? []) : messages;
    return new Map<string, unknown>([
      [factsKey, { ...facts, count: kept.length }],
      ...kept.map((message, at): [string, unknown] => [`${messageKey}${at}`, message]),
    ]);
  };
}

const factsKey = "run";
const messageKey = "run:";

/** The state that was stored; undefined when there is none, or any of it is not as it was written. */
export function readRunState(stored: ReadonlyMap<string, unknown>): RunState | undefined {
  const facts = stored.get(factsKey);
  if (!isFacts(facts)) return undefined;
  const messages = Array.from({ length: facts.count }, (_, at) => stored.get(`${messageKey}${at}`)).filter(isMessage);
  if (messages.length < facts.count) return undefined;
  const { count: _, ...rest } = facts;
  return { ...rest, messages };
}

type Facts = Omit<RunState, "messages"> & { readonly count: number };

function isFacts(value: unknown): value is Facts {
  const facts = value as Partial<Facts> | undefined | null;
  return (
    facts?.version === 1 &&
    typeof facts.model === "string" &&
    Number.isInteger(facts.count) &&
    Array.isArray(facts.loadedSkills)
  );
}

function isMessage(value: unknown): value is Message {
  const message = value as Partial<Message> | undefined | null;
  return (message?.role === "user" || message?.role === "assistant") && Array.isArray(message.parts);
}
