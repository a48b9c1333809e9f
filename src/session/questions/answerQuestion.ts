import { describeElement } from "../../agent/specDigest.ts";
import type { NeedsDetail } from "../../compiler/compilation.ts";
import { checklistSummaries } from "../../review/checklistSummaries.ts";
import type { ChecklistItem, CoverageElement, Review } from "../../review/model.ts";
import { documentText } from "../../spec/documentNames.ts";
import type { DesignElement, DesignSpec, ElementKind } from "../../spec/model.ts";
import type { SpecReading } from "../../spec/reading.ts";
import { capitalize, counted } from "../../support/words.ts";
import { statusWords } from "../coverageWords.ts";
import { openAssumptions, place } from "../design.ts";
import { designElements } from "../jsonOutput.ts";
import { join, list } from "../markdown.ts";
import { kindNames } from "../report.ts";
import { accessAnswer, callersAnswer, noSuchRole, rolesAnswer } from "./accessAnswers.ts";
import { type Found, findElements } from "./findElements.ts";
import { lacking } from "./lacking.ts";
import type { Question } from "./readQuestion.ts";
import {
  driftAnswer,
  gapsAnswer,
  isPartOf,
  neighbourhood,
  nextAnswer,
  progressAnswer,
  unlinkedLines,
  whyAnswer,
} from "./stateAnswers.ts";
import { usersOf } from "./usersOf.ts";

/** What an answer is taken from: the design as read, and the state as reviewed, proposals included. */
export interface Known {
  readonly reading: SpecReading;
  readonly review: Review;
  /** What the engine leaves open, with its reasons; absent where nobody has asked it. */
  readonly open?: readonly NeedsDetail[];
  /** Why nobody can know what the design has changed since it was implemented. */
  readonly unknownDrift?: string | undefined;
}

/** Answers in Markdown, deterministically: the same design and code, the same words. Places stand as `(`path:line`)`. */
export function answerQuestion(question: Question, known: Known): string {
  const { reading, review } = known;
  switch (question.about) {
    case "gaps":
      return gapsIn(question, known);
    case "progress":
      return progressAnswer(question.kinds, review);
    case "next":
      return nextAnswer(openAssumptions(reading).length, review);
    case "checks":
      return checksAnswer(question.item, review);
    case "assumptions":
      return assumptionsAnswer(reading);
    case "list":
      return listAnswer(question.kind, known);
    case "without":
      return lacking(question, reading.spec);
    case "access":
      return accessAnswer(question, reading.spec) ?? usersOrNoRole(question.role ?? "", known);
    case "roles":
      return rolesAnswer(reading.spec);
    case "unlinked":
      return list("### Linked to no function", unlinkedLines(review)) || "Every business rule is linked to a function.";
    case "drift":
      return driftAnswer(review, known.unknownDrift);
    case "documents":
      return documentsAnswer(reading);
    case "envelope":
      return envelopeAnswer(reading.spec);
    default:
      return named(question.subject, known, (elements) => elementsAnswer(question, elements, known));
  }
}

type ElementQuestion = Extract<
  Question,
  { readonly about: "callers" | "users" | "where" | "files" | "why" | "states" | "explain" }
>;

function elementsAnswer(question: ElementQuestion, elements: Found["elements"], known: Known): string {
  const { review, reading, open } = known;
  switch (question.about) {
    case "users":
      return usersAnswer(elements, question.kinds, known);
    case "callers":
      return callersAnswer(question, elements, reading.spec);
    case "where":
      return whereAnswer(elements, review);
    case "files":
      return filesAnswer(elements, known);
    case "why":
      return whyAnswer(elements, review, open);
    case "states":
      return statesAnswer(elements, known);
    case "explain":
      return explainAnswer(elements, known);
  }
}

/** Whether the design has what a question asks about; of one that it has not, a model may still know something. */
export function isAnswerable(question: Question, { reading }: Known): boolean {
  if (!("subject" in question) || question.subject === undefined) return true;
  const { elements, nearest } = findElements(question.subject, reading.spec);
  return elements.length > 0 || nearest !== undefined || isDocument(question.subject, reading);
}

const namesHint =
  " Ask with a name that the documents have: of an endpoint (`POST /orders`), a table, an entity, a rule or an error code.";

/** Longer answers are what the trees are for. */
const mostElements = 12;

function named(subject: string, { reading }: Known, answer: (elements: Found["elements"]) => string): string {
  const { elements, nearest } = findElements(subject, reading.spec);
  if (elements.length > 0) return answer(elements.slice(0, mostElements));
  const hint = nearest === undefined ? namesHint : ` Did you mean \`${nearest}\`?`;
  return `The design has nothing called \`${subject}\`.${hint}`;
}

function gapsIn({ kinds, subject }: Extract<Question, { readonly about: "gaps" }>, known: Known): string {
  const { reading, review } = known;
  const elements = review.coverage.elements.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  if (subject === undefined) {
    const what =
      kinds.length === 0
        ? "everything of the design"
        : `every ${kinds.map((kind) => kindNames[kind][0]).join(" and ")}`;
    return gapsAnswer(elements, [], what);
  }
  if (isDocument(subject, reading)) {
    const ofDocument = elements.filter(({ design }) => design?.path.endsWith(subject));
    return gapsAnswer(ofDocument, [], `everything of \`${subject}\``);
  }
  return named(subject, known, (found) => {
    const near = neighbourhood(found, reading.spec);
    const looked = elements.filter(({ id }) => near.has(id));
    // Before there is code, no rule can be linked to it.
    const mayLink = review.coverage.totals.implemented > 0 && (kinds.length === 0 || kinds.includes("rule"));
    const rules = mayLink ? unlinkedLines(review, near) : [];
    const names = found.map(({ kind, name }) => `${kindNames[kind][0]} \`${name}\``).join(" and ");
    return gapsAnswer(looked, rules, `all that has to do with ${names} (${counted(looked.length, "element")})`);
  });
}

function isDocument(subject: string, { documents }: SpecReading): boolean {
  return /\.\w+$/.test(subject) && documents.some(({ path }) => path === subject || path.endsWith(`/${subject}`));
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
  return list(`### ${counted(all.length, ...kindNames[kind])}`, lines);
}

function usersOrNoRole(words: string, known: Known): string {
  const { spec } = known.reading;
  const { elements } = findElements(words, spec);
  return elements.length === 0 ? noSuchRole(words, spec) : usersAnswer(elements, ["endpoint"], known);
}

function usersAnswer(elements: readonly DesignElement[], kinds: readonly ElementKind[], known: Known): string {
  const { spec } = known.reading;
  const states = statesOf(known.review);
  const about = elements.map((element) => ({ element, users: usersOrParts(element, kinds, spec) }));
  const some = about.filter(({ users }) => users.length > 0);
  if (some.length === 0) {
    const names = elements.map(({ kind, name }) => `${kindNames[kind][0]} \`${name}\``).join(" and ");
    const what = kinds.length === 0 ? "Nothing else" : `No ${kinds.map((kind) => kindNames[kind][0]).join(" or ")}`;
    return `${what} in the design has to do with the ${names}.`;
  }
  return join(
    some.map(({ element, users }) =>
      list(
        `### What has to do with the ${kindNames[element.kind][0]} \`${element.name}\``,
        users.map((user) => userLine(user, spec, states.get(user.id))),
      ),
    ),
  );
}

/** Its own columns, constraints and fields are named only where they are asked for. */
function usersOrParts(
  element: DesignElement,
  kinds: readonly ElementKind[],
  spec: DesignSpec,
): readonly DesignElement[] {
  const users = usersOf(element, spec);
  if (kinds.length === 0) return users;
  const parts = designElements(spec).filter((other) => isPartOf(other, element));
  return [...parts, ...users].filter(({ kind }) => kinds.includes(kind));
}

function userLine({ id, kind, name, source }: DesignElement, spec: DesignSpec, state?: CoverageElement): string {
  const text = shortKinds.has(kind) ? describeElement(spec, id) : undefined;
  const head =
    text === undefined ? `${kindNames[kind][0]} \`${name}\`` : kind === "rule" ? `\`${name}\`: ${text}` : `\`${text}\``;
  const note = state === undefined || state.status === "implemented" ? "" : ` — ${statusWords[state.status]}`;
  return `${head}${note}${place(source)}`;
}

/** The files that implement elements and what has to do with them, the one with the most of it first. */
function filesAnswer(elements: readonly DesignElement[], { reading, review }: Known): string {
  const near = neighbourhood(elements, reading.spec);
  const places = review.coverage.elements
    .filter(({ id, kind }) => near.has(id) && kind !== "errorCode")
    .flatMap(({ code }) => code ?? []);
  const files = new Map(places.map(({ path }) => [path, places.filter((other) => other.path === path)] as const));
  const names = elements.map(({ kind, name }) => `${kindNames[kind][0]} \`${name}\``).join(" and ");
  if (files.size === 0) return `No code implements the ${names} yet.`;
  return list(
    `### ${counted(files.size, "file")} with what has to do with the ${names}`,
    [...files]
      .sort(([, left], [, right]) => right.length - left.length)
      .map(([path, of]) => `${counted(of.length, "element")} (\`${path}:${Math.min(...of.map(({ line }) => line))}\`)`),
  );
}

/** What is said in a line says more than its name. */
const shortKinds: ReadonlySet<ElementKind> = new Set([
  "column",
  "field",
  "constraint",
  "index",
  "policy",
  "rule",
  "errorCode",
]);

function statesAnswer(elements: readonly DesignElement[], { reading: { spec } }: Known): string {
  const names = new Set(elements.map(({ name }) => name));
  const owners = new Set([
    ...names,
    ...spec.domain.entities.filter(({ table }) => table !== undefined && names.has(table)).map(({ name }) => name),
  ]);
  const machines = spec.domain.stateMachines.filter(({ entity }) => owners.has(entity));
  if (machines.length === 0) return `The design has no states of \`${[...names].join("`, `")}\`.`;
  return join(
    machines.map(({ entity, field, states, transitions, source }) =>
      join([
        `\`${entity}.${field}\` is one of ${states.map((state) => `\`${state}\``).join(", ")}${place(source)}.`,
        list(
          "",
          transitions.map(
            (step) =>
              `\`${step.from}\` → \`${step.to}\`${step.trigger ? ` by ${step.trigger}` : ""}${place(step.source)}`,
          ),
        ).trim(),
      ]),
    ),
  );
}

function documentsAnswer({ documents }: SpecReading): string {
  const read = documents.filter(({ kinds }) => kinds.length > 0);
  return list(
    `### Read: ${counted(read.length, "design document")}`,
    read.map(({ path, kinds }) => `\`${path}\`: ${documentText(kinds)}`),
  );
}

function envelopeAnswer({ errors: { envelope, validation } }: DesignSpec): string {
  if (!envelope) return "The design does not say what the body of an error looks like.";
  const fields = envelope.fields.map(({ path, role }) => `\`${path.join(".")}\`: ${role}`);
  const invalid =
    validation && `A request that fails validation is answered with ${validation.status} \`${validation.code}\`.`;
  return join([list(`### Body of an error, \`${envelope.contentType}\`${place(envelope.source)}`, fields), invalid]);
}

function whereAnswer(elements: readonly DesignElement[], review: Review): string {
  const states = statesOf(review);
  return elements
    .map(
      (element) =>
        `- ${kindNames[element.kind][0]} \`${element.name}\`: designed${place(element.source)}, ${whereWords(element, states.get(element.id))}`,
    )
    .join("\n");
}

function whereWords({ kind }: DesignElement, state: CoverageElement | undefined): string {
  const { status, code, difference, unseenAt } = state ?? {};
  if (unseenAt) return `not seen in the code. ${difference ?? ""}`;
  const differs = status === "mismatched" ? `; differs${difference === undefined ? "" : `: ${difference}`}` : "";
  if (code) return `implemented${place(code)}${differs}`;
  if (status === "missing") return "not implemented yet";
  return kind === "rule" ? "linked to no function" : `not in the code by itself${differs}`;
}

function explainAnswer(elements: readonly DesignElement[], known: Known): string {
  return join(elements.map((element) => elementAnswer(element, known)));
}

function elementAnswer(element: DesignElement, { reading, review }: Known): string {
  const text = describeElement(reading.spec, element.id);
  const users = usersOf(element, reading.spec);
  const assumed = openAssumptions(reading).filter((assumption) => assumption.element === element.id);
  return join([
    `### ${capitalize(kindNames[element.kind][0])} \`${element.name}\``,
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

function statesOf({ coverage }: Review): ReadonlyMap<string, CoverageElement> {
  return new Map(coverage.elements.map((element) => [element.id, element]));
}
