import { UserFacingError } from "../support/errors.ts";
import { counted } from "../support/words.ts";
import type { WriteOutcome } from "./model.ts";

/** What a person is told of an accept that met an obstacle: what is done, what still waits, and why. */
export function partlyWritten(written: number, failed: WriteOutcome["failed"]): UserFacingError {
  const [first] = failed;
  if (written === 0 && failed.length === 1 && first !== undefined) return alone(first.why);
  const reasons = [...new Set(failed.map(({ why }) => why))];
  const shown = reasons.slice(0, 3).join("\n");
  const more = reasons.length > 3 ? `\n… and ${reasons.length - 3} more` : "";
  const message = `${counted(written, "file")} of ${written + failed.length} accepted, ${failed.length} still pending.\n${shown}${more}`;
  return new UserFacingError("PARTLY_WRITTEN", message);
}

/** A reason has its code already. */
function alone(why: string): UserFacingError {
  const [, code = "WRITE_FAILED", message = why] = /^([A-Z_]+): ([\s\S]*)$/.exec(why) ?? [];
  return new UserFacingError(code, message);
}
