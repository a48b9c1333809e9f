import { actsIn, amount, clause, numberOf, statesIn } from "./formParts.ts";
import type { RuleAct, RuleForm, RuleStatement } from "./ruleStatement.ts";

const cannot =
  "(?:must not|mustn't|cannot|can not|can't|may not|shall not|should not|must never|can never|may never|can no longer|may no longer|is not to|are not to)";
const may = "(?:can|may|must|shall|should)";
const plain = "[\\w' -]+?";
const written = "(?:added|created|removed|deleted|changed|edited|updated|modified|altered)";
const writes = `(?<acts>${written}(?:(?:,| or| and|/)+ ?${written})*)`;
const since =
  "(?:after|of|from|since) (?:(?:it|they) (?:was|were|has been|have been|is|are) |being |its |their |the )?";

/** `closed tickets`, `tickets that are closed`, `a user that is not active`: one phrase, the state in front. */
function inFront({ s = "", st, neg }: Readonly<Record<string, string | undefined>>): string {
  return st === undefined ? s : `${neg === undefined ? "" : "not "}${st} ${s.replace(/^(?:an?|the) /i, "")}`;
}

const thing = `(?<s>${plain})(?: (?:that|which|who) (?:is|are|has been|have been) (?<neg>not |no longer )?(?:still |already )?(?<st>[\\w-]+))?`;

/** Which rows others may refer to. */
const barred: readonly RuleForm[] = [
  {
    pattern: clause(
      `${thing} ${cannot} be (?:added|put|placed|assigned|attached|used|included|sold|taken) (?:to|on|in|into|for|by) (?:an? |the |any |new )*(?<by>${plain})`,
    ),
    read: (groups) => [{ kind: "barred", subject: inFront(groups), by: groups["by"] ?? "", allowed: false }],
  },
  {
    pattern: clause(
      `only ${thing} ${may} be (?:added|put|placed|assigned|attached|used|included|sold|taken) (?:to|on|in|into|for|by) (?:an? |the |any |new )*(?<by>${plain})`,
    ),
    read: (groups) => [{ kind: "barred", subject: inFront(groups), by: groups["by"] ?? "", allowed: true }],
  },
  {
    pattern: clause(
      `(?:(?<no>no )(?:new |more )?(?<by>${plain}) (?:can|may)|(?:new )?(?<rows>${plain}) ${cannot}) be (?:added|made|created|posted|written|placed|attached|opened) (?:to|on|in|for|under|at|against) (?:an? |any |the )?${thing}`,
    ),
    read: (groups) => [
      { kind: "barred", subject: inFront(groups), by: groups["by"] ?? groups["rows"] ?? "", allowed: false },
    ],
  },
  {
    pattern: clause(
      `(?:new )?(?<by>${plain}) ${may} only be (?:added|made|created|posted|written|placed|attached|opened) (?:to|on|in|for|under|at|against) (?:an? |the )?${thing}`,
    ),
    read: (groups) => [{ kind: "barred", subject: inFront(groups), by: groups["by"] ?? "", allowed: true }],
  },
  {
    pattern: clause(
      `${thing} (?:do(?:es)? not accept|accepts? no|takes? no|do(?:es)? not take|${cannot} (?:have|get|receive|take|accept))(?: any)?(?: new| more| further)? (?<by>(?!(?:more|less|fewer|than|at)\\b)${plain})(?: any ?more)?`,
    ),
    read: (groups) => [{ kind: "barred", subject: inFront(groups), by: groups["by"] ?? "", allowed: false }],
  },
  {
    pattern: clause(`${thing} ${cannot} be (?<by>[\\w-]+ (?:on|to|for|in|upon|at|with))(?: any ?more)?`),
    read: (groups) => [{ kind: "barred", subject: inFront(groups), by: groups["by"] ?? "", allowed: false }],
  },
  {
    pattern: clause(`only ${thing} ${may} be (?<by>[\\w-]+ (?:on|to|for|in|upon|at|with))`),
    read: (groups) => [{ kind: "barred", subject: inFront(groups), by: groups["by"] ?? "", allowed: true }],
  },
];

const itsState = "(?:(?:has been|have been|is|are|was|were) )(?:still |already )?(?:in |an? |the )*";

/** Rows that may be written as long as the row is in a state that they belong to. */
const ownerStates: readonly RuleForm[] = [
  {
    pattern: clause(
      `(?:the |an? |all )?(?<s>${plain}) (?:${may} only be ${writes}|${may} be ${writes} only) (?:while|when|if|as long as) (?:the |its |their |an? )(?<o>${plain}) ${itsState}(?<st>.+?)(?: state| status)?`,
    ),
    read: (groups) => ownerState(groups, true),
  },
  {
    pattern: clause(
      `(?:the |an? |all )?(?<s>${plain}) ${cannot} be ${writes} (?<when>once|after|as soon as|when|if|while) (?:the |its |their |an? )(?<o>${plain}) ${itsState}(?<st>.+?)(?: state| status)?`,
    ),
    read: (groups) => ownerState(groups, false),
  },
  {
    pattern: clause(
      `(?:the |an? |all )?(?<s>${plain}) of (?:an? |the |all )?(?<st>(?!(?:an?|the|all) )[\\w-]+) (?<o>${plain}) (?:${cannot} be ${writes}(?: any ?more)?|(?:is|are) (?:immutable|read-only|frozen|locked))`,
    ),
    read: (groups) => ownerState(groups, false),
  },
];

function ownerState(
  { s = "", o = "", st, when, acts = "changed" }: Readonly<Record<string, string | undefined>>,
  allowed: boolean,
): readonly RuleStatement[] {
  if (/^(?:it|they|he|she)$/i.test(o)) return [];
  const onwards = !allowed && /once|after|as soon as/i.test(when ?? "");
  return [{ kind: "ownerState", subject: s, owner: o, states: statesIn(st), allowed, onwards, acts: writesIn(acts) }];
}

/** Who says no more than that rows are changed means those that come and go as well. */
function writesIn(text: string): readonly (RuleAct | "create")[] {
  const acts = actsIn(text);
  if (acts.join() === "change" && !/add|creat/i.test(text)) return ["create", "change", "delete"];
  return [...(/add|creat/i.test(text) ? (["create"] as const) : []), ...acts];
}

const readOnly: RuleForm = {
  pattern: clause(`${thing} (?:is|are) (?:read[- ]only|frozen)`),
  read: (groups) => [{ kind: "readOnly", subject: inFront(groups) }],
};

/** What has to be there before something happens. */
const needs: readonly RuleForm[] = [
  {
    pattern: clause(
      `(?<s>${plain}) (?:${may} only be (?<v>[\\w-]+)|${may} be (?<w>[\\w-]+) only) (?:if|when|once|after) (?:it|they) (?:has|have) (?:an? |its |the |got an? )?(?<n>${plain})`,
    ),
    read: needed,
  },
  {
    pattern: clause(
      `(?<s>${plain}) ${cannot} be (?<v>[\\w-]+) (?:without|unless (?:it|they) (?:has|have)|if (?:it|they) (?:has|have) no|until (?:it|they) (?:has|have)) (?:an? |its |the )?(?<n>${plain})`,
    ),
    read: needed,
  },
  {
    pattern: clause(
      `(?:an? |the )?(?<n>${plain}) (?:is|are|must be) (?:required|needed|set|given|necessary|present) before (?<s>${plain}) (?:${may} be|is|are|gets?) (?<v>[\\w-]+)`,
    ),
    read: needed,
  },
  {
    pattern: clause(
      `(?<s>${plain}) (?:needs?|requires?|must have|has to have) (?:an? |the |its )?(?<n>${plain}) (?:before|to be|in order to be) (?:(?:it|they) )?(?:(?:can|may) )?(?:(?:be|is|are) )?(?<v>[\\w-]+)`,
    ),
    read: needed,
  },
];

function needed({ s = "", v, w, n = "" }: Readonly<Record<string, string | undefined>>): readonly RuleStatement[] {
  return [{ kind: "needs", subject: s, verb: v ?? w ?? "", needed: n }];
}

const within =
  "(?: (?:of|from|in|within) (?:the same |the |its |their |that )?(?<w>tenant|organi[sz]ation|company|workspace|account|team|project)(?:'s)?)?";

/** Who a column may refer to. */
const holders: readonly RuleForm[] = [
  {
    pattern: clause(
      `only (?:an? |the )?(?<r>[\\w-]+)${within} ${may} be (?:an? |the |set as (?:the )?)?(?<c>(?![\\w-]+ed$)[\\w -]+?)(?: of .+)?`,
    ),
    read: holder,
  },
  {
    pattern: clause(
      `(?<s>${plain}) (?:${may} only be|are only|is only|${may} be) assigned (?:only )?to (?:an? )?(?<r>[\\w-]+)${within}`,
    ),
    read: ({ r = "", w }) => holder({ r, c: "assignee", w }),
  },
];

function holder({ r = "", c = "", w }: Readonly<Record<string, string | undefined>>): readonly RuleStatement[] {
  return [{ kind: "holder", role: r, reference: c, ...(w !== undefined && { within: w.toLowerCase() }) }];
}

const period = `${amount("n")} (?<u>minutes?|hours?|days?|weeks?)`;

/** How long something stays possible. */
const windows: readonly RuleForm[] = [
  {
    pattern: clause(
      `(?<v>[\\w-]+ing)(?: (?<s>an? ${plain}|[\\w-]+s))? (?:is|are) (?:only )?(?:possible|allowed|permitted) (?:only )?(?:within|for|up to|until) ${period} ${since}(?<since>${plain})`,
    ),
    read: windowOf,
  },
  {
    pattern: clause(
      `(?<s>${plain}) (?:can|may)(?: only)? be (?<v>[\\w-]+) (?:only )?(?:within|for|up to|until) ${period} ${since}(?<since>${plain})`,
    ),
    read: windowOf,
  },
  {
    pattern: clause(
      `(?<s>${plain}) ${cannot} be (?<v>[\\w-]+) (?:more than|later than) ${period} ${since}(?<since>${plain})`,
    ),
    read: windowOf,
  },
];

const ahead: RuleForm = {
  pattern: clause(
    `(?<s>${plain}) (?:must|has to|have to|can only|may only) (?:be (?:made|booked|placed|scheduled|created)|start|begin) (?<op>at least|at most|no more than|not more than|up to) ${period} (?:ahead|in advance|from now)`,
  ),
  read: ({ s: subject = "", op = "", n, u = "" }) => {
    const seconds = secondsOf(n, u);
    return Number.isFinite(seconds) ? [{ kind: "ahead", subject, isLeast: /^at least$/i.test(op), seconds }] : [];
  },
};

/** On which side of now a date or a moment has to be. */
const sides: readonly RuleForm[] = [
  {
    pattern: clause(
      `(?:the |an? |its )?(?<s>${plain}) (?:${cannot} (?:be|lie)|(?:is|are) never) in the (?<when>future|past)`,
    ),
    read: ({ s: subject = "", when = "" }) => [{ kind: "today", subject, isPast: /^future$/i.test(when) }],
  },
  {
    pattern: clause(`(?:the |an? |its )?(?<s>${plain}) (?:must|has to|have to) (?:be|lie) in the (?<when>future|past)`),
    read: ({ s: subject = "", when = "" }) => [{ kind: "today", subject, isPast: /^past$/i.test(when) }],
  },
];

/** What somebody does to a thing no more than once. */
const onlyOnce: readonly RuleForm[] = [
  {
    pattern: clause(
      `(?:an? |each |every |the )?(?<w>[\\w-]+) (?:can|may|must) (?:only )?(?<m>[\\w-]+)(?: (?:in|for|on|to))? (?:an? |the same |the |each |every |any )(?<o>${plain}) (?:only |at most |no more than )?once`,
    ),
    read: doneOnce,
  },
  {
    pattern: clause(
      `(?:an? |each |every |the |no )?(?<w>[\\w-]+) (?:${cannot}|may|can) (?<m>[\\w-]+)(?: (?:in|for|on|to))? (?:an? |the same |the |each |every |any )(?<o>${plain}) (?:twice|more than once|again)`,
    ),
    read: doneOnce,
  },
  {
    pattern: clause(
      `(?:an? |each |every |the |no )?(?<w>[\\w-]+) (?:${cannot}|may|can) (?<m>[\\w-]+) (?:twice|more than once|again) (?:(?:in|for|on|to) )?(?:an? |the same |the |each |every |any )(?<o>${plain})`,
    ),
    read: doneOnce,
  },
  {
    pattern: clause(
      `(?:at most |only |exactly )?one (?<m>[\\w-]+) (?:per|for each|by each) (?<w>[\\w-]+) (?:and|per|for each|of each|on each) (?<o>${plain})`,
    ),
    read: doneOnce,
  },
];

function doneOnce({ w = "", m = "", o = "" }: Readonly<Record<string, string | undefined>>): readonly RuleStatement[] {
  return [{ kind: "once", who: w, made: m, object: o }];
}

const unitSeconds: readonly (readonly [RegExp, number])[] = [
  [/^minute/i, 60],
  [/^hour/i, 3600],
  [/^day/i, 86_400],
  [/^week/i, 604_800],
];

function secondsOf(amountOf: string | undefined, unit: string): number {
  return numberOf(amountOf) * (unitSeconds.find(([pattern]) => pattern.test(unit))?.[1] ?? Number.NaN);
}

function windowOf({
  s: subject,
  v: verb = "",
  n,
  u = "",
  since: moment = "",
}: Readonly<Record<string, string | undefined>>): readonly RuleStatement[] {
  const seconds = secondsOf(n, u);
  if (!Number.isFinite(seconds)) return [];
  return [{ kind: "window", ...(subject !== undefined && { subject }), verb, seconds, since: moment }];
}

const enters = "(?:sign|log)[ -]?in";

const signIns: readonly RuleForm[] = [
  {
    pattern: clause(`${thing} ${cannot} ${enters}`),
    read: (groups) => [{ kind: "signIn", subject: inFront(groups), allowed: false }],
  },
  {
    pattern: clause(`only ${thing} (?:can|may) ${enters}`),
    read: (groups) => [{ kind: "signIn", subject: inFront(groups), allowed: true }],
  },
];

/** `The assignee must be an agent of the tenant`; tried late, because a value `must be a positive number` as well. */
export const englishHolderForm: RuleForm = {
  pattern: clause(
    `(?:the |an? |every |each )?(?<c>[\\w -]+?) (?:must be|has to be|is always) an? (?<r>[\\w-]+)${within}`,
  ),
  read: holder,
};

/** `A discontinued product cannot be ordered`, where the verb is what rows are called after; every other reading comes first. */
export const englishBarredVerb: RuleForm = {
  pattern: clause(`${thing} ${cannot} be (?<by>[\\w-]+)(?: any ?more)?`),
  read: (groups) => [{ kind: "barred", subject: inFront(groups), by: groups["by"] ?? "", allowed: false }],
};

/** Sentences about a row and another one, a person or a moment. They come first, because what follows takes more. */
export const englishReferenceForms: readonly RuleForm[] = [
  ...signIns,
  ...windows,
  ahead,
  ...sides,
  ...onlyOnce,
  ...needs,
  ...ownerStates,
  readOnly,
  ...barred,
  ...holders,
];
