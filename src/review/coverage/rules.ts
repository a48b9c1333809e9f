import type { Rule, SourceSpan } from "../../spec/model.ts";
import type { Analysis } from "../analysis.ts";
import { spanOf } from "../facts/columns.ts";
import { docstringOf, hasDocstringOnly } from "../facts/definitions.ts";
import type { Layer } from "../facts/layers.ts";
import type { PythonFile } from "../facts/pythonFile.ts";
import { descendants } from "../facts/syntax.ts";
import type { CoverageElement, UnlinkedRule } from "../model.ts";
import type { Project } from "../project.ts";
import { found } from "./element.ts";
import { linkedElement, sayingOnly } from "./linked.ts";

export interface RuleCoverage {
  readonly elements: readonly CoverageElement[];
  readonly unlinked: readonly UnlinkedRule[];
}

/**
 * Business rules by the function that a person has linked them to; else by the code that names their id (`BR-3`) in a
 * docstring, comment or string, or by the function whose summary is their sentence or the package that says it of itself. A function with no more than the
 * sentence keeps nothing, and is shown as that. The others are unlinked.
 */
export function coverRules({ project }: Analysis): RuleCoverage {
  const files = layersOfRules.flatMap((layers) => project.code.filter((file) => layers.includes(file.layer)));
  const covered = project.spec.domain.rules.map((rule) => ({ rule, element: coverRule(rule, project, files) }));
  return {
    elements: covered.flatMap(({ element }) => element ?? []),
    unlinked: covered.flatMap(({ rule: { id, name, text, source }, element }) =>
      element ? [] : [{ id, name, text, design: source }],
    ),
  };
}

function coverRule(rule: Rule, project: Project, files: readonly PythonFile[]): CoverageElement | undefined {
  if (rule.linkedTo !== undefined) return linkedElement(rule, rule.linkedTo, project);
  const place = files.map((file) => mention(file, rule)).find((item) => item !== undefined);
  return place && found(rule, place.span, place.isEmpty ? [sayingOnly] : []);
}

interface Mention {
  readonly span: SourceSpan;
  readonly isEmpty: boolean;
}

/** A rule is kept where it is decided; a mention in the database or at the edge comes second. */
const layersOfRules: readonly (readonly Layer[])[] = [
  ["service"],
  ["domain"],
  ["core", "persistence", "migration", "api", "other"],
];

function mention(file: PythonFile, rule: Rule): Mention | undefined {
  const pattern = new RegExp(`(?<![\\w-])${rule.name.replace(/[^\w]/g, "\\$&")}(?![\\w-])`);
  const sentence = plain(rule.text);
  const owner = file.functions.find((fact) => {
    const text = docstringOf(fact.body);
    return pattern.test(text) || (sentence !== "" && plain(text).startsWith(sentence));
  });
  if (owner) return { span: spanOf(file, owner), isEmpty: hasDocstringOnly(owner.body) };
  const at = file.text.search(pattern);
  if (at < 0) return noted(file, sentence);
  const isText = descendants(file.root).some(
    (node) => (node.type === "comment" || node.type === "string") && node.start <= at && at < node.end,
  );
  const line = file.text.slice(0, at).split("\n").length;
  return isText ? { span: { path: file.path, line, endLine: line }, isEmpty: false } : undefined;
}

/** What a package says of itself in front of everything, where the sentence stands in it. */
function noted(file: PythonFile, sentence: string): Mention | undefined {
  const isSaid =
    sentence !== "" && file.path.endsWith("/__init__.py") && plain(docstringOf(file.root)).includes(sentence);
  return isSaid ? { span: { path: file.path, line: 1, endLine: 1 }, isEmpty: false } : undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
