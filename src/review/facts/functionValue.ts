import type { PythonNode } from "../pythonParser.ts";
import { evaluate, isTrue, type Scope, type StaticValue } from "./staticValue.ts";
import { fieldOf, fieldsOf, isCode } from "./syntax.ts";

/**
 * What a function returns whose statements are assignments, branches on what is certain, and returns. Anything else that
 * could change a name or the way through leaves it open; calls for their effect (`logger.info(…)`) do not.
 */
export function functionValue(body: PythonNode, outer: Scope): StaticValue | undefined {
  const names = new Map<string, StaticValue | undefined>();
  const scope: Scope = Object.assign((name: string) => (names.has(name) ? names.get(name) : outer(name)), {
    follow: outer.follow,
  });
  const end = run({ names, scope }, body.children);
  return end === "goes on" ? null : end.value;
}

interface Frame {
  readonly names: Map<string, StaticValue | undefined>;
  readonly scope: Scope;
}

type End = "goes on" | { readonly value: StaticValue | undefined };

const open: End = { value: undefined };
const harmless = /^(comment|pass_statement|import_statement|import_from_statement)$/;

function run(frame: Frame, statements: readonly PythonNode[]): End {
  for (const statement of statements) {
    const end = step(frame, statement);
    if (end !== "goes on") return end;
  }
  return "goes on";
}

function step(frame: Frame, statement: PythonNode): End {
  if (statement.type === "return_statement") return { value: returned(statement.children.find(isCode), frame.scope) };
  if (statement.type === "if_statement") return branch(frame, statement);
  if (statement.type === "expression_statement") return assign(frame, statement.children[0]);
  return harmless.test(statement.type) ? "goes on" : open;
}

function returned(expression: PythonNode | undefined, scope: Scope): StaticValue | undefined {
  return expression ? evaluate(expression, scope) : null;
}

function branch(frame: Frame, statement: PythonNode): End {
  for (const clause of [statement, ...fieldsOf(statement, "alternative")]) {
    const condition = fieldOf(clause, "condition");
    const value = condition && evaluate(condition, frame.scope);
    if (condition && value === undefined) return open;
    if (value !== undefined && !isTrue(value)) continue;
    const block = fieldOf(clause, "consequence") ?? fieldOf(clause, "body");
    return block ? run(frame, block.children) : open;
  }
  return "goes on";
}

function assign({ names, scope }: Frame, node: PythonNode | undefined): End {
  const left = node && fieldOf(node, "left");
  if (!node || !left) return "goes on";
  const value = node.type === "assignment" ? fieldOf(node, "right") : undefined;
  if (left.type !== "identifier") return open;
  names.set(left.text, evaluate(value, scope));
  return "goes on";
}
