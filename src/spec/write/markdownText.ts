/** A document from its blocks; those without text are left out. */
export function joinBlocks(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

export function writeTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return rows.length === 0 ? "" : [line(header), `|${"---|".repeat(header.length)}`, ...rows.map(line)].join("\n");
}

export function writeFence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/^\s*(`+)/gm)].map((match) => match[1]?.length ?? 0));
  const mark = "`".repeat(longest + 1);
  return `${mark}${language}\n${text}\n${mark}`;
}

/** A heading with what belongs under it; nothing when there is nothing. */
export function writeSection(heading: string, blocks: readonly string[]): string {
  const kept = blocks.filter((block) => block !== "");
  return kept.length === 0 ? "" : [heading, ...kept].join("\n\n");
}

export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** Text of one paragraph that no reader takes for a heading, list, quote or table. */
export function writeParagraph(text: string | undefined): string {
  return (text ?? "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^([#>|+*-])/, "\\$1");
}

function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
}
