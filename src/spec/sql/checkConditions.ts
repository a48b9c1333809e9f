/** What a check demands of one value, or of two values of a row, where that can be said without SQL. */
export type CheckCondition =
  | { readonly kind: "range"; readonly column: string; readonly operator: Ordering; readonly limit: number }
  | { readonly kind: "length"; readonly column: string; readonly operator: Ordering; readonly limit: number }
  | { readonly kind: "pattern"; readonly column: string; readonly pattern: string }
  /** So many digits at most, `places` of them behind the point. */
  | { readonly kind: "digits"; readonly column: string; readonly digits: number; readonly places: number }
  | { readonly kind: "order"; readonly column: string; readonly operator: Ordering | "<>"; readonly other: string };

export type Ordering = "<" | "<=" | ">" | ">=";

/**
 * The conditions that must hold wherever the check does; null passes each, as it passes a check.
 *
 * Parts that say more than these forms are left out, so the list may demand less than the check, never more.
 */
export function checkConditions(expression: string): readonly CheckCondition[] {
  return conjuncts(withoutCasts(expression)).flatMap(conditionsOf);
}

function conditionsOf(text: string): readonly CheckCondition[] {
  const part = withoutBrackets(text);
  const optional = /^\(?\s*"?(\w+)"?\s+IS\s+NULL\s*\)?\s+OR\s+([\s\S]+)$/i.exec(part);
  if (optional?.[2] !== undefined) {
    const rest = conjuncts(optional[2]).flatMap(conditionsOf);
    return rest.filter((condition) => condition.column === optional[1] || otherOf(condition) === optional[1]);
  }
  for (const read of forms) {
    const found = read(part);
    if (found.length > 0) return found;
  }
  return [];
}

function otherOf(condition: CheckCondition): string | undefined {
  return condition.kind === "order" ? condition.other : undefined;
}

const column = '"?([A-Za-z_]\\w*)"?';
const number = "'?(-?\\d+(?:\\.\\d+)?)'?";
const size = `(?:char_length|character_length|length)\\(\\s*${column}\\s*\\)`;
const ordering = "(<=|>=|<|>)";

const forms: readonly ((part: string) => readonly CheckCondition[])[] = [
  (part) => bounded(part, column, "range"),
  (part) => bounded(part, size, "length"),
  (part) => {
    const [, name, pattern] = whole(`${column}\\s*~\\s*'((?:[^']|'')*)'`, part) ?? [];
    const text = pattern?.replaceAll("''", "'");
    return name !== undefined && text !== undefined && isPortable(text)
      ? [{ kind: "pattern", column: name, pattern: text }]
      : [];
  },
  (part) => {
    const [, name] = whole(`${column}\\s*(?:<>|!=)\\s*''`, part) ?? [];
    return name === undefined ? [] : [{ kind: "length", column: name, operator: ">=", limit: 1 }];
  },
  (part) => {
    const [, name, sign, other] = whole(`${column}\\s*(<=|>=|<>|!=|<|>)\\s*${column}`, part) ?? [];
    if (name === undefined || other === undefined) return [];
    const operator = sign === "!=" || sign === "<>" ? "<>" : orderingOf(sign);
    return operator === undefined ? [] : [{ kind: "order", column: name, operator, other }];
  },
];

/** `amount > 0`, `0 < amount`, `amount BETWEEN 1 AND 9`, and the same of a length. */
function bounded(part: string, value: string, kind: "range" | "length"): readonly CheckCondition[] {
  const between = whole(`${value}\\s+BETWEEN\\s+${number}\\s+AND\\s+${number}`, part);
  if (between?.[1] !== undefined) {
    return [
      { kind, column: between[1], operator: ">=", limit: Number(between[2]) },
      { kind, column: between[1], operator: "<=", limit: Number(between[3]) },
    ];
  }
  const plain = whole(`${value}\\s*${ordering}\\s*${number}`, part);
  const plainSign = orderingOf(plain?.[2]);
  if (plain?.[1] !== undefined && plainSign) {
    return [{ kind, column: plain[1], operator: plainSign, limit: Number(plain[3]) }];
  }
  const turned = whole(`${number}\\s*${ordering}\\s*${value}`, part);
  const turnedSign = orderingOf(turned?.[2]);
  if (turned?.[3] === undefined || !turnedSign) return [];
  return [{ kind, column: turned[3], operator: mirrored[turnedSign], limit: Number(turned[1]) }];
}

const mirrored: Readonly<Record<Ordering, Ordering>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function orderingOf(sign: string | undefined): Ordering | undefined {
  return sign === "<" || sign === "<=" || sign === ">" || sign === ">=" ? sign : undefined;
}

function whole(pattern: string, text: string): RegExpExecArray | null {
  return new RegExp(`^${pattern}$`, "i").exec(text.trim());
}

/** Whether PostgreSQL, Python and Rust read the regular expression alike. */
export function isPortable(pattern: string): boolean {
  if (/\[[:.=]|\(\?|\\(?![dws.+*?^$()[\]{}|/\\-])|\{,|[^\x20-\x7e]/.test(pattern)) return false;
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}

/** Casts of literals and to text change nothing that the forms ask for; any other may change what is compared. */
function withoutCasts(expression: string): string {
  const casts =
    /('(?:[^']|'')*'|-?\b\d+(?:\.\d+)?|\(-?\d+(?:\.\d+)?\))\s*::\s*(?:double precision|character varying|\w+)(?:\(\d+(?:,\s*\d+)?\))?/gi;
  const text = expression
    .trim()
    .replace(casts, "$1")
    .replace(/\s*::\s*(?:text|character varying)\b/gi, "");
  return text.replace(/(?<!\w)\(\s*("?[A-Za-z_]\w*"?|-?\d+(?:\.\d+)?)\s*\)/g, "$1");
}

/** The parts that `AND` joins at the top; that of a `BETWEEN` joins no parts, and where an `OR` stands there is one part. */
function conjuncts(expression: string): readonly string[] {
  const text = withoutBrackets(expression);
  const words = [...text.matchAll(/'(?:[^']|'')*'|[()]|\b(?:AND|OR|BETWEEN)\b/gi)];
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  let between = false;
  for (const { 0: word, index } of words) {
    if (word === "(") depth += 1;
    else if (word === ")") depth -= 1;
    else if (depth > 0 || word.startsWith("'")) continue;
    else if (/^or$/i.test(word)) return [text];
    else if (/^between$/i.test(word)) between = true;
    else if (between) between = false;
    else {
      parts.push(text.slice(from, index));
      from = index + word.length;
    }
  }
  return [...parts, text.slice(from)];
}

/** Without the brackets around the whole. */
export function withoutBrackets(expression: string): string {
  const text = expression.trim();
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  for (const [index, character] of [...text].entries()) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (depth === 0 && index < text.length - 1) return text;
  }
  return withoutBrackets(text.slice(1, -1));
}
