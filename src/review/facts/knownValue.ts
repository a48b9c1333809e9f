import type { PythonNode } from "../pythonParser.ts";
import { argumentFor } from "./bindings.ts";
import { isKeyed } from "./fixedKeys.ts";
import type { FixedPlace, Judges } from "./fixedPlace.ts";
import { isTable } from "./fixedTables.ts";
import { isGuarded, type Known, refuses } from "./guards.ts";
import type { CallFact, FunctionFact } from "./pythonFile.ts";
import { evaluate } from "./staticValue.ts";
import { ancestor, argumentsOf, calleeOf, positionalArguments } from "./syntax.ts";
import { contains } from "./ways.ts";
import { isOfWrittenType } from "./writtenTypes.ts";

/** The code makes sure of it before it gets here, or its type allows nothing else. */
export function isKnown(judges: Judges, place: FixedPlace, node: PythonNode): boolean {
  const { within } = place;
  if (!within || !/^(identifier|attribute|call|subscript)$/.test(node.type)) return false;
  return (
    isOfWrittenType(place, within, node) ||
    isGuarded(within, node, knownAt(judges, place)) ||
    isRefused(judges, place, node)
  );
}

export function knownAt(judges: Judges, place: FixedPlace): Known {
  const deeper = { ...place, depth: place.depth + 1 };
  return {
    isList: (list) =>
      isTable(judges, deeper, list) || judges.isFixedList(deeper, list) || isKeyed(judges, deeper, list),
    isNumberEnough: false,
    patternOf: (pattern) => {
      const written = pattern.type === "identifier" ? place.assignmentOf(place.path, pattern.text)?.value : pattern;
      const text = calleeOf(written) === "re.compile" && written ? positionalArguments(written)[0] : written;
      const value = evaluate(text, place.scope);
      return typeof value === "string" ? value : undefined;
    },
  };
}

/** `check_name(name)` before it is used, where `check_name` raises unless it knows what it is given. */
function isRefused(judges: Judges, place: FixedPlace, node: PythonNode): boolean {
  const asked = place.within?.calls.filter(
    (call) => call.node.end <= node.start && argumentsOf(call.node).some(({ text }) => text === node.text),
  );
  return (asked ?? []).some((call) => {
    const isStatement = call.node.parent?.type === "expression_statement" || call.awaited;
    if (!isStatement || !isAbove(call.node, node)) return false;
    const targets = place.targetsOf(call);
    return (
      targets.length > 0 && targets.every((target) => isRefusedBy(judges, place, { call, target, text: node.text }))
    );
  });
}

interface Asked {
  readonly call: CallFact;
  readonly target: FunctionFact;
  readonly text: string;
}

function isRefusedBy(judges: Judges, place: FixedPlace, { call, target, text }: Asked): boolean {
  const inside = judges.inCallee(place, target, call.node);
  return target.parameters.some(
    (parameter) =>
      argumentFor(call.node, target, parameter)?.text === text &&
      refuses(target, parameter.name, knownAt(judges, inside)),
  );
}

/** The statement stands in a block that the other is in as well. */
function isAbove(first: PythonNode, second: PythonNode): boolean {
  const block = ancestor(first, ["block"], ["function_definition"]);
  return block !== undefined && contains(block, second);
}
