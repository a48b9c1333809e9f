/**
 * `npm run fuzz -- 20000 [seed] [first round]`: damages that many documents, prints every finding and
 * writes its document to the artefacts. A worker reads, so that a reader which never ends is found too.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { artefacts } from "../harness/paths.ts";
import { createCampaign, type Finding } from "./campaign.ts";

interface Work {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

interface Answer {
  readonly round: number;
  readonly findings: readonly Finding[];
}

/** Far beyond {@link slowestMs}, because the machine may be busy. */
const hangMs = 60_000;

async function main(): Promise<void> {
  const [count = 1000, seed = 20261123, first = 0] = process.argv.slice(2).map(Number);
  const folder = join(artefacts, "fuzz");
  let total = 0;
  const report = ({ findings }: Answer): void => {
    for (const { round, path, mutation, what, document } of findings) {
      total++;
      console.log(`${round}: ${path} [${mutation}] ${what}`);
      // Another suite may have cleared the artefacts meanwhile.
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${round}.json`), JSON.stringify(document));
    }
  };
  for (let from = first; from < first + count; ) {
    const reached = await runWorker({ seed, from, to: first + count }, report);
    if (reached.hangs) total++;
    from = reached.next;
  }
  console.log(`${count} rounds, ${total} findings${total === 0 ? "" : `, whose documents are in ${folder}`}`);
  process.exitCode = total === 0 ? 0 : 1;
}

/** How far a worker came: to the end, or to a round that hangs. */
interface Reached {
  readonly next: number;
  readonly hangs: boolean;
}

function runWorker(work: Work, report: (answer: Answer) => void): Promise<Reached> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: work });
    let next = work.from;
    const hang = (): void => {
      console.log(`${next}: takes more than ${hangMs / 1000} s`);
      void worker.terminate().then(() => resolve({ next: next + 1, hangs: true }));
    };
    let timer = setTimeout(hang, hangMs);
    worker.on("message", (answer: Answer) => {
      clearTimeout(timer);
      report(answer);
      next = answer.round + 1;
      if (next >= work.to) resolve({ next, hangs: false });
      else timer = setTimeout(hang, hangMs);
    });
    worker.on("error", reject);
  });
}

async function work({ seed, from, to }: Work): Promise<void> {
  const campaign = createCampaign(seed);
  for (let round = from; round < to; round++) {
    const findings = await campaign.run(round);
    parentPort?.postMessage({ round, findings } satisfies Answer);
  }
}

if (isMainThread) await main();
else await work(workerData);
