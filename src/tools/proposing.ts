import { refusedPath } from "../agent/scope.ts";
import { messageOf, UserFacingError } from "../support/errors.ts";
import { canonicalPath, isSecretPath } from "../support/pathClass.ts";
import { workspacePath } from "../support/workspacePath.ts";
import type { ToolPorts } from "./toolPorts.ts";

const longestText = 2_000_000;

/**
 * The path of a file that may be proposed; throws the refusal otherwise. What is returned is what is
 * proposed and later written: no other reading of the input exists.
 */
export async function proposablePath(input: string, ports: ToolPorts): Promise<string> {
  const path = workspacePath(input, ports.root);
  const refused = refusedPath(path);
  if (refused !== undefined) throw new UserFacingError("OUT_OF_SCOPE", refused);
  await refusePlace(path, ports);
  return path;
}

async function refusePlace(path: string, { disk }: ToolPorts): Promise<void> {
  const { kind, realPath } = (await disk.place?.(path)) ?? { kind: "missing", realPath: path };
  if (realPath !== path) throw linkRefusal(path, realPath);
  if (kind === "file" && isSecretPath(path)) {
    const message = `${path} holds values that are not shown here, so it cannot be changed; tell the user what to add.`;
    throw new UserFacingError("PATH_SECRET", message);
  }
  const fault = faults[kind];
  if (fault) throw new UserFacingError(fault.code, `${path} cannot be written, because ${fault.why}.`);
}

const faults: Readonly<Record<string, { readonly code: string; readonly why: string }>> = {
  folder: { code: "PATH_IS_DIR", why: "it is a folder; name a file in it" },
  special: { code: "PATH_SPECIAL", why: "it is a pipe, socket or device; use another name" },
};

function linkRefusal(path: string, realPath: string): UserFacingError {
  return path.startsWith(`${realPath}/`)
    ? new UserFacingError("PARENT_IS_FILE", `${path} cannot be written: ${realPath} is a file; use another name.`)
    : new UserFacingError("PATH_SYMLINK", `${path} is a link; edit the file it stands for, ${realPath}, instead.`);
}

/** Two names that differ by case only are one file on the systems of some of the team. */
export async function refuseOtherCase(path: string, ports: ToolPorts): Promise<void> {
  if (!ports.seen) return;
  const key = canonicalPath(path);
  const other = (await ports.overlay.list()).find((known) => known !== path && canonicalPath(known) === key);
  if (other === undefined) return;
  throw new UserFacingError("PATH_CASE", `${path} differs only by case from ${other}, which exists; use that name.`);
}

/** Proposes a text, or a deletion, and says in words for the model what became of it. */
export async function propose(path: string, text: string | undefined, ports: ToolPorts): Promise<string> {
  if (text !== undefined) refuseContent(path, text);
  const base = await ports.disk.readText(path);
  if (base !== undefined) refuseBase(path, base);
  const { added, removed, alreadyRejected } = ports.changes.propose(path, base, text, ports.origin);
  const isLeftOut = base === undefined && text !== undefined && (await ports.disk.isIgnored?.(path)) === true;
  const now = await ports.overlay.readText(path);
  if (now === undefined) ports.seen?.delete(path);
  else ports.seen?.set(path, now);
  return [
    added + removed === 0
      ? `${path} needs no change.`
      : `Proposed ${path}: ${lines(added)} added, ${lines(removed)} removed.`,
    ...(isLeftOut ? [`${path} is ignored by Git, so nobody else gets it; tell the user.`] : []),
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

/** What was decoded with losses, or is no text, would be written back damaged. */
function refuseBase(path: string, base: string): void {
  if (!/[\0\ufffd]/.test(base)) return;
  const message = `${path} is not plain UTF-8 text, so an edit would damage it; leave it, or ask the user to convert it.`;
  throw new UserFacingError("ENCODING", message);
}

function refuseContent(path: string, text: string): void {
  if (path.toLowerCase().endsWith(".ipynb")) {
    const why = `${path} is a notebook, which is edited cell by cell in its own editor; write a module instead.`;
    throw new UserFacingError("NOTEBOOK", why);
  }
  if (text.length > longestText) {
    const why = `${path} would have ${text.length} characters, more than ${longestText}; split the file.`;
    throw new UserFacingError("CONTENT_SIZE", why);
  }
  if (text.includes("\0")) {
    throw new UserFacingError("CONTENT_BINARY", `${path} would hold a NUL character; only text can be proposed.`);
  }
}
