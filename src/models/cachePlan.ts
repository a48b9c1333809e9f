import type { Message } from "../agent/messages.ts";

export interface CacheBreakpoint {
  /** Index of the message whose last block ends the cached prefix. */
  readonly message: number;
  readonly ttl: "5m" | "1h";
}

/** A cache lookup goes back 20 blocks from a breakpoint; this leaves room for those of the new turn's edge. */
const mostAppended = 15;

/**
 * Where the history is marked for the cache, besides the system text before it and the automatic mark
 * at its end; together never more than the four that are allowed, longest kept first.
 *
 * The design in the first message is kept for an hour, because people review for longer than five
 * minutes. The end of the previous request is marked when so much was appended since, by a turn of
 * parallel calls say, that the lookup from the end would not find it (research/model-clients.md §1.4).
 *
 * The cache is not filled before the first turn by a request without output: that turn fills it at the same price,
 * and would begin some 0.3 s sooner, the time in which 6,000 tokens are read. It would pay only before conversations
 * that run at once, which there are none of (src/README.md, Decisions).
 */
export function cacheBreakpoints(messages: readonly Message[]): readonly CacheBreakpoint[] {
  const design: CacheBreakpoint = { message: 0, ttl: "1h" };
  const previousEnd = messages.length - 3;
  const appended = messages.slice(previousEnd + 1).reduce((sum, { parts }) => sum + parts.length, 0);
  return previousEnd > 0 && appended > mostAppended ? [design, { message: previousEnd, ttl: "5m" }] : [design];
}
