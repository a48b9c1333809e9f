/** Markdown of one line as a reader sees it: no emphasis, code marks, links, images or HTML tags. */
export function plainText(raw: string): string {
  return raw
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/<\/?(?:b|i|em|strong|code|kbd|sub|sup|span|a|u|s|del)\b[^>]*>/gi, "")
    .replace(/\*\*|__(?=\S)|(?<=\S)__|~~|`/g, "")
    .replace(/(?<![\p{L}\p{N}*])\*(?=\S)|(?<=\S)\*(?![\p{L}\p{N}*])/gu, "")
    .replace(/\\([\\`*_{}[\]()#+.!|<>~-])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/** The phrases between backticks. */
export function codeSpans(raw: string): string[] {
  return [...raw.matchAll(/`+([^`]+)`+/g)].map((match) => (match[1] ?? "").trim());
}

const rowPiece = /\\[|]|`+|[|]|[^|`\\]+|[\s\S]/g;

/** The cells of a table row. GFM cuts at every `|`; writers expect those inside backticks to stay. */
export function splitRow(raw: string): string[] {
  const cells = [""];
  for (const piece of joinedCode(raw.match(rowPiece) ?? [])) {
    if (piece === "|") cells.push("");
    else cells.push((cells.pop() ?? "") + (/^[\\`]/.test(piece) ? piece.replaceAll("\\|", "|") : piece));
  }
  const trimmed = cells.map((cell) => cell.trim());
  if (trimmed[0] === "") trimmed.shift();
  if (trimmed.at(-1) === "" && trimmed.length > 1) trimmed.pop();
  return trimmed;
}

/** A run of backticks goes up to the next run of the same length; without one it is text. */
function joinedCode(pieces: readonly string[]): string[] {
  const lastRun = new Map(pieces.map((piece, index) => [piece, index]));
  const joined: string[] = [];
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] ?? "";
    const isCode = piece.startsWith("`") && (lastRun.get(piece) ?? 0) > at;
    const end = isCode ? pieces.indexOf(piece, at + 1) : at;
    joined.push(pieces.slice(at, end + 1).join(""));
    at = end;
  }
  return joined;
}

export function cellAt(cells: readonly string[], index: number | undefined): string {
  return index === undefined ? "" : (cells[index] ?? "");
}

/** `—`, `-`, `n/a`: how tables write that there is nothing. */
export function isBlank(text: string): boolean {
  return /^(?:[-–—−]+|n\/?a|none|なし|无|нет|)$/i.test(plainText(text));
}

/** A name as an identifier part: `Business Rules` → `business-rules`. */
export function slug(text: string): string {
  return plainText(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
}

/** Heading text without its number: `3.2 Orders` → `Orders`. */
export function withoutNumber(title: string): string {
  return title.replace(/^(?:\d+(?:\.\d+)*[.)、]?|[A-Z]\.|[ivx]+\.)\s+/, "").trim();
}
