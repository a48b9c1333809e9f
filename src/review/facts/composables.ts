import type { PythonNode } from "../pythonParser.ts";
import { calledMethod, calleeOf, fieldOf } from "./syntax.ts";

/** `sql.Identifier(name)`, `sql.Literal(days)`, `cursor.mogrify("(%s)", row)`: the driver quotes whatever is in them. */
export function isQuotedByDriver(call: PythonNode): boolean {
  return /^(\w+\.)?(Identifier|Literal|Placeholder)$/.test(calleeOf(call) ?? "");
}

/** `sql.SQL("…")` and `cursor.mogrify("…", row)`: they are as fixed as the text at their beginning. */
export function isTextOfDriver(call: PythonNode): boolean {
  return /^(\w+\.)?SQL$/.test(calleeOf(call) ?? "") || calledMethod(call) === "mogrify";
}

/** `sql.SQL("… {}").format(sql.Identifier(name))`: parts that the driver puts together, and not a text. */
export function isComposed(call: PythonNode): boolean {
  const object = fieldOf(fieldOf(call, "function") ?? call, "object");
  return /^(format|join)$/.test(calledMethod(call) ?? "") && object !== undefined && isTextOfDriver(object);
}
