import { createContext, Script } from "node:vm";
import { UserFacingError } from "../support/errors.ts";

/** Which lines match, by number from 0. */
export type TimedMatcher = (lines: readonly string[]) => readonly number[];

const usualLimitMs = 2000;

/**
 * Matches lines within a time that counts over all calls: JavaScript's engine backtracks, so an
 * expression of a few characters can take forever. Throws a {@link UserFacingError} when it does.
 */
export function createTimedMatcher(expression: RegExp, limitMs = usualLimitMs): TimedMatcher {
  const context = createContext({ expression, lines: [] as readonly string[] });
  const script = new Script("lines.flatMap((line, index) => (expression.test(line) ? [index] : []))");
  let leftMs = limitMs;
  return (lines) => {
    const started = performance.now();
    context["lines"] = lines;
    try {
      return [...script.runInContext(context, { timeout: Math.max(1, Math.ceil(leftMs)) })];
    } catch (thrown) {
      // The error is made in the other context, so it is no instance of our Error.
      if (Reflect.get(Object(thrown), "code") !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw thrown;
      throw new UserFacingError("GREP_TIMEOUT", `${expression.source} takes too long to search for; write it simpler.`);
    } finally {
      leftMs -= performance.now() - started;
    }
  };
}
