import type { Analysis } from "../analysis.ts";
import type { ChecklistItem } from "../model.ts";
import { readSuppressions } from "../suppression.ts";
import { annotations } from "./annotations.ts";
import type { Check } from "./check.ts";
import { errors } from "./errors.ts";
import { format } from "./format.ts";
import { immutable } from "./immutable.ts";
import { nPlusOne } from "./nPlusOne.ts";
import { parameterized } from "./parameterized.ts";
import { repository } from "./repository.ts";
import { secrets } from "./secrets.ts";
import { service } from "./service.ts";
import { size } from "./size.ts";
import { transactions } from "./transactions.ts";
import { validation } from "./validation.ts";

/** In the order of `checklistIds`. */
export const checks: readonly Check[] = [
  annotations,
  repository,
  service,
  parameterized,
  validation,
  errors,
  secrets,
  nPlusOne,
  transactions,
  immutable,
  size,
  format,
];

export function runChecklist(analysis: Analysis): readonly ChecklistItem[] {
  const suppressions = readSuppressions(analysis.project);
  return checks.map(({ id, title, run }) => {
    const { status, findings, suppressed } = suppressions.apply(id, run(analysis));
    return { id, title, status, findings, ...(suppressed.length > 0 && { suppressed }) };
  });
}
