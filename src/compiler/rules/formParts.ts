import type { Ordering } from "../../spec/sql/checkConditions.ts";
import type { RuleAct, RuleStatement } from "./ruleStatement.ts";

/** A whole pattern over one clause, whatever its case. */
export function clause(text: string): RegExp {
  return new RegExp(`^${text}$`, "iu");
}

export const amount = (name: string): string => `(?<${name}>-?\\d+(?:[,_']\\d{3})*(?:\\.\\d+)?|${numberWords})`;

const written = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");
const geschrieben = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(" ");
const numberWords = [...written, ...geschrieben].join("|");

export function numberOf(text = ""): number {
  const lower = text.toLowerCase();
  const word = Math.max(written.indexOf(lower), geschrieben.indexOf(lower));
  return word === -1 ? Number(text.replace(/[,_']/g, "")) : word;
}

/** A bound of a value, or of the length of a text where the unit says so. */
export function bound(
  { s = "", unit }: Readonly<Record<string, string | undefined>>,
  operator: Ordering,
  limit: string | undefined,
): readonly RuleStatement[] {
  const number = numberOf(limit);
  if (!Number.isFinite(number)) return [];
  return [{ kind: "bound", of: unit === undefined ? "value" : "length", subject: s, operator, limit: number }];
}

export function count({ c = "", o = "", n }: Readonly<Record<string, string | undefined>>): readonly RuleStatement[] {
  return [{ kind: "count", counted: c, owner: o, most: numberOf(n) }];
}

/** `draft or submitted`, `下書きまたは公開`. */
export function statesIn(text = ""): readonly string[] {
  return text
    .split(/\s*(?:,|\bor\b|\band\b|\boder\b|\bund\b|または|もしくは|、|\/)\s*/i)
    .map((part) => part.replace(/^["'„“「]|["'“”」]$/g, "").trim())
    .filter((part) => part !== "");
}

export function actsIn(text = ""): readonly RuleAct[] {
  const acts = new Set<RuleAct>();
  if (/delet|remov|gelöscht|entfernt|削除/i.test(text)) acts.add("delete");
  if (/chang|edit|updat|modif|alter|geändert|bearbeitet|aktualisiert|変更|編集|更新/i.test(text)) acts.add("change");
  return [...acts];
}
