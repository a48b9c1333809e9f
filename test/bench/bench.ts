/** `npm run bench`: sizes and times with their ratio to what we promise. It informs and never fails. */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../src/compiler/compile.ts";
import { readSpec } from "../../src/spec/readSpec.ts";
import { median } from "../harness/activation.ts";
import { buildExtension, distFolder } from "../harness/build.ts";
import { root, temporaryFolder } from "../harness/paths.ts";
import { sampleFolder } from "../harness/sample.ts";
import { largeDesign } from "../support/largeDesign.ts";

const runs = 5;

await buildExtension();
for (const file of readdirSync(distFolder).filter((name) => /\.(cjs|wasm)$/.test(name))) {
  const kilobytes = statSync(join(distFolder, file)).size / 1024;
  line(`dist/${file}`, kilobytes, "KB", file === "extension.cjs" ? 150 : undefined);
}
const generated = join(temporaryFolder("out"), "orders-backend");
line(`implement offline, median of ${runs}`, median(repeat("implement", "docs", "--out", generated)), "ms", 3000);
line(`check, median of ${runs}`, median(repeat("check", generated, "--docs", "docs")), "ms");
const { spec: large } = await readSpec(largeDesign({ tables: 300, endpoints: 500 }));
line(
  "compile 300 tables, 500 endpoints",
  median(Array.from({ length: runs }, () => processorTime(() => compile(large)))),
  "ms",
  2000,
);
await import("./changes.ts");
await import("./economics.ts");
await import("./editor.ts");
await import("./generators.ts");
await import("./liveText.ts");
await import("./overhead.ts");
await import("./reading.ts");
await import("./review.ts");
await import("./reviewEditor.ts");
await import("./reviewHost.ts");
await import("./sandbox.ts");

function line(what: string, value: number, unit: string, promised?: number): void {
  const ratio = promised === undefined ? "" : `  ${(value / promised).toFixed(2)} of the promised ${promised} ${unit}`;
  console.log(`${what.padEnd(36)} ${value.toFixed(0).padStart(7)} ${unit}${ratio}`);
}

function processorTime(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

/** Wall-clock milliseconds of the headless command, its start included. */
function repeat(...args: readonly string[]): readonly number[] {
  const cwd = sampleFolder;
  return Array.from({ length: runs }, () => {
    const begun = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [join(root, "dist/cli.cjs"), ...args, "--json"], { cwd });
    if (status !== 0) console.error(`${args[0]} ended with ${status}: ${stderr}`);
    return performance.now() - begun;
  });
}
