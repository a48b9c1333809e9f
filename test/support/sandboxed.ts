import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import type { ChangeSet } from "../../src/changes/model.ts";
import { createCommandShell } from "../../src/node/commandShell.ts";
import { probeConfinement } from "../../src/node/sandboxProbe.ts";
import type { CommandResult, ShellOptions } from "../../src/session/ports.ts";

/** How commands are confined on this machine; probed once for the whole suite. */
export const confinement = await probeConfinement();

const reason = confinement.isolation.remedy;
if (confinement.kind !== "overlay") console.error(`Sandbox tests are skipped: ${reason}`);

/** A test of the real sandbox; skipped, with the reason printed, where there is none. */
export function sandboxTest(name: string, run: (context: TestContext) => Promise<void>): void {
  void test(name, { skip: confinement.kind === "overlay" ? false : (reason ?? true) }, run);
}

export interface SandboxedFolder {
  readonly root: string;
  readonly changes: ChangeSet;
  run(command: string, options?: Partial<ShellOptions>): Promise<CommandResult>;
}

/** A workspace on disk, not in the folders that the sandbox hides, unless `parent` says so. */
export function sandboxedFolder(
  context: TestContext,
  files: Readonly<Record<string, string>> = {},
  parent = "/tmp",
): SandboxedFolder {
  const root = mkdtempSync(join(parent, "backend-sandbox-test-"));
  chmodSync(root, 0o755);
  context.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const changes = createChangeSet();
  const shell = createCommandShell(root, changes, { probe: async () => confinement });
  const run = (command: string, options: Partial<ShellOptions> = {}) =>
    shell.run(command, { signal: new AbortController().signal, timeoutMs: 20_000, ...options });
  return { root, changes, run };
}

/** The changes of a command as `create|change|delete path`, against what was there. */
export function changeLines({ changes }: CommandResult): readonly string[] {
  return changes.map(({ path, text }) => (text === undefined ? `- ${path}` : `+ ${path}`));
}
