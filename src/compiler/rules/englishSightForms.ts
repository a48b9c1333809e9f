import { clause } from "./formParts.ts";
import type { RuleForm } from "./ruleStatement.ts";

const see = "(?:see|view|read|access|get|look at)";
const deeds = `${see}(?:(?:,| or| and|/)+ ?(?:see|view|read|change|edit|update|modify|cancel|delete|remove))*`;
const cannot = "(?:must not|cannot|can not|can't|may not|must never|can never|may never|never)";

/** Who sees which rows. */
export const englishSightForms: readonly RuleForm[] = [
  {
    pattern: clause(
      `only (?<o>.+?)(?:,? or (?<r>(?:an? |the )?[\\w-]+(?:(?:,| or| and)+ (?:an? |the )?[\\w-]+)*))?,? (?:may|can) ${deeds} (?<x>.+)`,
    ),
    read: ({ o = "", r, x = "" }) => [{ kind: "seenBy", owner: o, roles: rolesIn(r), object: stateInFront(x) }],
  },
  {
    pattern: clause(
      `(?<s>.+?) (?:(?:is|are) (?:never|not) (?:shown|visible)|(?:is|are) hidden|${cannot} be (?:seen|viewed|read|shown)) (?:to|from|by|for) (?<r>.+)`,
    ),
    read: ({ s = "", r }) => [{ kind: "hidden", subject: stateInFront(s), roles: rolesIn(r), allowed: false }],
  },
  {
    pattern: clause(`(?:only )?(?<r>[\\w-]+(?:(?:,| or| and)+ [\\w-]+)*) ${cannot} ${see} (?<s>.+)`),
    read: ({ s = "", r }) => [{ kind: "hidden", subject: stateInFront(s), roles: rolesIn(r), allowed: false }],
  },
  {
    pattern: clause(`(?<s>.+?) (?:is|are) (?:only (?:visible|shown)|visible only|shown only) to (?<r>.+)`),
    read: ({ s = "", r }) => [{ kind: "hidden", subject: stateInFront(s), roles: rolesIn(r), allowed: true }],
  },
  {
    pattern: clause(
      `(?<r>[\\w-]+(?:(?:,| or| and)+ [\\w-]+)*) (?:(?:may|can) only ${deeds}|(?:may|can)? ?${deeds} only|only ${deeds}) (?:their|its|his|her) own (?<x>.+)`,
    ),
    read: ({ r, x = "" }) => [{ kind: "ownOnly", roles: rolesIn(r), object: stateInFront(x) }],
  },
];

/** `a clerk or an admin`. */
function rolesIn(text = ""): readonly string[] {
  return text
    .split(/\s*(?:,|\bor\b|\band\b)\s*/i)
    .map((part) => part.replace(/^(?:an?|the|all|any) /i, "").trim())
    .filter((part) => part !== "");
}

/** `orders that are draft` are draft orders. */
function stateInFront(text: string): string {
  return text.replace(/^(?:the )?(.+?) (?:that|which) (?:is|are) (not )?([\w-]+)$/i, "$2$3 $1");
}
