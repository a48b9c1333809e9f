/**
 * `npm test`: runs every suite, or those named as arguments (some only then), each with what it needs installed first.
 * The last line sums up what they counted.
 */
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
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

interface Result {
  readonly name: string;
  readonly counts: Counts;
  readonly seconds: number;
}

const results: Result[] = [];
const wanted = (suite: Suite) => (chosen.length === 0 ? !suite.onRequest : chosen.includes(suite.name));
for (const company of inCompany(suites.filter(wanted))) results.push(...(await Promise.all(company.map(runSuite))));

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

/** Suites that run one after the other, or as many as like to at the same time. */
function inCompany(all: readonly Suite[]): readonly (readonly Suite[])[] {
  const companies: Suite[][] = [];
  for (const suite of all) {
    const last = companies.at(-1);
    if (suite.sociable && last?.at(-1)?.sociable) last.push(suite);
    else companies.push([suite]);
  }
  return companies;
}

async function runSuite(suite: Suite): Promise<Result> {
  const begun = Date.now();
  const output = outputOf(suite);
  const counts = await countsOf(suite, output);
  output.end();
  return { name: suite.name, counts, seconds: Math.round((Date.now() - begun) / 1000) };
}

interface Output {
  write(text: string | Buffer): void;
  end(): void;
}

/** What a suite prints comes at once, or in one piece at its end where others run beside it. */
function outputOf({ name, sociable }: Suite): Output {
  const chunks: Buffer[] = [];
  const output: Output = {
    write: (text) => (sociable ? chunks.push(Buffer.from(text)) : process.stdout.write(text)),
    end: () => process.stdout.write(Buffer.concat(chunks)),
  };
  output.write(`\n── ${name} ──\n`);
  return output;
}

async function countsOf(suite: Suite, output: Output): Promise<Counts> {
  try {
    suite.prepare?.();
    const countsFile = join(temporaryFolder("counts"), suite.name);
    return readCounts(suite, countsFile, await runToExit(suite, countsFile, output));
  } catch (thrown) {
    output.write(`${suite.name} could not run: ${messageOf(thrown)}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function runToExit(suite: Suite, countsFile: string, output: Output): Promise<number | null> {
  const child = spawnGroup(process.execPath, suite.command(countsFile), {
    cwd: root,
    env: { ...canary.environment, ...suite.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const streams = [child.stdout, child.stderr].flatMap((stream) => stream ?? []);
  for (const stream of streams) {
    stream.on("data", output.write);
    canary.watch(suite.name, stream);
  }
  const timer = globalThis.setTimeout(() => {
    output.write(`${suite.name}: ended after ${suite.limit / 60_000} minutes\n`);
    void endGroup(child);
  }, suite.limit);
  const [exitCode] = await once(child, "exit");
  clearTimeout(timer);
  // Whoever was left behind may hold the output open.
  await Promise.race([
    Promise.all(streams.map((stream) => finished(stream))),
    setTimeout(2000, undefined, { ref: false }),
  ]);
  return exitCode;
}

function sentence({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
