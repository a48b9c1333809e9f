import type { Excerpt } from "./excerpt.ts";

export type DocumentForm = "yaml" | "sql" | "dbml" | "prisma" | "markdown";

/** How a document is written, by its text; the name only decides where the text leaves it open. */
export function documentForm(excerpt: Excerpt): DocumentForm {
  const { text, path } = excerpt;
  const content = text.replace(/^(?:\s|#[^\n]*(?:\n|$)|---[ \t]*(?:\n|$))+/, "");
  // To YAML the headings of a Markdown document are comments, and what follows them may be `{id} is …`.
  const isMarkdown = /\.(?:md|markdown)$/i.test(path) && !/^\s*\{/.test(text);
  if (!isMarkdown && content.startsWith("{")) return "yaml";
  if (/^(?:["']?(?:openapi|swagger|asyncapi|paths|components)["']?\s*:)/.test(content)) return "yaml";
  const hasMarkdown = /^#{1,6}\s|^(?:```|~~~)/m.test(text);
  if (/\.sql$/i.test(path) || (!hasMarkdown && startsAsSql(text))) return "sql";
  if (/\.dbml$/i.test(path) || (!hasMarkdown && dbmlTable.test(text))) return "dbml";
  if (/\.prisma$/i.test(path) || (!hasMarkdown && prismaModel.test(text))) return "prisma";
  return /\.(?:ya?ml|json)$/i.test(path) ? "yaml" : "markdown";
}

/** How a table of DBML begins. */
export const dbmlTable = /^\s*Table\s+[\w."]+(?:\s+as\s+\w+)?\s*(?:\[[^\]]*\]\s*)?\{/m;

/** A model or enum of Prisma, which no other notation writes so. */
export const prismaModel = /^\s*model\s+\w+\s*\{[^}]*@id\b/m;

const leadingStatements =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*|(?:BEGIN|SET)\b[^;]*;\s*)*(?:CREATE|ALTER|DROP|COMMENT ON)\s+\w+/i;

function startsAsSql(text: string): boolean {
  return leadingStatements.test(text);
}
