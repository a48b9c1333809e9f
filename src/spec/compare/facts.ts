/**
 * What a design decides about one thing, each decision by the name it has in a sentence (`status`, `request field note`).
 * Texts are for people; two decisions are the same when their keys are, so that formatting and wording make no difference.
 */
export type Facts = ReadonlyMap<string, Fact>;

export interface Fact {
  readonly text: string;
  readonly key: string;
}

/** A decision that is there or not and says nothing more: that a table has a column. */
export const present: Fact = { text: "", key: "" };

export function factsOf(entries: readonly (readonly [name: string, fact: Fact | string | undefined])[]): Facts {
  return new Map(
    entries.flatMap(([name, fact]) => {
      if (fact === undefined) return [];
      return [[name, typeof fact === "string" ? { text: fact, key: fact } : fact] as const];
    }),
  );
}

/** SQL that differs in white space, letter case outside quotes, or outer parentheses alone is the same. */
export function sqlFact(sql: string | undefined): Fact | undefined {
  if (sql === undefined) return undefined;
  const text = sql.replace(/\s+/g, " ").trim();
  const key = text.replace(/('(?:[^']|'')*'|"(?:[^"]|"")*")|[^'"]+/g, (part, quoted: string | undefined) =>
    quoted === undefined ? part.toLowerCase().replace(/ ?([^\w$ ]) ?/g, "$1") : part,
  );
  return { text, key: withoutOuterParentheses(key) };
}

function withoutOuterParentheses(text: string): string {
  let depth = 0;
  const closesAt = [...text].findIndex((character) => {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    return depth === 0;
  });
  const isWhole = text.startsWith("(") && closesAt === text.length - 1;
  return isWhole ? withoutOuterParentheses(text.slice(1, -1)) : text;
}

/** A sentence is the same with other punctuation, case and spaces. */
export function sentenceFact(text: string): Fact {
  return {
    text: text.replace(/\s+/g, " ").trim(),
    key: text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}<>=%]+/gu, " ")
      .trim(),
  };
}

/** What became of the decisions, a clause each: `status 200 → 201`, `column note added`. */
export function changesOf(before: Facts, now: Facts, prefix = ""): readonly string[] {
  const names = [...new Set([...before.keys(), ...now.keys()])];
  return names.flatMap((name) => {
    const [old, new_] = [before.get(name), now.get(name)];
    const called = `${prefix}${name}`;
    if (old && new_) return old.key === new_.key ? [] : [`${called} ${shown(old)} → ${shown(new_)}`];
    if (old) return [`${called} removed`];
    return [`${called} added${new_ && new_.text !== "" ? `: ${shown(new_)}` : ""}`];
  });
}

const longest = 80;

function shown({ text }: Fact): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
