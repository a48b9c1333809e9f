/**
 * What reading a design costs: processor time of the thread that reads, cold and after an edit, and the peak of memory.
 * What the engine compiles and collects on threads beside it keeps nobody waiting.
 */
import "../../src/node/quickWasm.ts"; // as in the analyzer process
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { warmUp } from "../../src/node/warmUp.ts";
import type { DesignDocument } from "../../src/spec/model.ts";
import { createSpecReader } from "../../src/spec/readSpec.ts";
import { sampleFolder } from "../harness/sample.ts";
import { largeContract, largeScript } from "../support/largeDesigns.ts";

const names = ["database-design.md", "domain-model.md", "error-handling.md", "openapi.yaml"];
const sample = names.map((path) => ({ path, text: readFileSync(join(sampleFolder, "docs", path), "utf8") }));

/** Those that need a process of their own: a peak of memory, and the first reading after it has made itself ready. */
if (process.argv[2] === "ready") {
  await warmUp(createSpecReader, () => false);
  await line("four documents, first of a process that is ready", sample, 150);
} else if (process.argv[2] === "contract") {
  await line("contract of 2.9 MB", [largeContract()], 4000);
  console.log(`its peak memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB; promised 400`);
} else {
  await measureAll();
}

async function measureAll(): Promise<void> {
  console.log("");
  await line("four documents, first of a process that is not ready", sample, 150);
  spawnSync(process.execPath, [import.meta.filename, "ready"], { stdio: "inherit" });
  await line("four documents, read anew", sample, 150);
  const read = createSpecReader();
  await read(sample);
  for (const [at, { path }] of sample.entries()) {
    const times: number[] = [];
    for (let edit = 0; edit < 10; edit++) {
      const note = path.endsWith(".yaml") ? `# ${edit}` : `Note ${edit}.`;
      const edited = sample.map((item, index) => (index === at ? { ...item, text: `${item.text}\n${note}\n` } : item));
      times.push(await cost(() => read(edited)));
    }
    console.log(`after an edit of ${path}: ${Math.min(...times).toFixed(1)} ms, best of 10; promised 15`);
  }
  await line("375 tables, 539 indexes, 761 foreign keys", [largeScript()], 1500);
  spawnSync(process.execPath, [import.meta.filename, "contract"], { stdio: "inherit" });
}

async function line(what: string, documents: readonly DesignDocument[], promised: number): Promise<void> {
  const spent = await cost(() => createSpecReader()(documents));
  console.log(`${what}: ${spent.toFixed(0)} ms; promised ${promised}`);
}

async function cost(work: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
