import type { Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmTableFromMarkdown } from "mdast-util-gfm-table";
import { gfmTable } from "micromark-extension-gfm-table";
import type { Recall } from "../recall.ts";

/** A part of a document with its tree, whose positions count from the part's own begin. */
export interface MarkdownPart {
  readonly text: string;
  readonly tree: Root;
  /** Lines of the document in front of the part. */
  readonly linesBefore: number;
  /** Whether the document ends with the part. */
  readonly isLast: boolean;
}

/**
 * Parses Markdown heading by heading, so that after an edit only the section with the edit is parsed again. A
 * heading ends every block before it but an open fence or HTML block; where a part ends in one, the whole is one part.
 */
export function markdownParts(text: string, recall: Recall): readonly MarkdownPart[] {
  const texts = cutAtHeadings(text);
  let linesBefore = 0;
  const parts = texts.map((part, index): MarkdownPart => {
    const tree = recall.of("markdown", part, parse);
    const placed = { text: part, tree, linesBefore, isLast: index === texts.length - 1 };
    linesBefore += newlinesIn(part);
    return placed;
  });
  if (!parts.some(staysOpen)) return parts;
  return [{ text, tree: parse(text), linesBefore: 0, isLast: true }];
}

/** Only blocks are asked for, whose text is kept as written; what is inside them would take most of the time. */
const inlineConstructs = [
  "attention",
  "autolink",
  "characterEscape",
  "characterReference",
  "codeText",
  "hardBreakEscape",
  "htmlText",
  "labelEnd",
  "labelStartImage",
  "labelStartLink",
];

function parse(text: string): Root {
  return fromMarkdown(text, {
    extensions: [gfmTable(), { disable: { null: inlineConstructs } }],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
}

const headingLine = /^#{1,6} /;
const fenceLine = /^ {0,3}(`{3,}|~{3,})/;

/** Cuts in front of headings that stand outside of fences and have an empty line above. */
function cutAtHeadings(text: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let offset = 0;
  let fence: string | undefined;
  let isEmpty = false;
  for (const line of text.split("\n")) {
    const mark = fenceLine.exec(line)?.[1];
    if (mark !== undefined && fence === undefined) fence = mark;
    else if (mark !== undefined && fence !== undefined && closes(line, fence)) fence = undefined;
    if (fence === undefined && isEmpty && headingLine.test(line)) {
      parts.push(text.slice(start, offset));
      start = offset;
    }
    isEmpty = line === "";
    offset += line.length + 1;
  }
  parts.push(text.slice(start));
  return parts;
}

function closes(line: string, fence: string): boolean {
  const mark = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return mark !== undefined && mark[0] === fence[0] && mark.length >= fence.length;
}

/** A block that would go on behind the part if it did not end there. */
function staysOpen({ text, tree, isLast }: MarkdownPart): boolean {
  const last = tree.children.at(-1);
  if (isLast || (last?.type !== "code" && last?.type !== "html")) return false;
  const raw = text.slice(last.position?.start.offset, last.position?.end.offset);
  const fence = fenceLine.exec(raw)?.[1];
  if (last.type === "code") return fence !== undefined && !closes(raw.slice(raw.lastIndexOf("\n") + 1), fence);
  if (raw.startsWith("<!--")) return !raw.slice(4).includes("-->");
  return !/^<\/?[a-z][a-z0-9-]*[\s/>]/i.test(raw) || /^<(?:script|pre|style|textarea)\b/i.test(raw);
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
