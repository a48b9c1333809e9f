/** A type as an annotation writes it. */
export interface TypeExpression {
  /** As written, with dots; `|` for a union, `"` for a text, `()` for a call, `?` for anything else. */
  readonly name: string;
  readonly arguments: readonly TypeExpression[];
  readonly text: string;
}

/** Texts of types are read as far as they name types: `Annotated[list["Order"] | None, Field(min_length=1)]`. */
export function parseType(text: string): TypeExpression {
  const trimmed = withoutBrackets(text.trim());
  const parts = splitOutside(trimmed, "|");
  if (parts.length > 1) return { name: "|", arguments: parts.map(parseType), text: trimmed };
  const quoted = /^(["'])([^"']*)\1$/.exec(trimmed);
  if (quoted) return { name: '"', arguments: [], text: quoted[2] ?? "" };
  const generic = /^([\w.]+)\s*\[([\s\S]*)\]$/.exec(trimmed);
  if (generic) {
    const given = splitOutside(generic[2] ?? "", ",").filter((part) => part.trim() !== "");
    return { name: generic[1] ?? "", arguments: given.map(parseType), text: trimmed };
  }
  const name = /^[\w.]+$/.test(trimmed) ? trimmed : /^[\w.]+\s*\(/.test(trimmed) ? "()" : "?";
  return { name, arguments: [], text: trimmed };
}

function withoutBrackets(text: string): string {
  const isWhole = text.startsWith("(") && text.endsWith(")") && isBalanced(text.slice(1, -1));
  return isWhole ? withoutBrackets(text.slice(1, -1).trim()) : text;
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

/** Parts between separators that stand in no brackets and no text. */
function splitOutside(text: string, separator: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const [token] of text.matchAll(/"[^"]*"|'[^']*'|[\s\S]/g)) {
    if ("[({".includes(token)) depth++;
    if ("])}".includes(token)) depth--;
    if (token === separator && depth <= 0) parts.push("");
    else parts.push(`${parts.pop()}${token}`);
  }
  return parts;
}
