import { isAlias, isMap, isScalar, visit } from "yaml";
import type { JsonObject } from "../json.ts";
import type { Recall } from "../recall.ts";
import { type ParsedYaml, parseYamlText, type YamlLines, type YamlTree, yamlTree } from "./yamlTree.ts";

/**
 * Parses a YAML text entry by entry of its block maps, so that after an edit only the entry with the edit is
 * parsed again. The tree is the one that parsing the whole gives, or undefined where an entry may not stand for
 * itself: anchors, faults, several documents, and whatever else is unusual.
 */
export function parseYamlParts(text: string, recall: Recall): YamlTree | undefined {
  try {
    const root = blockOf(text, -1, recall);
    return root && { value: root.value, linesOf: (keys) => linesIn(root, keys) };
  } catch {
    return undefined; // Nested too deeply or without a plain value; parsing the whole says which.
  }
}

/** The entries of a block map; their lines count from the first line of its text. */
interface Block {
  readonly entries: ReadonlyMap<string, { readonly part: Part; readonly line: number }>;
  readonly value: JsonObject;
  readonly lastLine: number;
}

/** One entry of a block map. */
interface Part {
  readonly key: string;
  readonly value: unknown;
  /** `keys` begins with the entry's own; with no key at all, the whole entry. */
  readonly linesOf: (keys: readonly string[]) => YamlLines | undefined;
  /** The last line on which the parser sees the end of the map that ends with this entry. */
  readonly lastLine: number;
}

function blockOf(text: string, outerIndent: number, recall: Recall): Block | undefined {
  const pieces = entriesOf(text, outerIndent);
  if (!pieces) return undefined;
  const entries = new Map<string, { readonly part: Part; readonly line: number }>();
  let lastLine = 0;
  for (const { piece, line } of pieces) {
    const part = partOf(piece, recall);
    if (!part || entries.has(part.key)) return undefined;
    entries.set(part.key, { part, line });
    lastLine = line + part.lastLine;
  }
  const value = Object.fromEntries([...entries].map(([key, { part }]) => [key, part.value]));
  return { entries, value, lastLine };
}

interface Piece {
  readonly piece: string;
  readonly line: number;
}

const entryStart = /^ *(?:"[^"\\\n]*"|'[^'\n]*'|[A-Za-z0-9_/$.][^\s:#]*):(?=\s|$)/;

/** The text cut before each line that begins an entry; undefined unless every other line is inside one. */
function entriesOf(text: string, outerIndent: number): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let indent: number | undefined;
  let start = 0;
  let startLine = 0;
  let offset = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const kind = kindOf(line, indent, outerIndent);
    if (kind === "odd") return undefined;
    if (kind === "begins" && indent !== undefined) {
      pieces.push({ piece: text.slice(start, offset), line: startLine });
      start = offset;
      startLine = index;
    }
    if (kind === "begins") indent = line.search(/[^ ]/);
    offset += line.length + 1;
  }
  return indent === undefined ? undefined : [...pieces, { piece: text.slice(start), line: startLine }];
}

/** `indent` is that of the entries, once there is one. */
function kindOf(line: string, indent: number | undefined, outerIndent: number): "begins" | "inside" | "odd" {
  const own = line.search(/[^ ]/);
  if (own < 0 || line[own] === "#") return "inside";
  if (line[own] === "\t" || own <= outerIndent || own < (indent ?? own)) return "odd";
  if (own > (indent ?? own)) return "inside";
  if (entryStart.test(line)) return "begins";
  return indent !== undefined && /^ *-(?: |$)/.test(line) ? "inside" : "odd";
}

/** Smaller entries are parsed as one; cutting them costs more than it saves. */
const smallest = 800;

function partOf(text: string, recall: Recall): Part | undefined {
  const nested = text.length > smallest ? nestedPart(text, recall) : undefined;
  return nested ?? recall.of("yaml", text, leafOf) ?? undefined;
}

const header = /^(?: *(?:#[^\n]*)?\n)*( *)(?:"([^"\\\n]*)"|'([^'\n]*)'|([A-Za-z_/][\w/{}.$-]*)):[ ]*(?:#[^\n]*)?\n/;
const notStrings = /^(?:null|true|false)$/i;

/** An entry whose value is a block map on the lines below its key. */
function nestedPart(text: string, recall: Recall): Part | undefined {
  const match = header.exec(text);
  const key = match?.[2] ?? match?.[3] ?? match?.[4];
  if (!match || key === undefined || key === "__proto__" || notStrings.test(match[4] ?? "")) return undefined;
  const block = blockOf(text.slice(match[0].length), match[1]?.length ?? 0, recall);
  if (!block) return undefined;
  const below = match[0].split("\n").length - 1;
  const own: YamlLines = { first: below - 1, last: below + block.lastLine };
  const linesOf = ([, ...rest]: readonly string[]): YamlLines => shifted(linesIn(block, rest), below) ?? own;
  return { key, value: block.value, linesOf, lastLine: own.last };
}

function linesIn({ entries }: Block, keys: readonly string[]): YamlLines | undefined {
  const found = entries.get(keys[0] ?? "");
  return keys.length === 0 || !found ? undefined : shifted(found.part.linesOf(keys), found.line);
}

function shifted(lines: YamlLines | undefined, by: number): YamlLines | undefined {
  return lines && { first: lines.first + by, last: lines.last + by };
}

/** Their indentation counts from that of the entries around them. */
const indentedScalar = /[|>][+-]?[1-9]/;

function leafOf(text: string): Part | null {
  if (indentedScalar.test(text)) return null;
  const parsed = parseYamlText(text);
  const { contents, errors } = parsed.document;
  if (errors.length > 0 || !isMap(contents) || contents.flow || contents.items.length !== 1) return null;
  const key = contents.items[0]?.key;
  if (!isScalar(key) || !["string", "number"].includes(typeof key.value) || !standsForItself(parsed)) return null;
  const tree = yamlTree(parsed);
  const [[name, value] = ["", undefined], ...others] = Object.entries(tree.value as JsonObject);
  if (others.length > 0 || name !== String(key.value) || name === "__proto__") return null;
  const lastLine = parsed.lineOf(Math.max(0, (contents.range?.[1] ?? 0) - 1));
  return { key: name, value, linesOf: tree.linesOf, lastLine };
}

function standsForItself({ document }: ParsedYaml): boolean {
  let usual = true;
  visit(document, (_, node) => {
    if (!isAlias(node) && !(isPairWithMapKey(node) || (isMap(node) && node.anchor !== undefined))) return undefined;
    usual = false;
    return visit.BREAK;
  });
  return usual;
}

function isPairWithMapKey(node: unknown): boolean {
  return typeof node === "object" && node !== null && "key" in node && !isScalar(node.key);
}
