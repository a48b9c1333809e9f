#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createChangeSet } from "./changes/changeSet.ts";
import { originsOf } from "./changes/layers.ts";
import type { ChangeSet } from "./changes/model.ts";
import { createOverlay } from "./changes/overlay.ts";
import { partlyWritten } from "./changes/partlyWritten.ts";
import { anthropicModelId } from "./models/modelAliases.ts";
import { journalName } from "./node/acceptJournal.ts";
import { readAgentFolder } from "./node/agentFolder.ts";
import { createInProcessAnalyzer } from "./node/analyzerInProcess.ts";
import { writeAtomically } from "./node/atomicWriter.ts";
import { check } from "./node/check.ts";
import { createDiskWriter } from "./node/diskWriter.ts";
import { readDocumentFiles } from "./node/documentFiles.ts";
import { createFileWorkspace } from "./node/fileWorkspace.ts";
import { createScratchDatabase } from "./node/scratchDatabaseProcess.ts";
import { readAgent } from "./session/agentFiles.ts";
import { type DecisionRequest, decide } from "./session/decide.ts";
import type { RunResult, SessionEvent } from "./session/events.ts";
import { executeDesign } from "./session/executeDesign.ts";
import { isClean } from "./session/failing.ts";
import { implement } from "./session/implement.ts";
import { assumptionJson, implementJson, type ProposedLines, planJson, specJson } from "./session/jsonOutput.ts";
import { assumptionsReport } from "./session/planReport.ts";
import { planRun } from "./session/planRun.ts";
import { specReport } from "./session/report.ts";
import { decisionsPath } from "./spec/join/decisionsFile.ts";
import type { SpecReading } from "./spec/reading.ts";
import { messageOf, UserFacingError } from "./support/errors.ts";
import { unexpectedText } from "./support/unexpected.ts";

const usage = `Usage:
  backend-implementer spec <paths…> [--json] [--no-execute]
  backend-implementer plan <paths…> [--assumptions] [--model <name>] [--json]
                                    [--confirm <id>] [--correct <id>=<value>]
  backend-implementer implement <paths…> --out <dir> [--model offline] [--json]
                                [--overwrite] [--allow-data-loss]
  backend-implementer check <dir> --docs <paths…> [--format <name>] [--fail-on <kinds>]
                                  [--sarif <file>] [--junit <file>] [--html <file>]
                                  [--baseline <file> | --write-baseline <file>]
                                  [--accept-drift <id>]

Reads design documents (Markdown, OpenAPI, SQL; files or folders), implements them as a FastAPI
backend, or holds a project against them. The plan is the design as it is understood, for checking;
what is confirmed or corrected is kept in .backend/design.yaml below the working folder.

  --out <dir>     where the backend is written
  --overwrite     writes over files of which it is not known whether they were edited by hand
  --allow-data-loss  writes the migrations that drop data the design has no place for any more
  --docs <paths>  design documents to check against; may be given several times
  --model <name>  implement: offline, the only one here and the default;
                  plan: the model whose cost is estimated (opus, sonnet, haiku or an id), nothing is sent
  --assumptions   only what is assumed, with the ids to decide it by
  --confirm <id>  an assumption that is right; --correct <id>=<value> one that is not; both several times
  --format <name> text, json, sarif, junit or html
  --json          the same as --format json
  --sarif <file>  writes that report to a file too, beside the one that is printed; so do --junit and --html
  --no-execute    spec does not try out the SQL of the design in an embedded PostgreSQL
  --fail-on <k>   what exits 1: fail, review, coverage, drift, several with commas, or none; fail,coverage by default
  --baseline <f>  leaves out what stands in a baseline; --write-baseline <f> writes one and exits 0
  --accept-drift <id>  the design of this element has changed and the code follows it; several times, or all
  --help, --version

Exit status: 0 fine, 1 findings, 2 bad usage or unreadable input.
`;

const exit = { fine: 0, findings: 1, failed: 2 } as const;

type ExitCode = (typeof exit)[keyof typeof exit];

/** What one run of the command works with. */
interface Invocation {
  readonly paths: readonly string[];
  readonly options: Options;
  /** Folder of the running script. */
  readonly home: string;
  readonly signal: AbortSignal;
}

async function main(args: readonly string[], home: string): Promise<ExitCode> {
  const { values, positionals } = parse(args);
  if (values.help) return print(usage);
  if (values.version) return print(`${await version(home)}\n`);
  const [name, ...paths] = positionals;
  const command = name === undefined ? undefined : commands[name];
  if (!command) throw badUsage(name === undefined ? "No command is given." : `There is no command "${name}".`);
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort());
  return command({ paths, options: values, home, signal: interruption.signal });
}

type Options = ReturnType<typeof parse>["values"];

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: gatherDocs(args),
      allowPositionals: true,
      options: {
        out: { type: "string" },
        docs: { type: "string", multiple: true },
        model: { type: "string" },
        assumptions: { type: "boolean" },
        confirm: { type: "string", multiple: true },
        correct: { type: "string", multiple: true },
        json: { type: "boolean" },
        overwrite: { type: "boolean" },
        "allow-data-loss": { type: "boolean" },
        "no-execute": { type: "boolean" },
        format: { type: "string" },
        "fail-on": { type: "string" },
        sarif: { type: "string" },
        junit: { type: "string" },
        html: { type: "string" },
        baseline: { type: "string" },
        "write-baseline": { type: "string" },
        "accept-drift": { type: "string", multiple: true },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean", short: "v" },
      },
    });
  } catch (thrown) {
    throw badUsage(messageOf(thrown));
  }
}

/** `--docs a b c` names several documents; the parser of Node knows one value for each option. */
function gatherDocs(args: readonly string[]): string[] {
  let inDocs = false;
  return args.flatMap((arg, index) => {
    if (arg.startsWith("-")) inDocs = arg === "--docs";
    const isFurther = inDocs && !arg.startsWith("-") && args[index - 1] !== "--docs";
    return isFurther ? ["--docs", arg] : [arg];
  });
}

const commands: Readonly<Record<string, (invocation: Invocation) => Promise<ExitCode>>> = {
  spec: runSpec,
  plan: runPlan,
  implement: runImplement,
  check: runCheck,
};

async function runSpec({ paths, options, home, signal }: Invocation): Promise<ExitCode> {
  const documents = await readDocumentFiles(required(paths, "a document"), process.cwd());
  const found = await createInProcessAnalyzer(home).readSpec(documents, signal);
  const reading = options["no-execute"] ? found : await tried(found, home, signal);
  await printAs(options, specJson(reading), specReport(reading));
  return reading.problems.some(({ severity }) => severity === "error") ? exit.findings : exit.fine;
}

/** The reading with what an embedded PostgreSQL has against its SQL; bounded in time. */
async function tried(reading: SpecReading, home: string, signal: AbortSignal): Promise<SpecReading> {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const database = createScratchDatabase({ script: join(home, "scratchDatabase.cjs"), log });
  return { ...reading, problems: [...reading.problems, ...(await executeDesign(reading, database, signal))] };
}

async function runPlan({ paths, options, home, signal }: Invocation): Promise<ExitCode> {
  const documents = await readDocumentFiles(required(paths, "a document"), process.cwd());
  const analyzer = createInProcessAnalyzer(home);
  const requests = decisionsOf(options);
  if (requests.length > 0) {
    const { assumptions } = await analyzer.readSpec(documents, signal);
    await writeDecisions((text) => decide(text, assumptions, requests));
    return print(`Decided ${requests.map(({ id }) => id).join(", ")} in ${decisionsPath}.\n`);
  }
  const { model = "offline" } = options;
  const { agent } = readAgent(await readAgentFolder(join(home, "../agents")));
  const id = anthropicModelId(model);
  const priced = model === "offline" ? {} : { model: { info: { id, label: id }, agent, scaffoldFirst: true } };
  const plan = await planRun(documents, { workspace: createFileWorkspace(process.cwd()), analyzer, ...priced }, signal);
  if (options.assumptions) {
    const { assumptions } = plan.reading;
    return printAs(options, { assumptions: assumptions.map(assumptionJson) }, assumptionsReport(plan.reading));
  }
  return printAs(options, planJson(plan), plan.report);
}

function decisionsOf({ confirm = [], correct = [] }: Options): readonly DecisionRequest[] {
  const corrections = correct.map((text): DecisionRequest => {
    const at = text.indexOf("=");
    if (at <= 0) throw badUsage(`--correct takes <id>=<value>, not "${text}".`);
    return { id: text.slice(0, at), corrected: text.slice(at + 1) };
  });
  return [...confirm.map((id): DecisionRequest => ({ id })), ...corrections];
}

async function writeDecisions(change: (text: string | undefined) => string): Promise<void> {
  const before = await createFileWorkspace(process.cwd()).readText(decisionsPath);
  await writeAtomically(process.cwd(), { path: decisionsPath, before, after: change(before) });
}

async function runImplement({ paths, options, home, signal }: Invocation): Promise<ExitCode> {
  if (options.out === undefined) throw badUsage("--out is missing.");
  if ((options.model ?? "offline") !== "offline") throw badUsage(`There is no model "${options.model}" here.`);
  const documents = await readDocumentFiles(required(paths, "a document"), process.cwd());
  const root = resolve(options.out);
  const disk = createDiskWriter(root, { storage: join(root, ".backend") });
  await disk.refuseLinks(`.backend/${journalName}`);
  await disk.recover();
  const workspace = createFileWorkspace(root);
  const changes = createChangeSet();
  const { agent } = readAgent(await readAgentFolder(join(home, "../agents")));
  const run = implement(
    { kind: "implement", documents, instructions: "", signal },
    { workspace, root, changes, analyzer: createInProcessAnalyzer(home), agent },
  );
  const { result, written } = await finish(run);
  if (result.stopped !== "finished") throw new UserFacingError("STOPPED", result.detail ?? "The run was cancelled.");
  for (const path of withheld(result, changes, options)) changes.reject({ path });
  const overlay = createOverlay(workspace, changes);
  const files = await Promise.all(written.map((path) => linesOf(path, overlay, changes)));
  await mkdir(root, { recursive: true });
  const writes = changes.acceptance({});
  const { failed } = await disk.journaled(writes, (intent) => disk.write(writes, intent));
  if (failed.length > 0) throw partlyWritten(writes.length - failed.length, failed);
  await printAs(options, implementJson(result, files), `Wrote ${writes.length} files to ${root}.\n\n${result.report}`);
  const isMerged = (result.changes?.conflicts.length ?? 0) === 0;
  return isMerged && result.review && isClean(result.review) ? exit.fine : exit.findings;
}

/** Here nobody looks at a proposal before it is written, so what could cost work or data takes a word of its own. */
function withheld({ changes: facts }: RunResult, changes: ChangeSet, options: Options): readonly string[] {
  const cuts = (path: string) => changes.file(path)?.hunks.some(({ removed }) => removed.length > 0) ?? false;
  const unknown = options.overwrite ? [] : (facts?.unknown ?? []).filter(cuts);
  const losing = options["allow-data-loss"] ? [] : (facts?.decisions ?? []).flatMap(({ path }) => path ?? []);
  return [...unknown, ...losing];
}

interface Finished {
  readonly result: RunResult;
  /** Every file that was proposed, or found to be as it should be already. */
  readonly written: readonly string[];
}

async function finish(run: AsyncGenerator<SessionEvent, RunResult>): Promise<Finished> {
  const written = new Set<string>();
  for (;;) {
    const { value, done } = await run.next();
    if (done) return { result: value, written: [...written] };
    if (value.type === "stepFinished") for (const path of value.files) written.add(path);
  }
}

async function linesOf(
  path: string,
  state: ReturnType<typeof createOverlay>,
  changes: ChangeSet,
): Promise<ProposedLines> {
  const text = (await state.readText(path)) ?? "";
  const lines = text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
  return { path, lines, origins: originsOf(changes.file(path)?.hunks ?? []) };
}

async function runCheck({ paths, options, home, signal }: Invocation): Promise<ExitCode> {
  const [folder, ...others] = required(paths, "a project folder");
  if (others.length > 0) throw badUsage("check takes one project folder; give the documents after --docs.");
  const docs = required(options.docs ?? [], "a document after --docs");
  const analyzer = createInProcessAnalyzer(home);
  const { text, isFailing } = await check({ folder, docs, options, analyzer, version: await version(home), signal });
  await print(text);
  return isFailing ? exit.findings : exit.fine;
}

function required(values: readonly string[], what: string): readonly [string, ...string[]] {
  const [first, ...rest] = values;
  if (first === undefined) throw badUsage(`Name ${what}.`);
  return [first, ...rest];
}

function printAs({ json }: Options, data: unknown, text: string): Promise<ExitCode> {
  return print(json ? `${JSON.stringify(data, undefined, 2)}\n` : `${text}\n`);
}

/** Waits for the pipe: an exit right after a large write would cut it. */
function print(text: string): Promise<ExitCode> {
  return new Promise((done) => process.stdout.write(text, () => done(exit.fine)));
}

async function version(home: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(home, "../package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "";
}

function badUsage(why: string): UserFacingError {
  return new UserFacingError("USAGE", `${why} See --help.`);
}

function describe(thrown: unknown): string {
  if (thrown instanceof UserFacingError) return thrown.message;
  const stack = thrown instanceof Error ? (thrown.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];
  return [unexpectedText(thrown), ...stack].join("\n");
}

void main(process.argv.slice(2), dirname(realpathSync(process.argv[1] ?? ".")))
  .catch((thrown: unknown) => {
    process.stderr.write(`${describe(thrown)}\n`);
    return exit.failed;
  })
  .then((code) => {
    process.exitCode = code;
  });
