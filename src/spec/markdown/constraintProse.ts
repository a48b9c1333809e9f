import { sqlName } from "./generatedSql.ts";
import { codeSpans, plainText } from "./text.ts";

/** What a sentence or label says of a table's columns, as the body of an `ADD` clause or as an index. */
export interface ProseConstraint {
  readonly type: "primaryKey" | "unique" | "check";
  readonly columns: readonly string[];
  readonly definition: string;
  /** A unique rule with a condition is an index. */
  readonly where?: string;
}

/**
 * The key, unique rule or check that prose states: ``Unique together: `(a, b)` ``, ``the combination of
 * `a` and `b` must be unique``, `Primary key: (a, b)`, ``Check: `a > 0` ``. Only columns of the table count.
 */
export function constraintInProse(raw: string, known: readonly string[]): ProseConstraint | undefined {
  const check = /^\W*check(?: constraint)?\W*[:：]\W*(.+?)\W*$/i.exec(raw)?.[1];
  if (check !== undefined) {
    const text = plainText(codeSpans(raw)[0] ?? check);
    return { type: "check", columns: [], definition: `CHECK (${text.replace(/^\((.*)\)$/, "$1")})` };
  }
  const [said = "", where] = raw.split(/\s+where\s+/i);
  const type = typeOf(said);
  const columns = type === undefined ? [] : columnsIn(said, known);
  if (type === undefined || columns.length === 0) return undefined;
  const list = columns.map(sqlName).join(", ");
  const condition = plainText(where ?? "").replace(/[.。]$/, "");
  return {
    type,
    columns,
    definition: `${type === "unique" ? "UNIQUE" : "PRIMARY KEY"} (${list})`,
    ...(condition !== "" && { where: condition }),
  };
}

function typeOf(said: string): ProseConstraint["type"] | undefined {
  const text = plainText(said);
  if (/\b(?:not|non|isn't|needn't)[ -](?:be )?unique\b/i.test(text)) return undefined;
  if (/^\W*(?:composite |compound )?(?:primary key|pk)\b\W*(?:[:：(]|is\b|on\b|of\b)|^\W*主キー\s*[:：]/i.test(text))
    return "primaryKey";
  const isUnique =
    /^\W*(?:composite |compound )?uniq(?:ue(?:ness)?)?\b(?: (?:constraint|key|together|per|across|index))?\W*(?:[:：(]|\bon\b|\bover\b|\bof\b|\bacross\b|\bper\b)|\bunique\s*[:：(]|\b(?:is|are|must be|has to be|have to be|be) (?:globally )?unique\b|ユニーク(?:制約)?|一意|唯一(?:约束|索引)?/iu;
  return isUnique.test(text) ? "unique" : undefined;
}

/** The columns of the first bracket that holds nothing else; otherwise all that are marked as code. */
function columnsIn(said: string, known: readonly string[]): string[] {
  const text = said.replaceAll("`", "");
  for (const [, inside = ""] of text.matchAll(/\(([^()]*)\)/g)) {
    const names = inside.split(/\s*(?:,|\+|、|&)\s*/).map((name) => name.trim());
    if (names.every((name) => known.includes(name))) return names;
  }
  const spans = codeSpans(said).flatMap((span) => span.replace(/^\((.*)\)$/, "$1").split(/\s*(?:,|\+|、)\s*/));
  if (spans.length > 0) return spans.every((name) => known.includes(name)) ? [...new Set(spans)] : [];
  const listed = /(?:[:：]|\bon\b|\bover\b)\s*([\w\s,+]+)$/i.exec(plainText(said))?.[1] ?? "";
  const names = listed.split(/\s*(?:,|\+|\band\b)\s*/).map((name) => name.trim());
  return names.every((name) => known.includes(name)) ? names : [];
}
