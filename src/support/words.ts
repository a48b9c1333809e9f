import { memoized } from "./memoized.ts";

/**
 * The words of a name in any convention: `orderItems`, `ORDER_ITEMS` and `order-items` give `["order", "items"]`.
 *
 * Letters of other scripts stay, because Python takes them; accents go.
 */
export const words = memoized((name): readonly string[] =>
  name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFKC")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase()),
);

export const snakeCase = memoized((name) => words(name).join("_"));

export function kebabCase(name: string): string {
  return words(name).join("-");
}

export function pascalCase(name: string): string {
  return words(name).map(capitalize).join("");
}

export function camelCase(name: string): string {
  const [first = "", ...rest] = words(name);
  return first + rest.map(capitalize).join("");
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What somebody else said ("Overloaded") so that a further sentence may follow it. */
export function asSentence(text: string): string {
  return /[.!?…:)]$/.test(text) ? text : `${text}.`;
}

/** English plural of the last word of a snake_case or spaced name; a plural stays as it is. */
export function plural(name: string): string {
  return onLastWord(name, (word) => pluralWord(singularWord(word)));
}

/** English singular of the last word: `order_items` → `order_item`, `statuses` → `status`. */
export function singular(name: string): string {
  return onLastWord(name, singularWord);
}

/** `name`, or `name2`, `name3`, … (`name_2` for snake_case), whichever `taken` does not have yet. */
export function uniqueName(name: string, taken: ReadonlySet<string>): string {
  const separator = name === name.toLowerCase() ? "_" : "";
  let candidate = name;
  for (let count = 2; taken.has(candidate); count += 1) candidate = `${name}${separator}${count}`;
  return candidate;
}

/** Two names that mean the same thing whatever their convention and number: `OrderItem`, `order_items`. */
export function sameThing(left: string, right: string): boolean {
  return singular(snakeCase(left)) === singular(snakeCase(right));
}

function onLastWord(name: string, change: (word: string) => string): string {
  const match = /^(.*?)([A-Za-z]+)$/s.exec(name);
  return match ? `${match[1]}${change(match[2] ?? "")}` : name;
}

function singularWord(word: string): string {
  const lower = word.toLowerCase();
  if (uncountable.has(lower) || unchangedSingulars.test(lower)) return word;
  const irregular = singularOf.get(lower);
  if (irregular !== undefined) return irregular;
  if (/[^aeiou]ies$/.test(lower) && lower.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|zz|[bclnprt]us|o)es$/.test(lower)) return word.slice(0, -2);
  return lower.endsWith("s") ? word.slice(0, -1) : word;
}

function pluralWord(word: string): string {
  const lower = word.toLowerCase();
  if (uncountable.has(lower)) return word;
  const irregular = irregulars.get(lower);
  if (irregular !== undefined) return irregular;
  if (/[^aeiou]y$/.test(lower)) return `${word.slice(0, -1)}ies`;
  return /(?:s|sh|ch|x|z)$/.test(lower) ? `${word}es` : `${word}s`;
}

/** Words in -s that are singular already. */
const unchangedSingulars = /(?:ss|us|is|news|series|species)$/;

const uncountable = new Set([
  "data",
  "metadata",
  "media",
  "equipment",
  "feedback",
  "information",
  "inventory",
  "knowledge",
  "money",
  "news",
  "series",
  "species",
  "staff",
  "stock",
]);

const irregulars: ReadonlyMap<string, string> = new Map([
  ["analysis", "analyses"],
  ["axis", "axes"],
  ["basis", "bases"],
  ["child", "children"],
  ["criterion", "criteria"],
  ["crisis", "crises"],
  ["half", "halves"],
  ["hero", "heroes"],
  ["index", "indexes"],
  ["knife", "knives"],
  ["leaf", "leaves"],
  ["life", "lives"],
  ["man", "men"],
  ["matrix", "matrices"],
  ["mouse", "mice"],
  ["person", "people"],
  ["quiz", "quizzes"],
  ["shelf", "shelves"],
  ["thesis", "theses"],
  ["woman", "women"],
]);

const singularOf: ReadonlyMap<string, string> = new Map([
  ...[...irregulars].map(([one, many]): [string, string] => [many, one]),
  ["aliases", "alias"],
  ["biases", "bias"],
  ["caches", "cache"],
  ["cookies", "cookie"],
  ["gases", "gas"],
  ["indices", "index"],
  ["canvases", "canvas"],
  ["lenses", "lens"],
  ["movies", "movie"],
  ["niches", "niche"],
  ["shoes", "shoe"],
]);

/** "1 file", "2 files". */
export function counted(amount: number, noun: string, nouns = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : nouns}`;
}
