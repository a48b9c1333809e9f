import type { ElementKind, HttpMethod } from "../../spec/model.ts";

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

export function kindsIn(text: string): readonly ElementKind[] {
  return kindWords.flatMap(([word, kind]) => (word.test(text) ? [kind] : []));
}

const partWords: readonly (readonly [RegExp, Part])[] = [
  [/\b(?:index(?:es|ed)?|indices)\b/i, "index"],
  [/\b(?:polic(?:y|ies)|rls|row[- ]level security)\b/i, "policy"],
  [/\b(?:primary )?keys?\b/i, "primaryKey"],
  [/\b(?:end-?points?|routes?)\b/i, "endpoint"],
  [/\b(?:auth\w*|security|token|sign(?:ed)?[- ]?in|log(?:ged)?[- ]?in)\b/i, "auth"],
  [/\berror(?: code)?s?\b/i, "errorCode"],
  [/\bentit(?:y|ies)\b/i, "entity"],
  [/\b(?:http )?status(?:es)?\b/i, "status"],
  [/\bfields?\b/i, "field"],
];

export function partIn(text: string): Part | undefined {
  return partWords.find(([word]) => word.test(text))?.[1];
}

const methodWords: readonly (readonly [RegExp, readonly HttpMethod[]])[] = [
  [/^(?:create|add|place|post|make)$/i, ["POST"]],
  [/^(?:delete|remove)$/i, ["DELETE"]],
  [/^(?:change|update|edit|modify)$/i, ["PATCH", "PUT"]],
  [/^(?:read|see|view|list|get|fetch)$/i, ["GET"]],
];

/** What `who may <verb> an order` asks for; undefined for verbs that fit every request, as `call`. */
export function methodsOf(verb: string): readonly HttpMethod[] | undefined {
  return methodWords.find(([word]) => word.test(verb))?.[1];
}

/** Without what stands around a name in a sentence: `an order` is `order`, `the other tables` is `tables`. */
export function withoutArticle(words: string): string {
  return words.replace(/^(?:(?:the|an?|my|our|any|some|this|that|all|every|each)\s+)+/i, "").trim();
}
