import type { Node, RangeVar } from "libpg-query";
import { keyOfPath, stringsOf, tableKey } from "./nodes.ts";

/** The name of what a statement defines; empty when it defines nothing that has one. */
export function nameOf(tree: Node): string {
  if ("CreateExtensionStmt" in tree) return tree.CreateExtensionStmt.extname ?? "";
  if ("CreateTrigStmt" in tree) return tree.CreateTrigStmt.trigname ?? "";
  if ("CreateRoleStmt" in tree) return tree.CreateRoleStmt.role ?? "";
  if ("CreateSchemaStmt" in tree) return tree.CreateSchemaStmt.schemaname ?? "";
  if ("CreateFunctionStmt" in tree) return keyOfPath(stringsOf(tree.CreateFunctionStmt.funcname));
  if ("CreateEnumStmt" in tree) return keyOfPath(stringsOf(tree.CreateEnumStmt.typeName));
  if ("CreateRangeStmt" in tree) return keyOfPath(stringsOf(tree.CreateRangeStmt.typeName));
  if ("CreateDomainStmt" in tree) return keyOfPath(stringsOf(tree.CreateDomainStmt.domainname));
  return tableKey(relationOf(tree));
}

function relationOf(tree: Node): RangeVar | undefined {
  if ("ViewStmt" in tree) return tree.ViewStmt.view;
  if ("CreateTableAsStmt" in tree) return tree.CreateTableAsStmt.into?.rel;
  if ("CompositeTypeStmt" in tree) return tree.CompositeTypeStmt.typevar;
  if ("CreateSeqStmt" in tree) return tree.CreateSeqStmt.sequence;
  if ("CreateStmt" in tree) return tree.CreateStmt.relation;
  return "AlterTableStmt" in tree ? tree.AlterTableStmt.relation : undefined;
}
