/**
 * Checklist and coverage of 2,000 files, four fifths of them the engine's: the first review in the analyzer process and its
 * memory, the review after an edit as the editor asks for it, how long the asking side is kept from other work
 * meanwhile, and the lint part beside the native ruff on the same files. It informs and never fails.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { createAnalyzerProcess } from "../../src/node/analyzerProcess.ts";
import type { ReviewInput } from "../../src/review/model.ts";
import { lintRules, startRuff } from "../../src/review/ruff.ts";
import { median } from "../harness/activation.ts";
import { buildExtension, distFolder } from "../harness/build.ts";
import { root, temporaryFolder } from "../harness/paths.ts";
import { largeProject } from "../support/largeProject.ts";

const edits = 20;
const never = new AbortController().signal;

await buildExtension();
const project = await largeProject({ tables: 260, features: 88 });
const python = project.files.filter(({ path }) => path.endsWith(".py"));
const characters = python.reduce((sum, { text }) => sum + text.length, 0);
console.log(
  `\n${python.length} Python files of ${(characters / 1e6).toFixed(1)} MB, ${project.spec.database.tables.length} designed tables`,
);
await measureReviews();
await measureLint();

async function measureReviews(): Promise<void> {
  const log = { info: () => undefined, warn: console.warn, error: console.error };
  const analyzer = createAnalyzerProcess({ script: join(distFolder, "analyzer.cjs"), log });
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  try {
    line("full check, cold", await timed(() => analyzer.review(project, never)), 12_000);
    line("longest block of the asking side", loop.max / 1e6, 50);
    console.log(`memory of the analyzer, at most: ${(peakOfChildren() / 1024).toFixed(0)} MB`);
    loop.reset();
    line(`one-file edit to verdict, median of ${edits}`, median(await editTimes(spread, analyzer.review)), 150);
    line("its longest block of the asking side", loop.max / 1e6, 50);
    line("edit of a file that all import, to verdict", median(await editTimes(shared, analyzer.review)));
    line("longest block of the asking side", loop.max / 1e6, 50);
  } finally {
    loop.disable();
    analyzer.dispose();
  }
}

/** Files of every kind. */
function spread(edit: number): string {
  return python[(edit * 397 + 11) % python.length]?.path ?? "";
}

function shared(edit: number): string {
  const names = [
    "src/app/core/errors.py",
    "src/app/persistence/base.py",
    "legacy/shared/base.py",
    "legacy/shared/errors.py",
  ];
  const there = names.filter((name) => project.files.some(({ path }) => path === name));
  return there[edit % there.length] ?? "";
}

async function editTimes(
  pathOf: (edit: number) => string,
  review: (input: ReviewInput, signal: AbortSignal) => Promise<unknown>,
): Promise<readonly number[]> {
  let { files } = project;
  const times: number[] = [];
  for (let edit = 0; edit < edits; edit++) {
    const path = pathOf(edit);
    const added = `\n\ndef added_${edit}(value: int) -> int:\n    return value + ${edit}\n`;
    files = files.map((file) => (file.path === path ? { ...file, text: file.text + added } : file));
    times.push(await timed(() => review({ ...project, files }, never)));
    await delay(50);
  }
  return times;
}

/** The same rules over the same files, native from a folder and ours from memory; ours on one thread. */
async function measureLint(): Promise<void> {
  const folder = temporaryFolder("large-project");
  for (const { path, text } of python) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const ruff = join(root, ".backend-test/venv/bin/ruff");
  const select = ["--select", lintRules.join(","), "--line-length", "88"];
  const args = ["check", "--isolated", "--no-cache", "--exit-zero", "--output-format", "concise", ...select, folder];
  const natives = Array.from({ length: 3 }, () => {
    const begun = performance.now();
    const { status, stdout } = spawnSync(ruff, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
    return { time: performance.now() - begun, status, found: stdout.match(/^\S+:\d+:\d+:/gm)?.length ?? 0 };
  });
  if (natives.some(({ status }) => status !== 0)) return console.log("The native ruff is not there to compare with.");
  const style = { lineLength: 88, isort: {}, knownFirstParty: [], targetVersion: undefined };
  const own = await startRuff(style, ["app", "legacy"]);
  let found = 0;
  const times = [0, 1, 2].map(() => {
    const begun = performance.now();
    found = python.reduce((sum, { text }) => sum + own.lint(text).length, 0);
    return performance.now() - begun;
  });
  own.dispose();
  const [native, ours] = [Math.min(...natives.map(({ time }) => time)), Math.min(...times)];
  console.log(
    `ruff check: native ${native.toFixed(0)} ms on all cores (${natives[0]?.found} found), ours ${ours.toFixed(0)} ms on one thread (${found} found): ${(ours / native).toFixed(1)} times`,
  );
}

/** In KB, of the processes that this one has started and that still run. */
function peakOfChildren(): number {
  const peaks = readdirSync("/proc").flatMap((name) => {
    const status = /^\d+$/.test(name) ? statusOf(name) : "";
    const isChild = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]) === process.pid;
    return isChild ? [Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0)] : [];
  });
  return Math.max(0, ...peaks);
}

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    // It ended meanwhile.
    return "";
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function line(what: string, milliseconds: number, promised?: number): void {
  console.log(`${what}: ${milliseconds.toFixed(0)} ms${promised === undefined ? "" : `; promised ${promised}`}`);
}
