import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import type { Review } from "../review/model.ts";
import type { Analyzer } from "../session/ports.ts";
import { createSpecReader } from "../spec/readSpec.ts";
import { UserFacingError } from "../support/errors.ts";
import { createAnalyzerChild } from "./analyzerChild.ts";
import { createInProcessAnalyzer } from "./analyzerInProcess.ts";
import { createOutbox } from "./analyzerOutbox.ts";
import type { AnalyzerCall, FromAnalyzer, ToAnalyzer } from "./analyzerProtocol.ts";
import { warmUp } from "./warmUp.ts";

/** Entry of the process that {@link createAnalyzerProcess} forks. It ends with its parent. */
function main(script: string): void {
  const analyzer = createInProcessAnalyzer(dirname(realpathSync(script)));
  const state = { isCalled: false };
  const child = createAnalyzerChild();
  const send = createOutbox((message, written) => process.send?.(message, written));
  process.on("message", (message: ToAnalyzer) => {
    state.isCalled = true;
    const call = child.decode(message);
    if (call === undefined) return;
    void answer(analyzer, call).then((reply) => {
      const isReview = call.method === "review" && "value" in reply;
      return send(isReview ? child.encode(call.id, reply.value as Review) : [reply]);
    });
  });
  process.on("disconnect", () => process.exit());
  void warmUp(createSpecReader, () => state.isCalled);
}

async function answer(analyzer: Analyzer, { id, method, argument }: AnalyzerCall): Promise<FromAnalyzer> {
  // The parent forgets a call it has cancelled, or ends the process; nothing here can be interrupted.
  const signal = new AbortController().signal;
  try {
    return {
      id,
      value: await (analyzer[method] as (input: unknown, signal: AbortSignal) => unknown)(argument, signal),
    };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const code = error instanceof UserFacingError ? error.code : undefined;
    return { id, error: { message: error.message, stack: error.stack, code } };
  }
}

main(process.argv[1] ?? "");
