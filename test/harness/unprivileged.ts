/**
 * Runs test files as a user without rights: `unprivileged.ts <counts file> <files…>`. Root reads and
 * writes where others may not, so what is tested about rights means nothing when root tests it. Who is
 * not root already runs them as they are.
 */
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./paths.ts";
import { cleanEnvironment, runToEnd } from "./processes.ts";

const nobody = 65534;
const [countsFile = "", ...files] = process.argv.slice(2);
const isRoot = process.getuid?.() === 0;
const scratch = mkdtempSync(join(tmpdir(), "backend-implementer-nobody-"));
const ownCounts = join(scratch, "counts");
const become = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"];
const node = [
  process.execPath,
  "--test",
  "--test-isolation=none",
  ...reporters,
  `--test-reporter-destination=${ownCounts}`,
];
const [command = "", ...args] = [...(isRoot ? become : []), ...node, ...files];

chmodSync(scratch, 0o755);
if (isRoot) chownSync(scratch, nobody, nobody);
try {
  runToEnd(command, args, { cwd: root, env: { ...cleanEnvironment(), HOME: scratch } });
} catch {
  process.exitCode = 1;
} finally {
  copyFileSync(ownCounts, countsFile);
  rmSync(scratch, { recursive: true, force: true });
}
