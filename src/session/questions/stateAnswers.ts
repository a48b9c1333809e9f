import type { NeedsDetail } from "../../compiler/compilation.ts";
import { gapsOf } from "../../review/gaps.ts";
import type { CoverageElement, Review } from "../../review/model.ts";
import type { DesignElement, DesignSpec, ElementKind } from "../../spec/model.ts";
import { counted } from "../../support/words.ts";
import { unseenPart } from "../coverageWords.ts";
import { place } from "../design.ts";
import { designElements } from "../jsonOutput.ts";
import { join, list } from "../markdown.ts";
import { kindNames } from "../report.ts";
import { usersOf } from "./usersOf.ts";

/** What is missing or different, among the elements that are looked at; `what` names them. */
export function gapsAnswer(looked: readonly CoverageElement[], unlinked: readonly string[], what: string): string {
  const gaps = gapsOf({ elements: looked });
  const lines = (status: CoverageElement["status"]) => gaps.filter((element) => element.status === status).map(gapLine);
  return join([
    gaps.length === 0 ? `Nothing is missing: ${what} is implemented as designed.` : "",
    list(`### Missing: ${lines("missing").length}${unseenPart(gaps)}`, lines("missing")),
    list(`### Different from the design: ${lines("mismatched").length}`, lines("mismatched")),
    list(`### Rules that are linked to no function: ${unlinked.length}`, unlinked),
  ]);
}

function gapLine({ kind, name, difference, design, code }: CoverageElement): string {
  return [`${kindNames[kind][0]} \`${name}\`${place(design)}`, difference, code && `in the code${place(code)}`]
    .filter((text) => text)
    .join("; ");
}

/** The ids of elements, of their parts, of what in the design has to do with them, and of the errors that those answer with. */
export function neighbourhood(elements: readonly DesignElement[], spec: DesignSpec): ReadonlySet<string> {
  const all = designElements(spec);
  const near = new Set(
    elements.flatMap((element) => [
      element.id,
      ...usersOf(element, spec).map(({ id }) => id),
      ...all.filter((other) => isPartOf(other, element)).map(({ id }) => id),
    ]),
  );
  const codes = spec.api.endpoints.filter(({ id }) => near.has(id)).flatMap(({ errorCodes }) => errorCodes);
  for (const { id, name } of spec.errors.codes) if (codes.includes(name)) near.add(id);
  return near;
}

/** Columns and constraints of a table, fields of an entity. */
export function isPartOf({ id, kind }: DesignElement, owner: DesignElement): boolean {
  const parts = partKinds[owner.kind] ?? [];
  return parts.includes(kind) && id.startsWith(`${kind}:${owner.name}.`);
}

const partKinds: Readonly<Partial<Record<ElementKind, readonly ElementKind[]>>> = {
  table: ["column", "constraint"],
  entity: ["field"],
  valueObject: ["field"],
  event: ["field"],
};

/** How far the implementation is. */
export function progressAnswer(kinds: readonly ElementKind[], { checklist, coverage }: Review): string {
  const elements = coverage.elements.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  const amount = (status: CoverageElement["status"]) => elements.filter((element) => element.status === status).length;
  const designed = elements.length - amount("extra");
  const share = designed === 0 ? 100 : Math.floor((100 * amount("implemented")) / designed);
  const [kind] = kinds;
  const name = kind === undefined ? counted(designed, "element") : counted(designed, ...kindNames[kind]);
  const state = `${amount("implemented")} of ${name} of the design are implemented (${share} %), ${amount("missing")} missing${unseenPart(elements)}, ${amount("mismatched")} different.`;
  if (kind !== undefined) {
    return join([state, list("", gapsOf({ elements }).map(gapLine)).trim()]);
  }
  return `${state} ${checksSentence(checklist)}`;
}

function checksSentence(checklist: Review["checklist"]): string {
  const failing = checklist.filter(({ status }) => status === "fail");
  return failing.length === 0
    ? "No check fails."
    : `${counted(failing.length, "check fails", "checks fail")}: ${failing.map(({ title }) => title).join(", ")}.`;
}

/** What to do now, the most useful first. */
export function nextAnswer(openAssumptions: number, review: Review): string {
  const { implemented, missing, mismatched } = review.coverage.totals;
  const failing = review.checklist.filter(({ status }) => status === "fail").length;
  const rules = review.coverage.unlinkedRules?.length ?? 0;
  const drifted = review.coverage.elements.filter(({ drift }) => drift).length;
  const amiss = [
    mismatched > 0 ? counted(mismatched, "element that differs", "elements that differ") : "",
    failing > 0 ? counted(failing, "check that fails", "checks that fail") : "",
  ].filter((what) => what !== "");
  const steps = [
    implemented === 0 && missing > 0
      ? "`/plan` shows how the design is understood; `/implement` proposes the backend."
      : "",
    implemented > 0 && missing + drifted > 0
      ? `\`/implement\` proposes what is missing or has changed: ${counted(missing + drifted, "element")}.`
      : "",
    implemented > 0 && amiss.length > 0 ? `\`/fix\` proposes changes for ${amiss.join(" and ")}.` : "",
    openAssumptions > 0
      ? `Confirm or correct ${counted(openAssumptions, "assumption")} in the view Design Assumptions.`
      : "",
    implemented > 0 && rules > 0
      ? `Link ${counted(rules, "business rule")} to the functions that keep ${rules === 1 ? "it" : "them"}, in the document or the view Design Coverage.`
      : "",
  ].filter((step) => step !== "");
  return join([
    progressAnswer([], review),
    steps.length === 0 ? "Nothing is left to do here: `/check` again after the next change." : list("### Next", steps),
  ]);
}

/** Why elements are in the state in which they are. `open`: what the engine leaves open, with its reasons; undefined where nobody has asked it. */
export function whyAnswer(
  elements: readonly DesignElement[],
  { coverage }: Review,
  open: readonly NeedsDetail[] | undefined,
): string {
  return elements
    .map((element) => {
      const state = coverage.elements.find(({ id }) => id === element.id);
      return `- ${kindNames[element.kind][0]} \`${element.name}\`${place(element.source)} ${reasonOf(element, state, { coverage, open })}`;
    })
    .join("\n");
}

function reasonOf(
  { id, kind }: DesignElement,
  state: CoverageElement | undefined,
  { coverage, open }: { readonly coverage: Review["coverage"]; readonly open: readonly NeedsDetail[] | undefined },
): string {
  if (kind === "rule" && state?.status !== "implemented") return unlinkedReason;
  switch (state?.status) {
    case "implemented":
      return `is implemented${place(state.code)}${state.drift ? `, but its design has changed since: ${state.drift.difference}` : "."}`;
    case "mismatched":
      return `differs from the design${place(state.code)}: ${state.difference ?? "in a part of it"}`;
    case "missing":
      if (state.unseenAt) return `is not seen in the code. ${state.difference ?? ""}`;
      return missingReason(
        open?.find(({ element }) => element === id),
        coverage,
      );
    default:
      return "is looked for with what it belongs to, not by itself.";
  }
}

const unlinkedReason =
  "is a sentence, and reading it proves nothing: nobody has linked it to the function that keeps it. *Link to Function…* does that, or its id in the function's docstring.";

function missingReason(left: NeedsDetail | undefined, { totals }: Review["coverage"]): string {
  if (left) return `is not in the code, and the engine leaves it open: ${left.reason}${place(left.source)}`;
  return totals.implemented === 0
    ? "is not in the code, like the rest of the design: `/implement` proposes the backend."
    : "is not in the code, though the design says enough for it: `/implement` proposes it.";
}

export function unlinkedLines(
  { coverage: { unlinkedRules = [] } }: Review,
  ids?: ReadonlySet<string>,
): readonly string[] {
  return unlinkedRules
    .filter(({ id }) => ids === undefined || ids.has(id))
    .map(({ name, text, design }) => `\`${name}\`: ${text}${place(design)}`);
}

export function driftAnswer({ coverage }: Review, unknown: string | undefined): string {
  const drifted = coverage.elements.flatMap(({ kind, name, drift, design }) =>
    drift ? [`${kindNames[kind][0]} \`${name}\`: ${drift.difference}${place(design)}`] : [],
  );
  if (drifted.length > 0) return list("### Changed in the design since it was implemented", drifted);
  return unknown ?? "The design has not changed since it was implemented.";
}
