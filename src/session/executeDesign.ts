import { lintDdl } from "../spec/ddl/lintDdl.ts";
import type { Problem, SpecReading } from "../spec/reading.ts";
import type { ScratchDatabase } from "./ports.ts";

/**
 * What PostgreSQL itself has against the design's SQL; it is executed for that in a scratch database. Takes seconds, so
 * nobody waits for it who has something else to show. Rejects with an `AbortError` only.
 */
export async function executeDesign(
  { ddl, problems }: SpecReading,
  database: ScratchDatabase,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const [first] = ddl;
  if (!first) return [];
  const executed = await database.execute(ddl, signal);
  if ("outcomes" in executed) return lintDdl(ddl, executed).filter((problem) => !isSaid(problem, problems));
  const { path, line } = first.source;
  const message = `The SQL of the design was not tried out, ${executed.incomplete}; nothing needs to be done, but its faults will show later.`;
  return [{ path, line, severity: "info", code: "SPEC-SQL-UNTRIED", message }];
}

/** A table that no document defines is told where it is referred to, from the specification alone. */
function isSaid({ code, path, message }: Problem, problems: readonly Problem[]): boolean {
  const relation = /relation "(?:public\.)?([^"]+)" does not exist/.exec(message)?.[1];
  return (
    code === "SPEC-SQL-EARLIER" &&
    relation !== undefined &&
    problems.some((other) => other.path === path && / (?:table|on) \S/.test(other.message) && names(other, relation))
  );
}

function names({ code, message }: Problem, relation: string): boolean {
  return /^SPEC-(?:FK|INDEX|POLICY)$/.test(code) && message.includes(`table ${relation}`);
}
