import type { CommentStmt, CreateDomainStmt, Node } from "libpg-query";
import type { DomainDefinition, Fragment } from "../fragment.ts";
import type { StatementKind } from "../tableParts.ts";
import { constraintNodes } from "./columns.ts";
import { nameOf } from "./definedName.ts";
import { keyOfPath, sqlType, stringsOf } from "./nodes.ts";
import type { StatementSource } from "./statementSource.ts";

const kinds: Partial<Record<string, StatementKind>> = {
  CreateExtensionStmt: "extension",
  CreateFunctionStmt: "function",
  CreateTrigStmt: "trigger",
  CreateEventTrigStmt: "trigger",
  ViewStmt: "view",
  CreateTableAsStmt: "view",
  CompositeTypeStmt: "type",
  CreateDomainStmt: "type",
  CreateRangeStmt: "type",
  AlterEnumStmt: "type",
  CreateRoleStmt: "role",
  AlterRoleStmt: "role",
  GrantStmt: "grant",
  GrantRoleStmt: "grant",
  AlterDefaultPrivilegesStmt: "grant",
  CreateSeqStmt: "sequence",
  AlterSeqStmt: "sequence",
};

/** Statements that query, run or undo things but define nothing. */
const ignored = new Set([
  "SelectStmt",
  "UpdateStmt",
  "DeleteStmt",
  "DropStmt",
  "TruncateStmt",
  "TransactionStmt",
  "VariableSetStmt",
  "VacuumStmt",
  "ExplainStmt",
  "CopyStmt",
  "CallStmt",
  "PrepareStmt",
  "ExecuteStmt",
  "AlterOwnerStmt",
  "RefreshMatViewStmt",
  "ReindexStmt",
  "NotifyStmt",
  "ListenStmt",
  "LockStmt",
  "CreatedbStmt",
  "DropRoleStmt",
]);

const dataStatements = new Set(["InsertStmt", "MergeStmt"]);

/** False when the statement defines nothing, so that the caller can say how many were left out. */
export function readOther(source: StatementSource, tree: Node, into: Fragment, keepsData: boolean): boolean {
  const type = Object.keys(tree)[0] ?? "";
  if (ignored.has(type) || (dataStatements.has(type) && !keepsData)) return false;
  if ("CommentStmt" in tree && readComment(source, tree.CommentStmt, into)) return true;
  if ("CreateDomainStmt" in tree) into.domains.push(domainOf(tree.CreateDomainStmt));
  const kind = "CommentStmt" in tree ? "comment" : (kinds[type] ?? "other");
  into.statements.push({ kind, name: nameOf(tree), sql: source.statement.sql, source: source.span });
  return true;
}

function domainOf({ domainname, typeName, constraints }: CreateDomainStmt): DomainDefinition {
  const kindsOf = constraintNodes(constraints).map(({ contype }) => contype);
  return {
    name: keyOfPath(stringsOf(domainname)),
    base: sqlType(typeName),
    notNull: kindsOf.includes("CONSTR_NOTNULL"),
    hasDefault: kindsOf.includes("CONSTR_DEFAULT"),
  };
}

function readComment(source: StatementSource, node: CommentStmt, into: Fragment): boolean {
  if (!node.object || !("List" in node.object) || node.comment === undefined) return false;
  const path = stringsOf(node.object.List.items);
  const at = { source: source.span };
  if (node.objtype === "OBJECT_TABLE") {
    into.tableChanges.push({ ...at, table: keyOfPath(path), change: { type: "comment", text: node.comment } });
    return true;
  }
  const column = path.at(-1);
  if (node.objtype !== "OBJECT_COLUMN" || column === undefined) return false;
  const table = keyOfPath(path.slice(0, -1));
  into.tableChanges.push({ ...at, table, change: { type: "comment", column, text: node.comment } });
  return true;
}
