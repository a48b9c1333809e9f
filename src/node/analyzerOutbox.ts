import { createQueue } from "../support/queue.ts";
import { inSlices } from "../support/slices.ts";
import type { FromAnalyzer, ToAnalyzer } from "./analyzerProtocol.ts";

/** Node's way to write to the other process. */
type Send = (message: FromAnalyzer | ToAnalyzer, written: (error: Error | null) => void) => unknown;

/**
 * Sends messages in the order in which they were given, and makes each only when it is its turn: megabytes go out in
 * pieces, and neither process is held for long. Rejects with the first message that cannot be written.
 */
export function createOutbox(send: Send): (messages: Iterable<FromAnalyzer | ToAnalyzer>) => Promise<void> {
  const inTurn = createQueue();
  const write = (message: FromAnalyzer | ToAnalyzer): Promise<void> =>
    new Promise((resolve, reject) => {
      send(message, (error) => (error ? reject(error) : resolve()));
    });
  return (messages) => inTurn(() => inSlices(messages, write));
}
