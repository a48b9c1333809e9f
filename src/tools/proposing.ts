import { refusedPath } from "../agent/scope.ts";
import { messageOf, UserFacingError } from "../support/errors.ts";
import { workspacePath } from "../support/workspacePath.ts";
import type { ToolPorts } from "./toolPorts.ts";

const longestText = 2_000_000;

/** The path of a file that may be proposed; throws the refusal otherwise. */
export function proposablePath(input: string, root: string | undefined): string {
  const path = workspacePath(input, root);
  const refused = refusedPath(path);
  if (refused !== undefined) throw new UserFacingError("OUT_OF_SCOPE", refused);
  return path;
}

/** Proposes a text, or a deletion, and says in words for the model what became of it. */
export async function propose(path: string, text: string | undefined, ports: ToolPorts): Promise<string> {
  if (text !== undefined) refuseContent(path, text);
  const base = await ports.disk.readText(path);
  const { added, removed, alreadyRejected } = ports.changes.propose(path, base, text);
  const now = await ports.overlay.readText(path);
  if (now === undefined) ports.seen?.delete(path);
  else ports.seen?.set(path, now);
  return [
    added + removed === 0
      ? `${path} needs no change.`
      : `Proposed ${path}: ${lines(added)} added, ${lines(removed)} removed.`,
    ...(alreadyRejected > 0 ? [`Left out what the user has rejected before (${alreadyRejected}).`] : []),
  ].join("\n");
}

function lines(count: number): string {
  return `${count} line${count === 1 ? "" : "s"}`;
}

/** Proposes a text and adds what the analyzers find in the file, for the model to correct at once. */
export async function proposeAndInspect(
  path: string,
  text: string,
  ports: ToolPorts,
  signal: AbortSignal,
): Promise<string> {
  const outcome = await propose(path, text, ports);
  const findings = await inspect(path, ports, signal);
  return findings.length === 0 ? outcome : [outcome, "Findings to correct:", ...findings].join("\n");
}

/** The proposal stands whether or not the analyzers can look at it. */
async function inspect(path: string, ports: ToolPorts, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return (await ports.inspect?.(path, signal)) ?? [];
  } catch (thrown) {
    return [`- the analyzers did not finish: ${messageOf(thrown)}`];
  }
}

/** Refuses to change a file that the model has not read, or that has changed since. */
export function refuseUnseen(path: string, current: string, ports: ToolPorts): void {
  if (!ports.seen) return;
  const known = ports.seen.get(path);
  if (known === undefined) {
    throw new UserFacingError("UNREAD", `${path} exists and was not read in this run; read it first.`);
  }
  if (known !== current) {
    throw new UserFacingError(
      "STALE",
      `${path} has changed since it was read, so the edit may not fit; read it again.`,
    );
  }
}

function refuseContent(path: string, text: string): void {
  if (text.length > longestText) {
    const why = `${path} would have ${text.length} characters, more than ${longestText}; split the file.`;
    throw new UserFacingError("CONTENT_SIZE", why);
  }
  if (text.includes("\0")) {
    throw new UserFacingError("CONTENT_BINARY", `${path} would hold a NUL character; only text can be proposed.`);
  }
}
