import type { Excerpt } from "./excerpt.ts";

export type DocumentForm = "yaml" | "sql" | "markdown";

/** How a document is written, by its text; the name only decides where the text leaves it open. */
export function documentForm(excerpt: Excerpt): DocumentForm {
  const { text, path } = excerpt;
  const content = text.replace(/^(?:\s|#[^\n]*(?:\n|$)|---[ \t]*(?:\n|$))+/, "");
  if (/^(?:\{|["']?(?:openapi|swagger|asyncapi|paths|components)["']?\s*:)/.test(content)) return "yaml";
  const hasMarkdown = /^#{1,6}\s|^(?:```|~~~)/m.test(text);
  if (/\.sql$/i.test(path) || (!hasMarkdown && startsAsSql(text))) return "sql";
  return /\.(?:ya?ml|json)$/i.test(path) ? "yaml" : "markdown";
}

const leadingStatements =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*|(?:BEGIN|SET)\b[^;]*;\s*)*(?:CREATE|ALTER|DROP|COMMENT ON)\s+\w+/i;

function startsAsSql(text: string): boolean {
  return leadingStatements.test(text);
}
