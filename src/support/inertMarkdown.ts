/**
 * Markdown with words of others in it, made fit for a preview: nothing in it is fetched, run or taken for
 * markup. Images become text, tags lose their bracket, links to commands lead nowhere
 * (research/security.md F08, F10).
 */
export function inertMarkdown(markdown: string): string {
  return markdown
    .replace(/!(?=\[)/g, "!\\")
    .replace(/<(?=[A-Za-z/!?])/g, "‹")
    .replace(/\b(?:command|javascript|vbscript|data|vscode[\w-]*)(?=:\S)/gi, "$&\u200b");
}
