import type { ElementKind, HttpMethod } from "../../spec/model.ts";
import { kindsIn, methodsOf, type Part, partIn, withoutArticle } from "./questionWords.ts";

/** What a sentence asks about the design; answered from the specification and the coverage alone. */
export type Question =
  /** What is not as designed: of some kinds (none: of all), of what has to do with one element, of one document. */
  | { readonly about: "gaps"; readonly kinds: readonly ElementKind[]; readonly subject?: string }
  /** How far the implementation is; `kinds` empty: of everything. */
  | { readonly about: "progress"; readonly kinds: readonly ElementKind[] }
  /** What to do now. */
  | { readonly about: "next" }
  /** Why an element is in the state in which it is. */
  | { readonly about: "why"; readonly subject: string }
  /** What the checklist finds; `item` is a word of one of its items. */
  | { readonly about: "checks"; readonly item?: string }
  | { readonly about: "where" | "files" | "explain" | "states"; readonly subject: string }
  /** Which endpoints, entities, rules, columns have to do with an element. */
  | { readonly about: "users"; readonly subject: string; readonly kinds: readonly ElementKind[] }
  /** Which endpoints ask for a role or scope; without one: for a caller who has signed in. */
  | { readonly about: "access"; readonly role?: string }
  /** Whom an endpoint lets in, or those of an element with such methods. */
  | { readonly about: "callers"; readonly subject: string; readonly methods?: readonly HttpMethod[] }
  /** Which elements lack something: tables without an index. */
  | { readonly about: "without"; readonly kind: ElementKind | "foreignKey"; readonly part: Part }
  | { readonly about: "list"; readonly kind: ElementKind }
  /** What the documents leave open and what is assumed. */
  | { readonly about: "assumptions" }
  /** `roles`: what is asked of callers; `unlinked`: rules without a function; `drift`: what the design has changed since. */
  | { readonly about: "roles" | "unlinked" | "drift" | "documents" | "envelope" };

/** The question that a prompt asks; undefined when it is none of these forms. */
export function readQuestion(prompt: string): Question | undefined {
  const text = prompt
    .replace(/\s+/g, " ")
    .replace(/[?!.\s]+$/, "")
    .replace(/^(?:please|hey|hi|ok|so|and|now|tell me|can you(?: tell me)?|could you(?: tell me)?)[, ]+/i, "")
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

/** The more special before the more general: what is left over may be a name. */
const forms: readonly Form[] = [
  readFixed,
  readWithout,
  readCallers,
  readAccess,
  readWhy,
  readStates,
  readParts,
  readUsers,
  (text) => subjectOf(text, "files", fileForms),
  (text) => subjectOf(text, "where", whereForms),
  readAssumptions,
  readChecks,
  readProgress,
  readGaps,
  readAbout,
  readList,
  (text) => subjectOf(text, "explain", explainForms),
];

const fixed: readonly (readonly [RegExp, Question])[] = [
  [
    /^what(?:'s| is| comes| to do| should (?:i|we) do| do (?:i|we) do| can (?:i|we) do)? (?:next|now)$/i,
    { about: "next" },
  ],
  [
    /^(?:what|which)(?:'s| are| is)?(?: the)? (?:roles?|scopes?|permissions?)(?: are there| exist|.* design.*)?$/i,
    { about: "roles" },
  ],
  [/^(?:list|show)(?: me)?(?: all| the)* (?:roles?|scopes?|permissions?)$/i, { about: "roles" }],
  [
    /\brules?\b.*\b(?:not|aren'?t|isn'?t|without|no)\b.*\b(?:link(?:ed)?|function)s?\b|\bunlinked rules?\b/i,
    { about: "unlinked" },
  ],
  [
    /^(?:what|which|has|have|did|is|are|show|list)\b.*\b(?:drift(?:ed)?|design\b.*\bchanged|changed\b.*\bdesign)\b/i,
    { about: "drift" },
  ],
  [
    /^(?:which|what)(?: design)? (?:documents?|files?|docs)\b.*\b(?:use|using|used|read|know|based on|there)\b/i,
    { about: "documents" },
  ],
  [/\berror (?:format|envelope|body|shape|response)s?\b/i, { about: "envelope" }],
];

function readFixed(text: string): Question | undefined {
  return isAsked(text) ? fixed.find(([form]) => form.test(text))?.[1] : undefined;
}

/** What begins otherwise tells to do something: `change the error format`. */
function isAsked(text: string): boolean {
  return /^(?:which|what|who|where|how|has|have|did|do|does|is|are|any|list|show|explain|describe|give me)\b/i.test(
    text,
  );
}

/** `which tables have no index`, `endpoints without auth`, `public endpoints`, `foreign keys that are not indexed`. */
function readWithout(text: string): Question | undefined {
  if (/\bpublic (?:end-?points?|routes?)\b|\b(?:end-?points?|routes?) (?:are|is) public\b/i.test(text)) {
    return { about: "without", kind: "endpoint", part: "auth" };
  }
  const match =
    /^(.*?)\b(?:(?:have|has|with|need|require) no|without(?: an?| any)?|lack(?:s|ing)?|(?:(?:are|is) )?not|do(?:es)? not (?:have|need|require)|don'?t (?:have|need|require)|miss(?:es|ing)? (?:an? )?)\b(.+)$/i.exec(
      text,
    );
  if (!match) return undefined;
  const [, subject = "", lacking = ""] = match;
  if (
    !isAsked(text) &&
    !/^(?:all |the )*(?:end-?points?|routes|tables|foreign keys|entities|error codes?)\b/i.test(text)
  )
    return undefined;
  const isForeignKey = /\bforeign keys?\b/i.test(subject);
  const [kind] = isForeignKey ? (["foreignKey"] as const) : kindsIn(subject);
  const part = partIn(lacking);
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

/** `who can call POST /orders`, `who may delete a product`, `which role does DELETE /orders/1 need`. */
function readCallers(text: string): Question | undefined {
  const [, verb = "", object = ""] =
    /^(?:who|which (?:roles?|users?|callers?)) (?:can|may|could|is allowed to|are allowed to) (\w+) (.+)$/i.exec(
      text,
    ) ??
    /^(?:can|may) (?:i|we|anyone|anybody|everyone|users?|callers?) (\w+) (.+)$/i.exec(text) ??
    [];
  const [, asked = ""] =
    /^(?:what|which) (?:roles?|permissions?|rights?|scopes?|auth\w*)(?: (?:does|do|is|are))? (.+?) (?:need|require|ask for|needed|required)s?$/i.exec(
      text,
    ) ?? [];
  const subject = withoutArticle(object || asked);
  if (!isSubject(subject)) return undefined;
  const methods = methodsOf(verb);
  if (!methods && verb !== "" && !/^(?:call|use|access|invoke|reach)$/i.test(verb)) return undefined;
  return { about: "callers", subject, ...(methods && { methods }) };
}

/** `which endpoints need an admin`, `endpoints for staff only`, `which endpoints require authentication`. */
function readAccess(text: string): Question | undefined {
  const [, words] =
    /^(?:which|what|list(?: all)?|show(?: me)?(?: all)?|how many)(?: the)? (?:end-?points?|routes?|operations?) (?:that |which )?(?:needs?|requires?|asks? for|(?:are |is )?(?:only|restricted|limited|reserved|protected|secured)(?: only)?(?: for| to| by)?)\b ?(.*)$/i.exec(
      text,
    ) ?? [];
  if (words === undefined) return undefined;
  const role = withoutArticle(
    words.replace(/\b(?:roles?|rights?|permissions?|access|users?|callers?|only|scopes?)\b/gi, "").trim(),
  );
  if (kindsIn(words).length > 0) return undefined;
  return role === "" || partIn(role) === "auth" ? { about: "access" } : { about: "access", role };
}

const whyForms: readonly RegExp[] = [
  /^why (?:is|are|was|were|has|have|does|do|did) (.+?) (?:still )?(?:not|never)(?: yet)?(?: been| be)? (?:implemented|done|covered|there|linked|written|proposed|generated|complete)(?: yet)?$/i,
  /^why (?:isn'?t|aren'?t|wasn'?t|hasn'?t|haven'?t|doesn'?t|didn'?t) (.+?) (?:been )?(?:implemented|done|covered|there|linked|written|proposed|generated|exist)(?: yet)?$/i,
  /^why (?:is|are|was|were|does|do) (.+?) (?:still )?(?:missing|different|mismatched|unlinked|incomplete|open|left out|skipped|differs?)$/i,
];

function readWhy(text: string): Question | undefined {
  return subjectOf(text, "why", whyForms);
}

const stateForms: readonly RegExp[] = [
  /^(?:which|what) (?:states?|status(?:es)?|transitions?)(?: can| may| does| do| are| is)? (.+?) (?:be in|have|has|go through|take|allow)$/i,
  /\b(?:states?|statuses|transitions?|life ?cycle|state machine) (?:of|for) (.+)$/i,
];

function readStates(text: string): Question | undefined {
  return subjectOf(text, "states", stateForms);
}

/** `which errors can POST /orders return`, `what columns does orders have`. */
function readParts(text: string): Question | undefined {
  const [, words = "", object = ""] =
    /^(?:which|what) ((?:\w+ )?\w+) (?:can|does|do|may|will|could) (.+?) (?:have|has|return|raise|throw|answer(?: with)?|give|use|touch|need|read|write|contain|fail with)$/i.exec(
      text,
    ) ?? [];
  return kindsAround(words, object);
}

/** `which endpoints use table orders`, `who raises ORDER_NOT_FOUND`. */
function readUsers(text: string): Question | undefined {
  const match =
    /^(?:which|what|who|list (?:all|the)?|show (?:me )?(?:all|the)?)\b(.*?)\b(?:uses?|using|touch(?:es)?|reads?|writes?|calls?|raises?|returns?|throws?|refers? to|references?|belongs? to|depends? on|needs?|chang(?:es?|ing))\s+(.+)$/i.exec(
      text,
    );
  const [, who = "", object = ""] = match ?? [];
  const subject = withoutArticle(object);
  return match && isSubject(subject) ? { about: "users", subject, kinds: kindsIn(who) } : undefined;
}

const fileForms: readonly RegExp[] = [
  /^(?:which|what) (?:files|modules|code) (?:implements?|have|contains?|handles?|are about|belongs? to|deals? with) (.+)$/i,
];

const whereForms: readonly RegExp[] = [
  /^where (?:is|are|does|do|can i find) (.+?)(?: (?:implemented|defined|designed|declared|specified|written|coded|handled|live|stand|come from|used|raised|thrown))?$/i,
  /^(?:which|what) (?:file|module|functions?|class(?:es)?) (?:implements?|has|have|contains?|handles?|is|are) (.+)$/i,
  /^(?:find|locate|open|go to|show me where) (.+?)(?: is(?: implemented| defined)?)?$/i,
  /^how (?:is|are|was) (.+?) (?:implemented|done|coded|kept|enforced|handled)$/i,
  /^(?:is|are|was|has|have) (.+?) (?:been )?(?:already |yet |fully )?(?:implemented|missing|done|covered|coded|in the code)(?: yet| already)?$/i,
];

const explainForms: readonly RegExp[] = [
  /^(?:explain|describe|define|tell me about|summari[sz]e|show(?: me)?|what(?:'s| is| are| does| do| can)|who is|details of|how (?:is|does|do)) (.+?)(?: (?:means?|do|work|look like|defined|designed|specified|return|answer|accept|expect|take|need|require|say|contain|have))?$/i,
];

function subjectOf(
  text: string,
  about: "where" | "files" | "explain" | "why" | "states",
  patterns: readonly RegExp[],
): Question | undefined {
  for (const pattern of patterns) {
    const subject = withoutArticle(pattern.exec(text)?.[1] ?? "");
    if (subject !== "" && isSubject(subject) && !isTheWhole(subject)) return { about, subject };
  }
  return undefined;
}

/** The name of an element is a few words at most. */
function isSubject(text: string): boolean {
  return text !== "" && text.split(" ").length <= 6;
}

/** What names nothing in particular, or everything of a kind: `it`, `the backend`, `tables`. */
function isTheWhole(subject: string): boolean {
  const words = withoutArticle(subject);
  return (
    /^(?:i|it|we|you|they|this|that|there|here|now|so far|every(?:thing|body)|any(?:thing|body)?|something|nothing|code|backend|project|design|documents?|spec(?:ification)?|application|app|implementation|coverage)\b/i.test(
      words,
    ) ||
    /^(?:end-?points?|routes|tables|columns|indexes|constraints|policies|entities|rules|error codes|errors|fields)$/i.test(
      words,
    )
  );
}

/** `how far is it`, `how many endpoints are implemented`, `are all tables done`. */
function readProgress(text: string): Question | undefined {
  const ofKind =
    /^(?:how many|are|is)(?: all| every| the)* (.+?)(?: (?:are|is))?(?: already| yet)? (?:implemented|done|covered|missing|complete|finished|ready)(?: yet| already)?$/i.exec(
      text,
    )?.[1];
  const kinds = kindsIn(ofKind ?? "");
  if (ofKind !== undefined && kinds.length > 0 && isTheWhole(ofKind)) return { about: "progress", kinds };
  const asks =
    /^(?:how (?:far|complete|much|good)|what(?:'s| is) the (?:status|state|coverage|progress)|(?:status|coverage|progress)$|(?:is|are) (?:it|we|this|the backend|everything) (?:done|complete|finished|implemented|ready))\b/i;
  return asks.test(text) ? { about: "progress", kinds: [] } : undefined;
}

function readGaps(text: string): Question | undefined {
  const asks =
    /\b(?:missing|left(?: to do)?|to ?do|open|gaps?|not (?:yet )?(?:implemented|done|covered|there)|unimplemented|mismatch(?:es|ed)?|differ(?:s|ent|ence|ences)?|remaining)\b/i;
  const begins = /^(?:what|which|is|are|show|list|any|how many|anything|tell|do|does|where)\b|^(?:gaps|missing)\b/i;
  if (!begins.test(text) || !asks.test(text)) return undefined;
  const [, object = ""] = /\b(?:for|of|in|on|about|with|from|at|around)\s+(.+)$/i.exec(text) ?? [];
  const subject = withoutArticle(object.replace(asks, "").trim());
  const isNamed = isSubject(subject) && !isTheWhole(subject);
  return { about: "gaps", kinds: kindsIn(isNamed ? text.slice(0, -object.length) : text), ...(isNamed && { subject }) };
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

/** `which endpoints are there for customers`, `the business rules of orders`. */
function readAbout(text: string): Question | undefined {
  const [, words = "", object = ""] =
    /^(?:(?:which|what(?:'s| are| is)?|list|show(?: me)?|give me|how many)(?: the| all)* |(?=(?:business )?rules|end-?points|error codes|columns|fields))((?:[\w-]+ )?[\w-]+)(?: (?:are|is|there|exist|defined|designed))* (?:for|of|about|on|in|with|around) (.+)$/i.exec(
      text,
    ) ?? [];
  return kindsAround(words, object);
}

/** Elements of the kinds that are named, which have to do with what is named; not with the design as a whole. */
function kindsAround(words: string, object: string): Question | undefined {
  const kinds = kindsIn(words);
  const subject = withoutArticle(object);
  return kinds.length > 0 && isSubject(subject) && !isTheWhole(subject)
    ? { about: "users", subject, kinds }
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
