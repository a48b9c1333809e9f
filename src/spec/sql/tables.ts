import type { AlterTableCmd, AlterTableStmt, CreateStmt, DefElem } from "libpg-query";
import type { Fragment, TableChange } from "../fragment.ts";
import type { Column } from "../model.ts";
import type { TableCopy, TableStorage } from "../tableParts.ts";
import { constraintNodes, readColumn } from "./columns.ts";
import { type PlacedConstraint, readConstraints } from "./constraints.ts";
import type { NameRegistry } from "./names.ts";
import { sqlType, stringsOf, tableKey } from "./nodes.ts";
import { afterKeyword, bracketText, elementTokens, type StatementSource, textOf } from "./statementSource.ts";

export function readCreateTable(source: StatementSource, node: CreateStmt, names: NameRegistry, into: Fragment): void {
  const name = node.relation?.relname ?? "";
  const table = tableKey(node.relation);
  names.taken.add(name);
  const readings = (node.tableElts ?? []).flatMap((element) =>
    "ColumnDef" in element ? [readColumn(source, table, element.ColumnDef)] : [],
  );
  const placed: PlacedConstraint[] = [
    ...readings.flatMap((reading) => reading.constraints),
    ...constraintNodes(node.tableElts).map((constraint) => ({ node: constraint })),
  ];
  const notNull = new Set(placed.flatMap(notNullColumns));
  const columns = readings.map(
    ({ column }): Column => ({ ...column, nullable: column.nullable && !notNull.has(column.name) }),
  );
  into.tables.push({
    id: `table:${table}`,
    kind: "table",
    name,
    source: source.span,
    confidence: "declared",
    ...(table !== name && node.relation?.schemaname && { schema: node.relation.schemaname }),
    columns,
    constraints: readConstraints(source, table, placed, names),
    rowSecurity: "off",
    ...storageOf(source, node),
  });
}

const strategies: Partial<Record<string, string>> = {
  PARTITION_STRATEGY_RANGE: "RANGE",
  PARTITION_STRATEGY_LIST: "LIST",
  PARTITION_STRATEGY_HASH: "HASH",
};

function storageOf(source: StatementSource, node: CreateStmt): { storage?: TableStorage } {
  const strategy = strategies[node.partspec?.strategy ?? ""];
  const at = strategy === undefined ? undefined : afterKeyword(source, ["PARTITION", "BY"]);
  const parents = (node.inhRelations ?? []).flatMap((item) => ("RangeVar" in item ? [tableKey(item.RangeVar)] : []));
  const copies = copiesOf(node);
  const parameters = (node.options ?? []).flatMap((item) => ("DefElem" in item ? [parameterOf(item.DefElem)] : []));
  const storage: TableStorage = {
    ...(at !== undefined && { partitionBy: `${strategy} (${bracketText(source, at)})` }),
    ...(parents.length > 0 && { inherits: parents }),
    ...(copies.length > 0 && { copies }),
    ...(node.relation?.relpersistence === "u" && { unlogged: true }),
    ...(parameters.length > 0 && { parameters: Object.fromEntries(parameters) }),
  };
  return Object.keys(storage).length > 0 ? { storage } : {};
}

/** The bits of `CREATE_TABLE_LIKE_…` in PostgreSQL's `parsenodes.h`. */
const copiedParts = { comments: 1, constraints: 4, defaults: 8, generated: 16, identity: 32, indexes: 64 } as const;

function copiesOf(node: CreateStmt): readonly TableCopy[] {
  let at = 0;
  const copies: TableCopy[] = [];
  for (const element of node.tableElts ?? []) {
    if ("ColumnDef" in element) at += 1;
    if (!("TableLikeClause" in element)) continue;
    const { relation, options = 0 } = element.TableLikeClause;
    const including = typedKeys(copiedParts).filter((part) => (options & copiedParts[part]) !== 0);
    copies.push({ table: tableKey(relation), at, including });
  }
  return copies;
}

function typedKeys<T extends object>(record: T): readonly (keyof T)[] {
  return Object.keys(record) as (keyof T)[];
}

function parameterOf({ defnamespace, defname = "", arg }: DefElem): [string, string] {
  const name = defnamespace === undefined ? defname : `${defnamespace}.${defname}`;
  if (!arg) return [name, "true"];
  if ("Integer" in arg) return [name, String(arg.Integer.ival ?? 0)];
  if ("Float" in arg) return [name, arg.Float.fval ?? ""];
  if ("String" in arg) return [name, arg.String.sval ?? ""];
  return [name, "TypeName" in arg ? (stringsOf(arg.TypeName.names).at(-1) ?? "") : "true"];
}

function notNullColumns(item: PlacedConstraint): string[] {
  const { contype, keys } = item.node;
  return contype === "CONSTR_PRIMARY" || contype === "CONSTR_NOTNULL" ? stringsOf(keys) : [];
}

/** True when every command of the statement is understood; the caller keeps the statement otherwise. */
export function readAlterTable(
  source: StatementSource,
  node: AlterTableStmt,
  names: NameRegistry,
  into: Fragment,
): boolean {
  const table = tableKey(node.relation);
  const commands = (node.cmds ?? []).flatMap((item) => ("AlterTableCmd" in item ? [item.AlterTableCmd] : []));
  const changes = commands.map((command) => changesOf(source, table, command, names));
  for (const change of changes.flatMap((list) => list ?? [])) {
    into.tableChanges.push({ table, source: source.span, change });
  }
  const attached = commands.flatMap(({ subtype, def }) =>
    subtype === "AT_AttachPartition" && def && "PartitionCmd" in def ? [tableKey(def.PartitionCmd.name)] : [],
  );
  for (const partition of attached) {
    into.tableChanges.push({ table: partition, source: source.span, change: { type: "partitionOf", parent: table } });
  }
  return changes.every((list) => list !== undefined);
}

type Change = TableChange["change"];

function changesOf(
  source: StatementSource,
  table: string,
  command: AlterTableCmd,
  names: NameRegistry,
): Change[] | undefined {
  const column = command.name ?? "";
  switch (command.subtype) {
    case "AT_AddColumn":
      return addedColumn(source, table, command, names);
    case "AT_AddConstraint":
      return addedConstraint(source, table, command, names);
    case "AT_EnableRowSecurity":
      return [{ type: "rowSecurity", rowSecurity: "enabled" }];
    case "AT_ForceRowSecurity":
      return [{ type: "rowSecurity", rowSecurity: "forced" }];
    case "AT_DisableRowSecurity":
    case "AT_NoForceRowSecurity":
      return [{ type: "rowSecurity", rowSecurity: command.subtype === "AT_DisableRowSecurity" ? "off" : "enabled" }];
    case "AT_ColumnDefault":
      return [{ type: "default", column, expression: command.def ? newDefault(source, column) : undefined }];
    case "AT_SetNotNull":
    case "AT_DropNotNull":
      return [{ type: "nullable", column, nullable: command.subtype === "AT_DropNotNull" }];
    case "AT_AddIdentity":
      return [{ type: "identity", column, identity: identityOf(command) }];
    case "AT_DropColumn":
      return [{ type: "dropColumn", column }];
    case "AT_DropConstraint":
      return [{ type: "dropConstraint", name: column }];
    case "AT_AlterColumnType":
      return newType(command);
    case "AT_ChangeOwner":
    case "AT_ReplicaIdentity":
    case "AT_ClusterOn":
      return [];
    default:
      return undefined;
  }
}

function newType({ name = "", def }: AlterTableCmd): Change[] | undefined {
  const node = def && "ColumnDef" in def ? def.ColumnDef : undefined;
  return node && !node.collClause
    ? [{ type: "columnType", column: name, columnType: sqlType(node.typeName) }]
    : undefined;
}

function identityOf(command: AlterTableCmd): "always" | "byDefault" {
  const node = command.def && "Constraint" in command.def ? command.def.Constraint : undefined;
  return node?.generated_when === "a" ? "always" : "byDefault";
}

function addedColumn(source: StatementSource, table: string, command: AlterTableCmd, names: NameRegistry): Change[] {
  if (!command.def || !("ColumnDef" in command.def)) return [];
  const reading = readColumn(source, table, command.def.ColumnDef);
  const constraints = readConstraints(source, table, reading.constraints, names);
  return [{ type: "addColumn", column: reading.column, constraints }];
}

function addedConstraint(
  source: StatementSource,
  table: string,
  command: AlterTableCmd,
  names: NameRegistry,
): Change[] | undefined {
  const node = command.def && "Constraint" in command.def ? command.def.Constraint : undefined;
  if (!node || node.indexname !== undefined) return undefined;
  const constraints = readConstraints(source, table, [{ node }], names);
  return constraints.map((constraint) => ({ type: "addConstraint", constraint }));
}

function newDefault(source: StatementSource, column: string): string | undefined {
  const names = [column.toUpperCase(), `"${column}"`.toUpperCase()];
  const at = afterKeyword(source, ["SET", "DEFAULT"], columnOffset(source, names));
  return at === undefined ? undefined : textOf(source, elementTokens(source, at));
}

function columnOffset(source: StatementSource, names: readonly string[]): number {
  const { tokens, sql, start } = source.statement;
  const token = tokens.find((candidate, index) => {
    const before = tokens[index - 1];
    const isAfterAlter = before && /^(?:ALTER|COLUMN)$/i.test(sql.slice(before.start - start, before.end - start));
    return isAfterAlter && names.includes(sql.slice(candidate.start - start, candidate.end - start).toUpperCase());
  });
  return token?.end ?? 0;
}
