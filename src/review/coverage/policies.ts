import type { Policy } from "../../spec/model.ts";
import type { CodePolicy, CodeTable } from "../facts/database.ts";
import { sameSql } from "../facts/rawSql.ts";
import type { CoverageElement } from "../model.ts";
import { found, missing } from "./element.ts";

/**
 * A policy by table and name, else the only other one for the same command. Command, mode, roles
 * and both conditions must be the same: a weaker condition is how tenants see each other's rows.
 */
export function coverPolicy(policy: Policy, twins: readonly CodeTable[]): CoverageElement {
  const policies = twins.flatMap((twin) => twin.policies);
  const named = policies.find((candidate) => candidate.name === policy.name);
  const match = named ?? policies.find((candidate) => differences(policy, candidate).length === 0);
  return match ? found(policy, match.span, differences(policy, match)) : missing(policy);
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
