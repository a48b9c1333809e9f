import type { PythonNode } from "../pythonParser.ts";
import { bindingsOf, isIndex } from "./bindings.ts";
import { isGuarded, type Known } from "./guards.ts";
import type { FunctionFact } from "./pythonFile.ts";
import { calleeOf, fieldOf, isCode, positionalArguments, unwrap } from "./syntax.ts";

/**
 * A number where none can be bound: part of a name or of a placeholder (`column_{index}`, `:book_{n}`, `${n}`), or in a
 * statement that takes no parameters (`SET`, `DO`, `PRAGMA`, `CREATE`, …). No text of anybody gets into the statement by it.
 */
export function isUnboundNumber(interpolation: PythonNode, within: FunctionFact | undefined): boolean {
  const expression = fieldOf(interpolation, "expression");
  if (!expression || !(isInName(interpolation) || isInUtility(interpolation))) return false;
  return isNumber(expression, within);
}

/** How many there are: `len(books) + 1`. A count is not a value of anybody. */
export function isCount(wrapped: PythonNode): boolean {
  const node = unwrap(wrapped);
  if (node.type === "binary_operator")
    return node.children.filter(({ field }) => field !== "operator").every((side) => isCount(side));
  return node.type === "integer" || calleeOf(node) === "len";
}

function isInName(interpolation: PythonNode): boolean {
  const parts = interpolation.parent?.children ?? [];
  const before = parts[parts.indexOf(interpolation) - 1];
  return before?.type === "string_content" && /[A-Za-z_$:@]$/.test(before.text);
}

/** How a statement begins that takes no parameters. */
export const utility =
  /^\s*(SET|DO|PRAGMA|CREATE|ALTER|DROP|VACUUM|ANALYZE|REINDEX|CLUSTER|LOCK|TRUNCATE|REFRESH|ATTACH|KILL|BEGIN)\b/i;

function isInUtility({ parent }: PythonNode): boolean {
  const whole = parent?.parent?.type === "concatenated_string" ? parent.parent : parent;
  const first = whole?.type === "concatenated_string" ? whole.children.find(({ type }) => type === "string") : whole;
  return utility.test(first?.children.find(({ type }) => type === "string_content")?.text ?? "");
}

const deepest = 6;

const anyNumber: Known = { isList: () => false, patternOf: () => undefined, isNumberEnough: true };

function isNumber(wrapped: PythonNode, within: FunctionFact | undefined, depth = 0): boolean {
  const node = unwrap(wrapped);
  if (depth > deepest) return false;
  switch (node.type) {
    case "integer":
    case "float":
      return true;
    case "binary_operator":
      return node.children
        .filter((side) => isCode(side) && side.field !== "operator")
        .every((side) => isNumber(side, within, depth + 1));
    case "call":
      return isNumberCall(node, within, depth + 1);
    case "identifier":
      return within !== undefined && (isNumberName(within, node.text, depth + 1) || isGuarded(within, node, anyNumber));
    default:
      return false;
  }
}

function isNumberCall(node: PythonNode, within: FunctionFact | undefined, depth: number): boolean {
  const callee = calleeOf(node) ?? "";
  if (/^(int|float|len|round|ord|hash|(math\.)?(ceil|floor))$/.test(callee)) return true;
  return /^(max|min|abs)$/.test(callee) && positionalArguments(node).every((given) => isNumber(given, within, depth));
}

function isNumberName(within: FunctionFact, name: string, depth: number): boolean {
  const annotation = within.parameters.find((parameter) => parameter.name === name)?.annotation;
  const bindings = bindingsOf(within, name);
  if (bindings.length === 0) return /^(int|float|bool)( \| None)?$/.test(annotation ?? "");
  return bindings.every((node) => {
    if (/^for_/.test(node.type)) return isIndex(node, name) || /^range\(/.test(fieldOf(node, "right")?.text ?? "");
    const right = fieldOf(node, "right");
    return fieldOf(node, "left")?.text === name && right !== undefined && isNumber(right, within, depth);
  });
}
