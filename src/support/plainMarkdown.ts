/**
 * A text of others as Markdown in which nothing of it is markup, a link or a picture: all that may mean something is
 * escaped, addresses too, which become links by themselves. Line feeds part paragraphs. The editor's own `appendText` is
 * no help for whole sentences: no line is broken at the spaces that it makes.
 */
export function plainMarkdown(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim().replace(/[!-/:-@[-`{-~]/g, "\\$&"));
  return lines.filter((line) => line !== "").join("\n\n");
}
