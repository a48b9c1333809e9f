import { nearestName } from "../nearestName.ts";
import type { Fix } from "../reading.ts";
import type { DdlFailure } from "./execute.ts";
import type { DdlStatement } from "./statement.ts";

export interface Remedy {
  /** The end of a sentence: "add it". */
  readonly remedy: string;
  readonly fix?: Fix;
  /** The statement changes or uses something that another document or an earlier migration may create. */
  readonly earlier?: true;
}

/** What to do about a statement that PostgreSQL refuses, with the fix where exactly one is certain. */
export function remedyFor(failure: DdlFailure, statement: DdlStatement, script: readonly DdlStatement[]): Remedy {
  const { code, message, hint } = failure;
  const type = /^type "(\w+)(?:\[\])?" does not exist$/.exec(message)?.[1];
  if (type !== undefined) return typeRemedy(type, statement, script);
  const relation = /^relation "([^"]+)" does not exist$/.exec(message)?.[1];
  if (relation !== undefined) return relationRemedy(relation, script);
  if (/^operator does not exist/.test(message)) return { remedy: "give both sides the same type, or cast one" };
  if (code === "42703") return { remedy: "add the column to its table or correct the name" };
  if (code === "42883")
    return { remedy: "define it, or correct its name and the types of its arguments", earlier: true };
  if (code === "3F000") return { remedy: "add CREATE SCHEMA before it" };
  if (code === "42P17") return { remedy: "use only immutable functions and operators there" };
  if (code === "42830") return { remedy: "make the columns it points at a primary key or unique" };
  if (code === "42804") return { remedy: "give both sides the same type" };
  if (code === "42704") return { remedy: "create it first or correct its name", earlier: true };
  return { remedy: hint === undefined ? "correct the statement" : lowerFirst(hint.replace(/\.$/, "")) };
}

/** Types of other databases and their equal in PostgreSQL. */
const equalTypes: Readonly<Partial<Record<string, string>>> = {
  blob: "bytea",
  clob: "text",
  datetime: "timestamp",
  datetime2: "timestamp",
  double: "double precision",
  int16: "smallint",
  int32: "integer",
  int64: "bigint",
  longblob: "bytea",
  longtext: "text",
  mediumint: "integer",
  mediumtext: "text",
  nclob: "text",
  ntext: "text",
  number: "numeric",
  nvarchar: "varchar",
  nvarchar2: "varchar",
  raw: "bytea",
  string: "text",
  tinyint: "smallint",
  tinytext: "text",
  uniqueidentifier: "uuid",
  varbinary: "bytea",
  varchar2: "varchar",
};

function typeRemedy(type: string, statement: DdlStatement, script: readonly DdlStatement[]): Remedy {
  const equal = equalTypes[type.toLowerCase()];
  if (equal !== undefined) {
    const fix = fixIn(statement, type, equal);
    return { remedy: `its equal in PostgreSQL is ${equal}`, ...(fix && { fix }) };
  }
  const near = nearestName(type, namesOf(script, "type"));
  return { remedy: near === undefined ? "define it with CREATE TYPE" : `${near} may be meant`, earlier: true };
}

function relationRemedy(relation: string, script: readonly DdlStatement[]): Remedy {
  const near = nearestName(relation, namesOf(script, "relation"));
  const what = near === undefined ? "correct the name" : `write ${near} if that is meant`;
  return { remedy: `add the document or migration that creates it, or ${what}`, earlier: true };
}

function namesOf(script: readonly DdlStatement[], kind: string): readonly string[] {
  return script.flatMap(({ creates }) => (creates?.kind === kind ? [creates.name] : []));
}

function fixIn({ sql, source }: DdlStatement, type: string, text: string): Fix | undefined {
  const word = new RegExp(`\\b${type}\\b`, "i");
  const lines = sql.split("\n");
  const at = lines.findIndex((line) => word.test(line.replace(/--.*$/, "")));
  const written = word.exec(lines[at] ?? "")?.[0];
  return written === undefined
    ? undefined
    : { title: `Change ${written} to ${text}`, line: source.line + at, replaces: written, text };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
