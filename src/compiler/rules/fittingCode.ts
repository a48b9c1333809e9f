import { singular, words } from "../../support/words.ts";
import type { ErrorCatalogue } from "../errorClasses.ts";
import type { ErrorClassPlan } from "../plan.ts";
import { codesOf } from "./keptRules.ts";
import type { RuleContext } from "./resolveStatement.ts";
import { withoutCodes } from "./ruleStatement.ts";

/** The code that the sentence names, else the one that says the same. */
export function errorOf(
  { rule, errors }: Pick<RuleContext, "rule" | "errors">,
  filler?: RegExp,
): ErrorClassPlan | undefined {
  const [named] = codesOf(rule, errors);
  return errors.classes.find(({ code }) => code === named) ?? fittingCode(rule.text, errors, filler);
}

/**
 * The code of the error design that says what the sentence says: each of its words is a word of the sentence, but for
 * those that only say that something was refused (`filler`). Undefined where none does, or two do equally well.
 */
function fittingCode(text: string, { classes }: ErrorCatalogue, filler: RegExp = /^$/): ErrorClassPlan | undefined {
  const said = words(withoutCodes(text));
  const scored = classes
    .filter(({ status }) => status >= 400 && status < 500 && ![401, 404, 405, 412, 413, 415, 429].includes(status))
    .flatMap((plan) => {
      const own = words(plan.code).filter((word) => !/^(?:error|not|is|has|be|the|a|of|for|in)$/.test(word));
      const rest = own.filter((word) => !filler.test(word));
      const isSaid = rest.length > 0 && rest.every((word) => said.some((other) => isLike(word, other)));
      // One word alone is the name of something, unless it says what is refused.
      return isSaid && own.length + (/(?:^|_)NOT_/.test(plan.code) ? 1 : 0) > 1
        ? [{ plan, score: 10 * rest.length + own.length }]
        : [];
    })
    .sort((left, right) => right.score - left.score);
  const [first, second] = scored;
  return first && first.score !== second?.score ? first.plan : undefined;
}

/** `assigned` and `assignee`, `reopen` and `reopening`, `inactive` beside `not active`. */
function isLike(word: string, other: string): boolean {
  const [left, right] = [singular(word), singular(other)];
  if (left === right || left.replace(/^(?:in|un|non)/, "") === right) return true;
  const shared = Math.max(4, Math.min(left.length, right.length) - 1);
  return left.length > 4 && right.length > 4 && left.slice(0, shared) === right.slice(0, shared);
}
