import type { PythonNode } from "../pythonParser.ts";
import { argumentsOf, calleeOf, fieldOf, positionalArguments } from "./syntax.ts";

const pureFunctions = /^(len|str|int|float|max|min|abs|round|repr|sorted|reversed|set|list|tuple|quoted_name|asdict)$/;

/** Of a text: what they give holds nothing but what they are given. */
export const pureMethods =
  /^(upper|lower|strip|lstrip|rstrip|title|capitalize|removeprefix|removesuffix|replace|split|join)$/;

/** Also `json.dumps(…)`, `re.sub(…)`, and a class that is given something and nothing by name: `Spec("shelf")`. */
export function isPure(call: PythonNode): boolean {
  const callee = calleeOf(call) ?? "";
  const isMade =
    /^[A-Z]\w*[a-z]/.test(callee) && givenTo(call).length > 0 && argumentsOf(call).length === givenTo(call).length;
  return isMade || pureFunctions.test(callee) || /^(json\.dumps|re\.sub)$/.test(callee);
}

/** What a module calls with something when it is imported nobody hands a value, but for what it reads of the outside. */
export function isMadeAtImport(call: PythonNode): boolean {
  return /^[a-z_]/.test(call.text) && givenTo(call).length > 0 && !outside.test(call.text);
}

const outside = /environ|getenv|_env\b|settings|config|\bopen\(|read|requests|input\(/i;

/** The grammar has a generator that is the only argument stand in place of the list of arguments. */
export function givenTo(call: PythonNode): readonly PythonNode[] {
  const given = fieldOf(call, "arguments");
  return given?.type === "generator_expression" ? [given] : positionalArguments(call);
}
