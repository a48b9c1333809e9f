import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as runner from "node:test";

interface Outcome {
  readonly name: string;
  readonly nesting: number;
  readonly skip?: string | boolean;
  readonly details: { readonly type?: string; readonly error?: Error; readonly duration_ms: number };
}

/** Called by VS Code in the extension host: runs every bundled test file beside this one. */
export async function run(): Promise<void> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const report = (key: keyof typeof counts, { name, nesting, details }: Outcome): void => {
    if (details.type !== "suite") counts[key] += 1;
    const mark = { passed: "✔", failed: "✖", skipped: "﹣" }[key];
    console.log(`${"  ".repeat(nesting)}${mark} ${name} (${Math.round(details.duration_ms)} ms)`);
    if (key === "failed") console.log(details.error?.cause ?? details.error);
  };
  // The stream of a process that lives on never ends; the hook at the root is the end.
  const stream = runner.run({ files: globSync(join(__dirname, "*.test.cjs")), isolation: "none" });
  stream.on("test:pass", (event) => report(event.skip === undefined ? "passed" : "skipped", event));
  stream.on("test:fail", (event) => report("failed", event));
  const ended = new Promise<void>((resolve) => runner.after(() => setTimeout(resolve, 100)));
  await ended;
  const file = process.env["HOST_SUITE_COUNTS"];
  if (file) writeFileSync(file, JSON.stringify(counts));
  if (counts.failed > 0 || counts.passed === 0) throw new Error(`${counts.failed} failed, ${counts.passed} passed`);
}
