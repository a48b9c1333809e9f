import type { Excerpt } from "./excerpt.ts";

export type DocumentForm = "yaml" | "sql" | "markdown";

/** How a document is written, by its text; the name only decides where the text leaves it open. */
export function documentForm(excerpt: Excerpt): DocumentForm {
  const { text, path } = excerpt;
  if (/^\s*\{/.test(text) || /^(?:openapi|swagger|asyncapi)["']?\s*:/m.test(text.slice(0, 5000))) return "yaml";
  const hasMarkdown = /^#{1,6}\s|^(?:```|~~~)/m.test(text);
  if (/\.sql$/i.test(path) || (!hasMarkdown && startsAsSql(text))) return "sql";
  return /\.(?:ya?ml|json)$/i.test(path) ? "yaml" : "markdown";
}

/** Statement key words at the start of a line, and at least as many of them as of ordinary lines' kind. */
function startsAsSql(text: string): boolean {
  return /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*|(?:BEGIN|SET)\b[^;]*;\s*)*(?:CREATE|ALTER|DROP|COMMENT ON)\s+\w+/i.test(
    text,
  );
}
