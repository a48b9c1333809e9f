import type { Fence } from "./document.ts";
import { isValid, readComposed, type SqlLine, sqlName } from "./generatedSql.ts";
import type { MarkdownReading } from "./reading.ts";

const definitionStart =
  /^\s*(?:--|\/\*|CREATE|ALTER|COMMENT|DROP|INSERT|SELECT|GRANT|DO|BEGIN|WITH|UPDATE|DELETE|SET|\\)/i;

/** Whether an SQL fence holds statements at all, or a sketch of a table. */
export function isSketch(text: string): boolean {
  return !definitionStart.test(text);
}

/**
 * Reads a table that is sketched without CREATE TABLE: its name in the first line, and a column with
 * type and constraints in each line below. False when the lines are something else.
 */
export function readTableSketch(reading: MarkdownReading, fence: Fence): boolean {
  const lines = fence.excerpt.text
    .split("\n")
    .map((text, index): SqlLine => ({ text: withoutRemark(text), line: fence.excerpt.line + index }));
  const [head, ...rest] = wholeParts(lines.filter((line) => line.text.trim() !== "")).filter(
    (line) => line.text !== "",
  );
  const name = /^(?:table\s+)?"?([A-Za-z_][\w.]*)"?\s*[:({]?$/i.exec(head?.text ?? "")?.[1];
  const parts = rest.filter((line) => isValid([{ text: `CREATE TABLE t (a int, ${line.text})`, line: line.line }]));
  const isTable = name !== undefined && head !== undefined && parts.length > 0 && parts.length >= rest.length / 2;
  if (!isTable) return false;
  const separated = parts.map((part, index) => ({
    ...part,
    text: index < parts.length - 1 ? `${part.text},` : part.text,
  }));
  const statement = [
    { text: `CREATE TABLE ${sqlName(name)} (`, line: head.line },
    ...separated,
    { text: ")", line: parts.at(-1)?.line ?? head.line },
  ];
  return readComposed(reading, statement, reading.prose);
}

function withoutRemark(text: string): string {
  return text.replace(/\s--.*$|^\s*--.*$/, "");
}

/** A check may go on over several lines, until its brackets close. */
function wholeParts(lines: readonly SqlLine[]): SqlLine[] {
  const parts: SqlLine[] = [];
  let depth = 0;
  for (const [index, { text, line }] of lines.entries()) {
    const open = parts.at(-1);
    if (depth > 0 && open) parts[parts.length - 1] = { ...open, text: `${open.text} ${text.trim()}` };
    else parts.push({ text, line });
    if (index > 0) depth = Math.max(0, depth + text.split("(").length - text.split(")").length);
  }
  return parts.map((part) => ({ ...part, text: bare(part.text) }));
}

function bare(text: string): string {
  return text
    .replace(/[,]\s*$/, "")
    .replace(/^\s*[)}]\s*;?\s*$/, "")
    .trim();
}
