import type { Origin } from "../changes/model.ts";
import type { Assumption, NeedsDetail } from "../compiler/compilation.ts";
import { totalsOf } from "../review/coverage/totals.ts";
import type { Finding, Review } from "../review/model.ts";
import type { DesignAssumption } from "../spec/join/assumptions.ts";
import type { DesignElement, DesignSpec, SourceSpan } from "../spec/model.ts";
import type { SpecReading } from "../spec/reading.ts";
import { groupBy } from "../support/groupBy.ts";
import type { RunResult } from "./events.ts";
import { confidenceOf } from "./planReport.ts";
import type { Plan } from "./planRun.ts";
import type { CheckedProject } from "./reports/checkedProject.ts";

/** The JSON of the headless command. Its shapes are a public contract: fields are added, never changed. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

export function specJson({ spec, documents, assumptions, problems, notUnderstood }: SpecReading) {
  return {
    documents: documents.map(({ path, kinds }) => ({ path, kinds })),
    elements: designElements(spec).map(({ id, kind, name, source, confidence }) => ({
      id,
      kind,
      name,
      source: placeOf(source),
      confidence,
    })),
    assumptions: assumptions.map(assumptionJson),
    problems: problems.map(({ path, line, severity, code, message }) => ({ path, line, severity, code, message })),
    notUnderstood: notUnderstood.map(({ path, line, text }) => ({ path, line, text })),
  };
}

export function assumptionJson({ id, kind, state, value, text, element, source, assumed }: DesignAssumption) {
  return { id, kind, state, value, assumed: assumed ?? null, text, element, source: placeOf(source) };
}

export function planJson({ reading, compilation, cost }: Plan) {
  return {
    ...specJson(reading),
    confidence: confidenceOf(reading).map(({ kind, counts }) => ({ kind, ...counts })),
    files: compilation.files.map(({ path, step }) => ({ path, step })),
    engineAssumptions: compilation.assumptions.map(decidedJson),
    needsDetail: compilation.needsDetail.map(openJson),
    cost: cost ?? null,
  };
}

export interface ProposedLines {
  readonly path: string;
  readonly lines: number;
  /** Who proposed what changes in it, the first one first; nobody where it is as it was. */
  readonly origins: readonly Origin[];
}

export function implementJson(result: RunResult, files: readonly ProposedLines[]) {
  return {
    files,
    ...(result.review ? reviewJson({ review: result.review }) : { checklist: [], coverage: emptyCoverage }),
    assumptions: result.assumptions.map(decidedJson),
    needsDetail: result.needsDetail.map(openJson),
    decisions: result.changes?.decisions.map(({ text, path }) => ({ text, path: path ?? null })) ?? [],
    conflicts: result.changes?.conflicts ?? [],
    skillsUsed: result.skillsUsed.map(({ name, how }) => ({ name, how })),
    milliseconds: result.milliseconds,
  };
}

export function reviewJson({ review: { checklist, coverage }, whole, unknownDrift, unread = [] }: CheckedProject) {
  return {
    checklist: checklist.map(({ id, status, findings, suppressed = [] }) => ({
      id,
      status,
      findings: findings.map(findingJson),
      suppressed: suppressed.map((finding) => ({ ...findingJson(finding), reason: finding.reason })),
    })),
    coverage: {
      totals: coverage.totals,
      elements: coverage.elements.map(({ id, status, difference, unseenAt, drift, design, code }) => ({
        id,
        status,
        difference: difference ?? null,
        drift: drift?.difference ?? null,
        design: design ? placeOf(design) : null,
        code: code ? placeOf(code) : null,
        ...(unseenAt && { unseenAt: placeOf(unseenAt) }),
      })),
      unlinkedRules: (coverage.unlinkedRules ?? []).map(({ id, text, design }) => ({
        id,
        text,
        design: placeOf(design),
      })),
      unknownDrift: unknownDrift ?? null,
    },
    ...(unread.length > 0 ? { unread: unread.map(({ path, why }) => ({ path, why })) } : {}),
    ...(whole ? { wholeProject: totalsJson(whole) } : {}),
  };
}

function findingJson({ path, line, message, fingerprint, needsJudgement = false }: Finding) {
  return { path, line, message, fingerprint: fingerprint ?? null, needsJudgement };
}

/** Beside what is new since a baseline: how much there is in all. */
function totalsJson({ checklist, coverage }: Review) {
  return {
    checklist: checklist.map(({ id, status, findings }) => ({ id, status, findings: findings.length })),
    coverage: { totals: coverage.totals, kinds: kindTotals(coverage) },
  };
}

function kindTotals({ elements }: Review["coverage"]) {
  return Object.fromEntries([...groupBy(elements, ({ kind }) => kind)].map(([kind, of]) => [kind, totalsOf(of)]));
}

/** Every element of the design, in the order API, database, domain, errors. */
export function designElements({ api, database, domain, errors }: DesignSpec): readonly DesignElement[] {
  return [
    ...api.endpoints,
    ...database.tables.flatMap((table) => [table, ...table.columns, ...table.constraints]),
    ...database.indexes,
    ...database.policies,
    ...[...domain.entities, ...domain.valueObjects, ...domain.events].flatMap((owner) => [owner, ...owner.fields]),
    ...domain.rules,
    ...errors.codes,
  ];
}

function decidedJson({ id, text, element, source }: Assumption) {
  return { id: id ?? null, text, element: element ?? null, source: source ? placeOf(source) : null };
}

function openJson({ element, reason, source }: NeedsDetail) {
  return { element, reason, source: placeOf(source) };
}

const emptyCoverage = { totals: { implemented: 0, missing: 0, mismatched: 0, extra: 0 }, elements: [] };

function placeOf({ path, line }: SourceSpan): Place {
  return { path, line };
}
