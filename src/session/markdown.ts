/** A list that people still read; the whole of it is in the JSON of the headless command. */
const mostEntries = 40;

/** A heading with a list below it; nothing without entries. */
export function list(title: string, entries: readonly string[], most = mostEntries): string {
  if (entries.length === 0) return "";
  const rest = entries.length > most ? [`- … and ${entries.length - most} more`] : [];
  return [title, "", ...entries.slice(0, most).map((entry) => `- ${entry}`), ...rest].join("\n");
}

export function join(sections: readonly (string | undefined)[]): string {
  return sections.filter((section) => section).join("\n\n");
}
