import type { Node, RangeVar } from "libpg-query";
import { keyOfPath, stringsOf } from "./nodes.ts";

/** The name of what a statement defines; empty when it defines nothing that has one. */
export function nameOf(tree: Node): string {
  return keyOfPath(definedPath(tree));
}

/** The same with its schema, where one is written; empty when the statement defines nothing. */
export function definedPath(tree: Node): readonly string[] {
  if ("CreateExtensionStmt" in tree) return [tree.CreateExtensionStmt.extname ?? ""];
  if ("CreateTrigStmt" in tree) return [tree.CreateTrigStmt.trigname ?? ""];
  if ("CreateRoleStmt" in tree) return [tree.CreateRoleStmt.role ?? ""];
  if ("CreateSchemaStmt" in tree) return [tree.CreateSchemaStmt.schemaname ?? ""];
  if ("CreateFunctionStmt" in tree) return stringsOf(tree.CreateFunctionStmt.funcname);
  if ("CreateEnumStmt" in tree) return stringsOf(tree.CreateEnumStmt.typeName);
  if ("CreateRangeStmt" in tree) return stringsOf(tree.CreateRangeStmt.typeName);
  if ("CreateDomainStmt" in tree) return stringsOf(tree.CreateDomainStmt.domainname);
  const relation = relationOf(tree);
  return [relation?.schemaname, relation?.relname].filter((part) => part !== undefined);
}

function relationOf(tree: Node): RangeVar | undefined {
  if ("ViewStmt" in tree) return tree.ViewStmt.view;
  if ("CreateTableAsStmt" in tree) return tree.CreateTableAsStmt.into?.rel;
  if ("CompositeTypeStmt" in tree) return tree.CompositeTypeStmt.typevar;
  if ("CreateSeqStmt" in tree) return tree.CreateSeqStmt.sequence;
  if ("CreateStmt" in tree) return tree.CreateStmt.relation;
  return "AlterTableStmt" in tree ? tree.AlterTableStmt.relation : undefined;
}
