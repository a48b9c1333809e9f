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
    (piece) => (/^(?:\/|''')/.test(piece) ? piece.replace(/[^\n]/g, "") : piece),
  );
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
  return texts.slice(first + 1, last).map((text, offset) => ({
    text,
    line: lineAt(excerpt, excerpt.lineStarts[first + 1 + offset] ?? 0),
  }));
}
