import { type Document, isMap, isScalar, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from "yaml";
import { isObject } from "../json.ts";

/** A YAML or JSON text as plain data, with the lines of what is in it; lines count from 0. */
export interface YamlTree {
  readonly value: unknown;
  /** From the key of the value under `keys` to its end, or of the nearest one around it that is there. */
  readonly linesOf: (keys: readonly string[]) => YamlLines | undefined;
}

export interface YamlLines {
  readonly first: number;
  readonly last: number;
}

export interface ParsedYaml {
  readonly document: Document.Parsed;
  readonly lineOf: (offset: number) => number;
}

/** Any text is parsed; what is wrong is among the document's errors. */
export function parseYamlText(text: string): ParsedYaml {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, merge: true, prettyErrors: false, logLevel: "silent" });
  return { document, lineOf: (offset) => lineCounter.linePos(offset).line - 1 };
}

export function yamlTree({ document, lineOf }: ParsedYaml): YamlTree {
  const pairs: PairsByKey = new WeakMap();
  return {
    value: document.toJS({ maxAliasCount: 1000 }),
    linesOf: (keys) => {
      const range = rangeOf(document.contents, keys, pairs);
      if (!range) return undefined;
      const first = lineOf(range[0]);
      return { first, last: Math.max(first, lineOf(Math.max(range[0], range[1] - 1))) };
    },
  };
}

type PairsByKey = WeakMap<YAMLMap, ReadonlyMap<string, Pair>>;

function rangeOf(
  contents: Node | null,
  keys: readonly string[],
  pairs: PairsByKey,
): readonly [number, number] | undefined {
  let node: unknown = contents;
  let range: readonly [number, number] | undefined;
  for (const key of keys) {
    if (!isMap(node)) return range;
    const pair = pairsOf(node, pairs).get(key);
    if (!pair || !isScalar(pair.key) || !pair.key.range) return range;
    node = pair.value;
    const end = isNode(node) ? node.range?.[1] : undefined;
    range = [pair.key.range[0], end ?? pair.key.range[1]];
  }
  return range;
}

/** A map of thousands of schemas is looked through once and not once for each of them. */
function pairsOf(map: YAMLMap, known: PairsByKey): ReadonlyMap<string, Pair> {
  const pairs =
    known.get(map) ??
    new Map(
      map.items.toReversed().flatMap((item) => (isScalar(item.key) ? [[String(item.key.value), item] as const] : [])),
    );
  known.set(map, pairs);
  return pairs;
}

function isNode(value: unknown): value is Node {
  return isObject(value) && "range" in value;
}
