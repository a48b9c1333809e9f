/**
 * `npm test`: runs every suite, or those named as arguments (some only then), each with what it needs installed first.
 * The last line sums up what they counted.
 */
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../src/support/errors.ts";
import { createCanary } from "./canary.ts";
import { artefacts, root, temporaryFolder } from "./paths.ts";
import { endGroup, spawnGroup } from "./processes.ts";
import { type Counts, readCounts, type Suite, suites } from "./suites.ts";

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`No such suite: ${unknown.join(", ")}. There are ${suites.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

rmSync(artefacts, { recursive: true, force: true });
const canary = createCanary();
const results: { readonly name: string; readonly counts: Counts; readonly seconds: number }[] = [];
const wanted = (suite: Suite) => (chosen.length === 0 ? !suite.onRequest : chosen.includes(suite.name));
for (const suite of suites.filter(wanted)) {
  console.log(`\n── ${suite.name} ──`);
  const begun = Date.now();
  const counts = await runSuite(suite);
  results.push({ name: suite.name, counts, seconds: Math.round((Date.now() - begun) / 1000) });
}

const leaks = canary.found();
for (const place of leaks) console.error(`G04: the secret of the suites' environment is in ${place}`);
results.push({
  name: "canary",
  counts: { passed: leaks.length > 0 ? 0 : 1, failed: leaks.length, skipped: 0 },
  seconds: 0,
});

console.log();
for (const { name, counts, seconds } of results) console.log(`${name.padEnd(8)} ${sentence(counts)} (${seconds} s)`);
const sum = (key: keyof Counts): number => results.reduce((total, { counts }) => total + counts[key], 0);
const total: Counts = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
console.log(sentence(total));
process.exitCode = total.failed === 0 ? 0 : 1;

async function runSuite(suite: Suite): Promise<Counts> {
  try {
    suite.prepare?.();
    const countsFile = join(temporaryFolder("counts"), suite.name);
    return readCounts(suite, countsFile, await runToExit(suite, countsFile));
  } catch (thrown) {
    console.error(`${suite.name} could not run: ${messageOf(thrown)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function runToExit(suite: Suite, countsFile: string): Promise<number | null> {
  const child = spawnGroup(process.execPath, suite.command(countsFile), {
    cwd: root,
    env: { ...canary.environment, ...suite.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const [output, own] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    output?.pipe(own, { end: false });
    if (output) canary.watch(suite.name, output);
  }
  const timer = setTimeout(() => {
    console.error(`${suite.name}: ended after ${suite.limit / 60_000} minutes`);
    void endGroup(child);
  }, suite.limit);
  const [exitCode] = await once(child, "exit");
  clearTimeout(timer);
  return exitCode;
}

function sentence({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
