import type { Node } from "libpg-query";
import type { SourceSpan } from "../model.ts";
import { nameOf } from "../sql/definedName.ts";
import type { StatementSource } from "../sql/statementSource.ts";

/** A definition in SQL, as an embedded PostgreSQL can execute it. */
export interface DdlStatement {
  readonly sql: string;
  readonly source: SourceSpan;
  /** What it creates, as PostgreSQL's messages name it; absent for changes and grants. */
  readonly creates?: DdlObject;
  /** The search path that its script had set before it. */
  readonly searchPath?: string;
  /** Made by us from a table or diagram: others build on it, but its own faults are not the design's. */
  readonly derived?: true;
}

export interface DdlObject {
  readonly kind: "relation" | "type" | "function" | "role" | "schema" | "extension";
  /** `orders`, or `billing.orders` outside the default schema. */
  readonly name: string;
}

/**
 * The parsed statement as one to execute; undefined for statements that query, run, copy or drop. Nothing else of a
 * design reaches the embedded database.
 */
export function ddlStatement({ statement, span }: StatementSource, tree: Node): DdlStatement | undefined {
  const type = Object.keys(tree)[0] ?? "";
  const kind = created[type];
  if (kind === undefined && !changes.has(type)) return undefined;
  if ("AlterTableStmt" in tree && (tree.AlterTableStmt.cmds ?? []).every(isOwnership)) return undefined;
  const name = kind && nameOf(tree);
  return { sql: statement.sql, source: span, ...(kind && name ? { creates: { kind, name } } : {}) };
}

const created: Readonly<Partial<Record<string, DdlObject["kind"]>>> = {
  CreateStmt: "relation",
  ViewStmt: "relation",
  CreateTableAsStmt: "relation",
  CreateSeqStmt: "relation",
  CreateEnumStmt: "type",
  CreateDomainStmt: "type",
  CompositeTypeStmt: "type",
  CreateRangeStmt: "type",
  CreateFunctionStmt: "function",
  CreateRoleStmt: "role",
  CreateSchemaStmt: "schema",
  CreateExtensionStmt: "extension",
};

const changes: ReadonlySet<string> = new Set([
  "AlterDefaultPrivilegesStmt",
  "AlterDomainStmt",
  "AlterEnumStmt",
  "AlterFunctionStmt",
  "AlterObjectSchemaStmt",
  "AlterPolicyStmt",
  "AlterRoleStmt",
  "AlterSeqStmt",
  "AlterTableStmt",
  "CommentStmt",
  "CreateCastStmt",
  "CreateEventTrigStmt",
  "CreatePolicyStmt",
  "CreateStatsStmt",
  "CreateTrigStmt",
  "DefineStmt",
  "DoStmt",
  "GrantRoleStmt",
  "GrantStmt",
  "IndexStmt",
  "RenameStmt",
  "RuleStmt",
]);

/** Dumps name the owner of everything, a role that only the dumped server has. */
function isOwnership(command: Node): boolean {
  return "AlterTableCmd" in command && command.AlterTableCmd.subtype === "AT_ChangeOwner";
}
