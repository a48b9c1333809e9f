import type { CreatePolicyStmt, Node } from "libpg-query";
import type { Policy } from "../model.ts";
import { tableKey } from "./nodes.ts";
import { afterKeyword, bracketText, type StatementSource } from "./statementSource.ts";

const commands = ["select", "insert", "update", "delete"] as const;

export function readPolicy(source: StatementSource, node: CreatePolicyStmt): Policy {
  const table = tableKey(node.table);
  const name = node.policy_name ?? "";
  return {
    id: `policy:${table}.${name}`,
    kind: "policy",
    name,
    source: source.span,
    confidence: "declared",
    table,
    command: commands.find((command) => command === node.cmd_name) ?? "all",
    permissive: node.permissive ?? false,
    roles: (node.roles ?? []).flatMap(roleOf),
    ...clause(source, "using", node.qual && afterKeyword(source, ["USING"])),
    ...clause(source, "withCheck", node.with_check && afterKeyword(source, ["WITH", "CHECK"])),
    sql: source.statement.sql,
  };
}

function clause(source: StatementSource, key: "using" | "withCheck", at: number | undefined): Partial<Policy> {
  const text = at === undefined ? undefined : bracketText(source, at);
  return text === undefined ? {} : { [key]: text };
}

const specialRoles: Partial<Record<string, string>> = {
  ROLESPEC_CURRENT_ROLE: "current_role",
  ROLESPEC_CURRENT_USER: "current_user",
  ROLESPEC_SESSION_USER: "session_user",
};

/** Empty means everyone, like `TO PUBLIC`. */
function roleOf(node: Node): string[] {
  if (!("RoleSpec" in node)) return [];
  const { roletype, rolename } = node.RoleSpec;
  const role = rolename ?? specialRoles[roletype ?? ""];
  return role === undefined ? [] : [role];
}
