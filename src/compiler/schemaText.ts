import type { Column, Constraint, Table, TableIndex } from "../spec/model.ts";
import { sequenceOf } from "../spec/sql/names.ts";
import type { ForeignKeyTarget, IdentityOptions, IndexPart, TableStorage } from "../spec/tableParts.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";
import { longArgument, stringLiteral } from "./python.ts";
import { sqlAlchemyType } from "./sqlTypes.ts";

/** How foreign keys, indexes and policies refer to the table: `orders`, or `billing.orders`. */
export function tableKey(table: Table): string {
  return table.schema === undefined || table.schema === "public" ? table.name : `${table.schema}.${table.name}`;
}

/** A table's name without its schema, and the schema unless it is the default one. */
export function relationOf(table: Table): { readonly name: string; readonly schema: string | undefined } {
  return splitName(tableKey(table));
}

/** The parts of a key of {@link tableKey}, or of a type's name. */
export function splitName(key: string): { readonly name: string; readonly schema: string | undefined } {
  const dot = key.lastIndexOf(".");
  return { name: key.slice(dot + 1), schema: dot === -1 ? undefined : key.slice(0, dot) };
}

/**
 * SQL as an argument of `sa.text`, which takes `:name` for a parameter.
 *
 * A colon of the design is therefore escaped, unless it belongs to a cast (`::uuid`) or a class of
 * characters (`[[:alpha:]]`), which SQLAlchemy lets pass.
 */
export function sqlText(sql: string): string {
  return longArgument(escapeColons(sql.replace(/\s+/g, " ").trim()));
}

export function escapeColons(sql: string): string {
  return sql.replace(/(?<![:\w\\]):(?=\w+(?![:\w]))/g, "\\:");
}

/** A key of {@link tableKey} as SQL. */
export function quotedKey(key: string): string {
  return key.split(".").map(quoted).join(".");
}

export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Where a column's value comes from when nobody gives one, for models and migrations alike. */
export function serverValue(
  aggregate: AggregatePlan,
  column: Column,
): {
  readonly positional: readonly string[];
  readonly keyword: readonly string[];
} {
  if (column.generated !== undefined) {
    return { positional: [`sa.Computed(${sqlText(column.generated)}, persisted=True)`], keyword: [] };
  }
  if (column.identity === "serial") {
    const next = `nextval('${quotedKey(sequenceOf(column))}')`;
    return {
      positional: [],
      keyword: isSerialKey(aggregate, column) ? [] : [`server_default=sa.text(${sqlText(next)})`],
    };
  }
  if (column.identity) return { positional: [identity(column.identity, column.identityOptions)], keyword: [] };
  if (column.default === undefined) {
    // SQLAlchemy would make a lone integer key a serial.
    const isKey = aggregate.key.some((field) => field.column === column);
    return { positional: [], keyword: isKey && integerTypes.has(column.type.name) ? ["autoincrement=False"] : [] };
  }
  return { positional: [], keyword: [`server_default=${defaultText(column.default)}`] };
}

/** Whether SQLAlchemy makes the column a serial by itself: it is the whole primary key and refers to nothing. */
export function isSerialKey({ table }: AggregatePlan, { name, identity: kind, sequence }: Column): boolean {
  const own = table.constraints.filter(({ columns }) => columns.includes(name));
  const isKey = own.some((item) => item.type === "primaryKey" && item.columns.length === 1 && !item.definition);
  return kind === "serial" && sequence === undefined && isKey && !own.some(({ type }) => type === "foreignKey");
}

/** Options of a table by SQLAlchemy's names, values as Python. */
export function storageOptions(storage: TableStorage | undefined): readonly (readonly [string, string])[] {
  if (!storage) return [];
  const { partitionBy, inherits, unlogged, parameters } = storage;
  const list = (names: readonly string[]) => `[${names.map(stringLiteral).join(", ")}]`;
  const pairs = Object.entries(parameters ?? {}).map(
    ([name, value]) => `${stringLiteral(name)}: ${stringLiteral(value)}`,
  );
  return [
    ...(partitionBy === undefined ? [] : [["postgresql_partition_by", stringLiteral(partitionBy)] as const]),
    ...(inherits === undefined ? [] : [["postgresql_inherits", list(inherits)] as const]),
    ...(unlogged ? [["prefixes", list(["UNLOGGED"])] as const] : []),
    ...(pairs.length > 0 ? [["postgresql_with", `{${pairs.join(", ")}}`] as const] : []),
  ];
}

/** The type of a column; a native enum by its name alone, because the migration creates it. */
export function fieldType(column: Column, field: FieldPlan | undefined): string {
  const native = field?.enum?.sqlName;
  const enumType = native === undefined ? undefined : `postgresql.ENUM(${enumOptions(native).join(", ")})`;
  return sqlAlchemyType(column.type, { enumType, collation: column.collation });
}

/** The migration creates the type; SQLAlchemy only refers to it. */
export function enumOptions(sqlName: string): readonly string[] {
  const { name, schema } = splitName(sqlName);
  const place = schema === undefined ? [] : [`schema=${stringLiteral(schema)}`];
  return [`name=${stringLiteral(name)}`, ...place, "create_type=False"];
}

/** The name the models' naming convention gives, which is PostgreSQL's own. */
export function conventionalName(constraint: Constraint, table: string): string {
  const columns = constraint.columns.join("_");
  const name = {
    primaryKey: `${table}_pkey`,
    unique: `${table}_${columns}_key`,
    foreignKey: `${table}_${columns}_fkey`,
    check: constraint.name,
    exclude: constraint.name,
  }[constraint.type];
  return name.length > 63 ? "" : name;
}

export function foreignKeyOptions(references: ForeignKeyTarget, constraint: Constraint): readonly string[] {
  const { onDelete, onDeleteColumns, onUpdate } = references;
  const columns = onDeleteColumns === undefined ? "" : ` (${onDeleteColumns.map(quoted).join(", ")})`;
  return [
    ...(onDelete === "noAction" ? [] : [`ondelete=${stringLiteral(`${actions[onDelete]}${columns}`)}`]),
    ...(onUpdate === "noAction" ? [] : [`onupdate="${actions[onUpdate]}"`]),
    ...deferral(constraint),
  ];
}

export function deferral({ deferrable }: Constraint): readonly string[] {
  return deferrable ? ["deferrable=True", `initially="${deferrable === "deferred" ? "DEFERRED" : "IMMEDIATE"}"`] : [];
}

/** The referenced columns as SQLAlchemy wants them: `"billing.orders.id"`. */
export function foreignKeyTargets({ table, columns }: ForeignKeyTarget): readonly string[] {
  return columns.map((column) => stringLiteral(`${table}.${column}`));
}

/** Arguments of an index after its name and table: `["customer_id"]` parts and keyword options. */
export function indexArguments(index: TableIndex): {
  readonly parts: readonly string[];
  readonly options: readonly string[];
} {
  const classes = index.parts.filter(
    ({ column, operatorClass }) => column !== undefined && operatorClass !== undefined,
  );
  const operators = classes.map(
    ({ column, operatorClass }) => `${stringLiteral(column ?? "")}: ${stringLiteral(operatorClass ?? "")}`,
  );
  return {
    parts: index.parts.map(indexPart),
    options: [
      ...(index.unique ? ["unique=True"] : []),
      ...(index.method === "btree" ? [] : [`postgresql_using=${stringLiteral(index.method)}`]),
      ...(index.nullsNotDistinct ? ["postgresql_nulls_not_distinct=True"] : []),
      ...(operators.length > 0 ? [`postgresql_ops={${operators.join(", ")}}`] : []),
      ...(index.include.length > 0 ? [`postgresql_include=[${index.include.map(stringLiteral).join(", ")}]`] : []),
      ...(index.where === undefined ? [] : [`postgresql_where=sa.text(${sqlText(index.where)})`]),
    ],
  };
}

/** A constraint that both models and migrations spell as a table argument; exclusions are plain SQL. */
export function tableConstraint(
  constraint: Constraint,
  name: string | undefined,
  more: readonly string[] = [],
): string | undefined {
  const columns = constraint.columns.map(stringLiteral);
  const named = name === undefined ? [] : [`name=${stringLiteral(name)}`];
  if (constraint.type === "primaryKey") return `sa.PrimaryKeyConstraint(${[...columns, ...named].join(", ")})`;
  if (constraint.type === "unique") {
    const nulls = constraint.nullsNotDistinct ? ["postgresql_nulls_not_distinct=True"] : [];
    return `sa.UniqueConstraint(${[...columns, ...named, ...deferral(constraint), ...nulls].join(", ")})`;
  }
  if (constraint.type === "check") {
    return `sa.CheckConstraint(${[sqlText(constraint.expression ?? "true"), `name=${stringLiteral(constraint.name)}`].join(", ")})`;
  }
  if (constraint.type !== "foreignKey" || !constraint.references) return undefined;
  const targets = foreignKeyTargets(constraint.references);
  const options = [...foreignKeyOptions(constraint.references, constraint), ...more];
  return `sa.ForeignKeyConstraint(${[`[${columns.join(", ")}]`, `[${targets.join(", ")}]`, ...named, ...options].join(", ")})`;
}

function identity(kind: "always" | "byDefault", options: IdentityOptions = {}): string {
  const args = Object.entries(options).map(([name, value]) => `${name}=${value === true ? "True" : value}`);
  return `sa.Identity(${[...(kind === "always" ? ["always=True"] : []), ...args].join(", ")})`;
}

const integerTypes = new Set(["int2", "int4", "int8"]);

const actions = { restrict: "RESTRICT", cascade: "CASCADE", setNull: "SET NULL", setDefault: "SET DEFAULT" } as const;

function defaultText(sql: string): string {
  if (/^now\(\)$/i.test(sql.trim())) return "sa.func.now()";
  return /^current_timestamp$/i.test(sql.trim()) ? "sa.func.current_timestamp()" : `sa.text(${sqlText(sql)})`;
}

/** A plain column by name; anything else is SQL, with its order behind it. */
function indexPart({ column, expression, descending, nulls, operatorClass }: IndexPart): string {
  const plain = column !== undefined && !descending && nulls === undefined;
  if (plain) return stringLiteral(column);
  const base = column ?? `(${expression ?? ""})`;
  const operator = column === undefined ? operatorClass : undefined;
  const order = [operator, descending ? "DESC" : undefined, nulls && `NULLS ${nulls.toUpperCase()}`];
  const text = [base, ...order].filter((part) => part !== undefined).join(" ");
  return `sa.text(${sqlText(column === undefined ? text.replace(/^\((\w+\([^()]*\))\)/, "$1") : text)})`;
}

/** Words that PostgreSQL does not take as the name of everything without quotes: all its keywords but the unreserved ones. */
const reserved = new Set(
  "all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character check coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect interval into is isnull join lateral leading least left like limit localtime localtimestamp national natural nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references returning right row select session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where window with".split(
    " ",
  ),
);
