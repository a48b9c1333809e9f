import { type Compilation, steps } from "../compiler/compilation.ts";
import { documentText } from "../spec/documentNames.ts";
import { elementsOf } from "../spec/elements.ts";
import type { AssumptionKind, DesignAssumption } from "../spec/join/assumptions.ts";
import { endpointShapes } from "../spec/join/endpointShapes.ts";
import type { Confidence, ElementKind } from "../spec/model.ts";
import type { SpecReading } from "../spec/reading.ts";
import { retryText } from "../spec/retryText.ts";
import { counted } from "../support/words.ts";
import type { CostEstimate, Range } from "./costEstimate.ts";
import { place } from "./design.ts";
import { join, list } from "./markdown.ts";
import { assumptionsSection, decisionsSection, kindNames, needsDetailSection, problemsSection } from "./report.ts";
import { skillsSection } from "./skillUses.ts";

export interface PlanFacts {
  readonly reading: SpecReading;
  readonly compilation: Compilation;
  /** Undefined: the offline engine, which costs nothing. */
  readonly cost?: CostEstimate;
  /** The name of the model that was estimated. */
  readonly model?: string;
}

/** How many elements of one sort are declared, inferred and missing. */
export interface ConfidenceRow {
  readonly kind: ElementKind | "request" | "answer";
  readonly counts: Readonly<Record<Confidence, number>>;
}

/**
 * The answer of `/plan`: the specification as the user should check it before it is implemented. The
 * sentence on top is all that many will read; what needs a decision comes before what is only long.
 */
export function planReport(facts: PlanFacts): string {
  const { reading, compilation } = facts;
  return join([
    `## Plan\n\n${summary(facts)}`,
    decisionsSection(compilation.decisions ?? []),
    confidenceSection(confidenceOf(reading)),
    retriesSection(reading),
    problemsSection(reading),
    designAssumptionsSection(reading.assumptions),
    assumptionsSection(compilation.assumptions, "### Decided by the engine"),
    needsDetailSection(compilation.needsDetail),
    notUnderstoodSection(reading),
    documentsSection(reading),
    filesSection(compilation),
    costSection(facts),
    skillsSection([]),
  ]);
}

/** What the reading assumes, by kind, for the terminal: with ids and values, so that it can be decided. */
export function assumptionsReport({ assumptions }: SpecReading): string {
  if (assumptions.length === 0) return "## Assumptions\n\nNothing is assumed; the documents say it all.";
  const lines = assumptions.map(
    ({ id, state, value, text, source }) => `- ${marks[state]} \`${id}\`: ${text} \`${value}\`${place(source)}`,
  );
  return join(["## Assumptions", stateCounts(assumptions), lines.join("\n"), howToDecide]);
}

/** Elements by kind, and the bodies and answers of the endpoints. */
export function confidenceOf({ spec }: SpecReading): readonly ConfidenceRow[] {
  const elements = elementsOf(spec);
  const kinds = [...new Set(elements.map(({ kind }) => kind))];
  const shapes = endpointShapes(spec);
  const rowOf = (kind: ConfidenceRow["kind"], confidences: readonly (Confidence | "none")[]): ConfidenceRow => ({
    kind,
    counts: {
      declared: confidences.filter((confidence) => confidence === "declared").length,
      inferred: confidences.filter((confidence) => confidence === "inferred").length,
      missing: confidences.filter((confidence) => confidence === "missing").length,
    },
  });
  return kinds.flatMap((kind) => {
    const own = rowOf(
      kind,
      elements.filter((element) => element.kind === kind).map(({ confidence }) => confidence),
    );
    if (kind !== "endpoint") return [own];
    const request = rowOf(
      "request",
      shapes.map((shape) => shape.request),
    );
    return [
      own,
      request,
      rowOf(
        "answer",
        shapes.map((shape) => shape.answer),
      ),
    ];
  });
}

function summary({ reading, compilation, cost, model }: PlanFacts): string {
  const { api, database, domain, errors } = reading.spec;
  const design = [
    counted(api.endpoints.length, "endpoint"),
    counted(database.tables.length, "table"),
    counted(domain.entities.length, "entity", "entities"),
    counted(errors.codes.length, "error code"),
  ].join(", ");
  const faults = reading.problems.filter(({ severity }) => severity !== "info").length;
  const open = reading.assumptions.filter(({ state }) => state === "open").length;
  const checks = [
    counted(faults, "contradiction or fault", "contradictions and faults"),
    counted(open, "open assumption"),
    `${compilation.needsDetail.length} left open`,
    `${reading.notUnderstood.length} not understood`,
  ].join(", ");
  const price = cost ? `${model ?? "The model"}: ${costText(cost)}` : "The offline engine costs nothing";
  return `${design} become ${counted(compilation.files.length, "file")}. To check: ${checks}. ${price}.`;
}

/** A list and no table: in the chat's narrow column the cells of a table break within words. */
function confidenceSection(rows: readonly ConfidenceRow[]): string {
  const lines = rows.map(({ kind, counts: { declared, inferred, missing } }) => {
    const all = declared + inferred + missing;
    const unsure = [...(inferred > 0 ? [`${inferred} inferred`] : []), ...(missing > 0 ? [`${missing} missing`] : [])];
    return [
      counted(all, ...(kind === "request" || kind === "answer" ? shapeNames[kind] : kindNames[kind])),
      ...unsure,
    ].join(", ");
  });
  return list("### Elements", lines);
}

function retriesSection({ spec }: SpecReading): string {
  const policies = spec.errors.retries ?? [];
  if (policies.length === 0) return "";
  return list(
    "### Retries",
    policies.map((policy) => `${retryText(policy)}${place(policy.source)}`),
  );
}

const shapeNames = { request: ["request body", "request bodies"], answer: ["answer", "answers"] } as const;

const marks: Readonly<Record<DesignAssumption["state"], string>> = { open: "?", confirmed: "✓", corrected: "✎" };

const titles: Readonly<Record<AssumptionKind, string>> = {
  name: "Entities and their tables",
  resource: "Names in paths",
  relation: "Relations",
  owner: "Owners",
  default: "Keys that the application makes",
  type: "Column types",
  model: "Models of answers",
  request: "Request bodies",
  answer: "Answers",
  status: "Statuses",
};

/** Of each kind; more of them than this are in the view, the file and the JSON. */
const mostOfKind = 8;

const howToDecide =
  'Confirm or correct them in the view "Design Assumptions", with the light bulb in the document, or in `.backend/design.yaml`.';

function designAssumptionsSection(assumptions: readonly DesignAssumption[]): string {
  if (assumptions.length === 0) return "";
  const kinds = (Object.keys(titles) as AssumptionKind[]).flatMap((kind) => {
    const own = assumptions.filter((assumption) => assumption.kind === kind && assumption.state === "open");
    const entries = own.map(({ text, value, source }) => `${text} \`${shortened(value)}\`${place(source)}`);
    return list(`**${titles[kind]}** (${own.length})`, entries, mostOfKind);
  });
  return join(["### Assumptions", stateCounts(assumptions), ...kinds, howToDecide]);
}

function stateCounts(assumptions: readonly DesignAssumption[]): string {
  const amount = (state: DesignAssumption["state"]): number =>
    assumptions.filter((assumption) => assumption.state === state).length;
  return `${amount("open")} open, ${amount("confirmed")} confirmed, ${amount("corrected")} corrected.`;
}

function shortened(value: string): string {
  return value.length > 120 ? `${value.slice(0, 117)}…` : value;
}

function notUnderstoodSection({ notUnderstood }: SpecReading): string {
  return list(
    "### Not understood",
    notUnderstood.map((passage) => `${passage.text.split("\n")[0]}${place({ ...passage, endLine: passage.line })}`),
  );
}

function documentsSection({ documents }: SpecReading): string {
  return list(
    "### Documents",
    documents.map(({ path, kinds }) => `\`${path}\`: ${documentText(kinds)}`),
  );
}

/** Folders with how many files each; every path is in the JSON, and in the chat fifty lines would bury the rest. */
function filesSection({ files }: Compilation): string {
  const lines = steps.map((title, index) => {
    const folders = new Map<string, number>();
    for (const { path, step } of files) {
      const folder = path.includes("/") ? `\`${path.slice(0, path.lastIndexOf("/"))}\`` : "the root";
      if (step === index + 1) folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
    const amount = [...folders.values()].reduce((sum, own) => sum + own, 0);
    const largestFirst = [...folders].sort(([, left], [, right]) => right - left);
    const places = largestFirst.map(([folder, own]) => `${own} in ${folder}`).join(", ");
    return `${index + 1}. **${title}** — ${counted(amount, "file")}${places === "" ? "" : `: ${places}`}`;
  });
  return `### Files\n\n${lines.join("\n")}`;
}

function costSection({ cost, model }: PlanFacts): string {
  if (!cost) return "### Cost\n\nThe offline engine is free: it needs no model, no key and no network.";
  const lines = [
    `${model ?? "The model"}, estimated before anything is sent: ${costText(cost)}.`,
    `- ${rangeText(cost.turns)} turns`,
    `- ${rangeText(cost.input)} tokens in, most of them from the cache`,
    `- ${rangeText(cost.output)} tokens out`,
    cost.dollars ? `- prices of ${cost.pricesAsOf}` : "- its price is not known here",
  ];
  return `### Cost\n\n${[lines[0], "", ...lines.slice(1)].join("\n")}`;
}

function costText({ dollars, output }: CostEstimate): string {
  if (!dollars) return `about ${rangeText(output)} tokens of output`;
  const text = (amount: number): string => `$${amount.toFixed(amount < 0.1 ? 3 : 2)}`;
  return `about ${text(dollars.low)} to ${text(dollars.high)}`;
}

/** Two figures are all that an estimate has. */
function rangeText({ low, high }: Range): string {
  const rounded = (amount: number): string => Number(amount.toPrecision(2)).toLocaleString("en-US");
  return `${rounded(low)} to ${rounded(high)}`;
}
