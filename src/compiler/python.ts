import { orderedImports } from "./importOrder.ts";
import type { PythonImport } from "./plan.ts";

/** Longest line of generated Python, black's default. */
export const lineWidth = 88;

export interface PythonModule {
  readonly docstring: string;
  /** In any order, repeated or unused: `formatPython` drops and sorts. A string is a whole statement. */
  readonly imports: readonly (PythonImport | string)[];
  /** Top-level blocks; empty ones are left out. */
  readonly body: readonly string[];
}

export function pythonModule({ docstring: summary, imports, body }: PythonModule): string {
  const words = new Set(body.flatMap((block) => block.match(/[\p{L}_][\p{L}\p{M}\p{N}_]*/gu) ?? []));
  const mentioned = imports.filter((item) => words.has(boundName(typeof item === "string" ? item : item.name)));
  const blocks = [docstring(summary), importBlock(mentioned), ...body];
  return `${blocks.filter((block) => block !== "").join("\n\n\n")}\n`;
}

/** `importsFrom("uuid", "UUID")`: the names one module gives. */
export function importsFrom(module: string, ...names: readonly string[]): readonly PythonImport[] {
  return names.map((name) => ({ module, name }));
}

/** One statement a module, in order, so that equal sets give equal text. */
export function importBlock(imports: readonly (PythonImport | string)[]): string {
  const statements = new Set<string>();
  const names = new Map<string, Set<string>>();
  for (const item of imports) {
    if (typeof item === "string") statements.add(item);
    else names.set(item.module, (names.get(item.module) ?? new Set()).add(item.name));
  }
  return orderedImports(statements, names, lineWidth);
}

/** `sa` of `import sqlalchemy as sa`, `Entity` of `Order as Entity`. */
function boundName(statement: string): string {
  return /([^\s.]+)(?:\.[^\s.]+)*\s*$/.exec(statement)?.[1] ?? "";
}

/**
 * A docstring at `level` indentations: a line of its own where it fits, else its first sentence as
 * the summary and the rest wrapped below.
 */
export function docstring(text: string, level = 0): string {
  const pad = " ".repeat(4 * level);
  const width = lineWidth - pad.length;
  const escaped = sentence(text).replaceAll("\\", "\\\\").replaceAll('"""', "'''");
  const safe = escaped.endsWith('"') ? `${escaped}.` : escaped;
  if (!safe.includes("\n") && columnsOf(safe) + 6 <= width) return `${pad}"""${safe}"""`;
  const [summary = "", ...rest] = withSummary(safe.split(/\n\s*\n/), width - 6);
  const body = rest.flatMap((paragraph) => ["", ...wrap(paragraph, width)]);
  const [first = "", ...more] = wrap(summary, width - 6);
  return [`${pad}"""${first}`, ...[...more, ...body].map((line) => (line === "" ? "" : pad + line)), `${pad}"""`].join(
    "\n",
  );
}

/** A Python string as black writes it: double quotes unless that needs more escapes. */
export function stringLiteral(value: string): string {
  const body = value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
  const single = body.includes('"') && !body.includes("'");
  return single ? `'${body}'` : `"${body.replaceAll('"', '\\"')}"`;
}

/** A string that may be longer than a line, as a value: a parenthesised run of literals. */
export function longString(value: string): string {
  const parts = longArgument(value);
  return parts.includes("\n") ? `(${parts})` : parts;
}

/** The same as an argument of a call, whose brackets serve; broken at spaces where there are any. */
export function longArgument(value: string, width = 60): string {
  if (columnsOf(value) <= width) return stringLiteral(value);
  const size = value.search(wide) === -1 ? width : Math.floor(width / 2);
  const parts = value.match(new RegExp(`[\\s\\S]{1,${size}}(?:\\s|$)|[\\s\\S]{1,${size}}`, "g")) ?? [value];
  return parts.map(stringLiteral).join("\n");
}

export function indent(text: string, level = 1): string {
  const pad = " ".repeat(4 * level);
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : pad + line))
    .join("\n");
}

/** Text of a design in the form of a docstring: one space between words, a closing full stop. */
export function sentence(text: string): string {
  const tidy = text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "")
    .join("\n\n")
    .replace(/[\u2010-\u2015]/g, "-")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"');
  const ended = tidy.replace(/[,;:\s-]+$/, "");
  return ended === "" || /[.!?)。！？]$/.test(ended) ? ended : `${ended}.`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).flatMap((part) => pieces(part, width))) {
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(last) + columnsOf(word) < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Chinese and Japanese take two columns a character and have no blanks to break at. */
function columnsOf(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0);
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/g;

function pieces(word: string, width: number): readonly string[] {
  if (columnsOf(word) <= width || word.search(wide) === -1) return [word];
  const half = Math.floor(width / 2);
  return word.match(new RegExp(`[\\s\\S]{1,${half}}`, "g")) ?? [word];
}

/** A first paragraph that is too long for a line gives up its first sentence, if that fits. */
function withSummary(paragraphs: readonly string[], width: number): readonly string[] {
  const [first = "", ...rest] = paragraphs;
  const end = first.search(/[.!?] +[A-Z`]/) + 1;
  if (columnsOf(first) <= width || end === 0 || end > width) return paragraphs;
  return [first.slice(0, end), first.slice(end + 1).trimStart(), ...rest];
}
