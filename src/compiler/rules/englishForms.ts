import { actsIn, amount, bound, clause, count, statesIn } from "./formParts.ts";
import type { RuleForm } from "./ruleStatement.ts";

const s = "(?<s>[^:]+?)";
const must = "(?:must|has to|have to|shall|should|needs? to)";
const be = `(?:${must} (?:always |never )?be|is|are|${must} (?:have|contain|lie)|has|have|contains?|lies?|can (?:only )?be|may (?:only )?be)(?: always)?`;
const cannot = "(?:must not|mustn't|cannot|can not|can't|may not|shall not|should not|must never|can never|may never)";
const unit = "(?: (?<unit>characters?|chars?|letters?)(?: long| in length)?)?";
const pieces = "(?: (?:pieces|units|days|items|percent))?";
const acts =
  "(?<acts>(?:changed|edited|updated|modified|altered|deleted|removed)(?:(?:,| or| and|/)* ?(?:changed|edited|updated|modified|altered|deleted|removed))*)";
const most = "(?:at most|no more than|not more than|up to|a maximum of|maximum(?: of)?|max\\.?)";
const inState =
  "(?:(?:it|they) (?:is|are|has been|have been|was|were) |still |in |an? |the )*(?<st>.+?)(?: state| status)?";

const whichIs =
  "(?<s>.+?) (?:(?:that|which) (?:is|are|has been|have been|was|were) (?:already )?(?:in )?|(?:in|with) )(?:the )?(?:state |status )?(?<st>[\\w -]+?)(?: state| status)?";

/** Bounds of one value or of the length of a text. */
const bounds: readonly RuleForm[] = [
  {
    pattern: clause(
      `${s} ${be} (?:a length |a value )?(?:of )?(?:between|from) ${amount("a")} (?:and|to) ${amount("b")}${unit}${pieces}(?:,? \\(?inclusive\\)?)?`,
    ),
    read: (groups) => [...bound(groups, ">=", groups["a"]), ...bound(groups, "<=", groups["b"])],
  },
  {
    pattern: clause(`${s} ${be} ${amount("a")} ?(?:to|-|–|\\.\\.) ?${amount("b")}${unit}${pieces}`),
    read: (groups) => [...bound(groups, ">=", groups["a"]), ...bound(groups, "<=", groups["b"])],
  },
  {
    pattern: clause(
      `${s}(?: ${be}| may be| may have)? ${most} ${amount("n")} (?<unit>characters?|chars?|letters?)(?: long| in length)?`,
    ),
    read: (groups) => bound(groups, "<=", groups["n"]),
  },
  {
    pattern: clause(
      `${s} ${be} (?:at most|no more than|not more than|up to|a maximum of|<=|≤) ${amount("n")}${pieces}`,
    ),
    read: (groups) => bound(groups, "<=", groups["n"]),
  },
  {
    pattern: clause(
      `${s} (?:${cannot} (?:exceed|be (?:more|greater|longer|larger|higher) than|be (?:above|over))|never exceeds) ${amount("n")}${unit}${pieces}`,
    ),
    read: (groups) => bound(groups, "<=", groups["n"]),
  },
  {
    pattern: clause(
      `${s} ${be} (?:at least|no less than|not less than|a minimum of|>=|≥) ${amount("n")}${unit}${pieces}`,
    ),
    read: (groups) => bound(groups, ">=", groups["n"]),
  },
  {
    pattern: clause(
      `${s} (?:${cannot} be (?:less|lower|smaller|shorter|fewer) than|${cannot} (?:be|fall|go) (?:below|under)|never (?:falls|goes|drops) below) ${amount("n")}${unit}${pieces}`,
    ),
    read: (groups) => bound(groups, ">=", groups["n"]),
  },
  {
    pattern: clause(`${s} ${be} (?:greater|more|larger|higher|bigger) than(?<eq> or equal to)? ${amount("n")}${unit}`),
    read: (groups) => bound(groups, groups["eq"] === undefined ? ">" : ">=", groups["n"]),
  },
  {
    pattern: clause(`${s} ${be} (?:less|lower|smaller|fewer|shorter) than(?<eq> or equal to)? ${amount("n")}${unit}`),
    read: (groups) => bound(groups, groups["eq"] === undefined ? "<" : "<=", groups["n"]),
  },
  { pattern: clause(`${s} ${be} (?:above|over) ${amount("n")}`), read: (groups) => bound(groups, ">", groups["n"]) },
  { pattern: clause(`${s} ${be} (?:below|under) ${amount("n")}`), read: (groups) => bound(groups, "<", groups["n"]) },
  {
    pattern: clause(`${s} ${be} (?:a )?positive(?: (?:number|integer|amount|value))?`),
    read: (groups) => bound(groups, ">", "0"),
  },
  {
    pattern: clause(`${s} (?:${cannot} be negative|${be} (?:non-negative|never negative|not negative|zero or more))`),
    read: (groups) => bound(groups, ">=", "0"),
  },
  {
    pattern: clause(
      `${s} (?:${cannot} be|is never|are never|${must} be non-?|is not) ?(?:empty|blank)(?: or (?:whitespace[- ]only|blank|only whitespace))?`,
    ),
    read: ({ s: subject = "" }) => [{ kind: "notBlank", subject }],
  },
];

const comparisons = {
  after: ">",
  "later than": ">",
  "greater than": ">",
  "more than": ">",
  "higher than": ">",
  before: "<",
  "earlier than": "<",
  "less than": "<",
  "lower than": "<",
  "on or after": ">=",
  "not before": ">=",
  "not earlier than": ">=",
  "at least": ">=",
  "on or before": "<=",
  "not after": "<=",
  "not later than": "<=",
  "at most": "<=",
  "different from": "<>",
  ">": ">",
  ">=": ">=",
  "<": "<",
  "<=": "<=",
} as const;

const opposite = { ">": "<=", "<": ">=", ">=": "<", "<=": ">", "<>": "<>" } as const;

const orders: readonly RuleForm[] = [
  {
    pattern: clause(`${s} (?:${cannot} exceed|never exceeds?) (?<o>[^\\d].*?)`),
    read: ({ s: subject = "", o: other = "" }) => [{ kind: "order", subject, operator: "<=", other }],
  },
  {
    pattern: clause(
      `${s} ${cannot} (?:be|lie|come) (?<op>before|earlier than|after|later than|greater than|less than|more than) (?<o>[^\\d].*?)`,
    ),
    read: ({ s: subject = "", op = "", o: other = "" }) => {
      const operator = comparisonOf(op);
      return operator === undefined ? [] : [{ kind: "order", subject, operator: opposite[operator], other }];
    },
  },
  {
    pattern: clause(
      `${s} (?:${be} )?(?:strictly |always )?(?<op>${Object.keys(comparisons)
        .toSorted((a, b) => b.length - a.length)
        .join("|")}) (?<o>[^\\d].*?)`,
    ),
    read: ({ s: subject = "", op = "", o: other = "" }) => {
      const operator = comparisonOf(op);
      return operator === undefined ? [] : [{ kind: "order", subject, operator, other }];
    },
  },
  {
    pattern: clause(`${s} (?<op>>=|<=|>|<|≥|≤) ${amount("n")}`),
    read: (groups) => {
      const operator = groups["op"] === "≥" ? ">=" : groups["op"] === "≤" ? "<=" : groups["op"];
      return operator === ">" || operator === ">=" || operator === "<" || operator === "<="
        ? bound(groups, operator, groups["n"])
        : [];
    },
  },
];

function comparisonOf(text: string): (typeof comparisons)[keyof typeof comparisons] | undefined {
  return Object.entries(comparisons).find(([words]) => words === text.toLowerCase())?.[1];
}

const counts: readonly RuleForm[] = [
  {
    pattern: clause(
      `(?:there (?:can|may|must) be )?${most} ${amount("n")} (?<c>.+?) (?:per|in|on|for|of) (?:an? |each |every |one |a single )?(?<o>.+?)(?: (?:is|are) allowed)?`,
    ),
    read: count,
  },
  {
    pattern: clause(
      `(?:an? |each |every |one )?(?<o>.+?) (?:(?:can|may|must|should|shall) (?:only )?(?:have|contain|hold|own|keep)|has|have|contains?|holds?) ${most} ${amount("n")} (?<c>.+?)(?: at (?:a|the same) time| at once)?`,
    ),
    read: count,
  },
  {
    pattern: clause(
      `(?:an? |each |every |one )?(?<o>.+?) ${cannot} (?:have|contain|hold|own|keep) more than ${amount("n")} (?<c>.+?)(?: at (?:a|the same) time| at once)?`,
    ),
    read: count,
  },
];

const states: readonly RuleForm[] = [
  {
    pattern: clause(
      `${s} (?:(?:is|are|${must} be) (?:immutable|read-only)(?: (?:after|once|upon) (?:creation|created|set))?|(?:${cannot} be|(?:is|are) never|never) (?:changed?|changes|modified|edited|updated|altered) (?:after|once|upon) (?:its |their )?(?:creation|(?:it (?:is|has been) |they (?:are|have been) )?created))`,
    ),
    read: ({ s: subject = "" }) => [{ kind: "immutable", subject }],
  },
  {
    pattern: clause(`only (?<st>.+?) (?:can|may) be ${acts}`),
    read: ({ st, acts: text }) => [
      { kind: "state", states: statesIn(st), allowed: true, onwards: false, acts: actsIn(text) },
    ],
  },
  {
    pattern: clause(`${s} (?:can|may) only be ${acts} (?:while|when|if|as long as|in) ${inState}`),
    read: (groups) => inOnly(groups),
  },
  {
    pattern: clause(`${s} (?:can|may) be ${acts} only (?:while|when|if|as long as|in) ${inState}`),
    read: (groups) => inOnly(groups),
  },
  {
    pattern: clause(
      `(?:${s} )?(?:cannot|can not|can't|must not|may not|can no longer|is not to) be ${acts} (?<when>once|after|when|if|while|as soon as) ${inState}`,
    ),
    read: ({ s: subject, st, when, acts: text }) => [
      {
        kind: "state",
        ...(subject !== undefined && { subject }),
        states: statesIn(st),
        allowed: false,
        onwards: /once|after|as soon as/i.test(when ?? ""),
        acts: actsIn(text),
      },
    ],
  },
  {
    pattern: clause(`${whichIs} ${cannot} be ${acts}`),
    read: ({ s: subject = "", st, acts: text }) => [
      { kind: "state", subject, states: statesIn(st), allowed: false, onwards: false, acts: actsIn(text) },
    ],
  },
  {
    pattern: clause(
      `(?:${whichIs}|(?<d>(?:already )?[\\w-]+ [\\w -]+?)) ${cannot} be (?<again>[\\w-]+)(?: again| twice)?`,
    ),
    read: ({ s: subject, st, d, again = "" }) => {
      const [state = "", ...named] = (d ?? "").replace(/^already /i, "").split(" ");
      const said = st ?? state;
      return said.toLowerCase() === again.toLowerCase()
        ? [{ kind: "settled", subject: subject ?? named.join(" "), state: said }]
        : [];
    },
  },
  {
    pattern: clause("only (?<s>[\\w -]+? [\\w-]+) (?:can|may) be (?<v>[\\w-]+)"),
    read: ({ s: subject = "", v: verb = "" }) => [{ kind: "move", subject, verb, allowed: true }],
  },
  {
    pattern: clause(
      `(?<s>.+?) (?:${cannot} be|(?:is|are) never) ${acts}(?: any ?more)?(?:,? (?:only|but|they are|it is) .+)?`,
    ),
    read: ({ s: subject = "", acts: text }) => [{ kind: "never", subject, acts: actsIn(text) }],
  },
];

function inOnly({ s: subject = "", st, acts: text }: Readonly<Record<string, string | undefined>>) {
  return [{ kind: "state" as const, subject, states: statesIn(st), allowed: true, onwards: false, acts: actsIn(text) }];
}

const facts: readonly RuleForm[] = [
  {
    pattern: clause(
      `${s} (?:is|are|${must} be) (?:globally )?unique(?: (?:across|among) all(?: .+?)?| (?:within|per|for|in|across|among) (?<w>.+?))?(?:,? ?\\(?(?<any>case[- ]insensitive(?:ly)?|(?:whatever|regardless of|ignoring) (?:its |the )?case)\\)?)?`,
    ),
    read: ({ s: subject = "", w: within, any }) => [
      { kind: "unique", subject, anyCase: any !== undefined, ...(within !== undefined && { within }) },
    ],
  },
  {
    pattern: clause(
      "(?:an? )?(?<o>.+?) (?:can |may |must )?(?:have|has|share)s? no two (?<c>.+?) (?:with|of) the same (?<s>.+?)",
    ),
    read: ({ s: subject = "", c = "" }) => [{ kind: "unique", subject: `${c} ${subject}`, anyCase: false }],
  },
  {
    pattern: clause("no two (?<c>.+?) (?:(?:can |may |must )?(?:have|share)|with|of) the same (?<s>.+?)"),
    read: ({ s: subject = "", c = "" }) => [{ kind: "unique", subject: `${c} ${subject}`, anyCase: false }],
  },
  {
    pattern: clause(
      `${s} (?:(?:is|are|${must} be) (?:required|mandatory|given|provided)|${cannot} be null|is never null)`,
    ),
    read: ({ s: subject = "" }) => [{ kind: "required", subject }],
  },
  {
    pattern: clause(
      `(?:each |every |an? )?${s} (?:${must} )?(?:references?|belongs? to|refers? to) (?:exactly one |an? |the |one )?(?:existing |valid )?(?<o>.+?)(?<cascades>,? and (?:is|are) (?:deleted|removed) with (?:it|them)|,? and goe?s? with (?:it|them))?`,
    ),
    read: ({ s: subject = "", o: other = "", cascades }) => [
      { kind: "reference", subject, other, cascades: cascades !== undefined },
    ],
  },
];

/** `title: required, 1-200 characters` says several things of one field. */
const labelled: RuleForm = {
  pattern: clause("(?<s>[\\w .-]+?): (?<rest>.+)"),
  read: ({ s: subject = "", rest = "" }) => {
    const parts = rest.split(/\s*,\s*/).map((part) => partOf(subject, part));
    return parts.every((part) => part.length > 0) ? parts.flat() : [];
  },
};

function partOf(subject: string, part: string): ReturnType<RuleForm["read"]> {
  if (/^optional$/i.test(part)) return [{ kind: "permission" }];
  const verb = /^(?:required|mandatory|unique|positive|non-empty|non-negative)/i.test(part) ? "must be" : "must have";
  const range = /^\d+ ?[-–] ?\d+/.test(part);
  const text = `${subject} ${range ? "must be" : verb} ${part.replace(/^(?:max|maximum)\.? /i, "at most ").replace(/^(?:min|minimum)\.? /i, "at least ")}`;
  for (const { pattern, read } of [...bounds, ...facts]) {
    const groups = pattern.exec(text)?.groups;
    if (groups) return read(groups);
  }
  return [];
}

/** Tried last, because every other verb has been taken by then. */
const moves: RuleForm = {
  pattern: clause(`${s} ${cannot} be (?<v>[\\w-]+)`),
  read: ({ s: subject = "", v: verb = "" }) => [{ kind: "move", subject, verb, allowed: false }],
};

export const englishForms: readonly RuleForm[] = [
  ...bounds,
  ...counts,
  ...states,
  ...facts,
  ...orders,
  labelled,
  moves,
];
