import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

/** A temporary folder with the given files; removed after the test. */
export function scratchFolder(
  context: TestContext,
  files: Readonly<Record<string, string>> = {},
  parent = tmpdir(),
): string {
  const folder = mkdtempSync(join(parent, "backend-implementer-test-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
