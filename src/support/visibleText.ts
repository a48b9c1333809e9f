/**
 * The text with every control, bidirectional and invisible character spelled out (`\u202e`), so that
 * what a person reads is what there is. Line feeds stay where `keepLines` is set.
 */
export function escapeInvisible(text: string, keepLines = false): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u00a0\u2000-\u200a\u3000]/gu,
    (character) => (keepLines && character === "\n" ? character : spelled(character)),
  );
}

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
