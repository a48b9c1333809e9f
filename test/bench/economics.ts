/**
 * What the sample design would cost with a model, naive, cached and scaffold first, at dated prices
 * (`support/economics.ts`). It informs and never fails; what was promised is asserted in `unit/session/economics.test.ts`.
 */
import { join } from "node:path";
import { pricesAsOf } from "../../src/models/pricing.ts";
import { readAgentFolder } from "../../src/node/agentFolder.ts";
import { createInProcessAnalyzer } from "../../src/node/analyzerInProcess.ts";
import { readDocumentFiles } from "../../src/node/documentFiles.ts";
import { readAgent } from "../../src/session/agentFiles.ts";
import { root } from "../harness/paths.ts";
import { cacheShare, type Economics, economicsOf, pricedAs, promptOf } from "../support/economics.ts";

const signal = new AbortController().signal;
const documents = await readDocumentFiles([join(root, "test/fixtures/orders/docs")], root);
const analyzer = createInProcessAnalyzer(join(root, "src"));
const { spec } = await analyzer.readSpec(documents, signal);
const { files } = await analyzer.compile({ spec, existing: {} }, signal);
const { agent } = readAgent(await readAgentFolder(join(root, "agents")));
print(await economicsOf({ documents, spec, files, agent }));

function print(all: readonly Economics[]): void {
  console.log(`\nOrders sample, ${files.length} files, as ${pricedAs} at prices of ${pricesAsOf} (estimated):`);
  const row = (cells: readonly string[]) =>
    console.log(cells.map((cell, at) => (at === 0 ? cell.padEnd(16) : cell.padStart(13))).join(""));
  row(["", "turns", "tokens in", "from cache", "from turn 3", "tokens out", "dollars", "minutes"]);
  for (const { name, turns, total, dollars, seconds, failed } of all) {
    row([
      name,
      String(turns.length),
      amount(promptOf(total)),
      percent(cacheShare(turns)),
      percent(cacheShare(turns.slice(2))),
      amount(total.output),
      dollars.toFixed(2),
      (seconds / 60).toFixed(1),
    ]);
    if (failed > 0) console.log(`  ${failed} calls of the script failed`);
  }
  const [naive, cached, scaffolded] = all;
  if (!naive || !cached || !scaffolded) return;
  const ratio = (one: number, other: number) => `1/${(other / one).toFixed(1)}`;
  console.log(`cached costs ${ratio(cached.dollars, naive.dollars)} of naive`);
  console.log(`scaffold first costs ${ratio(scaffolded.dollars, cached.dollars)} of cached; promised 1/5`);
  console.log(
    `scaffold first writes ${ratio(scaffolded.total.output, cached.total.output)} of the output of cached; promised 1/5`,
  );
  const later = [cached, scaffolded].map(({ turns }) => percent(cacheShare(turns.slice(2))));
  console.log(`from turn 3 on ${later.join(" and ")} of what goes in is read from the cache; promised 85 %`);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function amount(tokens: number): string {
  return tokens.toLocaleString("en-US");
}
