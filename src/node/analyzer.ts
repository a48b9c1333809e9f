import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import type { Review } from "../review/model.ts";
import type { Analyzer } from "../session/ports.ts";
import { createSpecReader } from "../spec/readSpec.ts";
import { UserFacingError } from "../support/errors.ts";
import { createAnalyzerChild } from "./analyzerChild.ts";
import { createInProcessAnalyzer } from "./analyzerInProcess.ts";
import type { AnalyzerAnswer, AnalyzerCall, SentCall } from "./analyzerProtocol.ts";
import { warmUp } from "./warmUp.ts";

/** Entry of the process that {@link createAnalyzerProcess} forks. It ends with its parent. */
function main(script: string): void {
  const analyzer = createInProcessAnalyzer(dirname(realpathSync(script)));
  const state = { isCalled: false };
  const child = createAnalyzerChild();
  process.on("message", (call: SentCall) => {
    state.isCalled = true;
    void answer(analyzer, child.decode(call)).then((reply) => {
      const isReview = call.method === "review" && "value" in reply;
      process.send?.(isReview ? { id: call.id, review: child.encode(reply.value as Review) } : reply);
    });
  });
  process.on("disconnect", () => process.exit());
  void warmUp(createSpecReader, () => state.isCalled);
}

async function answer(analyzer: Analyzer, { id, method, argument }: AnalyzerCall): Promise<AnalyzerAnswer> {
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
