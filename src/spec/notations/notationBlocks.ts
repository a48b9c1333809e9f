import { type Excerpt, lineAt } from "../excerpt.ts";
import type { SqlLine } from "../markdown/generatedSql.ts";
import { splitTop } from "../markdown/typeText.ts";
import type { Problem } from "../reading.ts";

/** A block `head { … }` of DBML, Prisma or PlantUML, or a line of its own without braces. */
export interface NotationBlock {
  readonly head: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** Lines between the braces, without comments. */
  readonly lines: readonly SqlLine[];
  /** Its braces are never closed, so that it swallows what follows. */
  readonly isOpen: boolean;
}

/** What to say of each block that is never closed. */
export function openBlockProblems(path: string, blocks: readonly NotationBlock[]): Problem[] {
  return blocks
    .filter(({ isOpen }) => isOpen)
    .map(({ head, line }) => ({
      path,
      line,
      severity: "warning",
      code: "SPEC-OPEN-END",
      message: `The braces of "${head}" are never closed, so what follows is taken for a part of it; close them.`,
    }));
}

/** The outermost blocks whose first words match; nested braces belong to their block. */
export function notationBlocks(excerpt: Excerpt, heads: RegExp): NotationBlock[] {
  const texts = withoutComments(excerpt.text).split("\n");
  const blocks: NotationBlock[] = [];
  for (let index = 0; index < texts.length; index++) {
    const head = texts[index]?.trim() ?? "";
    if (!heads.test(head)) continue;
    const closing = /\{[^}]*$/.test(head) ? closingLine(texts, index) : index;
    const last = closing ?? texts.length - 1;
    const start = excerpt.lineStarts[index] ?? 0;
    blocks.push({
      head: head.replace(/\s*\{[^{}]*\}?\s*$/, ""),
      line: lineAt(excerpt, start),
      start,
      end: (excerpt.lineStarts[last] ?? 0) + (texts[last]?.length ?? 0),
      lines: bodyLines(excerpt, texts, index, last),
      isOpen: closing === undefined,
    });
    index = last;
  }
  return blocks;
}

/** The settings in `[pk, default: 'a, b']`. */
export function settingsIn(text: string): string[] {
  return splitTop(text, ",");
}

export function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, "$2").replaceAll('"."', ".");
}

function withoutComments(text: string): string {
  return text.replace(
    /'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\/|(?<![:/])\/\/[^\n]*/g,
    (piece) => {
      if (piece.startsWith("'''")) return oneLine(piece.slice(3, -3)) + piece.replace(/[^\n]/g, "");
      return piece.startsWith("/") ? piece.replace(/[^\n]/g, "") : piece;
    },
  );
}

/** A text of several lines as a string of one, in front of as many empty lines; {@link noteText} turns it back. */
function oneLine(text: string): string {
  const lines = text.replace(/^[ \t]*\n|\n[ \t]*$/g, "").split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const common = Math.min(...indents, 1000);
  const body = lines.map((line) => line.slice(common).trimEnd()).join("\u0001");
  return `'${body.replaceAll("'", "\u0002")}'`;
}

/** What a quoted text says. */
export function noteText(quotedText: string): string {
  return unquoted(quotedText.trim()).replaceAll("\\'", "'").replaceAll("\u0001", "\n").replaceAll("\u0002", "'");
}

/** Lines that a bracket holds together, as one where the first one stands. */
export function joinedLines(lines: readonly SqlLine[]): SqlLine[] {
  const joined: SqlLine[] = [];
  let depth = 0;
  for (const line of lines) {
    const last = joined.at(-1);
    if (depth > 0 && last) joined[joined.length - 1] = { ...last, text: `${last.text} ${line.text.trim()}` };
    else joined.push(line);
    const bare = line.text.replace(/"[^"]*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, "");
    depth = Math.max(0, depth + bare.split("[").length - bare.split("]").length);
  }
  return joined;
}

function closingLine(texts: readonly string[], from: number): number | undefined {
  let depth = 0;
  for (let index = from; index < texts.length; index++) {
    const bare = (texts[index] ?? "").replace(/"[^"]*"|'[^']*'|`[^`]*`/g, "");
    depth += bare.split("{").length - bare.split("}").length;
    if (depth <= 0) return index;
  }
  return undefined;
}

function bodyLines(excerpt: Excerpt, texts: readonly string[], first: number, last: number): SqlLine[] {
  if (first === last) {
    const inside = /\{([^{}]*)\}/.exec(texts[first] ?? "")?.[1];
    return inside === undefined ? [] : [{ text: inside, line: lineAt(excerpt, excerpt.lineStarts[first] ?? 0) }];
  }
  const opening = /\{(.*)$/.exec(texts[first] ?? "")?.[1] ?? "";
  const closing = /^(.*)\}/.exec(texts[last] ?? "")?.[1] ?? texts[last] ?? "";
  const lines = [opening, ...texts.slice(first + 1, last), closing];
  return lines.flatMap((text, offset) =>
    text.trim() === "" && (offset === 0 || offset === lines.length - 1)
      ? []
      : [{ text, line: lineAt(excerpt, excerpt.lineStarts[first + offset] ?? 0) }],
  );
}
