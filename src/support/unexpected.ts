import { messageOf } from "./errors.ts";
import { redact } from "./redact.ts";

/**
 * What is said of a failure that is a fault of ours. Any text may be in it, what was read or sent when it
 * happened too, so it is one paragraph at most and without the secrets in it (research/security.md G12).
 */
export function unexpectedText(thrown: unknown): string {
  const [first = ""] = redact(messageOf(thrown)).split(/\n\s*\n/);
  return `UNEXPECTED: ${first.slice(0, longest)}`;
}

const longest = 2000;
