/**
 * A failure whose message is meant for the person at the editor or the terminal.
 *
 * The message reads `CODE: what, why, what to do`. Everything else that is thrown is a bug: it is
 * logged with its stack and shown as "unexpected".
 */
export class UserFacingError extends Error {
  override readonly name = "UserFacingError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }

  /** By `name`: each bundle has a copy of this class, and a failure in one is shown by another. */
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    return thrown instanceof Error && thrown.name === "UserFacingError";
  }
}

/** The text of anything that was thrown, without its stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Whether a failure is only the echo of an abort, by `name`, because bundling renames classes. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === "AbortError" || thrown.name === "Canceled");
}
