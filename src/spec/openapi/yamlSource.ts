import { isMap, isScalar, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from "yaml";
import { messageOf } from "../../support/errors.ts";
import { type Excerpt, lineNaming } from "../excerpt.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { SourceSpan } from "../model.ts";
import { removeComplexKeys } from "../plainYaml.ts";
import type { Problem } from "../reading.ts";
import { asOpenApi, swaggerKeys } from "./swagger.ts";

/** A YAML or JSON text as plain data that still knows its lines. */
export interface YamlSource {
  readonly path: string;
  readonly root: JsonObject;
  /** Where the value under `keys` stands, from its key to its end; the whole text when there is no such key. */
  readonly spanOf: (keys: readonly string[]) => SourceSpan;
  /** The line under `keys` that has the text as a word; if none has, the first line of the document that does. */
  readonly spanNaming: (keys: readonly string[], text: string) => SourceSpan;
  readonly problems: readonly Problem[];
}

/** The YAML and JSON documents of the set, for references from one into another. */
export interface YamlLibrary {
  readonly find: (path: string) => YamlSource | undefined;
}

/** More faults than this are echoes of the first ones. */
const reportedFaults = 5;

/** Reads what can be read: after a fault the rest of the text is still there. */
export function parseYaml(excerpt: Excerpt): YamlSource {
  const lines = new LineCounter();
  const lineOf = (offset: number): number => excerpt.line + lines.linePos(offset).line - 1;
  const whole: SourceSpan = {
    path: excerpt.path,
    line: excerpt.line,
    endLine: excerpt.line + excerpt.lineStarts.length - 1,
  };
  try {
    const document = parseDocument(excerpt.text, {
      lineCounter: lines,
      merge: true,
      prettyErrors: false,
      logLevel: "silent",
    });
    const problems = document.errors
      .slice(0, reportedFaults)
      .map((error) => yamlProblem(excerpt.path, lineOf(error.pos[0]), error.message));
    const removed = removeComplexKeys(document);
    if (removed !== undefined) problems.push(yamlProblem(excerpt.path, lineOf(removed), "a key is a map or a list"));
    const root: unknown = document.toJS({ maxAliasCount: 1000 });
    const pairs: PairsByKey = new WeakMap();
    const spanOf = (keys: readonly string[]): SourceSpan => {
      const range = rangeOf(document.contents, keys, pairs);
      if (!range) return whole;
      const line = lineOf(range[0]);
      return { path: excerpt.path, line, endLine: Math.max(line, lineOf(Math.max(range[0], range[1] - 1))) };
    };
    const plain = isObject(root) ? root : {};
    const upgraded = asOpenApi(plain);
    const spanOfUpgraded = upgraded === plain ? spanOf : (keys: readonly string[]) => spanOf(swaggerKeys(keys));
    const spanNaming = (keys: readonly string[], text: string): SourceSpan => {
      const inside = spanOfUpgraded(keys);
      const [named = inside] = [inside, whole]
        .map((span) => lineNaming(excerpt, span, text))
        .filter((line): line is number => line !== undefined)
        .map((line) => ({ path: excerpt.path, line, endLine: line }));
      return named;
    };
    return { path: excerpt.path, root: upgraded, spanOf: spanOfUpgraded, spanNaming, problems };
  } catch (thrown) {
    const problems = [yamlProblem(excerpt.path, excerpt.line, faultOf(thrown))];
    return { path: excerpt.path, root: {}, spanOf: () => whole, spanNaming: () => whole, problems };
  }
}

function faultOf(thrown: unknown): string {
  return thrown instanceof RangeError ? "it is nested too deeply" : messageOf(thrown);
}

function yamlProblem(path: string, line: number, reason: string): Problem {
  return {
    path,
    line,
    severity: "error",
    code: "SPEC-YAML",
    message: `This is not valid YAML or JSON, ${reason.split("\n")[0]}; correct the syntax, what could be read is used.`,
  };
}

type PairsByKey = WeakMap<YAMLMap, ReadonlyMap<string, Pair>>;

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

function isNode(value: unknown): value is Node {
  return isObject(value) && "range" in value;
}
