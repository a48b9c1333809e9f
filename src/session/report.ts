import type { Assumption, Decision, NeedsDetail } from "../compiler/compilation.ts";
import type { ChecklistItem, Coverage, CoverageElement, CoverageStatus, Review, Verdict } from "../review/model.ts";
import { documentText } from "../spec/documentNames.ts";
import type { SpecReading } from "../spec/reading.ts";
import { asSentence, capitalize, counted } from "../support/words.ts";
import { unseenPart } from "./coverageWords.ts";
import { place } from "./design.ts";
import type { RunResult } from "./events.ts";
import { join, list } from "./markdown.ts";
import type { NewPackages } from "./newPackages.ts";
import type { UnreadSource } from "./proposedState.ts";
import type { ChangeFacts } from "./reconcile.ts";
import { reasonText } from "./reports/findingLine.ts";
import { skillsSection } from "./skillUses.ts";
import { spendingText } from "./spending.ts";

export interface RunFacts extends Omit<RunResult, "report"> {
  /** How many files wait for a decision. */
  readonly proposed: number;
  /** What is proposed to be installed. */
  readonly newPackages: readonly NewPackages[];
}

/** The last word of a run, as Markdown. It always ends with the skills that were really used. */
export function runReport(facts: RunFacts): string {
  return join([
    headline(facts),
    facts.changedDocuments && changedDocumentsText(facts.changedDocuments),
    facts.review && checklistSection(facts.review.checklist),
    facts.review && coverageSection(facts.review.coverage),
    newPackagesSection(facts.newPackages),
    facts.changes && changesSection(facts.changes),
    assumptionsSection(facts.assumptions),
    needsDetailSection(facts.needsDetail),
    skillsSection(facts.skillsUsed),
  ]);
}

/** The answer of `/check`; with the whole project beside it where a baseline leaves out what was known before. */
export function reviewReport(review: Review, whole?: Review): string {
  const scores = whole
    ? `## Review since the baseline\n\n${score(review)}\n\nWhole project: ${score(whole)}`
    : `## Review\n\n${score(review)}`;
  return join([
    scores,
    checklistSection(review.checklist, whole?.checklist),
    coverageSection(review.coverage, whole?.coverage),
    driftSection(review.coverage),
    skillsSection([]),
  ]);
}

/** What was read of the documents, for the terminal. */
export function specReport(reading: SpecReading): string {
  return join([
    `## Design\n\n${specSummary(reading)}`,
    problemsSection(reading),
    list(
      "### Not understood",
      reading.notUnderstood.map(({ path, line, text }) => `${text.split("\n")[0]} (\`${path}:${line}\`)`),
    ),
  ]);
}

const endings: Readonly<Record<RunResult["stopped"], string>> = {
  finished: "Backend proposed",
  cancelled: "Cancelled",
  turnLimit: "Stopped at the turn limit",
  paused: "Paused",
  modelFailed: "The model failed",
  refused: "Declined",
};

/** The model itself is not at fault when it was never heard. */
const unheard: ReadonlySet<string | undefined> = new Set(["auth", "billing", "consent", "notFound", "rateLimit"]);

function endingOf({ stopped, failure }: RunFacts): string {
  return stopped === "modelFailed" && unheard.has(failure) ? "The model cannot be asked" : endings[stopped];
}

function headline(facts: RunFacts): string {
  const { stopped, detail, proposed, review, milliseconds, model, state, needsDetail } = facts;
  const more = state && stopped !== "finished" ? "`/continue` goes on from here." : "";
  const explanation = [detail && asSentence(detail), more].filter((text) => text).join(" ");
  const used = facts.usage ? [spendingText(facts)] : [];
  const lines = [
    ...(explanation === "" ? [] : [explanation]),
    ...(review || proposed > 0
      ? [`${counted(proposed, "file")} to review${review ? `, ${score(review, needsDetail.length)}` : "."}`]
      : []),
    ...(review ? [`${[model, `${(milliseconds / 1000).toFixed(1)} s`, ...used].join(", ")}.`] : []),
  ];
  return `## ${endingOf(facts)}\n\n${lines.join("\n\n")}`;
}

function score({ checklist, coverage }: Review, open = 0): string {
  const applicable = checklist.filter(({ status }) => status !== "notApplicable");
  const passed = applicable.filter(({ status }) => status === "pass").length;
  const { implemented, missing, mismatched } = coverage.totals;
  const designed = implemented + missing + mismatched;
  const detail = open > 0 ? ` (${open} ${open === 1 ? "needs" : "need"} detail)` : "";
  return `checklist ${passed} of ${applicable.length}, design coverage ${implemented} of ${designed}${detail}.`;
}

function changedDocumentsText(paths: readonly string[]): string {
  const names = paths.map((path) => `\`${path}\``).join(", ");
  return `${names} changed after the run started, which went by what stood there before; run it again to follow.`;
}

const marks: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✗", review: "?", notApplicable: "–" };

function checklistSection(checklist: readonly ChecklistItem[], whole: readonly ChecklistItem[] = checklist): string {
  const lines = checklist.map(({ id, status, title, findings }) => {
    const found = findings.length === 0 || status === "pass" ? "" : `: ${counted(findings.length, "finding")}`;
    const all = whole.find((item) => item.id === id)?.findings.length ?? 0;
    const before = all > findings.length ? ` (${all} in the whole project)` : "";
    return `- ${marks[status]} ${title}${status === "review" ? " — to be judged" : ""}${found}${before}`;
  });
  return `### Quality checklist\n\n${lines.join("\n")}`;
}

/** Two columns of short words: in the chat's narrow column the cells of a wider table break within words. */
function coverageSection({ elements, unlinkedRules = [] }: Coverage, whole?: Coverage): string {
  const kinds = [...new Set(elements.map(({ kind }) => kind))];
  const lines = kinds.map((kind) => {
    const ofKind = elements.filter((element) => element.kind === kind);
    const inAll = whole?.elements.filter((element) => element.kind === kind) ?? [];
    const before = inAll.some(({ isKnown }) => isKnown) ? ` (whole project: ${amountsText(inAll)})` : "";
    const name = kindNames[kind][1];
    return `| ${capitalize(name)} | ${amountsText(ofKind)}${before} |`;
  });
  if (unlinkedRules.length > 0) lines.push(`| Rules without a function | ${unlinkedRules.length} to be linked |`);
  if (lines.length === 0) return "";
  return ["### Coverage of the design", "", "| | Implemented |", "|---|---|", ...lines].join("\n");
}

/** `5 of 7, 2 missing, 1 extra` */
function amountsText(elements: readonly CoverageElement[]): string {
  const amount = (status: CoverageStatus) => elements.filter((element) => element.status === status).length;
  const designed = amount("implemented") + amount("missing") + amount("mismatched");
  const rest = (["missing", "mismatched", "extra"] as const)
    .filter((status) => amount(status) > 0)
    .map((status) => {
      const unseen = status === "missing" ? unseenPart(elements) : "";
      return `, ${amount(status)} ${status === "mismatched" ? "different" : status}${unseen}`;
    });
  return `${amount("implemented")} of ${designed}${rest.join("")}`;
}

/** What the code excuses, with its reasons. */
export function ignoredSection(checklist: readonly ChecklistItem[]): string {
  return list(
    "### Ignored",
    checklist.flatMap(({ id, suppressed = [] }) =>
      suppressed.map((found) => `\`${id}\`: ${reasonText(found)} (\`${found.path}:${found.line}\`)`),
    ),
  );
}

/** What the check has not looked at, though it is code or a setting. */
export function unreadSection(unread: readonly UnreadSource[]): string {
  return list(
    "### Not looked at",
    unread.map(({ path, why }) => `\`${path}\`: ${why}`),
  );
}

function driftSection({ elements }: Coverage): string {
  return list(
    "### Changed in the design since it was implemented",
    elements.flatMap(({ id, drift, design }) =>
      drift ? [`\`${id}\`: ${drift.difference}${design ? place(design) : ""}`] : [],
    ),
  );
}

/** Singular and plural of each kind. */
export const kindNames: Readonly<Record<CoverageElement["kind"], readonly [singular: string, plural: string]>> = {
  endpoint: ["endpoint", "endpoints"],
  table: ["table", "tables"],
  column: ["column", "columns"],
  index: ["index", "indexes"],
  constraint: ["constraint", "constraints"],
  policy: ["row policy", "row policies"],
  entity: ["entity", "entities"],
  field: ["field", "fields"],
  valueObject: ["value object", "value objects"],
  event: ["domain event", "domain events"],
  rule: ["business rule", "business rules"],
  errorCode: ["error code", "error codes"],
};

export function decisionsSection(decisions: readonly Decision[]): string {
  return list(
    "### To decide",
    decisions.map(({ text }) => text),
  );
}

/** Nothing of it is installed by a run: that is the user's to do, who should know the names. */
function newPackagesSection(added: readonly NewPackages[]): string {
  return list(
    "### New packages",
    added.map(({ path, names }) => `${names.map((name) => `\`${name}\``).join(", ")} (\`${path}\`)`),
  );
}

/** What a design that changed asks of the person; nothing where it met no resistance. */
function changesSection({ decisions, conflicts, unknown, removed, abandoned }: ChangeFacts): string {
  const files = (paths: readonly string[], text: string) => paths.map((path) => `\`${path}\` ${text}`);
  return join([
    decisionsSection(decisions),
    list("### Where the design meets your edits", [
      ...files(
        conflicts,
        "has lines that both you and the design have changed; yours stand, and the others are conflicts",
      ),
      ...files(unknown, "differs from what is proposed, and nothing tells which of it you wrote: look at every hunk"),
      ...files(removed, "is not needed by the design any more and was never edited, so its deletion is proposed"),
      ...files(abandoned, "is not needed by the design any more, but you have edited it, so it stays"),
    ]),
  ]);
}

export function assumptionsSection(assumptions: readonly Assumption[], title = "### Assumptions"): string {
  return list(
    title,
    assumptions.map(({ text, source }) => `${text}${place(source)}`),
  );
}

export function needsDetailSection(elements: readonly NeedsDetail[]): string {
  return list(
    "### Needs detail",
    elements.map(({ element, reason, source }) => `\`${element}\`: ${reason}${place(source)}`),
  );
}

function specSummary({ spec: { api, database, domain, errors }, documents }: SpecReading): string {
  const amounts = [
    counted(api.endpoints.length, "endpoint"),
    counted(database.tables.length, "table"),
    counted(database.policies.length, "row policy", "row policies"),
    counted(domain.entities.length, "entity", "entities"),
    counted(domain.rules.length, "business rule"),
    counted(errors.codes.length, "error code"),
  ];
  const lines = documents.map(({ path, kinds }) => `- \`${path}\`: ${documentText(kinds)}`);
  return `${amounts.join(", ")}.\n\n${lines.join("\n")}`;
}

/** What is wrong in the documents, and where they contradict each other. */
export function problemsSection({ problems }: SpecReading): string {
  return list(
    "### Contradictions and faults",
    problems.map(({ path, line, message }) => `${message} (\`${path}:${line}\`)`),
  );
}
