import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createChangeSet } from "../changes/changeSet.ts";
import type { Isolation } from "../session/ports.ts";
import { messageOf } from "../support/errors.ts";
import { landlockPrefix } from "./landlock.ts";
import { runSandboxed, type SandboxPrograms } from "./overlaySandbox.ts";
import { createScratch, removeScratch } from "./sandboxState.ts";
import { systemProgram } from "./systemProgram.ts";

/** What was found out about this machine, once. */
export type Confinement =
  | { readonly kind: "overlay"; readonly programs: SandboxPrograms; readonly isolation: Isolation }
  | { readonly kind: "landlock"; readonly python: string; readonly isolation: Isolation }
  | { readonly kind: "copy"; readonly isolation: Isolation };

export interface ProbeOptions {
  /** Names a program by absolute path; for tests. */
  readonly program?: (name: string) => Promise<string | undefined>;
}

/**
 * Tries the ways to confine a command, the best first, by really doing each: what a system allows
 * cannot be told from its version (research/security.md §1.1, §5).
 */
export async function probeConfinement({ program = systemProgram }: ProbeOptions = {}): Promise<Confinement> {
  const overlay = await probeOverlay(program);
  if (typeof overlay !== "string") {
    const summary = "Commands run in a sandbox: no network, an empty home, the rest of the machine read-only.";
    return { kind: "overlay", programs: overlay, isolation: { tier: "sandbox", summary } };
  }
  const python = await program("python3");
  if (python !== undefined && hasLandlock(python)) {
    const summary =
      "Commands run on a copy and can write nowhere else. They can read your files and reach local services.";
    return { kind: "landlock", python, isolation: { tier: "writes", summary, remedy: overlay } };
  }
  const summary = "Commands run on a copy, and are not isolated: they can reach your files and the network.";
  return { kind: "copy", isolation: { tier: "copy", summary, remedy: overlay } };
}

/** The programs when a sandbox really came up with them, else why not and what to do. */
async function probeOverlay(program: NonNullable<ProbeOptions["program"]>): Promise<SandboxPrograms | string> {
  if (process.platform !== "linux") return "The sandbox exists on Linux only.";
  const [unshare, setpriv, bwrap] = await Promise.all(["unshare", "setpriv", "bwrap"].map(program));
  if (!bwrap) return "For the sandbox, install bubblewrap with your system's package manager.";
  if (!unshare || !setpriv) return "For the sandbox, install util-linux with your system's package manager.";
  const help = spawnSync(bwrap, ["--help"], { encoding: "utf8", env: {} }).stdout ?? "";
  const known = new Set(["--size", "--disable-userns"].filter((option) => help.includes(option)));
  const programs = { unshare, setpriv, bwrap, known };
  const scratch = await createScratch();
  try {
    const root = join(scratch, "workspace");
    await mkdir(root);
    const changes = createChangeSet();
    changes.propose("probe", undefined, "probe");
    const signal = AbortSignal.timeout(probeMs);
    const { exitCode } = await runSandboxed("rm probe", { root, changes, programs, signal, timeoutMs: probeMs });
    return exitCode === 0 ? programs : refusedBy(`a first command ended with ${exitCode}`);
  } catch (thrown) {
    // Not by its class: that of every failure for people tells them by their name.
    return refusedBy(thrown instanceof Error && "why" in thrown ? String(thrown.why) : messageOf(thrown));
  } finally {
    await removeScratch(scratch);
  }
}

const probeMs = 10_000;

/** Ubuntu's restriction is the usual reason and has a remedy that its users can apply. */
function refusedBy(reason: string): string {
  const isForbidden = /uid map|RTM_NEWADDR|Operation not permitted|Permission denied/i.test(reason);
  // What the kernel says of a count that is used up, which is 0 in many containers.
  const isCounted = /unshare.*No space left on device/i.test(reason);
  const remedy = isForbidden
    ? "Allow unprivileged user namespaces for it: on Ubuntu 23.10 and later by the AppArmor profile bwrap-userns-restrict (package apparmor-profiles), in a container by its seccomp profile."
    : isCounted
      ? "Allow user namespaces: the limit user.max_user_namespaces is used up or 0, as in many containers."
      : "Look into the reason, then start a new run.";
  return `The sandbox does not come up here (${reason}). ${remedy}`;
}

function hasLandlock(python: string): boolean {
  const [command = "", ...args] = [...landlockPrefix(python, []), "true"];
  return spawnSync(command, args, { env: {}, timeout: probeMs }).status === 0;
}
