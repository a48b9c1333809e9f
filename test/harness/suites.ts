import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureChromium } from "./chromium.ts";
import { ensureEditor } from "./editorInstall.ts";
import { root } from "./paths.ts";
import { ensureBubblewrap, ensurePostgres, ensurePythonEnvironments } from "./provision.ts";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Suite {
  readonly name: string;
  /** Milliseconds after which the suite is ended and counts as failed. */
  readonly limit: number;
  /** Runs only when it is named. */
  readonly onRequest?: boolean;
  /** Keeps one core busy and minds no company: runs at the same time as its neighbours that say the same. */
  readonly sociable?: boolean;
  /** Installs what is missing. */
  readonly prepare?: () => void;
  /** The arguments of `node`; the suite writes what it counted to the file. */
  readonly command: (countsFile: string) => readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Undefined when the file does not say; then the exit code alone counts, as one. */
  readonly counted?: (text: string) => Counts | undefined;
}

const minute = 60_000;

/** A process for each file is thirty times slower for small tests, and none of ours keeps state in modules. */
const oneProcess = ["--test-isolation=none"];

/** For files that wait for programs most of their time. */
const twoProcesses = ["--test-isolation=process", "--test-concurrency=2"];

/** Every suite, the quick ones first. */
export const suites: readonly Suite[] = [
  { name: "types", limit: 3 * minute, command: () => ["node_modules/typescript/bin/tsc"] },
  {
    name: "lint",
    limit: 3 * minute,
    command: () => ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."],
  },
  nodeTests("unit", "test/unit/**/*.test.ts", 5 * minute),
  { ...nodeTests("crash", "test/crash/**/*.test.ts", 10 * minute), sociable: true },
  { ...nodeTests("designs", "test/designs/**/*.test.ts", 10 * minute), sociable: true },
  { ...nodeTests("fuzz", "test/fuzz/**/*.test.ts", 10 * minute), sociable: true },
  { name: "build", limit: 3 * minute, command: () => ["test/harness/build.ts"] },
  nodeTests("ddl", "test/ddl/**/*.test.ts", 5 * minute),
  // The editor brings the ripgrep that the tools ask.
  { ...nodeTests("cli", "test/cli/**/*.test.ts", 10 * minute), prepare: ensureEditor, sociable: true },
  {
    ...nodeTests("sandbox", "test/sandbox/**/*.test.ts", 10 * minute),
    prepare: ensureBubblewrap,
    sociable: true,
    command: (countsFile) => ["test/harness/unprivileged.ts", countsFile, ...filesOf("test/sandbox/**/*.test.ts")],
  },
  { ...nodeTests("backend", "test/backend/**/*.test.ts", 15 * minute, twoProcesses), prepare: prepareBackends },
  hostSuite("host"),
  { ...hostSuite("floor"), environment: { BACKEND_EDITOR: "floor" } },
  { ...nodeTests("e2e", "test/e2e/**/*.test.ts", 15 * minute), prepare: prepareBrowser },
  { ...nodeTests("corpus", "test/corpus/**/*.test.ts", 30 * minute), prepare: prepareBackends, onRequest: true },
];

/** What a suite counted; a suite that failed without a failed test, or ran none, counts as one failure. */
export function readCounts(suite: Suite, countsFile: string, exitCode: number | null): Counts {
  const text = existsSync(countsFile) ? readFileSync(countsFile, "utf8") : "";
  const counts = text === "" ? undefined : suite.counted?.(text);
  if (suite.counted === undefined)
    return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 };
  if (counts === undefined || counts.passed + counts.failed === 0) return { passed: 0, failed: 1, skipped: 0 };
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function nodeTests(name: string, pattern: string, limit: number, isolation = oneProcess): Suite {
  const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"];
  return {
    name,
    limit,
    command: (countsFile) => {
      return [
        "--liftoff-only",
        "--test",
        ...isolation,
        ...reporters,
        `--test-reporter-destination=${countsFile}`,
        ...filesOf(pattern),
      ];
    },
    counted: countsOfTap,
  };
}

function hostSuite(name: string): Suite {
  return {
    name,
    limit: 6 * minute,
    prepare: prepareBrowser,
    command: (countsFile) => ["test/harness/hostSuite.ts", countsFile],
    counted: (text): Counts => JSON.parse(text),
  };
}

function filesOf(pattern: string): readonly string[] {
  const files = globSync(pattern, { cwd: root }).sort();
  if (files.length === 0) throw new Error(`no file matches ${pattern}`);
  return files;
}

/** TAP ends in lines such as `# pass 12`. */
function countsOfTap(tap: string): Counts | undefined {
  const count = (name: string): number => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(tap)?.[1]);
  const counts = {
    passed: count("pass"),
    failed: count("fail") + count("cancelled"),
    skipped: count("skipped") + count("todo"),
  };
  return Number.isNaN(counts.passed + counts.failed + counts.skipped) ? undefined : counts;
}

function prepareBackends(): void {
  ensurePostgres();
  ensurePythonEnvironments();
}

function prepareBrowser(): void {
  ensureEditor();
  ensureChromium();
  if (!existsSync(join(root, "dist", "extension.cjs"))) throw new Error("the extension was not built");
}
