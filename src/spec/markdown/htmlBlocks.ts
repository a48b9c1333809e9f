import { createExcerpt, lineAt } from "../excerpt.ts";
import type { Row } from "./document.ts";

/** A heading or table that a document writes in HTML, as wiki exports do. */
export type HtmlPart =
  | { readonly type: "heading"; readonly text: string; readonly depth: number; readonly line: number }
  | {
      readonly type: "table";
      readonly header: readonly string[];
      readonly rows: readonly Row[];
      readonly line: number;
      readonly endLine: number;
    };

const part =
  /<(?:h([1-6])|(summary))\b[^>]*>([^<]{0,200}(?:<[^>]{0,80}>[^<]{0,200}){0,6}?)<\/(?:h[1-6]|summary)>|<table\b[^>]*>([\s\S]*?)(?:<\/table>|$)/gi;

const comment = /<!--[\s\S]*?(?:-->|$)/g;

/** The headings, summaries and tables of an HTML passage that begins on the line. */
export function htmlParts(raw: string, line: number): HtmlPart[] {
  const excerpt = createExcerpt(
    "",
    raw.replace(comment, (text) => text.replace(/[^\n]/g, " ")),
    line,
  );
  const lineOf = (offset: number): number => lineAt(excerpt, offset);
  return [...excerpt.text.matchAll(part)].flatMap((match): HtmlPart[] => {
    const [whole, depth, , text, table] = match;
    const at = lineOf(match.index);
    if (table === undefined)
      return [{ type: "heading", text: cellText(text ?? ""), depth: Number(depth ?? 7), line: at }];
    const start = match.index + whole.indexOf(table);
    const [header, ...rows] = [...table.matchAll(/<tr\b[^>]*>([\s\S]*?)(?=<tr\b|<\/tr>|$)/gi)].map(
      (row): Row => ({ cells: cellsOf(row[1] ?? ""), line: lineOf(start + row.index) }),
    );
    return header
      ? [{ type: "table", header: header.cells, rows, line: at, endLine: lineOf(match.index + whole.length) }]
      : [];
  });
}

function cellsOf(row: string): string[] {
  return [...row.matchAll(/<t[hd]\b[^>]*>([\s\S]*?)(?=<t[hd]\b|<\/t[hd]>|$)/gi)].map((cell) => cellText(cell[1] ?? ""));
}

const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  nbsp: " ",
  "#39": "'",
  rarr: "→",
};

function cellText(html: string): string {
  return html
    .replace(/<\/?code\b[^>]*>/gi, "`")
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/<[^>]*>/g, "")
    .replace(/&([#\w]+);/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/\s+/g, " ")
    .trim();
}
