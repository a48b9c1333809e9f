import type { SqlStatement } from "../spec/model.ts";
import type { Assumption } from "./compilation.ts";

/**
 * Roles without the passwords that the design gives them: a migration is read by everybody who reads the
 * repository (research/security.md G10).
 */
export function withoutRolePasswords(
  statements: readonly SqlStatement[],
  assumptions: Assumption[],
): readonly SqlStatement[] {
  return statements.map((statement) => {
    if (statement.kind !== "role") return statement;
    const sql = statement.sql.replace(passwordOption, "");
    if (sql === statement.sql) return statement;
    const [, role = statement.name] = /\b(?:ROLE|USER)\s+("[^"]+"|\S+)/i.exec(sql) ?? [];
    assumptions.push({
      text: `The role ${role} comes without the password that stands in the design; give it one where the database runs (ALTER ROLE … PASSWORD).`,
      source: statement.source,
    });
    return { ...statement, sql };
  });
}

/** `[WITH] [ENCRYPTED] PASSWORD '…'`; of a statement with nothing else, `WITH` stays, which PostgreSQL takes. */
const passwordOption = /\s+(?:ENCRYPTED\s+|UNENCRYPTED\s+)?PASSWORD\s+(?:E?'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$)/gi;
