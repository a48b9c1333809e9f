import { spanOf } from "../facts/columns.ts";
import { hasDocstringOnly } from "../facts/definitions.ts";
import type { FunctionFact } from "../facts/pythonFile.ts";
import type { CoverageElement } from "../model.ts";
import type { Project } from "../project.ts";
import { type Designed, found } from "./element.ts";

/**
 * The element as a person has linked it: implemented where the code has what the link names, and different where it is
 * gone or keeps nothing. `target` is `path::function`, `path::Class.method` or `path::Class`.
 */
export function linkedElement(element: Designed, target: string, project: Project): CoverageElement {
  const [path, name] = target.split("::");
  const file = project.code.find((candidate) => candidate.path === path);
  const made = file?.functions.find((candidate) => qualifiedName(candidate) === name);
  const fact = made ?? file?.classes.find((candidate) => candidate.name === name);
  if (file && fact) {
    const isEmpty = made !== undefined && hasDocstringOnly(made.body);
    return { ...found(element, spanOf(file, fact), isEmpty ? [sayingOnly] : []), isLinked: true };
  }
  const { id, kind, name: title, source } = element;
  const difference = `Is linked to ${target}, which the code does not have.`;
  return { id, kind, name: title, status: "mismatched", design: source, difference, isLinked: true };
}

/** A function with no more than a sentence does nothing of what it says. */
export const sayingOnly = "The function says the rule and does nothing";

function qualifiedName({ name, owner }: FunctionFact): string {
  return owner ? `${owner.name}.${name}` : name;
}
