import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { acceptDrift } from "../compiler/delta/recordDrift.ts";
import { recordPath } from "../compiler/delta/recordPath.ts";
import { type Baseline, readBaseline, withBaseline, writeBaseline } from "../review/baseline.ts";
import { withoutDrift } from "../review/drift.ts";
import type { Review } from "../review/model.ts";
import { sinceBaseline } from "../review/sinceBaseline.ts";
import { checkProject } from "../session/checkProject.ts";
import type { Analyzer } from "../session/ports.ts";
import type { CheckedProject } from "../session/reports/checkedProject.ts";
import { isReportFormat, type ReportFormat, reportFormats, writeReport } from "../session/reports/reports.ts";
import {
  type FailureKind,
  failureKinds,
  isFailing,
  readFailureKinds,
  usualFailures,
} from "../session/reports/verdict.ts";
import { messageOf, UserFacingError } from "../support/errors.ts";
import { writeAtomically } from "./atomicWriter.ts";
import { readDocumentFiles } from "./documentFiles.ts";
import { createFileWorkspace, type FileWorkspace } from "./fileWorkspace.ts";
import { namedFrom } from "./namedFrom.ts";

/** What the user says about a check, as it was typed. */
export interface CheckOptions {
  readonly json?: boolean | undefined;
  readonly format?: string | undefined;
  readonly sarif?: string | undefined;
  readonly junit?: string | undefined;
  readonly html?: string | undefined;
  readonly "fail-on"?: string | undefined;
  readonly baseline?: string | undefined;
  readonly "write-baseline"?: string | undefined;
  /** Ids of elements whose changed design is right as it is, or `all`. */
  readonly "accept-drift"?: readonly string[] | undefined;
}

export interface CheckRequest {
  readonly folder: string;
  /** Files and folders, at least one. */
  readonly docs: readonly string[];
  readonly options: CheckOptions;
  readonly analyzer: Analyzer;
  /** Of the product. */
  readonly version: string;
  readonly signal: AbortSignal;
}

/**
 * `check` of the headless command: holds a folder against its design and writes the reports that were asked for.
 * Relative paths are those of the working folder. A check that records a baseline never fails: what it found is known.
 *
 * Throws a {@link UserFacingError} for options that mean nothing and for files that cannot be read.
 */
export async function check(request: CheckRequest): Promise<{ readonly text: string; readonly isFailing: boolean }> {
  const { folder, docs, options, analyzer, version, signal } = request;
  const format = formatOf(options);
  const failures = failuresOf(options);
  const baseline = await baselineOf(options);
  const documents = await readDocumentFiles(docs, process.cwd());
  const workspace = createFileWorkspace(resolve(folder));
  if ((await workspace.list()).length === 0) throw nothingIn(folder, workspace);
  const { review, unknownDrift, unread } = await checkProject(documents, workspace, analyzer, signal);
  const whole = await withAccepted(review, resolve(folder), options["accept-drift"] ?? []);
  const closed = workspace.closedFolders().map((path) => ({ path, why: "you may not look into this folder" }));
  const checked = { ...sinceKnown(whole, baseline), unknownDrift, unread: [...unread, ...closed] };
  const context = { version, workspace, documents, codeFolder: codeFolder(folder) };
  for (const also of ["sarif", "junit", "html"] as const) {
    const target = options[also];
    if (target !== undefined) await writeOutput(target, await writeReport(checked, also, context));
  }
  const text = await writeReport(checked, format, context);
  const { "write-baseline": target } = options;
  if (target !== undefined) await writeOutput(target, writeBaseline(whole));
  return { text, isFailing: target === undefined && isFailing(checked.review, failures) };
}

function nothingIn(folder: string, workspace: FileWorkspace): UserFacingError {
  const isClosed = workspace.closedFolders().includes("");
  const why = isClosed
    ? "may not be looked into by you; give yourself the right to"
    : "holds no files to check; check the path";
  return new UserFacingError("UNREADABLE", `${folder} ${why}.`);
}

async function baselineOf(options: CheckOptions): Promise<Baseline | undefined> {
  const { baseline } = options;
  if (baseline === undefined) return undefined;
  if (options["write-baseline"] !== undefined) throw badUsage("Give --baseline or --write-baseline, not both.");
  return readBaseline(await readInput(baseline), baseline);
}

function sinceKnown(review: Review, baseline: Baseline | undefined): CheckedProject {
  if (baseline === undefined) return { review };
  const whole = withBaseline(review, baseline);
  return { review: sinceBaseline(whole), whole };
}

/** Accepts the drift of these elements in the record of the design, and takes it out of the review. */
async function withAccepted(review: Review, root: string, ids: readonly string[]): Promise<Review> {
  if (ids.length === 0) return review;
  const accepted = driftHashes(review, ids);
  const before = await createFileWorkspace(root).readText(recordPath);
  await writeAtomically(root, { path: recordPath, before, after: acceptDrift(before, accepted) });
  return withoutDrift(review, new Set(Object.keys(accepted)));
}

function driftHashes({ coverage }: Review, ids: readonly string[]): Readonly<Record<string, string>> {
  const drifted = coverage.elements.flatMap(({ id, drift }) => (drift ? [[id, drift.hash] as const] : []));
  const stray = ids.find((id) => id !== "all" && !drifted.some(([known]) => known === id));
  if (stray !== undefined) {
    const message = `The design of "${stray}" is not known to have changed since it was implemented, so nothing can be accepted. A check lists what has.`;
    throw new UserFacingError("NO_DRIFT", message);
  }
  return Object.fromEntries(drifted.filter(([id]) => ids.includes("all") || ids.includes(id)));
}

function formatOf({ json, format }: CheckOptions): ReportFormat {
  const name = format ?? (json ? "json" : "text");
  if (isReportFormat(name)) return name;
  throw badUsage(`There is no format "${name}"; take ${reportFormats.join(", ")}.`);
}

function failuresOf({ "fail-on": text }: CheckOptions): readonly FailureKind[] {
  const kinds = text === undefined ? usualFailures : readFailureKinds(text);
  if (!("unknown" in kinds)) return kinds;
  throw badUsage(`--fail-on does not know "${kinds.unknown}"; take ${failureKinds.join(", ")} or none.`);
}

/** See `ReportContext`. */
function codeFolder(folder: string): string {
  const named = namedFrom(process.cwd(), resolve(folder));
  return named === "" || named.endsWith("/") ? named : `${named}/`;
}

async function readInput(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    throw new UserFacingError("UNREADABLE", `${path} cannot be read (${messageOf(thrown)}); check the path.`);
  }
}

async function writeOutput(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (thrown) {
    throw new UserFacingError("UNWRITABLE", `${path} cannot be written (${messageOf(thrown)}); check the path.`);
  }
}

function badUsage(why: string): UserFacingError {
  return new UserFacingError("USAGE", `${why} See --help.`);
}
