import type { Ordering } from "../../spec/sql/checkConditions.ts";
import { englishForms } from "./englishForms.ts";
import { englishBarredVerb, englishHolderForm, englishReferenceForms } from "./englishReferenceForms.ts";
import { englishSightForms } from "./englishSightForms.ts";
import { germanForms } from "./germanForms.ts";
import { japaneseForms } from "./japaneseForms.ts";

/** What a sentence demands, where it says so in a form that leaves no question. Names are as the sentence has them. */
export type RuleStatement =
  | {
      readonly kind: "bound";
      readonly of: "value" | "length";
      readonly subject: string;
      readonly operator: Ordering;
      readonly limit: number;
    }
  | { readonly kind: "order"; readonly subject: string; readonly operator: Ordering | "<>"; readonly other: string }
  | { readonly kind: "notBlank"; readonly subject: string }
  | { readonly kind: "count"; readonly counted: string; readonly owner: string; readonly most: number }
  | {
      readonly kind: "state";
      /** What is in the state; undefined where the words of the state say it as well (`drafts`) or nobody does. */
      readonly subject?: string;
      readonly states: readonly string[];
      /** In these states only, or in all but these. */
      readonly allowed: boolean;
      /** The states that follow count as well: `once shipped`. */
      readonly onwards: boolean;
      readonly acts: readonly RuleAct[];
    }
  /** `within` is what it is unique in: `per account`. */
  | { readonly kind: "unique"; readonly subject: string; readonly anyCase: boolean; readonly within?: string }
  | { readonly kind: "required"; readonly subject: string }
  | {
      readonly kind: "reference";
      readonly subject: string;
      readonly other: string;
      /** It is deleted together with what it refers to. */
      readonly cascades: boolean;
    }
  | { readonly kind: "never"; readonly subject: string; readonly acts: readonly RuleAct[] }
  /** A field that keeps its first value, or rows that do. */
  | { readonly kind: "immutable"; readonly subject: string }
  /** A row in the state is not brought into it again. */
  | { readonly kind: "settled"; readonly subject: string; readonly state: string }
  /** In this state, or in no other (`allowed`), something is brought into the state that the verb leads to. */
  | { readonly kind: "move"; readonly subject: string; readonly verb: string; readonly allowed: boolean }
  /**
   * Rows in the state are not (or no others are: `allowed`) what rows of `by` may refer to: `closed tickets` and the
   * `comments` on them. `by` may be a verb: `commented on`.
   */
  | { readonly kind: "barred"; readonly subject: string; readonly by: string; readonly allowed: boolean }
  /** Rows may be written in these states of the row that they belong to only, or in all but these. */
  | {
      readonly kind: "ownerState";
      readonly subject: string;
      readonly owner: string;
      readonly states: readonly string[];
      readonly allowed: boolean;
      readonly onwards: boolean;
      readonly acts: readonly (RuleAct | "create")[];
    }
  /** Rows in the state are not changed, nor is what belongs to them. */
  | { readonly kind: "readOnly"; readonly subject: string }
  /** What the verb leads to needs a value: `resolved` an `assignee`. */
  | { readonly kind: "needs"; readonly subject: string; readonly verb: string; readonly needed: string }
  /** Only people with the role are what a column refers to; `within` is what they have in common with the row. */
  | { readonly kind: "holder"; readonly role: string; readonly reference: string; readonly within?: string }
  /** What the verb does is possible for so long after a moment that a column keeps. */
  | {
      readonly kind: "window";
      readonly subject?: string;
      readonly verb: string;
      readonly seconds: number;
      readonly since: string;
    }
  /** Whom a column names sees a row, and who has one of the roles; nobody else does. `owner` may be roles only. */
  | { readonly kind: "seenBy"; readonly owner: string; readonly roles: readonly string[]; readonly object: string }
  /** Rows in the state are hidden from the roles, or from everybody else (`allowed`). */
  | {
      readonly kind: "hidden";
      readonly subject: string;
      readonly roles: readonly string[];
      readonly allowed: boolean;
    }
  /** People with the role see what is theirs only. */
  | { readonly kind: "ownOnly"; readonly roles: readonly string[]; readonly object: string }
  /** What starts does so at least, or at most, so long after it was made. */
  | { readonly kind: "ahead"; readonly subject: string; readonly isLeast: boolean; readonly seconds: number }
  /** A date or moment is not in the future (`isPast`), or not in the past. */
  | { readonly kind: "today"; readonly subject: string; readonly isPast: boolean }
  /** Somebody does it to a thing once: what is made thereby is called after the verb, or named. */
  | { readonly kind: "once"; readonly who: string; readonly made: string; readonly object: string }
  /** Who is in the state does not sign in, or nobody else does (`allowed`). */
  | { readonly kind: "signIn"; readonly subject: string; readonly allowed: boolean }
  /** It allows something, or says what does not happen: there is nothing to enforce. */
  | { readonly kind: "permission" };

export type RuleAct = "change" | "delete";

/** A form of a sentence; what it reads must be the whole of the clause. */
export interface RuleForm {
  readonly pattern: RegExp;
  readonly read: (groups: Readonly<Record<string, string | undefined>>) => readonly RuleStatement[];
}

/**
 * The demands of a rule, or undefined where one of its clauses is not understood: a rule is kept as a whole, so half
 * of one counts for nothing. English, German and Japanese.
 */
export function ruleStatements(text: string): readonly RuleStatement[] | undefined {
  return ruleReadings(text)?.flatMap(([first = []]) => first);
}

/** What each clause may mean, by the forms that it is in, the likeliest first; the names of the design decide. */
export function ruleReadings(text: string): readonly (readonly (readonly RuleStatement[])[])[] | undefined {
  const readings = clausesOf(text).map(readingsOf);
  return readings.length > 0 && readings.every(({ length }) => length > 0) ? readings : undefined;
}

/** The sentence without the error codes that it names. */
export function withoutCodes(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\s*[([](?:`?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+`?[,;/ ]*|\d{3}[,;: ]*|(?:error|code|→)[: ]*)+[)\]]/g, "")
    .replace(/\s*(?:→|=>|->|—|–|:)\s*`?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+`?\.?\s*$/, "")
    .replace(/[`*]/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

function clausesOf(text: string): readonly string[] {
  return withoutCodes(text)
    .split(/\s*;\s*|(?<=\p{Ll})\.\s+(?=\p{Lu})|。/u)
    .map((clause) => clause.replace(/[.!]$/, "").trim())
    .filter((clause) => clause !== "");
}

/** A longer one is in no form, and would only take the patterns long to refuse. */
const longestClause = 200;

function readingsOf(clause: string): readonly (readonly RuleStatement[])[] {
  if (clause.length > longestClause) return [];
  const found = forms
    .map(({ pattern, read }) => {
      const groups = pattern.exec(clause)?.groups;
      return groups ? read(groups) : [];
    })
    .filter(({ length }) => length > 0);
  if (found.length > 0) return found;
  return allowsOnly(clause) ? [[{ kind: "permission" }]] : [];
}

const forms: readonly RuleForm[] = [
  ...englishReferenceForms,
  ...englishSightForms,
  ...englishForms,
  englishHolderForm,
  englishBarredVerb,
  ...germanForms,
  ...japaneseForms,
];

function allowsOnly(clause: string): boolean {
  if (/\bdoes not (?:by itself )?(?:change|affect|alter)\b.*\bby itself$|\bdo not affect\b/i.test(clause)) return true;
  const allows = /\b(?:may|can|could|optional(?:ly)?|darf|dürfen|kann|können)\b/i.test(clause);
  return allows && !demands.test(clause);
}

const demands =
  /\b(?:only|excluded?|excludes|excluding|hidden|not|no|nobody|none|never|at most|at least|must|shall|should|cannot|unless|until|without|within|exactly|up to|max\w*|once|single|one|nur|nicht|niemand|kein\w*|höchstens|mindestens|ohne|erst|maximal|muss|müssen|bis|\d+)\b|n't/iu;
