import type { SourceSpan } from "../../spec/model.ts";
import type { PythonNode } from "../pythonParser.ts";
import { evaluateString, type Scope } from "./staticValue.ts";
import { fieldOf, isCode, unwrap } from "./syntax.ts";

/** Where the code makes routes or tables in a way that only running it would tell. */
export interface ComputedPlace {
  readonly span: SourceSpan;
  /** What happens there, as the rest of a sentence that begins with the place. */
  readonly how: string;
  /** The paths or names that may come of it; `*` stands for any text. */
  readonly pattern: string;
  /** Of routes: the certain prefixes in front, which a design may leave out; empty for tables. */
  readonly outer: string;
}

/** What is certain of a text, with `*` for what is not: `*_link` of `f"{name}_link"`. */
export function patternOf(node: PythonNode | undefined, scope: Scope): string {
  return node ? pieces(unwrap(node), scope).replace(/\*{2,}/g, "*") : "";
}

function pieces(node: PythonNode, scope: Scope): string {
  const whole = evaluateString(node, scope);
  if (whole !== undefined) return whole;
  if (node.type === "binary_operator" && fieldOf(node, "operator")?.text === "+") {
    return ["left", "right"].map((side) => pieceAt(fieldOf(node, side), scope)).join("");
  }
  if (node.type === "concatenated_string") {
    return node.children
      .filter(isCode)
      .map((part) => pieces(part, scope))
      .join("");
  }
  return node.type === "string" ? node.children.map((part) => textPart(part, scope)).join("") : "*";
}

function textPart(part: PythonNode, scope: Scope): string {
  if (part.type === "string_content") return part.text.replace(/([{}])\1/g, "$1");
  return part.type === "interpolation" ? pieceAt(fieldOf(part, "expression"), scope) : "";
}

function pieceAt(node: PythonNode | undefined, scope: Scope): string {
  return node ? pieces(unwrap(node), scope) : "*";
}

/** The place that says most of what the text could come of; undefined where none could make it. */
export function likeliestPlace(
  places: readonly ComputedPlace[],
  canMake: (place: ComputedPlace) => boolean,
): ComputedPlace | undefined {
  const certain = ({ outer, pattern }: ComputedPlace): number => `${outer}${pattern}`.replaceAll("*", "").length;
  return places.filter(canMake).toSorted((left, right) => certain(right) - certain(left))[0];
}

/** Whether the text is of the pattern to its end; with `isOpen` anything may stand in front. */
export function fitsPattern(text: string, pattern: string, isOpen = false): boolean {
  const source = pattern
    .split("*")
    .map((piece) => piece.replace(/[^\w/]/g, "\\$&"))
    .join(".*");
  return new RegExp(`${isOpen ? "" : "^"}${source}$`).test(text);
}
