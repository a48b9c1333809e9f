import { sqlName } from "../markdown/generatedSql.ts";
import type { Column, Constraint, DatabaseDesign, Policy, SqlStatement, Table, TableIndex } from "../model.ts";
import type { ForeignKeyTarget } from "../tableParts.ts";
import { joinBlocks, writeFence, writeSection } from "./markdownText.ts";

/** The database design as SQL, one fence for each table with its indexes and policies. */
export function writeDatabase(database: DatabaseDesign): string {
  const { tables, enums, indexes, policies, statements } = database;
  const keys = new Set(tables.map(keyOf));
  const before = statements.filter(({ kind }) => first.has(kind));
  const after = statements.filter(({ kind }) => !first.has(kind));
  const types = enums.map(
    ({ name, values }) => `CREATE TYPE ${sqlName(name)} AS ENUM (${values.map(text).join(", ")});`,
  );
  return joinBlocks([
    "# Database design",
    writeSection("## Types and functions", [fenceOf([...types, ...before.map(statementText)])]),
    ...tables.map((table) =>
      writeSection(`## ${sqlName(keyOf(table))}`, [
        table.external ? "Reference only: somebody else creates and changes this table." : "",
        fenceOf(tableStatements(table, database)),
      ]),
    ),
    writeSection("## Other indexes", [fenceOf(indexes.filter(({ table }) => !keys.has(table)).map(indexText))]),
    writeSection("## Row-level security", [fenceOf(policies.filter(({ table }) => !keys.has(table)).map(policyText))]),
    writeSection("## Other statements", [fenceOf(after.map(statementText))]),
  ]);
}

/** What tables may need. */
const first: ReadonlySet<SqlStatement["kind"]> = new Set(["extension", "role", "type", "sequence", "function"]);

function fenceOf(statements: readonly string[]): string {
  return statements.length === 0 ? "" : writeFence("sql", statements.join("\n\n"));
}

function keyOf(table: Table): string {
  return table.id.slice("table:".length);
}

function statementText({ sql }: SqlStatement): string {
  return `${sql};`;
}

function tableStatements(table: Table, { indexes, policies }: DatabaseDesign): string[] {
  const key = keyOf(table);
  const name = sqlName(key);
  return [
    `CREATE ${table.storage?.unlogged ? "UNLOGGED " : ""}TABLE ${name} (\n${partsOf(table)}\n)${storageText(table)};`,
    ...commentsOf(table, name),
    ...indexes.filter((index) => index.table === key).map(indexText),
    ...(table.rowSecurity === "off" ? [] : [`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`]),
    ...(table.rowSecurity === "forced" ? [`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY;`] : []),
    ...policies.filter((policy) => policy.table === key).map(policyText),
  ];
}

function partsOf({ columns, constraints }: Table): string {
  return [...columns.map(columnText), ...constraints.map(constraintText)].map((line) => `  ${line}`).join(",\n");
}

function storageText({ storage = {} }: Table): string {
  const parameters = Object.entries(storage.parameters ?? {}).map(([key, value]) => `${key} = ${value}`);
  return [
    ...(storage.inherits === undefined ? [] : [` INHERITS (${namesOf(storage.inherits)})`]),
    ...(storage.partitionBy === undefined ? [] : [` PARTITION BY ${storage.partitionBy}`]),
    ...(parameters.length === 0 ? [] : [` WITH (${parameters.join(", ")})`]),
  ].join("");
}

function columnText(column: Column): string {
  const { name, type } = column;
  const size = type.arguments.length > 0 ? `(${type.arguments.join(", ")})` : "";
  return [
    `${sqlName(name)} ${column.identity === "serial" ? (serialTypes[type.name] ?? "serial") : sqlName(type.name)}${size}${type.array ? "[]" : ""}`,
    ...(column.nullable ? [] : ["NOT NULL"]),
    ...(column.default === undefined ? [] : [`DEFAULT ${column.default}`]),
    ...(column.generated === undefined ? [] : [`GENERATED ALWAYS AS (${column.generated}) STORED`]),
    ...identityText(column),
  ].join(" ");
}

function identityText({ identity, identityOptions = {} }: Column): string[] {
  if (identity === undefined || identity === "serial") return [];
  const { start, increment, minvalue, maxvalue, cache, cycle } = identityOptions;
  const numbers = {
    "START WITH": start,
    "INCREMENT BY": increment,
    MINVALUE: minvalue,
    MAXVALUE: maxvalue,
    CACHE: cache,
  };
  const options = Object.entries(numbers).flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]));
  const all = [...options, ...(cycle === undefined ? [] : [cycle ? "CYCLE" : "NO CYCLE"])].join(" ");
  return [`GENERATED ${identity === "always" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY${all === "" ? "" : ` (${all})`}`];
}

const serialTypes: Readonly<Record<string, string>> = { int2: "smallserial", int4: "serial", int8: "bigserial" };

function constraintText(constraint: Constraint): string {
  const { type, references, expression, deferrable, nullsNotDistinct } = constraint;
  const columns = namesOf(constraint.columns);
  const body = {
    primaryKey: `PRIMARY KEY (${columns})`,
    unique: `UNIQUE${nullsNotDistinct ? " NULLS NOT DISTINCT" : ""} (${columns})`,
    check: `CHECK (${expression ?? "true"})`,
    exclude: expression ?? "",
    foreignKey: `FOREIGN KEY (${columns})${references ? referenceText(references) : ""}`,
  }[type];
  if (constraint.definition !== undefined) {
    const { definition } = constraint;
    return /^CONSTRAINT\b/i.test(definition) ? definition : `CONSTRAINT ${sqlName(constraint.name)} ${definition}`;
  }
  const timing = deferrable === undefined ? "" : ` DEFERRABLE INITIALLY ${deferrable.toUpperCase()}`;
  return `CONSTRAINT ${sqlName(constraint.name)} ${body}${timing}`;
}

const actions: Readonly<Record<ForeignKeyTarget["onDelete"], string>> = {
  noAction: "NO ACTION",
  restrict: "RESTRICT",
  cascade: "CASCADE",
  setNull: "SET NULL",
  setDefault: "SET DEFAULT",
};

function referenceText({ table, columns, onDelete, onUpdate }: ForeignKeyTarget): string {
  return [
    ` REFERENCES ${sqlName(table)}`,
    ...(columns.length > 0 ? [` (${namesOf(columns)})`] : []),
    ...(onDelete === "noAction" ? [] : [` ON DELETE ${actions[onDelete]}`]),
    ...(onUpdate === "noAction" ? [] : [` ON UPDATE ${actions[onUpdate]}`]),
  ].join("");
}

function indexText(index: TableIndex): string {
  if (index.sql !== undefined) return `${index.sql.replace(/;\s*$/, "")};`;
  const parts = index.parts.map(({ column, expression, descending, nulls, operatorClass }) =>
    [
      column === undefined ? `(${expression ?? ""})` : sqlName(column),
      ...(operatorClass === undefined ? [] : [operatorClass]),
      ...(descending ? ["DESC"] : []),
      ...(nulls === undefined ? [] : [`NULLS ${nulls.toUpperCase()}`]),
    ].join(" "),
  );
  const method = index.method === "btree" ? "" : ` USING ${index.method}`;
  const include = index.include.length === 0 ? "" : ` INCLUDE (${namesOf(index.include)})`;
  const where = index.where === undefined ? "" : ` WHERE ${index.where}`;
  return `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${sqlName(index.name)} ON ${sqlName(index.table)}${method} (${parts.join(", ")})${include}${where};`;
}

function policyText(policy: Policy): string {
  if (policy.sql !== undefined) return `${policy.sql.replace(/;\s*$/, "")};`;
  const roles = policy.roles.length === 0 ? "" : ` TO ${policy.roles.join(", ")}`;
  const using = policy.using === undefined ? "" : ` USING (${policy.using})`;
  const check = policy.withCheck === undefined ? "" : ` WITH CHECK (${policy.withCheck})`;
  const kind = policy.permissive ? "" : " AS RESTRICTIVE";
  return `CREATE POLICY ${sqlName(policy.name)} ON ${sqlName(policy.table)}${kind} FOR ${policy.command.toUpperCase()}${roles}${using}${check};`;
}

function commentsOf(table: Table, name: string): string[] {
  return [
    ...(table.comment === undefined ? [] : [`COMMENT ON TABLE ${name} IS ${text(table.comment)};`]),
    ...table.columns.flatMap((column) =>
      column.comment === undefined
        ? []
        : [`COMMENT ON COLUMN ${name}.${sqlName(column.name)} IS ${text(column.comment)};`],
    ),
  ];
}

function namesOf(columns: readonly string[]): string {
  return columns.map(sqlName).join(", ");
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
