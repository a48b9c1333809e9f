import type { PythonNode } from "../pythonParser.ts";
import { bindingsOf } from "./bindings.ts";
import type { FunctionFact } from "./pythonFile.ts";
import { ancestor, descendants, fieldOf, isCode } from "./syntax.ts";
import { contains } from "./ways.ts";

/**
 * Whether what the function asks for there it asks for once and not at every call, because it keeps the answer:
 * `found = cache.get(key); if found: return found` before it, `if found is None: …` around it, and the same with what the object
 * keeps and the function fills (`self._id`), or with a `global`.
 */
export function isKeptAfterwards(fact: FunctionFact, node: PythonNode): boolean {
  if (!keeps(fact)) return false;
  const answered = answeredFrom(fact);
  return (answered !== undefined && node.start >= answered) || isBehindMiss(fact, node);
}

const keeping = new WeakMap<FunctionFact, boolean>();

/** Whether anything in the text speaks of it at all: most functions are passed over by that. */
function keeps(fact: FunctionFact): boolean {
  const known =
    keeping.get(fact) ?? /cache|\bglobal\b|\bif\s+(not\s+)?(self|cls)\.\w+(\s+is\b|:)/i.test(fact.body.text);
  keeping.set(fact, known);
  return known;
}

/** Where the function has given back what it keeps; undefined for a function that does not. */
function answeredFrom(fact: FunctionFact): number | undefined {
  const statements = fact.body.children.filter(isCode);
  return statements.find((statement) => isAnswered(fact, statement))?.end;
}

/** `if cached is None:`, `if not self._loaded:`, `if key not in self._cache:` */
function isBehindMiss(fact: FunctionFact, node: PythonNode): boolean {
  const stops = ["function_definition"];
  for (let at = ancestor(node, ["if_statement"], stops); at; at = ancestor(at, ["if_statement"], stops)) {
    const [, negated, compared, held] =
      fieldOf(at, "condition")?.text.match(/^(?:not ([\w.]+)|([\w.]+) is None|[\w.]+ not in ([\w.]+))$/) ?? [];
    const name = negated ?? compared ?? held;
    const consequence = fieldOf(at, "consequence");
    if (name === undefined || !consequence || !contains(consequence, node)) continue;
    if (held !== undefined ? isOuterCache(fact, held) : isMissed(fact, at, name)) return true;
  }
  return false;
}

function isMissed(fact: FunctionFact, statement: PythonNode, name: string): boolean {
  const { body } = fact;
  if (/^(self|cls)\.\w+$/.test(name)) return isSetBehind(body, statement.start, name);
  const isGlobal = descendants(body).some(
    ({ type, children }) => type === "global_statement" && children.some(({ text }) => text === name),
  );
  return isGlobal || sourcesOf(fact, statement, name).some((source) => isOfCache(fact, source));
}

function isAnswered(fact: FunctionFact, statement: PythonNode): boolean {
  const condition = statement.type === "if_statement" ? fieldOf(statement, "condition") : undefined;
  const last = fieldOf(statement, "consequence")?.children.findLast(isCode);
  const value = last?.type === "return_statement" ? last.children.find(isCode) : undefined;
  if (!condition || !value) return false;
  return [value, ...descendants(value)].some(
    (node) => isKept(fact, statement, node) && new RegExp(`(^|[^\\w.])${escaped(node.text)}\\b`).test(condition.text),
  );
}

/** What comes out of a cache, or what the object keeps and this function fills. */
function isKept(fact: FunctionFact, statement: PythonNode, node: PythonNode): boolean {
  if (node.type === "identifier") {
    return isOfCache(fact, node) || sourcesOf(fact, statement, node.text).some((source) => isOfCache(fact, source));
  }
  if (node.type !== "attribute" || !/^(self|cls)\.\w+$/.test(node.text)) return false;
  return isSetBehind(fact.body, statement.end, node.text);
}

/** Made by something called a cache, which is neither the function's own nor handed in for one run. */
function isOfCache(fact: FunctionFact, value: PythonNode): boolean {
  return [value, ...descendants(value)].some(
    ({ type, text }) => (type === "identifier" || type === "attribute") && isOuterCache(fact, text),
  );
}

function isOuterCache(fact: FunctionFact, name: string): boolean {
  const root = name.split(".")[0] ?? "";
  const isOwn = fact.parameters.some((parameter) => parameter.name === root && !/^(self|cls)$/.test(root));
  return /cache/i.test(name) && !isOwn && bindingsOf(fact, root).length === 0;
}

function isSetBehind(body: PythonNode, start: number, target: string): boolean {
  return descendants(body).some(
    (node) => node.type === "assignment" && node.start > start && fieldOf(node, "left")?.text === target,
  );
}

function sourcesOf({ body }: FunctionFact, statement: PythonNode, name: string): PythonNode[] {
  return descendants(body).flatMap((node) => {
    const isBefore = node.type === "assignment" && node.end <= statement.start && fieldOf(node, "left")?.text === name;
    const right = isBefore ? fieldOf(node, "right") : undefined;
    return right ? [right] : [];
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
