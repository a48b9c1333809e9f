import { describeElement } from "../../agent/specDigest.ts";
import { checklistSummaries } from "../../review/checklistSummaries.ts";
import { gapsOf } from "../../review/gaps.ts";
import type { ChecklistItem, CoverageElement, Review } from "../../review/model.ts";
import type { DesignElement, ElementKind } from "../../spec/model.ts";
import type { SpecReading } from "../../spec/reading.ts";
import { statusWords } from "../coverageWords.ts";
import { openAssumptions, place } from "../design.ts";
import { designElements } from "../jsonOutput.ts";
import { count, join, list } from "../markdown.ts";
import { kindNames } from "../report.ts";
import { type Found, findElements } from "./findElements.ts";
import { lacking } from "./lacking.ts";
import type { Question } from "./readQuestion.ts";
import { usersOf } from "./usersOf.ts";

/** What an answer is taken from: the design as read, and the state as reviewed, proposals included. */
export interface Known {
  readonly reading: SpecReading;
  readonly review: Review;
}

/** Answers in Markdown, deterministically: the same design and code, the same words. Places stand as `(`path:line`)`. */
export function answerQuestion(question: Question, known: Known): string {
  switch (question.about) {
    case "gaps":
      return gapsAnswer(question.kinds, known.review);
    case "progress":
      return progressAnswer(known.review);
    case "checks":
      return checksAnswer(question.item, known.review);
    case "assumptions":
      return assumptionsAnswer(known.reading);
    case "list":
      return listAnswer(question.kind, known);
    case "without":
      return lacking(question, known.reading.spec);
    case "users":
      return named(question.subject, known, (elements) => usersAnswer(elements, question.kinds, known));
    case "where":
      return named(question.subject, known, (elements) => whereAnswer(elements, known.review));
    case "explain":
      return named(question.subject, known, (elements) => explainAnswer(elements, known));
  }
}

/** Longer answers are what the trees are for. */
const mostElements = 12;

function named(subject: string, { reading }: Known, answer: (elements: Found["elements"]) => string): string {
  const { elements, nearest } = findElements(subject, reading.spec);
  if (elements.length > 0) return answer(elements.slice(0, mostElements));
  const hint = nearest === undefined ? "" : ` Did you mean \`${nearest}\`?`;
  return `The design has nothing called \`${subject}\`.${hint}`;
}

function gapsAnswer(kinds: readonly ElementKind[], { coverage }: Review): string {
  const all = gapsOf(coverage).filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  const what =
    kinds.length === 0 ? "everything of the design" : `every ${kinds.map((kind) => kindNames[kind][0]).join(" and ")}`;
  if (all.length === 0) return `Nothing is missing: ${what} is implemented as designed.`;
  const lines = (status: CoverageElement["status"]) =>
    all
      .filter((element) => element.status === status)
      .map(({ kind, name, difference, design, code }) =>
        [`${kindNames[kind][0]} \`${name}\`${place(design)}`, difference, code && `in the code${place(code)}`]
          .filter((text) => text)
          .join("; "),
      );
  return join([
    list(`### Missing: ${lines("missing").length}`, lines("missing")),
    list(`### Different from the design: ${lines("mismatched").length}`, lines("mismatched")),
  ]);
}

function progressAnswer({ checklist, coverage }: Review): string {
  const { implemented, missing, mismatched } = coverage.totals;
  const designed = implemented + missing + mismatched;
  const share = designed === 0 ? 100 : Math.floor((100 * implemented) / designed);
  const failing = checklist.filter(({ status }) => status === "fail");
  const state = `${implemented} of ${count(designed, "element")} of the design are implemented (${share} %), ${missing} missing, ${mismatched} different.`;
  const checks =
    failing.length === 0
      ? "No check fails."
      : `${count(failing.length, "check fails", "checks fail")}: ${failing.map(({ title }) => title).join(", ")}.`;
  return `${state} ${checks}`;
}

function checksAnswer(item: string | undefined, { checklist }: Review): string {
  if (item === undefined) {
    const open = checklist.filter(({ status }) => status === "fail" || status === "review");
    return open.length === 0 ? "No check fails." : join(open.map(itemAnswer));
  }
  const wanted = plain(item);
  const meant = checklist.filter(({ id, title }) => plain(id) === wanted || plain(title).includes(wanted));
  if (meant.length > 0) return join(meant.map(itemAnswer));
  return `No check is called \`${item}\`. There are: ${checklist.map(({ id }) => `\`${id}\``).join(", ")}.`;
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replace(/^the/, "");
}

const verdicts = { pass: "passes", fail: "fails", review: "is to be judged", notApplicable: "does not apply" } as const;

function itemAnswer({ id, title, status, findings }: ChecklistItem): string {
  const head = `### ${title}: ${verdicts[status]}\n\n${checklistSummaries[id].decides}`;
  const found = findings.map(({ path, line, message }) => `${message} (\`${path}:${line}\`)`);
  return found.length === 0 ? head : `${head}\n\n${list("", found).trim()}`;
}

function assumptionsAnswer(reading: SpecReading): string {
  const open = openAssumptions(reading);
  return open.length === 0
    ? "Nothing is assumed that you have not confirmed or corrected."
    : list(
        `### Assumed: ${open.length}`,
        open.map(({ text, source }) => `${text}${place(source)}`),
      );
}

function listAnswer(kind: ElementKind, { reading, review }: Known): string {
  const all = designElements(reading.spec).filter((element) => element.kind === kind);
  if (all.length === 0) return `The design has no ${kindNames[kind][1]}.`;
  const states = statesOf(review);
  const lines = all.map(({ id, name, source }) => {
    const state = states.get(id)?.status ?? "implemented";
    return `\`${name}\`${state === "implemented" ? "" : ` — ${statusWords[state]}`}${place(source)}`;
  });
  return list(`### ${count(all.length, ...kindNames[kind])}`, lines);
}

function usersAnswer(elements: readonly DesignElement[], kinds: readonly ElementKind[], { reading }: Known): string {
  return join(
    elements.map((element) => {
      const users = usersOf(element, reading.spec).filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
      const head = `${kindNames[element.kind][0]} \`${element.name}\``;
      return users.length === 0
        ? `Nothing else in the design names the ${head}.`
        : list(
            `### What has to do with the ${head}`,
            users.map(({ kind, name, source }) => `${kindNames[kind][0]} \`${name}\`${place(source)}`),
          );
    }),
  );
}

function whereAnswer(elements: readonly DesignElement[], review: Review): string {
  const states = statesOf(review);
  return elements
    .map(({ id, kind, name, source }) => {
      const { status, code, difference } = states.get(id) ?? {};
      const where = code
        ? `implemented${place(code)}`
        : status === "missing"
          ? "not implemented yet"
          : "not in the code by itself";
      const differs = status === "mismatched" ? `; differs${difference === undefined ? "" : `: ${difference}`}` : "";
      return `- ${kindNames[kind][0]} \`${name}\`: designed${place(source)}, ${where}${differs}`;
    })
    .join("\n");
}

function explainAnswer(elements: readonly DesignElement[], known: Known): string {
  return join(elements.map((element) => elementAnswer(element, known)));
}

function elementAnswer(element: DesignElement, { reading, review }: Known): string {
  const text = describeElement(reading.spec, element.id);
  const users = usersOf(element, reading.spec);
  const assumed = openAssumptions(reading).filter((assumption) => assumption.element === element.id);
  return join([
    `### ${sentenceCase(kindNames[element.kind][0])} \`${element.name}\``,
    text && `\`\`\`text\n${text.replaceAll("```", "ˋˋˋ")}\n\`\`\``,
    whereAnswer([element], review),
    list(
      "Has to do with:",
      users.map(({ kind, name, source }) => `${kindNames[kind][0]} \`${name}\`${place(source)}`),
      mostElements,
    ),
    list(
      "Assumed:",
      assumed.map((assumption) => `${assumption.text}${place(assumption.source)}`),
    ),
  ]);
}

function sentenceCase(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function statesOf({ coverage }: Review): ReadonlyMap<string, CoverageElement> {
  return new Map(coverage.elements.map((element) => [element.id, element]));
}
