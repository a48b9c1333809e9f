import type { Policy } from "../../spec/model.ts";
import type { CodePolicy } from "../facts/database.ts";
import { sameSql } from "../facts/rawSql.ts";
import type { CoverageElement } from "../model.ts";
import { extra, found, missing } from "./element.ts";
import type { Twins } from "./twins.ts";

/**
 * The policies of one table by name, else by what they do. Command, mode, roles and both conditions must be the same:
 * a weaker condition is how tenants see each other's rows, and so is one policy more than the design has.
 */
export function coverPolicies(table: string, designed: readonly Policy[], { all, absent }: Twins): CoverageElement[] {
  const policies = all.flatMap((twin) => twin.policies);
  const matches = new Map(designed.map((policy) => [policy, matchOf(policy, policies)]));
  const taken = new Set(matches.values());
  return [
    ...designed.map((policy) => {
      const match = matches.get(policy);
      if (match) return found(policy, match.span, differences(policy, match));
      return all.length === 0 ? absent(policy) : missing(policy);
    }),
    ...policies.filter((one) => !taken.has(one)).map((one) => extra("policy", `${table}.${one.name}`, one.span)),
  ];
}

function matchOf(policy: Policy, policies: readonly CodePolicy[]): CodePolicy | undefined {
  const named = policies.find((candidate) => candidate.name === policy.name);
  return named ?? policies.find((candidate) => differences(policy, candidate).length === 0);
}

function differences(policy: Policy, candidate: CodePolicy): string[] {
  const texts: string[] = [];
  if (policy.command !== candidate.command)
    texts.push(`Is for ${candidate.command}, the design says ${policy.command}`);
  if (policy.permissive !== candidate.permissive)
    texts.push(
      candidate.permissive
        ? "Is permissive, the design's is restrictive"
        : "Is restrictive, the design's is permissive",
    );
  if (rolesOf(policy) !== rolesOf(candidate))
    texts.push(`Is for role ${rolesOf(candidate)}, the design says ${rolesOf(policy)}`);
  texts.push(...conditionDifference("USING", policy.using, candidate.using));
  texts.push(...conditionDifference("WITH CHECK", policy.withCheck, candidate.withCheck));
  return texts;
}

function rolesOf({ roles }: Pick<Policy, "roles">): string {
  return roles.length === 0 ? "public" : [...roles].sort().join(", ");
}

/** A policy that only prose describes leaves its conditions open. */
function conditionDifference(clause: string, designed: string | undefined, coded: string | undefined): string[] {
  if (designed === undefined && coded === undefined) return [];
  if (designed !== undefined && coded !== undefined && sameSql(designed, coded)) return [];
  return [`${clause} is ${coded ?? "absent"}, the design says ${designed ?? "nothing"}`];
}
