import { messageOf } from "../../support/errors.ts";
import { type Excerpt, lineNaming } from "../excerpt.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { SourceSpan } from "../model.ts";
import { removeComplexKeys } from "../plainYaml.ts";
import type { Problem } from "../reading.ts";
import type { Recall } from "../recall.ts";
import { asOpenApi, swaggerKeys } from "./swagger.ts";
import { parseYamlParts } from "./yamlParts.ts";
import { parseYamlText, type YamlTree, yamlTree } from "./yamlTree.ts";

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
export function parseYaml(excerpt: Excerpt, recall: Recall): YamlSource {
  const whole: SourceSpan = {
    path: excerpt.path,
    line: excerpt.line,
    endLine: excerpt.line + excerpt.lineStarts.length - 1,
  };
  try {
    const parts = parseYamlParts(excerpt.text, recall);
    return parts
      ? sourceOf(excerpt, whole, { tree: parts, problems: [] })
      : sourceOf(excerpt, whole, parseWhole(excerpt));
  } catch (thrown) {
    const problems = [yamlProblem(excerpt.path, excerpt.line, faultOf(thrown))];
    return { path: excerpt.path, root: {}, spanOf: () => whole, spanNaming: () => whole, problems };
  }
}

interface Parsed {
  readonly tree: YamlTree;
  readonly problems: readonly Problem[];
}

function parseWhole(excerpt: Excerpt): Parsed {
  const parsed = parseYamlText(excerpt.text);
  const lineOf = (offset: number): number => excerpt.line + parsed.lineOf(offset);
  const problems = parsed.document.errors
    .slice(0, reportedFaults)
    .map((error) => yamlProblem(excerpt.path, lineOf(error.pos[0]), error.message));
  const removed = removeComplexKeys(parsed.document);
  if (removed !== undefined) problems.push(yamlProblem(excerpt.path, lineOf(removed), "a key is a map or a list"));
  return { tree: yamlTree(parsed), problems };
}

function sourceOf(excerpt: Excerpt, whole: SourceSpan, { tree, problems }: Parsed): YamlSource {
  const { path } = excerpt;
  const spanOf = (keys: readonly string[]): SourceSpan => {
    const lines = tree.linesOf(keys);
    return lines ? { path, line: excerpt.line + lines.first, endLine: excerpt.line + lines.last } : whole;
  };
  const plain = isObject(tree.value) ? tree.value : {};
  const root = asOpenApi(plain);
  const spanOfUpgraded = root === plain ? spanOf : (keys: readonly string[]) => spanOf(swaggerKeys(keys));
  const spanNaming = (keys: readonly string[], text: string): SourceSpan => {
    const inside = spanOfUpgraded(keys);
    const line = lineNaming(excerpt, inside, text) ?? lineNaming(excerpt, whole, text);
    return line === undefined ? inside : { path, line, endLine: line };
  };
  return { path, root, spanOf: spanOfUpgraded, spanNaming, problems };
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
