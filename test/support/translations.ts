/** A text that somebody has put into Japanese. */
export const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}、。]/u;

/** What a translation must have as its text has it: placeholders, icons, links to commands, code, names in it. */
export function partsOf(text: string): readonly string[] {
  return (
    text.match(/\{\d+\}|\$\([\w-]+\)|\]\([^)]*\)|`[^`]*`|@backend|"backendImplementer[^"]*"|\n/g) ?? []
  ).toSorted();
}
