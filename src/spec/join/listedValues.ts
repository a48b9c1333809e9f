import type { Constraint } from "../model.ts";
import { withoutBrackets } from "../sql/checkConditions.ts";

/** The values of `status IN ('a', 'b')` and of PostgreSQL's own form of it, `= ANY (ARRAY[…])`. */
export function listedValues(check: Constraint, column: string): readonly string[] | undefined {
  const expression = withoutBrackets(check.expression ?? "");
  const match = listForm.exec(expression);
  if (match?.[1] !== column) return undefined;
  const list = match[2] ?? match[3] ?? "";
  const values = [...list.matchAll(/'((?:[^']|'')*)'/g)].map((value) => (value[1] ?? "").replaceAll("''", "'"));
  return list.replace(/'(?:[^']|'')*'(?:\s*::\s*[\w ]+(?:\(\d+\))?)?/g, "").replace(/[\s,]/g, "") === ""
    ? values
    : undefined;
}

const listForm =
  /^\(?\s*"?(\w+)"?\s*\)?(?:\s*::\s*[\w ]+)?\s+?(?:IN\s*\(([\s\S]*)\)|=\s*ANY\s*\(+\s*ARRAY\s*\[([^\]]*)\][\s\w:)[\]]*)$/i;
