import type { PythonNode } from "../pythonParser.ts";
import { bindingsOf } from "./bindings.ts";
import { isUnboundNumber } from "./numbers.ts";
import type { FunctionFact } from "./pythonFile.ts";
import { valuesOf } from "./sessions.ts";
import { emptyScope, evaluate } from "./staticValue.ts";
import { calledMethod, calleeOf, fieldOf, isCode, lastName, positionalArguments, unwrap } from "./syntax.ts";

/** Whether what is put in cannot be anything but a name or a number there: a name that is quoted as SQL quotes names, `f'"{name.replace(…)}"'`. */
export function isEscapedPart(interpolation: PythonNode, within: FunctionFact | undefined): boolean {
  const expression = fieldOf(interpolation, "expression");
  const quote = quoteAround(interpolation);
  if (isUnboundNumber(interpolation, within)) return true;
  return quote !== undefined && (isEscaped(within, expression, quote) || isWithout(within, expression, quote));
}

/** The quotes around it, of names in SQL and in MySQL. */
function quoteAround(interpolation: PythonNode): string | undefined {
  const parts = interpolation.parent?.children ?? [];
  const at = parts.indexOf(interpolation);
  const quote = parts[at - 1]?.text.at(-1);
  return quote !== undefined && /["`]/.test(quote) && parts[at + 1]?.text.startsWith(quote) ? quote : undefined;
}

/** `name.replace('"', '""')`, here or in the only assignment of the name. */
function isEscaped(within: FunctionFact | undefined, expression: PythonNode | undefined, quote: string): boolean {
  const value = expression?.type === "identifier" ? within && valuesOf(within).get(expression.text) : expression;
  return isReplaced(value, quote, quote + quote);
}

function isReplaced(value: PythonNode | undefined, quote: string, by: string): boolean {
  if (!value || calledMethod(value) !== "replace") return false;
  const given = positionalArguments(value).map((argument) => evaluate(argument, emptyScope));
  return given[0] === quote && given[1] === by;
}

const deepest = 6;

/** A name out of which the quotes were taken, `name.replace('"', "")`, and parts of it. */
function isWithout(within: FunctionFact | undefined, value: PythonNode | undefined, quote: string, depth = 0): boolean {
  const node = value && unwrap(value);
  if (!node || depth > deepest) return false;
  const isPart = (part: PythonNode | undefined) => isWithout(within, part, quote, depth + 1);
  switch (node.type) {
    case "call":
      return (
        isReplaced(node, quote, "") ||
        (/^(r?split|strip|lower|upper)$/.test(calledMethod(node) ?? "") &&
          isPart(fieldOf(fieldOf(node, "function") ?? node, "object")))
      );
    case "subscript":
      return isPart(fieldOf(node, "value"));
    case "tuple":
    case "expression_list":
      return node.children.filter(isCode).every(isPart);
    case "identifier": {
      const bindings = within ? bindingsOf(within, node.text) : [];
      return (
        bindings.length > 0 &&
        bindings.every(({ type, children }) => {
          const right = children.find(({ field }) => field === "right");
          return type === "assignment" && isPart(right);
        })
      );
    }
    default:
      return false;
  }
}

/** `'"' + name.replace('"', '""') + '"'` */
export function isQuotedSum(sum: PythonNode, within: FunctionFact | undefined): boolean {
  const [start, end] = [fieldOf(sum, "left"), fieldOf(sum, "right")];
  const quote = evaluate(end, emptyScope);
  if (start?.type !== "binary_operator" || typeof quote !== "string" || !/^["`]$/.test(quote)) return false;
  return evaluate(fieldOf(start, "left"), emptyScope) === quote && isEscaped(within, fieldOf(start, "right"), quote);
}

/** Those of SQLAlchemy and of the drivers that quote a name. */
const quoting = /^(quote|quote_ident|quote_identifier|quote_schema|format_table|format_column)$/;

/** `preparer.quote(name)`, also under a name of its own, and what `isReduced` leaves. */
export function isQuotedName(call: PythonNode, within: FunctionFact | undefined): boolean {
  const callee = fieldOf(call, "function");
  const method = callee?.type === "identifier" ? within && valuesOf(within).get(callee.text) : callee;
  return (method?.type === "attribute" && quoting.test(lastName(method.text))) || isReduced(call);
}

/** `re.sub(r"[^a-z0-9_]", "", name)`: what is left are letters and digits, with which no statement can be left. */
function isReduced(call: PythonNode): boolean {
  const [pattern, by] = positionalArguments(call).map((argument) => evaluate(argument, emptyScope));
  return calleeOf(call) === "re.sub" && /^\[\^(\w-\w|\\w|\w)+\]\+?$/.test(String(pattern)) && /^\w*$/.test(String(by));
}
