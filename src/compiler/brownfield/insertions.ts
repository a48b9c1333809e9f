import { sortImports } from "../format.ts";

/** Lines that go into a file that stands; nothing in it is changed or moved. */
export interface Insertion {
  /** The line after which they stand, counted from 1. */
  readonly after: number;
  readonly lines: readonly string[];
}

/** What {@link insert} puts into a text. */
export interface Additions {
  readonly lines: readonly Insertion[];
  readonly imports: readonly string[];
  /** Names of the project's own top-level modules and packages, which stand in one group. */
  readonly own: ReadonlySet<string>;
  readonly width: number;
}

/**
 * The text with the lines in it and with the imports at their sorted place. Names of a module that is imported
 * from already go into its statement where the imports stand as isort has them.
 */
export function insert(text: string, { lines, imports, own, width }: Additions): string {
  const result = insertLines(text, lines);
  const first = /^(?:import|from) /m.exec(result)?.index;
  if (imports.length === 0) return result;
  if (first === undefined || sortImports(result, width, [...own]) !== result) {
    return imports.reduce((whole, statement) => withImport(whole, statement, own), result);
  }
  const isFuture = result.startsWith("from __future__", first);
  const at = isFuture ? result.indexOf("\n", first) + 1 : first;
  return sortImports(`${result.slice(0, at)}${imports.join("\n")}\n${result.slice(at)}`, width, [...own]);
}

export function insertLines(text: string, insertions: readonly Insertion[]): string {
  const lines = text.split("\n");
  for (const { after, lines: added } of insertions.toSorted((left, right) => right.after - left.after)) {
    lines.splice(after, 0, ...added);
  }
  return lines.join("\n");
}

/** The blanks before a line, counted from 1. */
export function indentationOf(text: string, line: number): string {
  return /^\s*/.exec(text.split("\n")[line - 1] ?? "")?.[0] ?? "";
}

/** isort's order of two `from … import` statements: by module, whatever the case. */
function compareImports(left: string, right: string): number {
  const [first, second] = [moduleOf(left), moduleOf(right)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function moduleOf(statement: string): string {
  return (/^(?:from|import) ([\w.]+)/.exec(statement)?.[1] ?? "").toLowerCase();
}

/** Among the project's own imports as isort has them, `import` before `from`; else in a group after all others. */
function withImport(text: string, statement: string, own: ReadonlySet<string>): string {
  const lines = text.split("\n");
  const statements = importStatements(lines);
  const group = statements.filter(({ text: other }) => own.has(moduleOf(other).split(".")[0] ?? ""));
  const rank = (line: string) => (line.startsWith("import ") ? 0 : 1);
  const next = group.find(
    ({ text: other }) =>
      rank(statement) < rank(other) || (rank(statement) === rank(other) && compareImports(statement, other) < 0),
  );
  const last = group.at(-1) ?? statements.at(-1);
  if (next) lines.splice(next.start, 0, statement);
  else if (group.length > 0) lines.splice(last?.end ?? 0, 0, statement);
  else if (last) lines.splice(last.end, 0, "", statement);
  else lines.splice(docstringEnd(lines), 0, "", statement);
  return lines.join("\n");
}

/** Imports at the beginning of lines, with those in brackets as a whole; `end` is the line after the last. */
function importStatements(lines: readonly string[]): readonly { text: string; start: number; end: number }[] {
  return lines.flatMap((text, start) => {
    if (!/^(?:from \S+ import |import )/.test(text)) return [];
    const closing =
      text.includes("(") && !text.includes(")")
        ? lines.findIndex((line, at) => at > start && line.includes(")"))
        : start;
    return [{ text, start, end: Math.max(start, closing) + 1 }];
  });
}

function docstringEnd(lines: readonly string[]): number {
  if (!lines[0]?.startsWith('"""')) return 0;
  const end = lines.findIndex((line, at) => line.endsWith('"""') && (at > 0 || line.length > 3));
  return end + 1;
}
