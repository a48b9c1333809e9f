import type { PythonNode } from "../pythonParser.ts";
import { bindingsOf } from "./bindings.ts";
import type { FunctionFact } from "./pythonFile.ts";
import { dottedName } from "./syntax.ts";
import type { TextPlace } from "./textSearch.ts";

/**
 * Whether the type of a parameter, or of the field of a class that a parameter has, leaves nothing but values that the code
 * writes: `Literal["asc", "desc"]`, an enumeration, a truth value. The type is taken at its word.
 */
export function isOfWrittenType(place: TextPlace, within: FunctionFact, node: PythonNode): boolean {
  const [name = "", field, ...rest] = (dottedName(node) ?? "").split(".").filter((part) => part !== "value");
  const parameter = within.parameters.find((candidate) => candidate.name === name);
  if (!parameter || rest.length > 0 || bindingsOf(within, name).length > 0) return false;
  const type = { path: place.path, annotation: parameter.annotation };
  const found = field === undefined ? type : place.fieldTypeOf(type.path, classOf(type.annotation), field);
  return found !== undefined && isWritten(place, found.path, found.annotation);
}

/** `Filters` of `Annotated[Filters, Depends()] | None`. */
function classOf(annotation: string): string {
  return (
    parts(annotation)
      .find((part) => part !== "None")
      ?.match(/^[\w.]+$/)?.[0] ?? ""
  );
}

const deepestAlias = 4;

function isWritten(place: TextPlace, path: string, annotation: string, depth = 0): boolean {
  const members = parts(annotation);
  return (
    members.some((part) => part !== "None") &&
    members.every((part) => {
      if (/^(None|bool)$/.test(part) || /^(\w+\.)?Literal\[/.test(part)) return true;
      if (!/^[\w.]+$/.test(part) || depth > deepestAlias) return false;
      if (place.isEnumeration(path, part)) return true;
      const alias = place.assignmentOf(path, part);
      return alias !== undefined && isWritten(place, alias.path, alias.value.text, depth + 1);
    })
  );
}

/** The members of a union, whatever `Optional` or `Annotated` is around it. */
function parts(annotation: string): string[] {
  const inner = annotation.trim().match(/^(?:\w+\.)?(?:Optional|Union|Annotated)\[([\s\S]*)\]$/)?.[1];
  if (inner === undefined) {
    const members = split(annotation, "|");
    return members.length > 1 ? members.flatMap(parts) : members;
  }
  const listed = split(inner, ",");
  return (/^(?:\w+\.)?Annotated\[/.test(annotation.trim()) ? listed.slice(0, 1) : listed).flatMap(parts);
}

/** At the separators that stand in no brackets. */
function split(text: string, separator: string): string[] {
  let depth = 0;
  const found = [""];
  for (const character of text) {
    if ("[(".includes(character)) depth++;
    if ("])".includes(character)) depth--;
    if (character === separator && depth === 0) found.push("");
    else found[found.length - 1] += character;
  }
  return found.map((part) => part.trim()).filter((part) => part !== "");
}
