import type { PythonNode } from "../pythonParser.ts";
import { argumentFor } from "./bindings.ts";
import type { CallFact, FunctionFact, ParameterFact } from "./pythonFile.ts";
import { childOfType, fieldOf, isCode, unwrap } from "./syntax.ts";
import { contains } from "./ways.ts";

/**
 * The optional parameters without which alone a call inside the function runs: `grants if grants is not None else
 * await load(id)`, `if grants is None: …`, `grants or load(id)`. Who hands them in has asked for all at once before.
 */
export function absentParameters(fact: FunctionFact, call: CallFact): readonly string[] {
  const optional = fact.parameters.filter(isOptional).map(({ name }) => name);
  if (optional.length === 0) return [];
  const absent = new Set<string>();
  for (let at = call.node; at.parent && at !== fact.body; at = at.parent) {
    for (const name of absentFor(at.parent, at)) if (optional.includes(name)) absent.add(name);
  }
  return [...absent].sort();
}

/** Which of the parameters a call hands in; what its own function may have been called without is not certain to be there. */
export function givenParameters(call: CallFact, target: FunctionFact, names: readonly string[]): readonly string[] {
  return target.parameters
    .filter((parameter) => names.includes(parameter.name))
    .filter((parameter) => {
      const value = argumentFor(call.node, target, parameter);
      const isHandedOn = call.within?.parameters.some((own) => own.name === value?.text && isOptional(own));
      return value !== undefined && value.type !== "none" && isHandedOn !== true;
    })
    .map(({ name }) => name);
}

function isOptional({ value }: ParameterFact): boolean {
  return value?.type === "none";
}

/** The names that are absent wherever `child` of the node runs. */
function absentFor(node: PythonNode, child: PythonNode): readonly string[] {
  switch (node.type) {
    case "conditional_expression": {
      const [value, condition, otherwise] = node.children.filter(isCode);
      if (child === otherwise) return namesWhere(condition, "present");
      return child === value ? namesWhere(condition, "absent") : [];
    }
    case "boolean_operator": {
      const isDefault = childOfType(node, "or") !== undefined && child === fieldOf(node, "right");
      return isDefault ? namesWhere(fieldOf(node, "left"), "present") : [];
    }
    case "if_statement":
    case "elif_clause": {
      const condition = fieldOf(node, "condition");
      if (child === fieldOf(node, "consequence")) return namesWhere(condition, "absent");
      return condition && !contains(condition, child) ? namesWhere(condition, "present") : [];
    }
    default:
      return [];
  }
}

/** The names of which the condition says that they are there, or that they are not; of a conjunction every part says so. */
function namesWhere(wrapped: PythonNode | undefined, state: "present" | "absent"): readonly string[] {
  const condition = wrapped && unwrap(wrapped);
  if (!condition) return [];
  if (condition.type === "boolean_operator" && childOfType(condition, "and") !== undefined) {
    return [fieldOf(condition, "left"), fieldOf(condition, "right")].flatMap((side) => namesWhere(side, state));
  }
  const [, name, isNot] = condition.text.match(/^(\w+)\s+is\s+(not\s+)?None$/) ?? [];
  if (name !== undefined) return (isNot === undefined) === (state === "absent") ? [name] : [];
  const plain = condition.text.match(state === "absent" ? /^not\s+(\w+)$/ : /^(\w+)$/)?.[1];
  return plain === undefined ? [] : [plain];
}
