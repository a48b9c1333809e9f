import type { Random } from "../../support/seededRandom.ts";
import type { AlteredDesign, Expectation, Truth } from "./alteredDesign.ts";
import { type ColumnFact, type ConstraintFact, canonicalType, type IndexFact, keyOf, type TableFact } from "./facts.ts";

/** What models and migrations build of one table; one or both. */
type Sides = readonly TableFact[];

type Verdict = Pick<Expectation, "status" | "why">;

class Sql {
  readonly lines: string[] = [];
  readonly expectations: Expectation[] = [];

  add(line: string): void {
    this.lines.push(line);
  }

  /** The element that stands on the line added last. */
  expect(kind: string, verdict: Verdict, shows: readonly string[] = []): void {
    this.expectations.push({
      kind,
      at: `schema.sql:${this.lines.length}`,
      ...verdict,
      shows: verdict.status === "missing" ? [] : shows,
    });
  }

  extra(kind: string, name: string, why: string, or?: string): void {
    const at = `${kind}:${name}`;
    this.expectations.push({
      kind,
      at,
      status: "extra",
      why,
      shows: [],
      ...(or !== undefined && { or: `${kind}:${or}` }),
    });
  }
}

/** PostgreSQL's SQL, one element to a line, in which some tables, columns, constraints and indexes are not the code's. */
export function alterTables({ facts, migrations }: Truth, random: Random): AlteredDesign {
  const sql = new Sql();
  const tables = facts.tables.length > 0 ? facts.tables : (migrations?.tables ?? []);
  const real = tables.filter(({ name, columns }) => !name.endsWith("alembic_version") && columns.length > 0);
  const sidesOf = (table: TableFact): Sides =>
    [facts, migrations].flatMap((side) => side?.tables.filter((other) => keyOf(other) === keyOf(table)) ?? []);
  addEnums(sql, real);
  for (const table of real)
    addAltered(sql, table, sidesOf(table), { random, change: real.length > 5 ? random(24) : 5 });
  addMigratedOnly(sql, new Set(real.map(keyOf)), migrations?.tables ?? []);
  if (sql.lines.length === 0) return { documents: [], expectations: [] };
  return { documents: [{ path: "schema.sql", text: `${sql.lines.join("\n")}\n` }], expectations: sql.expectations };
}

interface Draw {
  readonly random: Random;
  readonly change: number;
}

function addAltered(sql: Sql, table: TableFact, sides: Sides, { random, change }: Draw): void {
  if (change === 0) sql.extra("table", keyOf(table), "left out of the design");
  else if (change === 1) addMissing(sql, table, `${table.name}_renamed`);
  else addTable(sql, table, sides, random);
  if (change === 1) sql.extra("table", keyOf(table), "has another name in the design");
  if (change === 2) addMissing(sql, table, `${table.name}_made_up`);
}

function addMigratedOnly(sql: Sql, designed: ReadonlySet<string>, migrated: readonly TableFact[]): void {
  for (const table of migrated) {
    if (designed.has(keyOf(table)) || table.name.endsWith("alembic_version")) continue;
    sql.extra("table", keyOf(table), "only in migrations");
  }
}

function addEnums(sql: Sql, tables: readonly TableFact[]): void {
  const enums = new Map<string, readonly string[]>();
  for (const { enum: type } of tables.flatMap(({ columns }) => columns)) {
    if (type?.native && type.name !== null) enums.set(type.name, type.values);
  }
  for (const [name, values] of enums) {
    sql.add(
      `CREATE TYPE ${quoted(name)} AS ENUM (${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ")});`,
    );
  }
}

function addMissing(sql: Sql, table: TableFact, name: string): void {
  const verdict: Verdict = { status: "missing", why: "its table is made up" };
  sql.add(`CREATE TABLE ${quoted(name)} (`);
  sql.expect("table", verdict);
  for (const [at, column] of table.columns.slice(0, 4).entries()) {
    sql.add(`  ${quoted(column.name)} ${typeText(column)}${at < Math.min(4, table.columns.length) - 1 ? "," : ""}`);
    sql.expect("column", verdict);
  }
  sql.add(");");
}

interface Part {
  readonly text: string;
  readonly kind: string;
  readonly verdict: Verdict;
  readonly shows: readonly string[];
}

function addTable(sql: Sql, table: TableFact, sides: Sides, random: Random): void {
  const parts = [...columnParts(sql, table, sides, random), ...constraintParts(sql, table, sides, random)];
  sql.add(`CREATE TABLE ${tableText(table)} (`);
  sql.expect("table", { status: "implemented", why: "as it is" });
  for (const [at, { text, kind, verdict, shows }] of parts.entries()) {
    sql.add(`  ${text}${at < parts.length - 1 ? "," : ""}`);
    sql.expect(kind, verdict, shows);
  }
  sql.add(");");
  for (const index of table.indexes) addIndex(sql, index, { table, sides, change: random(9) });
  for (const side of sides) if (side !== table) addBeyond(sql, table, side);
}

function methodOf(one: IndexFact | ConstraintFact): string {
  return ("sql" in one && /USING (?!btree)(\w+)/i.exec(one.sql ?? "")?.[1]) || "btree";
}

/** What only the migrations have of a table; the design is made of the models. */
function addBeyond(sql: Sql, table: TableFact, side: TableFact): void {
  const key = keyOf(table);
  for (const { name } of side.columns) {
    if (!table.columns.some((column) => column.name === name))
      sql.extra("column", `${key}.${name}`, "only in migrations");
  }
  for (const one of side.constraints) {
    if (
      one.type === "primaryKey" ||
      hasUnique(one, table) ||
      table.constraints.some((other) => sameConstraint(one, other))
    )
      continue;
    sql.extra(
      "constraint",
      `${key}.${one.name ?? ""}`,
      "only in migrations",
      `${key}.${one.type} (${one.columns.join(", ")})`,
    );
  }
  for (const one of side.indexes) {
    const stands = [...table.indexes, ...table.constraints.filter(({ type }) => type === "unique")];
    if (
      stands.some(
        (other) =>
          other.name === one.name ||
          (sorted(other.columns) === sorted(one.columns) && methodOf(other) === methodOf(one)),
      )
    )
      continue;
    sql.extra("index", one.name ?? "", "only in migrations");
  }
}

/** A column that keys, constraints or indexes name keeps its name. */
function columnParts(sql: Sql, table: TableFact, sides: Sides, random: Random): Part[] {
  const named = [...table.constraints, ...table.indexes].flatMap((one) => one.columns);
  return table.columns.flatMap((column) => {
    const free = !column.pk && !named.includes(column.name);
    const change = column.pk ? 99 : random(free ? 18 : 40) + (free ? 0 : 2);
    const key = `${keyOf(table)}.${column.name}`;
    if (change === 0) sql.extra("column", key, "left out of the design");
    if (change === 1) sql.extra("column", key, "has another name in the design");
    return change === 0 ? [] : [columnPart(column, sides, change)];
  });
}

function constraintParts(sql: Sql, table: TableFact, sides: Sides, random: Random): Part[] {
  return table.constraints.flatMap((constraint) => {
    const part = constraintPart(constraint, sides, random(12));
    if (part) return [part];
    const plain = `${keyOf(table)}.${constraint.type} (${constraint.columns.join(", ")})`;
    sql.extra("constraint", `${keyOf(table)}.${constraint.name ?? ""}`, "left out of the design", plain);
    return [];
  });
}

function columnPart(column: ColumnFact, sides: Sides, change: number): Part {
  const name = change === 1 ? `${column.name}_renamed` : column.name;
  const other = change === 2 ? otherType(column) : undefined;
  const type = other ?? typeText(column);
  const nullable = change === 3 ? !column.nullable : column.nullable;
  const text = `${quoted(name)} ${type}${nullable ? "" : " NOT NULL"}`;
  const part = (verdict: Verdict): Part => ({ text, kind: "column", verdict, shows: [column.name] });
  if (change === 1) return part({ status: "missing", why: "has another name in the code" });
  if (other !== undefined)
    return part({ status: "mismatched", why: `type was ${column.type}, the design says ${other}` });
  if (change === 3) return part({ status: "mismatched", why: `nullable was ${column.nullable}` });
  return part(disagreement(column, sides));
}

/** Where models and migrations differ, one of them differs from the design. */
function disagreement(column: ColumnFact, sides: Sides): Verdict {
  for (const side of sides) {
    const twin = side.columns.find(({ name }) => name === column.name);
    if (!twin) return { status: "mismatched", why: "only one of models and migrations has it" };
    if (twin.nullable !== column.nullable)
      return { status: "mismatched", why: "models and migrations differ: nullable" };
    if (twin.type && column.type && canonicalType(twin.type) !== canonicalType(column.type)) {
      return { status: "mismatched", why: `models and migrations differ: ${column.type}, ${twin.type}` };
    }
  }
  return { status: "implemented", why: "as it is" };
}

function constraintPart(constraint: ConstraintFact, sides: Sides, change: number): Part | undefined {
  const { type, columns, name } = constraint;
  const named = name === null ? "" : `CONSTRAINT ${quoted(name)} `;
  const list = columns.map(quoted).join(", ");
  const part = (text: string, verdict: Verdict): Part => ({
    text: named + text,
    kind: "constraint",
    verdict,
    shows: [],
  });
  const asIs = constraintVerdict(constraint, sides);
  if (type === "primaryKey") return part(`PRIMARY KEY (${list})`, asIs);
  if (change === 0) return undefined;
  if (type === "check") {
    if (change !== 1 || name === null) return part(`CHECK (${constraint.expression ?? "true"})`, asIs);
    return part(`CHECK ((${constraint.expression}) OR 1 = 2)`, { status: "mismatched", why: "another condition" });
  }
  if (type === "foreignKey") {
    const [target, refs] = [constraint.table ?? "", (constraint.refs ?? []).map(quoted).join(", ")];
    const written = (table: string): string =>
      `FOREIGN KEY (${list}) REFERENCES ${table.split(".").map(quoted).join(".")} (${refs})`;
    if (change === 1) return part(written(`${target}_other`), { status: "mismatched", why: "another target" });
    return part(written(target), asIs);
  }
  return part(`UNIQUE (${list})`, asIs);
}

function constraintVerdict(constraint: ConstraintFact, sides: Sides): Verdict {
  const lacking = sides.some(
    (side) =>
      side === sides.at(-1) &&
      !side.constraints.some((other) => sameConstraint(constraint, other)) &&
      !hasUnique(constraint, side),
  );
  return lacking ? { status: "mismatched", why: "the migrations lack it" } : { status: "implemented", why: "as it is" };
}

function sameConstraint(one: ConstraintFact, other: ConstraintFact): boolean {
  if (one.type !== other.type) return false;
  if (one.type === "check") return one.name === other.name;
  return sorted(one.columns) === sorted(other.columns) && one.table === other.table;
}

function hasUnique(constraint: ConstraintFact, side: TableFact): boolean {
  return (
    constraint.type === "unique" &&
    side.indexes.some((index) => index.unique && sorted(index.columns) === sorted(constraint.columns))
  );
}

function sorted(names: readonly string[]): string {
  return [...names].sort().join();
}

function addIndex(
  sql: Sql,
  index: IndexFact,
  { table, sides, change }: { table: TableFact; sides: Sides; change: number },
): void {
  const plain = index.sql?.replace(/\s+/g, " ").replace(/^CREATE (UNIQUE )?INDEX (?:IF NOT EXISTS )?/, "");
  if (plain === undefined || index.name === null) return;
  const text = (unique: boolean, rest: string): string => `CREATE ${unique ? "UNIQUE " : ""}INDEX ${rest};`;
  const known = sides.every((side) =>
    [...side.indexes, ...side.constraints.filter(({ type }) => type === "unique")].some(
      (other) => sorted(other.columns) === sorted(index.columns),
    ),
  );
  const add = (line: string, verdict: Verdict): void => {
    sql.add(line);
    sql.expect("index", verdict, index.columns.filter((column) => /^\w+$/.test(column)).slice(0, 1));
  };
  if (change === 0)
    sql.extra("index", index.name, "left out of the design", `${keyOf(table)} (${index.columns.join(", ")})`);
  else if (change === 1) add(text(!index.unique, plain), { status: "mismatched", why: "unique or not" });
  else if (change === 2) {
    add(text(index.unique, plain), asIs(known));
    add(
      text(
        false,
        plain
          .replace(index.name, `${index.name}_made_up`)
          .replace(
            /ON (\S+)(?: USING \w+)? \([\s\S]*$/,
            `ON $1 (${quoted(otherColumn(table, index))}, ${quoted(table.columns[0]?.name ?? "")})`,
          ),
      ),
      { status: "missing", why: "made up" },
    );
  } else add(text(index.unique, plain), asIs(known));
}

function asIs(known: boolean): Verdict {
  return known ? { status: "implemented", why: "as it is" } : { status: "mismatched", why: "one side lacks it" };
}

function otherColumn(table: TableFact, index: IndexFact): string {
  const last = table.columns.findLast(({ name }) => !index.columns.includes(name));
  return (last ?? table.columns[0])?.name ?? "";
}

function otherType({ type, enum: named }: ColumnFact): string | undefined {
  const name = (type ?? "").toUpperCase();
  if (named || type === null) return undefined;
  const sized = /^VARCHAR\((\d+)\)$/.exec(name);
  if (sized) return `VARCHAR(${Number(sized[1]) + 7})`;
  const others: readonly (readonly [RegExp, string])[] = [
    [/^(VARCHAR|TEXT|CHAR)/, "INTEGER"],
    [/^INTEGER/, "BIGINT"],
    [/^BIGINT/, "INTEGER"],
    [/^TIMESTAMP WITHOUT/, "TIMESTAMP WITH TIME ZONE"],
    [/^TIMESTAMP WITH/, "TIMESTAMP WITHOUT TIME ZONE"],
    [/^DATE/, "TIMESTAMP WITH TIME ZONE"],
    [/^JSONB/, "JSON"],
    [/^JSON/, "JSONB"],
    [/^(FLOAT|DOUBLE)/, "NUMERIC(10, 2)"],
  ];
  return others.find(([pattern]) => pattern.test(name))?.[1] ?? "TEXT";
}

function typeText({ type, enum: named }: ColumnFact): string {
  if (named?.native && named.name !== null) return `${quoted(named.name)}${type?.endsWith("[]") ? "[]" : ""}`;
  return type ?? "TEXT";
}

function tableText({ schema, name }: TableFact): string {
  return schema === null ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

function quoted(name: string): string {
  return `"${name}"`;
}
