import type { PythonNode } from "../pythonParser.ts";
import { bindingsOf } from "./bindings.ts";
import type { FunctionFact } from "./pythonFile.ts";
import { ancestor, calledMethod, calleeOf, fieldOf, isCode, positionalArguments, unwrap } from "./syntax.ts";
import { contains, leaves } from "./ways.ts";

/** What makes a value one that the code knows, told by whoever can follow names. */
export interface Known {
  /** The list is written in the code: what stands in it is harmless. */
  readonly isList: (list: PythonNode) => boolean;
  /** The text of a pattern, or of the name of one that is compiled. */
  readonly patternOf: (pattern: PythonNode) => string | undefined;
  /** Any number will do: `if days <= 0: raise`, `isinstance(days, int)`. */
  readonly isNumberEnough: boolean;
}

/**
 * Whether the code has made sure, on every way to `value`, that it is one of a written list, a plain name or a number:
 * `if sort not in COLUMNS: raise`, `if name.isidentifier():`, `assert PATTERN.fullmatch(name)`. What stands in the way is read
 * from the text, so a value that changes between the question and its use is not guarded by it.
 */
export function isGuarded(within: FunctionFact, value: PythonNode, known: Known): boolean {
  const subject = withoutCase(value.text);
  return conditionsAt(value).some(
    ({ condition, truth }) => holds({ subject, known }, condition, truth) && !changesBetween(within, condition, value),
  );
}

/** Whether the function ends, by an error, where the parameter is not guarded: `def check(name): if name not in ALLOWED: raise`. */
export function refuses({ body }: FunctionFact, parameter: string, known: Known): boolean {
  return exits(body.children).some(({ condition, truth }) => holds({ subject: parameter, known }, condition, truth));
}

/** `for column in columns: if column not in ALLOWED: raise`, before `columns` is used: all of its items are guarded. */
export function areItemsGuarded(value: PythonNode, known: Known): boolean {
  return statementsBefore(value).some((statement) => {
    const right = statement.type === "for_statement" ? fieldOf(statement, "right") : undefined;
    const left = fieldOf(statement, "left");
    const body = fieldOf(statement, "body");
    if (left?.type !== "identifier" || !body || right?.text !== value.text) return false;
    return exits(body.children).some(({ condition, truth }) => holds({ subject: left.text, known }, condition, truth));
  });
}

interface Condition {
  readonly condition: PythonNode;
  /** What it has come out as where the value is used. */
  readonly truth: boolean;
}

function conditionsAt(value: PythonNode): Condition[] {
  const found: Condition[] = [];
  for (let at = value; at.parent && at.type !== "function_definition"; at = at.parent) {
    found.push(...conditionsOf(at.parent, at));
    if (at.parent.type === "block") found.push(...exits(at.parent.children.filter(({ end }) => end <= at.start)));
  }
  return found;
}

/** What the statement or expression around asks before it comes to `part`. */
function conditionsOf(around: PythonNode, part: PythonNode): Condition[] {
  if (/^(if_statement|elif_clause)$/.test(around.type)) {
    const condition = fieldOf(around, "condition");
    if (!condition || part === condition) return [];
    return [{ condition, truth: part.field === "consequence" }];
  }
  if (around.type === "conditional_expression") {
    const [first, condition, other] = around.children.filter(isCode);
    if (!condition || part === condition) return [];
    return part === first || part === other ? [{ condition, truth: part === first }] : [];
  }
  if (/_comprehension$|^generator_expression$/.test(around.type) && part.field === "body") {
    const clauses = around.children.filter(({ type }) => type === "if_clause");
    return clauses.flatMap(({ children }) => children.filter(isCode).map((condition) => ({ condition, truth: true })));
  }
  return [];
}

/** `if …: raise` and `assert …`: whatever comes behind knows how they came out. */
function exits(statements: readonly PythonNode[]): Condition[] {
  return statements.flatMap((statement): Condition[] => {
    const condition = statement.type === "assert_statement" ? statement.children.find(isCode) : undefined;
    if (condition) return [{ condition, truth: true }];
    const asked = statement.type === "if_statement" ? fieldOf(statement, "condition") : undefined;
    const last = fieldOf(statement, "consequence")?.children.findLast(isCode);
    const isLeft = leaves(last) || /^(continue|break)_statement$/.test(last?.type ?? "");
    return asked && isLeft ? [{ condition: asked, truth: false }] : [];
  });
}

function statementsBefore(value: PythonNode): PythonNode[] {
  const block = ancestor(value, ["block"], ["function_definition"]);
  if (!block) return [];
  const outer = statementsBefore(block);
  return [...outer, ...block.children.filter(({ end }) => end <= value.start)];
}

interface Question {
  readonly subject: string;
  readonly known: Known;
}

/** Whether the subject is harmless where the condition has come out as `truth`; nothing and an empty text are. */
function holds(question: Question, wrapped: PythonNode, truth: boolean): boolean {
  const node = unwrap(wrapped);
  if (node.type === "not_operator") {
    const argument = fieldOf(node, "argument");
    return argument !== undefined && holds(question, argument, !truth);
  }
  if (node.type === "boolean_operator") {
    const sides = [fieldOf(node, "left"), fieldOf(node, "right")].filter((side) => side !== undefined);
    const isSure = (fieldOf(node, "operator")?.type === "and") === truth;
    return isSure
      ? sides.some((side) => holds(question, side, truth))
      : sides.every((side) => holds(question, side, truth));
  }
  if (node.type === "comparison_operator") return compares(question, node, truth);
  if (node.type === "call") return truth && isAsked(question, node);
  return !truth && withoutCase(node.text) === question.subject;
}

function compares(question: Question, node: PythonNode, truth: boolean): boolean {
  const operator = node.children.find(({ field }) => field === "operators")?.type ?? "";
  const [left, right] = node.children.filter((child) => isCode(child) && child.field !== "operators");
  if (!left || !right) return false;
  const isSubject = (side: PythonNode) => withoutCase(side.text) === question.subject;
  if (right.type === "none") {
    const isNone = /^(is|==)$/.test(operator) === truth;
    return isNone ? isSubject(left) : isAsked(question, left);
  }
  if (/^[<>]=?$/.test(operator))
    return question.known.isNumberEnough && [left, right].some(isSubject) && [left, right].some(isNumber);
  if (!isSubject(left)) return false;
  if (/^(not )?in$/.test(operator)) return (operator === "in") === truth && question.known.isList(right);
  return /^(==|!=)$/.test(operator) && (operator === "==") === truth && /^(string|integer)$/.test(right.type);
}

function isNumber({ type }: PythonNode): boolean {
  return type === "integer" || type === "float";
}

/** `name.isidentifier()`, `PATTERN.fullmatch(name)`, `re.match(r"^\w+$", name)`, `isinstance(days, int)`. */
function isAsked({ subject, known }: Question, node: PythonNode): boolean {
  if (node.type === "named_expression") {
    const value = fieldOf(node, "value");
    return value !== undefined && isAsked({ subject, known }, value);
  }
  const callee = fieldOf(node, "function");
  const object = callee?.type === "attribute" ? fieldOf(callee, "object") : undefined;
  const method = calledMethod(node) ?? "";
  const given = node.type === "call" ? positionalArguments(node) : [];
  if (calleeOf(node) === "isinstance")
    return known.isNumberEnough && given[0]?.text === subject && numbers.test(given[1]?.text ?? "");
  if (/^is(identifier|alnum|alpha)$/.test(method)) return object !== undefined && withoutCase(object.text) === subject;
  return object !== undefined && /^(match|fullmatch)$/.test(method) && isMatched({ subject, known }, node, object);
}

/** The whole of the subject matches, and the pattern lets nothing through that could end a name. */
function isMatched({ subject, known }: Question, node: PythonNode, object: PythonNode): boolean {
  const given = positionalArguments(node);
  const [pattern, text] = object.text === "re" ? given : [object, given[0]];
  const written = pattern && text && withoutCase(text.text) === subject ? known.patternOf(pattern) : undefined;
  return written !== undefined && isHarmless(written, calledMethod(node) ?? "");
}

const numbers = /^\(?((int|float|Decimal)[,\s]*)+\)?$/;

/** Letters, digits and what joins them, from the beginning to the end: no quote, no blank and nothing that stands for any character. */
function isHarmless(pattern: string, method: string): boolean {
  const isWhole = method === "fullmatch" || /(\$|\\[Zz])\)?$/.test(pattern);
  if (isWhole && isOfDigits(pattern)) return true;
  return (
    isWhole &&
    !/['";\s]|\[\^|\\[SDWs]|(^|[^\\])\./.test(pattern.replace(/\[[^\]]*\]/g, (set) => set.replaceAll(".", "")))
  );
}

/** `^\d{4}-\d{2}-\d{2}\s+\d{2}:\d{2}$`: blanks between digits end no value. */
function isOfDigits(pattern: string): boolean {
  return /^[-^$(){}+*?,:/ \d|]*$/.test(pattern.replace(/\\[ds.Zz]|\[0-9\]/g, ""));
}

/** `sort.lower()` is one of a list, so `sort` is but for its case. */
function withoutCase(text: string): string {
  return text.replace(/(\.(lower|upper|strip|title|casefold|capitalize)\(\))+$/, "");
}

function changesBetween(within: FunctionFact, condition: PythonNode, value: PythonNode): boolean {
  const name = value.text.match(/^\w+/)?.[0] ?? "";
  return bindingsOf(within, name).some(
    (node) => node.start > condition.end && node.end <= value.start && !contains(node, condition),
  );
}
