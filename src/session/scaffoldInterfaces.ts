import type { GeneratedFile, NeedsDetail } from "../compiler/compilation.ts";

/** What the prompt has room for; a model reads the rest when it needs it. */
const mostCharacters = 20_000;

/**
 * The signatures of the proposed services and ports, a text for each file, so that a model can fill in bodies
 * without reading every file first. Files of what needs detail come first; nothing where nothing needs it.
 */
export function scaffoldInterfaces(
  files: readonly GeneratedFile[],
  needsDetail: readonly NeedsDetail[],
): readonly string[] {
  if (needsDetail.length === 0) return [];
  const wanted = needsDetail.map(({ element, reason }) => `${element} ${reason}`.toLowerCase()).join("\n");
  const places = files.filter(({ path }) => /\/(?:services|ports)\/(?!__init__)[^/]+\.py$/.test(path));
  const texts = places
    .map(({ path, text }) => ({
      isWanted: wanted.includes(nameOf(path)),
      text: [path, ...signatures(text)].join("\n"),
    }))
    .sort((one, other) => Number(other.isWanted) - Number(one.isWanted))
    .map(({ text }) => text);
  const ends = texts.map((_, at) => texts.slice(0, at + 1).join("\n").length);
  return texts.filter((_, at) => (ends[at] ?? 0) <= mostCharacters);
}

/** What of a file's name stands in the words of the design: `order_item.py` is about an order item. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1, -".py".length).replaceAll("_", " ");
}

/** Of formatted Python: a signature ends with the line that ends in a colon. Classes stand out, methods below them. */
function signatures(text: string): readonly string[] {
  const found: string[] = [];
  let open: string | undefined;
  for (const line of text.split("\n")) {
    if (open !== undefined) open += ` ${line.trim()}`;
    else if (/^\s*(?:async def|def|class) /.test(line)) open = line;
    if (open === undefined || !/:(?: \.\.\.)?$/.test(open)) continue;
    found.push(
      open
        .replace(/:(?: \.\.\.)?$/, "")
        .replaceAll("( ", "(")
        .replace(/,? \)/, ")"),
    );
    open = undefined;
  }
  return found;
}
