import { cpSync, globSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { runTests } from "@vscode/test-electron";
import { bundleHostTests } from "./build.ts";
import { root, temporaryFolder } from "./paths.ts";

/**
 * Runs `test/editor` inside a real extension host. With `desktop`, in a downloaded desktop VS Code, the newest or the
 * one of `VSCODE_VERSION`; else in the server from npm. Rejects when a test fails.
 */
export async function runHostSuite(desktop: boolean, countsFile?: string): Promise<void> {
  const bundles = temporaryFolder("suite");
  const files = ["test/editor/index.ts", ...globSync("test/editor/**/*.test.ts", { cwd: root })];
  await bundleHostTests(files, bundles);
  const workspace = join(temporaryFolder("workspace"), "orders-backend");
  cpSync(join(root, "test/fixtures/orders"), workspace, { recursive: true });
  // The stand-in is a script: its `node` must be the one that runs us.
  process.env["PATH"] = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  await runTests({
    ...(desktop
      ? { version: process.env["VSCODE_VERSION"] ?? "stable" }
      : { vscodeExecutablePath: join(import.meta.dirname, "codeWeb.ts") }),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(bundles, "index.cjs"),
    launchArgs: [workspace, "--disable-extensions"],
    extensionTestsEnv: { HOST_SUITE_COUNTS: countsFile && resolve(countsFile) },
  });
}

if (import.meta.main) {
  const [argument] = process.argv.slice(2);
  await (argument === "--desktop" ? runHostSuite(true) : runHostSuite(false, argument));
}
