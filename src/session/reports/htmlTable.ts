/** A table that scrolls by itself where it is too wide. Caption, names and rows are markup already. */
export function htmlTable(caption: string, names: readonly string[], rows: readonly string[]): string {
  const head = names.map((name) => `<th scope="col">${name}</th>`).join("");
  return `<div class="scroll" tabindex="0"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
