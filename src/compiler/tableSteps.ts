import type { Column, Constraint, Table, TableIndex } from "../spec/model.ts";
import { sequenceOf } from "../spec/sql/names.ts";
import { migratedTables } from "./migratedTables.ts";
import { executeSql, fitsFunction, type MigrationStep } from "./migrationText.ts";
import type { AggregatePlan, BackendPlan } from "./plan.ts";
import { longString, stringLiteral } from "./python.ts";
import {
  deferral,
  fieldType,
  foreignKeyOptions,
  indexArguments,
  isSerialKey,
  quoted,
  quotedKey,
  relationOf,
  serverValue,
  splitName,
  sqlText,
  storageOptions,
  tableConstraint,
  tableKey,
} from "./schemaText.ts";

/**
 * A table and its indexes.
 *
 * A table that is too long for one function gets its constraints by statements of their own, and a
 * very wide one its last columns, too: every statement stays readable, and static tools follow it.
 */
export function tableSteps(plan: BackendPlan, aggregate: AggregatePlan): readonly MigrationStep[] {
  const { table } = aggregate;
  const name = aggregate.module;
  const now = table.constraints.filter((constraint) => !pointsForward(plan, table, constraint));
  const constraints = now.filter(({ type, definition }) => type !== "exclude" && definition === undefined);
  const verbatim = now.filter((constraint) => !constraints.includes(constraint));
  const columns = table.columns.map((column) => columnText(aggregate, column));
  const isKey = ({ type }: Constraint) => type === "primaryKey";
  const keys = verbatim.filter(({ type }) => type === "primaryKey" || type === "unique");
  const waits = ({ references }: Constraint) => keys.length > 0 && references?.table === tableKey(table);
  const early = constraints.filter((constraint) => !waits(constraint));
  const whole = createTable(table, columns, early);
  const inline = fitsFunction([whole]) ? early : early.filter(isKey);
  const width = widestThatFits(columns.length, (count) =>
    fitsFunction([createTable(table, columns.slice(0, count), inline)]),
  );
  const rest = columns
    .slice(width)
    .map((column) => `op.add_column(${stringLiteral(table.name)}, ${column}${schemaOf(table)})`);
  const written = new Set(table.columns.slice(0, width).map((column) => column.name));
  const within = inline.filter((constraint) => constraint.columns.every((column) => written.has(column)));
  const added = constraints.filter((constraint) => !within.includes(constraint));
  const section = "tables";
  const drop = [`op.drop_table(${stringLiteral(table.name)}${schemaOf(table)})`];
  const sequences = table.columns.map((column) => serialSequence(aggregate, column));
  const create = createTable(table, columns.slice(0, width), within);
  return [
    { name: `create_${name}`, section, up: [...sequences.flatMap(([before]) => before ?? []), create], down: drop },
    { name: `extend_${name}`, section, up: rest, down: [] },
    { name: `number_${name}`, section, up: sequences.flatMap(([, after]) => after ?? []), down: [] },
    {
      name: `constrain_${name}`,
      section,
      up: [...keys, ...added].flatMap((item) => addConstraint(table, item)),
      down: [],
    },
    {
      name: `index_${name}`,
      section,
      up: [
        ...verbatim.filter((item) => !keys.includes(item)).map((item) => addVerbatim(table, item)),
        ...indexes(plan, table),
      ],
      down: [],
    },
  ];
}

/** Foreign keys to tables that stand later, added when both exist. */
export function circularKeySteps(plan: BackendPlan): readonly MigrationStep[] {
  return migratedTables(plan).map(({ table, module }) => {
    const forward = table.constraints.filter((constraint) => pointsForward(plan, table, constraint));
    return {
      name: `refer_from_${module}`,
      section: "tables",
      up: forward.flatMap((constraint) => addConstraint(table, constraint)),
      down: forward.map(
        ({ name }) => `op.drop_constraint(${stringLiteral(name)}, ${stringLiteral(table.name)}${schemaOf(table)})`,
      ),
    };
  });
}

/**
 * Whether the key points at a table that stands later, as in a circle of tables, or at its own table
 * when the design has rows for it.
 */
export function pointsForward(plan: BackendPlan, table: Table, { references }: Constraint): boolean {
  if (references === undefined) return false;
  const own = tableKey(table);
  if (references.table === own) return plan.spec.database.statements.some(({ sql }) => seededTable(sql) === own);
  const position = (key: string) => migratedTables(plan).findIndex((aggregate) => tableKey(aggregate.table) === key);
  return position(references.table) > position(own);
}

/** Key of the table that a statement puts rows into; undefined for every other statement. */
export function seededTable(sql: string): string | undefined {
  const name = /^(?:INSERT|MERGE)\s+INTO\s+((?:(?:"[^"]+"|[^\s."(]+)\.)?(?:"[^"]+"|[^\s."(]+))/i.exec(sql)?.[1];
  return name?.replaceAll('"', "").replace(/^public\./, "");
}

/**
 * What a serial column needs before and after it is there; nothing for a lone integer key, which
 * SQLAlchemy makes a serial by itself.
 */
export function serialSequence(aggregate: AggregatePlan, column: Column): SequenceStatements | [] {
  return column.identity !== "serial" || isSerialKey(aggregate, column) ? [] : sequenceStatements(column);
}

export type SequenceStatements = readonly [create: string, own: string];

/** The sequence of a serial column: made before the column's default, and owned by the column once that is there. */
export function sequenceStatements(column: Column): SequenceStatements {
  const path = quotedKey(sequenceOf(column));
  const owner = `${quotedKey(column.table)}.${quoted(column.name)}`;
  return [
    executeSql(`CREATE SEQUENCE ${path} AS ${column.type.name}`),
    executeSql(`ALTER SEQUENCE ${path} OWNED BY ${owner}`),
  ];
}

function widestThatFits(columns: number, fits: (count: number) => boolean): number {
  let [least, most] = [Math.min(columns, 1), columns];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle - 1;
  }
  return least;
}

/** The keyword argument that names a schema other than the default one; starts with a comma, or is empty. */
export function schemaOf(table: Table): string {
  const { schema } = relationOf(table);
  return schema === undefined ? "" : `, schema=${stringLiteral(schema)}`;
}

function columnText(aggregate: AggregatePlan, column: Table["columns"][number]): string {
  return `sa.Column(${columnArguments(aggregate, column).join(", ")})`;
}

/** What stands in the brackets of a column: name, type, where its value comes from, and the rest. */
export function columnArguments(aggregate: AggregatePlan, column: Table["columns"][number]): readonly string[] {
  const field = aggregate.fields.find((candidate) => candidate.column === column);
  const server = serverValue(aggregate, column);
  return [
    stringLiteral(column.name),
    fieldType(column, field).replace("sa.DateTime(timezone=True)", "TIMESTAMPTZ"),
    ...server.positional,
    ...server.keyword.map((item) => shortDefaults.get(item) ?? item),
    ...(column.nullable ? [] : ["nullable=False"]),
    ...(column.comment === undefined ? [] : [`comment=${longString(column.comment)}`]),
  ];
}

/** What nearly every table repeats, by the names of constants at the top of the revision. */
export const migrationConstants: readonly (readonly [name: string, value: string])[] = [
  ["TIMESTAMPTZ", "sa.DateTime(timezone=True)"],
  ["NOW", "sa.func.now()"],
  ["NEW_UUID", 'sa.text("gen_random_uuid()")'],
];

const shortDefaults: ReadonlyMap<string, string> = new Map(
  migrationConstants.map(([name, value]) => [`server_default=${value}`, `server_default=${name}`]),
);

function createTable(table: Table, columns: readonly string[], constraints: readonly Constraint[]): string {
  const inline = constraints.flatMap((constraint) => tableConstraint(constraint, constraint.name) ?? []);
  const options = [
    ...(table.comment === undefined ? [] : [["comment", longString(table.comment)] as const]),
    ...storageOptions(table.storage),
  ].map(([name, value]) => `,\n${name}=${value}`);
  return `op.create_table(${[stringLiteral(table.name), ...columns, ...inline].join(",\n")}${schemaOf(table)}${options.join("")})`;
}

/** The statement that adds a constraint to a table that stands. */
export function addConstraint(table: Table, constraint: Constraint): readonly string[] {
  if (constraint.definition !== undefined) return [addVerbatim(table, constraint)];
  const columns = `[${constraint.columns.map(stringLiteral).join(", ")}]`;
  const named = `${stringLiteral(constraint.name)}, ${stringLiteral(table.name)}`;
  const place = schemaOf(table);
  if (constraint.type === "exclude") return [addVerbatim(table, constraint)];
  if (constraint.type === "primaryKey") return [`op.create_primary_key(${named}, ${columns}${place})`];
  if (constraint.type === "check") {
    return [`op.create_check_constraint(${named}, ${sqlText(constraint.expression ?? "true")}${place})`];
  }
  if (constraint.type === "unique") {
    const nulls = constraint.nullsNotDistinct ? ["postgresql_nulls_not_distinct=True"] : [];
    const options = [...deferral(constraint), ...nulls].map((option) => `, ${option}`).join("");
    return [`op.create_unique_constraint(${named}, ${columns}${place}${options})`];
  }
  const { references } = constraint;
  if (!references) return [];
  const target = splitName(references.table);
  const args = [
    named,
    stringLiteral(target.name),
    columns,
    `[${references.columns.map(stringLiteral).join(", ")}]`,
    ...(place === "" ? [] : [place.replace(", schema", "source_schema")]),
    ...(target.schema === undefined ? [] : [`referent_schema=${stringLiteral(target.schema)}`]),
    ...foreignKeyOptions(references, constraint),
  ];
  return [`op.create_foreign_key(${args.join(", ")})`];
}

function addVerbatim(table: Table, { name, definition, expression }: Constraint): string {
  const sql = definition ?? expression ?? "";
  return executeSql(`ALTER TABLE ${quotedKey(tableKey(table))} ADD CONSTRAINT ${quoted(name)} ${sql}`);
}

function indexes(plan: BackendPlan, table: Table): readonly string[] {
  return plan.spec.database.indexes
    .filter((index) => index.table === tableKey(table))
    .map((index) => createIndex(table, index));
}

export function createIndex(table: Table, index: TableIndex): string {
  if (index.verbatim && index.sql !== undefined) return executeSql(withoutConcurrency(index.sql));
  const { parts, options } = indexArguments(index);
  const own = options.map((option) => `, ${option}`).join("");
  return `op.create_index(${stringLiteral(index.name)}, ${stringLiteral(table.name)}, [${parts.join(", ")}]${schemaOf(table)}${own})`;
}

/** A migration is a transaction, in which PostgreSQL builds no index concurrently. */
function withoutConcurrency(sql: string): string {
  return sql.replace(/^(CREATE\s+(?:UNIQUE\s+)?INDEX\s+)CONCURRENTLY\s+/i, "$1");
}
