import type { PythonNode } from "../pythonParser.ts";
import { calledMethod, dottedName, fieldOf, isCode, keywordArgument, lastName, positionalArguments } from "./syntax.ts";

/** A value that is certain without running the program. Tuples, lists and sets are arrays. */
export type StaticValue = string | number | boolean | null | readonly StaticValue[] | ReadonlyMap<string, StaticValue>;

/** Names that are known at a place in the code; undefined when a name's value is not certain. */
export interface Scope {
  (dottedName: string): StaticValue | undefined;
  /** What calls of the project's functions give, and attributes of what they give, in scopes that follow them. */
  readonly follow?: ((node: PythonNode, scope: Scope) => StaticValue | undefined) | undefined;
}

export const emptyScope: Scope = () => undefined;

/** The value of an expression, or undefined when it depends on anything that only running it would tell. */
export function evaluate(node: PythonNode | undefined, scope: Scope): StaticValue | undefined {
  return node && evaluations[node.type]?.(node, scope);
}

export function evaluateString(node: PythonNode | undefined, scope: Scope): string | undefined {
  const value = evaluate(node, scope);
  return typeof value === "string" ? value : undefined;
}

/** The strings of a string or of a list of strings: `["order_id"]`, `"id"`. */
export function evaluateStrings(node: PythonNode | undefined, scope: Scope): string[] {
  const value = evaluate(node, scope);
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Python's truth of a value. */
export function isTrue(value: StaticValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value instanceof Map ? value.size > 0 : Boolean(value);
}

/** The last segments of a path that are certain: `/admin` of `trimmed(self.prefix) + "/admin"`. */
export function certainEnd(node: PythonNode | undefined, scope: Scope): string {
  const whole = evaluateString(node, scope);
  if (node === undefined || whole !== undefined) return whole ?? "";
  const parts = node.type === "binary_operator" ? ["left", "right"].map((side) => fieldOf(node, side)) : node.children;
  let end = "";
  for (const part of parts.toReversed()) {
    const isText = part?.type === "string_content";
    const value = part?.type === "interpolation" ? fieldOf(part, "expression") : part;
    if (part && /^string_(start|end)$/.test(part.type)) continue;
    const text = isText ? part.text : evaluateString(value, scope);
    if (text === undefined) break;
    end = text + end;
  }
  return end.slice(end.includes("/") ? end.indexOf("/") : end.length);
}

type Evaluation = (node: PythonNode, scope: Scope) => StaticValue | undefined;

const evaluations: Readonly<Record<string, Evaluation>> = {
  string: evaluateText,
  concatenated_string: (node, scope) => concatenate(node.children.filter(isCode), scope),
  integer: (node) => Number(node.text.replace(/_/g, "")),
  float: (node) => Number(node.text.replace(/_/g, "")),
  unary_operator: (node, scope) => negative(node, evaluate(fieldOf(node, "argument"), scope)),
  true: () => true,
  false: () => false,
  none: () => null,
  identifier: (node, scope) => scope(node.text),
  attribute: (node, scope) => scopeOfName(dottedName(node), scope) ?? scope.follow?.(node, scope),
  parenthesized_expression: (node, scope) => evaluate(node.children.find(isCode), scope),
  tuple: evaluateItems,
  list: evaluateItems,
  set: evaluateItems,
  expression_list: evaluateItems,
  dictionary: evaluateDictionary,
  binary_operator: evaluateSum,
  boolean_operator: evaluateChoice,
  not_operator: (node, scope) => negated(evaluate(fieldOf(node, "argument"), scope)),
  comparison_operator: evaluateComparison,
  conditional_expression: evaluateConditional,
  call: evaluateCall,
};

function negative({ text }: PythonNode, value: StaticValue | undefined): number | undefined {
  return text.startsWith("-") && typeof value === "number" ? -value : undefined;
}

function scopeOfName(name: string | undefined, scope: Scope): StaticValue | undefined {
  if (name === undefined) return undefined;
  return scope(name) ?? (name.endsWith(".value") ? scope(name.slice(0, -".value".length)) : undefined);
}

function evaluateText(node: PythonNode, scope: Scope): string | undefined {
  const prefix = node.children[0]?.text.toLowerCase() ?? "";
  let text = "";
  for (const part of node.children) {
    if (part.type === "string_content") text += contentOf(part, prefix);
    if (part.type !== "interpolation") continue;
    const value = evaluate(fieldOf(part, "expression"), scope);
    if (typeof value !== "string" && typeof value !== "number") return undefined;
    text += String(value);
  }
  return text;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\n": "" };

function contentOf(part: PythonNode, prefix: string): string {
  const text = prefix.includes("f") ? part.text.replace(/([{}])\1/g, "$1") : part.text;
  return prefix.includes("r") ? text : withoutEscapes(text);
}

function withoutEscapes(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, character: string) => escapes[character] ?? character);
}

function concatenate(parts: readonly PythonNode[], scope: Scope): string | undefined {
  const texts = parts.map((part) => evaluateString(part, scope));
  return texts.every((text) => text !== undefined) ? texts.join("") : undefined;
}

function evaluateItems(node: PythonNode, scope: Scope): readonly StaticValue[] | undefined {
  const items = node.children.filter(isCode).map((item) => evaluate(item, scope));
  return items.every((item) => item !== undefined) ? items : undefined;
}

function evaluateDictionary(node: PythonNode, scope: Scope): ReadonlyMap<string, StaticValue> | undefined {
  const entries = new Map<string, StaticValue>();
  for (const pair of node.children.filter(isCode)) {
    const key = evaluate(fieldOf(pair, "key"), scope);
    const value = evaluate(fieldOf(pair, "value"), scope);
    if (typeof key !== "string" || value === undefined) return undefined;
    entries.set(key, value);
  }
  return entries;
}

function evaluateSum(node: PythonNode, scope: Scope): StaticValue | undefined {
  const left = evaluate(fieldOf(node, "left"), scope);
  const right = evaluate(fieldOf(node, "right"), scope);
  if (fieldOf(node, "operator")?.type !== "+") return undefined;
  if (typeof left === "string" && typeof right === "string") return left + right;
  return Array.isArray(left) && Array.isArray(right) ? [...left, ...right] : undefined;
}

/** `a or b`, `a and b`. */
function evaluateChoice(node: PythonNode, scope: Scope): StaticValue | undefined {
  const left = evaluate(fieldOf(node, "left"), scope);
  if (left === undefined) return undefined;
  const isDecided = isTrue(left) === (fieldOf(node, "operator")?.text === "or");
  return isDecided ? left : evaluate(fieldOf(node, "right"), scope);
}

function negated(value: StaticValue | undefined): boolean | undefined {
  return value === undefined ? undefined : !isTrue(value);
}

/** Of two simple values, for being the same or not. */
function evaluateComparison(node: PythonNode, scope: Scope): boolean | undefined {
  const operator = fieldOf(node, "operators")?.text.replace(/\s+/g, " ");
  const [left, right, ...others] = node.children
    .filter((child) => isCode(child) && child.field !== "operators")
    .map((operand) => evaluate(operand, scope));
  if (left === undefined || right === undefined || others.length > 0) return undefined;
  if (typeof left === "object" && left !== null && typeof right === "object" && right !== null) return undefined;
  if (operator === "==" || operator === "is") return left === right;
  return operator === "!=" || operator === "is not" ? left !== right : undefined;
}

/** `a if c else b` */
function evaluateConditional(node: PythonNode, scope: Scope): StaticValue | undefined {
  const [value, condition, other] = node.children.filter(isCode);
  const state = evaluate(condition, scope);
  return state === undefined ? undefined : evaluate(isTrue(state) ? value : other, scope);
}

/** Calls that only wrap or join what is static. */
function evaluateCall(node: PythonNode, scope: Scope): StaticValue | undefined {
  const callee = fieldOf(node, "function");
  const first = positionalArguments(node)[0];
  const method = calledMethod(node) ?? "";
  if (["text", "DDL", "dedent", "str", "tuple", "list", "literal_column", "quoted_name"].includes(lastName(method))) {
    return evaluate(first, scope);
  }
  if (method === "len") return lengthOf(evaluate(first, scope));
  if (callee?.text === "op.f" || callee?.text === "conv") return evaluate(first, scope);
  const receiver = callee?.type === "attribute" ? evaluate(fieldOf(callee, "object"), scope) : undefined;
  if (receiver instanceof Map && method === "items") return [...receiver].map(([key, value]) => [key, value]);
  if (receiver instanceof Map && method === "keys") return [...receiver.keys()];
  if (receiver instanceof Map && method === "values") return [...receiver.values()];
  const text = typeof receiver === "string" ? textMethod({ receiver, method, node }, scope) : undefined;
  return text ?? scope.follow?.(node, scope);
}

function lengthOf(value: StaticValue | undefined): number | undefined {
  return typeof value === "string" || Array.isArray(value) ? value.length : undefined;
}

interface TextCall {
  readonly receiver: string;
  readonly method: string;
  readonly node: PythonNode;
}

function textMethod({ receiver, method, node }: TextCall, scope: Scope): string | undefined {
  const positional = positionalArguments(node);
  if (/^[lr]?strip$/.test(method)) {
    const characters = positional[0] ? evaluateString(positional[0], scope) : whiteSpace;
    return characters === undefined ? undefined : stripped(receiver, method, new Set(characters));
  }
  if (method === "lower") return receiver.toLowerCase();
  if (method === "upper") return receiver.toUpperCase();
  if (method === "join") {
    const items = evaluate(positional[0], scope);
    const texts = Array.isArray(items) && items.every((item) => typeof item === "string") ? items : undefined;
    return texts?.join(receiver);
  }
  return method === "format" ? formatText(receiver, node, scope) : undefined;
}

const whiteSpace = " \t\n\r\f\v";

function stripped(text: string, method: string, cut: ReadonlySet<string>): string {
  let from = 0;
  let to = text.length;
  while (method !== "rstrip" && from < to && cut.has(text.charAt(from))) from++;
  while (method !== "lstrip" && to > from && cut.has(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

function formatText(template: string, node: PythonNode, scope: Scope): string | undefined {
  const positional = positionalArguments(node);
  let position = 0;
  let certain = true;
  const text = template.replace(/\{(\w*)\}/g, (_, name: string) => {
    const argument = /^\d*$/.test(name)
      ? positional[name === "" ? position++ : Number(name)]
      : keywordArgument(node, name);
    const value = evaluateString(argument, scope);
    certain &&= value !== undefined;
    return value ?? "";
  });
  return certain ? text : undefined;
}
