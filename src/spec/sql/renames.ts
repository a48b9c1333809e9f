import type { AlterEnumStmt, Node, RenameStmt } from "libpg-query";
import type { Fragment, Renaming } from "../fragment.ts";
import { keyOfPath, stringsOf, tableKey } from "./nodes.ts";
import type { StatementSource } from "./statementSource.ts";

/** False for what has no name of its own in a design: views, functions, triggers, schemas. */
export function readRename(source: StatementSource, tree: Node, into: Fragment): boolean {
  const renaming =
    "RenameStmt" in tree
      ? renamed(tree.RenameStmt)
      : "AlterEnumStmt" in tree
        ? changedValue(tree.AlterEnumStmt)
        : undefined;
  if (!renaming) return false;
  into.renames.push({ ...renaming, source: source.span, sql: source.statement.sql });
  return true;
}

type Names = Omit<Renaming, "source" | "sql">;

function renamed({ renameType, relation, object, subname = "", newname: to = "" }: RenameStmt): Names | undefined {
  const owner = tableKey(relation);
  switch (renameType) {
    case "OBJECT_TABLE":
      return { kind: "table", owner, from: relation?.relname ?? "", to };
    case "OBJECT_COLUMN":
      return { kind: "column", owner, from: subname, to };
    case "OBJECT_TABCONSTRAINT":
      return { kind: "constraint", owner, from: subname, to };
    case "OBJECT_POLICY":
      return { kind: "policy", owner, from: subname, to };
    case "OBJECT_INDEX":
      return { kind: "index", owner: "", from: relation?.relname ?? "", to };
    case "OBJECT_TYPE":
    case "OBJECT_DOMAIN": {
      const path = object && "List" in object ? stringsOf(object.List.items) : [];
      return { kind: "type", owner: keyOfPath(path), from: path.at(-1) ?? "", to };
    }
    default:
      return undefined;
  }
}

function changedValue({ typeName, oldVal, newVal = "", newValNeighbor, newValIsAfter }: AlterEnumStmt): Names {
  const owner = keyOfPath(stringsOf(typeName));
  if (oldVal !== undefined) return { kind: "value", owner, from: oldVal, to: newVal };
  const place = newValNeighbor === undefined ? {} : { neighbour: newValNeighbor, isAfter: newValIsAfter === true };
  return { kind: "newValue", owner, from: "", to: newVal, ...place };
}
