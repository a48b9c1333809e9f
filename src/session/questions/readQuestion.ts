import type { ElementKind } from "../../spec/model.ts";

/** What a sentence asks about the design; answered from the specification and the coverage alone. */
export type Question =
  /** What is not as designed; `kinds` empty: of everything. */
  | { readonly about: "gaps"; readonly kinds: readonly ElementKind[] }
  /** How far the implementation is. */
  | { readonly about: "progress" }
  /** What the checklist finds; `item` is a word of one of its items. */
  | { readonly about: "checks"; readonly item?: string }
  | { readonly about: "where" | "explain"; readonly subject: string }
  /** Which endpoints, entities, rules have to do with an element. */
  | { readonly about: "users"; readonly subject: string; readonly kinds: readonly ElementKind[] }
  /** Which elements lack something: tables without an index. */
  | { readonly about: "without"; readonly kind: ElementKind | "foreignKey"; readonly part: Part }
  | { readonly about: "list"; readonly kind: ElementKind }
  /** What the documents leave open and what is assumed. */
  | { readonly about: "assumptions" };

/** What can be lacking. */
export type Part =
  | "index"
  | "policy"
  | "primaryKey"
  | "endpoint"
  | "auth"
  | "errorCode"
  | "entity"
  | "status"
  | "field";

/** The question that a prompt asks; undefined when it is none of these forms. */
export function readQuestion(prompt: string): Question | undefined {
  const text = prompt
    .replace(/\s+/g, " ")
    .replace(/[?!.\s]+$/, "")
    .replace(/^(?:please|hey|hi|ok|so|and|now|can you|could you)[, ]+/i, "")
    .trim();
  if (text === "" || text.length > longestQuestion) return undefined;
  for (const read of forms) {
    const question = read(text);
    if (question) return question;
  }
  return undefined;
}

/** What is longer is an instruction or a document. */
const longestQuestion = 200;

type Form = (text: string) => Question | undefined;

const forms: readonly Form[] = [
  readWithout,
  readUsers,
  (text) => subjectOf(text, "where", whereForms),
  readAssumptions,
  readChecks,
  readGaps,
  readProgress,
  readList,
  (text) => subjectOf(text, "explain", explainForms),
];

const kindWords: readonly (readonly [RegExp, ElementKind])[] = [
  [/\b(?:end-?points?|routes?|operations?|apis?)\b/i, "endpoint"],
  [/\btables?\b/i, "table"],
  [/\bcolumns?\b/i, "column"],
  [/\b(?:index(?:es)?|indices)\b/i, "index"],
  [/\b(?:constraints?|checks? constraints?)\b/i, "constraint"],
  [/\b(?:polic(?:y|ies)|rls|row[- ]level security)\b/i, "policy"],
  [/\b(?:entit(?:y|ies)|aggregates?)\b/i, "entity"],
  [/\bvalue objects?\b/i, "valueObject"],
  [/\b(?:domain )?events?\b/i, "event"],
  [/\b(?:business )?rules?\b/i, "rule"],
  [/\berror(?: code)?s?\b|\bcodes?\b/i, "errorCode"],
  [/\bfields?\b/i, "field"],
];

function kindsIn(text: string): readonly ElementKind[] {
  return kindWords.flatMap(([word, kind]) => (word.test(text) ? [kind] : []));
}

const partWords: readonly (readonly [RegExp, Part])[] = [
  [/\b(?:index(?:es)?|indices)\b/i, "index"],
  [/\b(?:polic(?:y|ies)|rls|row[- ]level security)\b/i, "policy"],
  [/\b(?:primary )?keys?\b/i, "primaryKey"],
  [/\b(?:end-?points?|routes?)\b/i, "endpoint"],
  [/\b(?:auth\w*|security|token|sign[- ]?in|login)\b/i, "auth"],
  [/\berror(?: code)?s?\b/i, "errorCode"],
  [/\bentit(?:y|ies)\b/i, "entity"],
  [/\b(?:http )?status(?:es)?\b/i, "status"],
  [/\bfields?\b/i, "field"],
];

/** `which tables have no index`, `endpoints without auth`, `public endpoints`, `foreign keys that are not indexed`. */
function readWithout(text: string): Question | undefined {
  if (/\bpublic (?:end-?points?|routes?)\b|\b(?:end-?points?|routes?) (?:are|is) public\b/i.test(text)) {
    return { about: "without", kind: "endpoint", part: "auth" };
  }
  const match =
    /^(.*?)\b(?:(?:have|has|with) no|without(?: an?| any)?|lack(?:s|ing)?|(?:(?:are|is) )?not|do(?:es)? not have|don'?t have|miss(?:es|ing)? (?:an? )?)\b(.+)$/i.exec(
      text,
    );
  if (!match) return undefined;
  const [, subject = "", lacking = ""] = match;
  const isForeignKey = /\bforeign keys?\b/i.test(subject);
  const [kind] = isForeignKey ? (["foreignKey"] as const) : kindsIn(subject);
  const part = partWords.find(([word]) => word.test(lacking.replace(/\bindexed\b/i, "index")))?.[1];
  return kind && part && allowedParts[kind]?.includes(part) ? { about: "without", kind, part } : undefined;
}

/** What is a question that has an answer. */
const allowedParts: Readonly<Partial<Record<ElementKind | "foreignKey", readonly Part[]>>> = {
  table: ["index", "policy", "primaryKey", "endpoint", "entity"],
  foreignKey: ["index"],
  endpoint: ["auth", "errorCode"],
  entity: ["field", "endpoint"],
  errorCode: ["status", "endpoint"],
};

/** `which endpoints use table orders`, `who raises ORDER_NOT_FOUND`. */
function readUsers(text: string): Question | undefined {
  const match =
    /^(?:which|what|who|list (?:all|the)?|show (?:me )?(?:all|the)?)\b(.*?)\b(?:uses?|using|touch(?:es)?|reads?|writes?|calls?|raises?|returns?|throws?|refers? to|references?|belongs? to|depends? on|needs?)\s+(?:the )?(.+)$/i.exec(
      text,
    );
  const [, who = "", subject = ""] = match ?? [];
  return match && isSubject(subject) ? { about: "users", subject, kinds: kindsIn(who) } : undefined;
}

const whereForms: readonly RegExp[] = [
  /^where (?:is|are|does|do|can i find)(?: the)? (.+?)(?: (?:implemented|defined|designed|declared|specified|written|coded|handled|live|stand|come from|used|raised|thrown))?$/i,
  /^(?:which|what) (?:file|code|module|function|class)(?: (?:implements|has|contains|handles|is)) (?:the )?(.+)$/i,
  /^(?:find|locate|open|go to|show me where)(?: the)? (.+?)(?: is(?: implemented| defined)?)?$/i,
];

const explainForms: readonly RegExp[] = [
  /^(?:explain|describe|define|tell me about|summari[sz]e|show(?: me)?|what(?:'s| is| are| does)|who is|details of|how (?:is|does|do))(?: the)? (.+?)(?: (?:mean|do|work|look like|defined|designed|specified))?$/i,
];

function subjectOf(text: string, about: "where" | "explain", patterns: readonly RegExp[]): Question | undefined {
  for (const pattern of patterns) {
    const subject = pattern.exec(text)?.[1];
    if (subject !== undefined && isSubject(subject)) return { about, subject };
  }
  return undefined;
}

/** The name of an element is a few words at most. */
function isSubject(text: string): boolean {
  return text.split(" ").length <= 6;
}

function readGaps(text: string): Question | undefined {
  const asks =
    /\b(?:missing|left(?: to do)?|to ?do|open|gaps?|not (?:yet )?(?:implemented|done|covered|there)|unimplemented|mismatch(?:es|ed)?|differ(?:s|ent|ence|ences)?|drift(?:ed)?|remaining)\b/i;
  const begins = /^(?:what|which|is|are|show|list|any|how many|anything|tell|do|does|where)\b|^(?:gaps|missing)\b/i;
  return begins.test(text) && asks.test(text) ? { about: "gaps", kinds: kindsIn(text) } : undefined;
}

function readProgress(text: string): Question | undefined {
  const asks =
    /^(?:how (?:far|complete|much|good)|what(?:'s| is) the (?:status|state|coverage|progress)|(?:status|coverage|progress)$|(?:is|are) (?:it|we|this|the backend|everything) (?:done|complete|finished|implemented|ready))\b/i;
  return asks.test(text) ? { about: "progress" } : undefined;
}

function readChecks(text: string): Question | undefined {
  const why = /^why (?:does|is|do|did|are) (?:the )?(.+?) (?:fail(?:ing|ed|s)?|red|not pass(?:ing)?)$/i.exec(text)?.[1];
  if (why !== undefined) return { about: "checks", item: why };
  const asks =
    /\b(?:checks?|checklist|findings?)\b/i.test(text) && /\bfail|\bred\b|\bwrong\b|\bpass|\bopen\b|\bfind/i.test(text);
  return asks && /^(?:what|which|show|list|do|does|are|is)\b/i.test(text) ? { about: "checks" } : undefined;
}

function readAssumptions(text: string): Question | undefined {
  return /\bassum(?:e[ds]?|ptions?|ing)\b|\binferred\b|\bleft open\b|\bopen (?:points|questions)\b/i.test(text) &&
    /^(?:what|which|show|list|are|is|any)\b/i.test(text)
    ? { about: "assumptions" }
    : undefined;
}

function readList(text: string): Question | undefined {
  const match =
    /^(?:which|what|list(?: all)?|show(?: me)?(?: all)?|how many|give me)(?: the| all| all the)? (.+?)(?: (?:are|is|does|do) (?:there|the design|it|we|defined|designed|have|has).*| exist| of the design)?$/i.exec(
      text,
    );
  const words = match?.[1] ?? "";
  const [kind] = kindsIn(words);
  return kind && words.split(" ").length <= 2 ? { about: "list", kind } : undefined;
}
